"""Runs jobs, downloads each student.onnx and compares it in Python's onnxruntime with the service.

Needs a running service, and onnxruntime and numpy (seen with 1.28.0 and 1.32.0, and 2.4.6):

    python benchmarks/onnx.py http://127.0.0.1:8080

The dataset is made here and given its own test part, so that both sides look at the same rows:
each row of it is asked of POST /v2/models/{id}/infer and of the file, and predictions must be the
same. The file's confusion must be the report's too, cell by cell. Ends with 1 where anything differs.
"""

import csv
import io
import json
import sys
import urllib.request
import uuid

import numpy as np
import onnxruntime

COLUMNS, CLASSES = (1, 9, 8), ["cat", "dog", "fish", "newt"]


def rows(count, seed):
    centres = np.random.default_rng(1).normal(size=(len(CLASSES), int(np.prod(COLUMNS))))
    random = np.random.default_rng(seed)
    labels = random.integers(len(CLASSES), size=count)
    features = centres[labels] + random.normal(scale=3.0, size=(count, centres.shape[1]))
    return features.astype(np.float32) * 7 + 3, labels


def as_csv(features, labels):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"x{i}" for i in range(features.shape[1])] + ["label"])
    for row, label in zip(features, labels):
        writer.writerow([repr(float(v)) for v in row] + [CLASSES[label]])
    return out.getvalue().encode()


def call(base, path, body=None, kind="application/json"):
    request = urllib.request.Request(base + path, data=body)
    if body is not None:
        request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request, timeout=90) as answer:
        return answer.read()


def upload(base, name, content):
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    answer = call(base, "/v1/datasets", body, f"multipart/form-data; boundary={boundary}")
    return "dataset:" + json.loads(answer)["id"]


def run(base, spec):
    job = json.loads(call(base, "/v1/jobs", json.dumps(spec).encode()))["id"]
    while True:
        state = json.loads(call(base, f"/v1/jobs/{job}?wait=60s"))
        if state["status"] in ("succeeded", "failed", "cancelled"):
            break
    if state["status"] != "succeeded":
        sys.exit(f"job {job} {state['status']}: {state['error']}")
    report = json.loads(call(base, f"/v1/jobs/{job}/report"))
    result = json.loads(call(base, f"/v1/jobs/{job}/artifacts/result.json"))
    models = json.loads(call(base, "/v1/models?limit=100"))["data"]
    model = next(m["id"] for m in models if m["jobId"] == job and m["role"] == "student")
    return report, result, call(base, f"/v1/jobs/{job}/artifacts/student.onnx"), model


def served(base, model, features):
    """What the service says of the rows, as logits."""
    answers = []
    for batch in np.array_split(features, 6):
        request = {"inputs": [{"name": "features", "datatype": "FP32", "shape": list(batch.shape),
                               "data": [float(v) for v in batch.ravel()]}],
                   "outputs": [{"name": "logits"}]}
        answer = json.loads(call(base, f"/v2/models/{model}/infer", json.dumps(request).encode()))
        output = answer["outputs"][0]
        answers.append(np.array(output["data"]).reshape(output["shape"]))
    return np.concatenate(answers)


def compare(report, content, features, labels, service):
    """Whether the confusion is the report's, rows predicted otherwise, largest difference."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    names = json.loads(session.get_modelmeta().custom_metadata_map["retort.classes"])
    logits, probabilities = session.run(["logits", "probabilities"], {"features": features})
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert names == report["test"]["classes"] and len(labels) == report["test"]["rows"]
    confusion = np.zeros((len(names), len(names)), dtype=int)
    for label, predicted in zip(labels, logits.argmax(axis=1)):
        confusion[names.index(CLASSES[label]), predicted] += 1
    return (confusion.tolist() == report["student"]["confusion"],
            int((logits.argmax(axis=1) != service.argmax(axis=1)).sum()),
            float(np.abs(logits - service).max()))


def main():
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
    features, labels = rows(600, 3)
    train = upload(base, "train.csv", as_csv(*rows(1200, 2)))
    test = upload(base, "test.csv", as_csv(features, labels))
    students = [
        {"type": "logistic"},
        {"type": "mlp", "hidden": [32, 32], "activation": "gelu", "residual": True, "dropout": 0.1},
        {"type": "cnn2d", "channels": [4, 6], "kernel": 4, "batchNorm": True, "hidden": [16]},
        {"type": "resnet", "depth": 8, "widths": [4, 8, 8]},
    ]
    jobs = [(list(COLUMNS), student) for student in students]
    jobs.append(([COLUMNS[1] * COLUMNS[2]], {"type": "cnn1d", "channels": [6, 6], "activation": "tanh"}))
    failed = 0
    for shape, student in jobs:
        report, result, content, model = run(
            base,
            {
                "dataset": {"uri": train, "test": {"uri": test}, "shape": shape, "standardize": True},
                "teacher": {"architecture": {"type": "mlp", "hidden": [64]}},
                "student": {"architecture": student},
                "training": {"epochs": 4},
                "evaluation": {"twin": False},
            },
        )
        service = served(base, model, features)
        same, differing, largest = compare(report, content, features, labels, service)
        failed += not same or differing > 0
        print(
            f"{student['type']:9} accuracy {report['student']['accuracy']:.3f}"
            f"  rows {len(service)}  predicted otherwise {differing}"
            f"  largest difference of a logit {largest:.2e}"
            f" (at export {result['onnx']['maxLogitDifference']:.2e})"
            f"  confusion {'equal' if same else 'DIFFERS'}"
        )
    sys.exit(1 if failed else 0)


main()
