"""Runs a job, downloads its student.onnx and checks it in Python's onnxruntime.

Needs a running service, and onnxruntime and numpy (seen with 1.28.0 and 2.4.6):

    python benchmarks/onnx.py http://127.0.0.1:8080

The dataset is made here and given its own test part, so that both sides look at the same rows. The
service's predictions are known through its report: confusion and accuracy on the test part, which
must be those of the file, cell by cell.
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
    return report, result, call(base, f"/v1/jobs/{job}/artifacts/student.onnx")


def compare(report, content, features, labels):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    names = json.loads(session.get_modelmeta().custom_metadata_map["retort.classes"])
    logits, probabilities = session.run(["logits", "probabilities"], {"features": features})
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert names == report["test"]["classes"] and len(labels) == report["test"]["rows"]
    confusion = np.zeros((len(names), len(names)), dtype=int)
    for label, predicted in zip(labels, logits.argmax(axis=1)):
        confusion[names.index(CLASSES[label]), predicted] += 1
    return confusion.tolist() == report["student"]["confusion"]


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
        report, result, content = run(
            base,
            {
                "dataset": {"uri": train, "test": {"uri": test}, "shape": shape, "standardize": True},
                "teacher": {"architecture": {"type": "mlp", "hidden": [64]}},
                "student": {"architecture": student},
                "training": {"epochs": 4},
                "evaluation": {"twin": False},
            },
        )
        same = compare(report, content, features, labels)
        failed += not same
        print(
            f"{student['type']:9} accuracy {report['student']['accuracy']:.3f}"
            f"  predictions {'equal' if same else 'DIFFER'}"
            f"  largest difference of a logit {result['onnx']['maxLogitDifference']:.2e}"
        )
    sys.exit(1 if failed else 0)


main()
