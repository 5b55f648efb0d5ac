#!/usr/bin/env python3
"""Distils MNIST-1D (the frozen public copy) on a running Retort, once a seed, and prints a table.

    java -jar target/retort.jar &
    python3 benchmarks/mnist1d.py --data ../shared/data/mnist1d --seeds 5

Needs Python 3.8 and nothing else. `--data` is a folder with train.csv (4,000 rows) and test.csv
(1,000 rows), 40 columns x0..x39 and `label`.
"""

import argparse
import json
import pathlib
import statistics
import sys
import urllib.request
import uuid


def call(base, method, path, body=None, content_type="application/json"):
    request = urllib.request.Request(base + path, data=body, method=method)
    if body is not None:
        request.add_header("Content-Type", content_type)
    try:
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        sys.exit(f"{method} {path}: {e.code} {e.read().decode()}")


def upload(base, file):
    boundary = uuid.uuid4().hex
    head = (
        f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; "
        f"filename=\"{file.name}\"\r\nContent-Type: text/csv\r\n\r\n"
    )
    body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    answer = call(base, "POST", "/v1/datasets", body, f"multipart/form-data; boundary={boundary}")
    return "dataset:" + answer["id"]


def job(train, test, seed, args):
    return {
        "name": f"mnist1d benchmark, seed {seed}",
        "dataset": {
            "uri": train,
            "test": {"uri": test},
            "split": {"validation": 0.1, "seed": 7},
        },
        "teacher": {"architecture": {"type": "cnn1d", "channels": [25, 25, 25]}},
        "student": {"architecture": {"type": "mlp", "hidden": [100, 100], "residual": True}},
        "objective": {"tau": args.tau, "alpha": args.alpha, "beta": args.beta},
        "training": {
            "epochs": args.epochs,
            "batchSize": 100,
            "optimizer": {"type": "adam", "learningRate": 0.01},
            "schedule": {"type": args.schedule},
            "seed": seed,
        },
    }


def run(base, spec):
    id = call(base, "POST", "/v1/jobs", json.dumps(spec).encode())["id"]
    while True:
        state = call(base, "GET", f"/v1/jobs/{id}?wait=30s")
        if state["status"] in ("succeeded", "failed", "cancelled"):
            break
    if state["status"] != "succeeded":
        sys.exit(f"job {id} {state['status']}: {state['error']}")
    return call(base, "GET", f"/v1/jobs/{id}/report")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--base", default="http://127.0.0.1:8080", help="the service")
    p.add_argument("--data", type=pathlib.Path, required=True, help="folder of train.csv, test.csv")
    p.add_argument("--seeds", type=int, default=5, help="seeds 1..N (default 5)")
    p.add_argument("--epochs", type=int, default=167, help="167 epochs are the published 6,000 steps")
    p.add_argument("--schedule", default="constant", choices=["constant", "cosine"])
    p.add_argument("--tau", type=float, default=4)
    p.add_argument("--alpha", type=float, default=0.9)
    p.add_argument("--beta", type=float, default=0.1)
    args = p.parse_args()

    train = upload(args.base, args.data / "train.csv")
    test = upload(args.base, args.data / "test.csv")
    roles = ("teacher", "student", "twin")
    accuracy = {r: [] for r in roles}
    agreement = {r: [] for r in roles}
    print("| seed | teacher | student | twin | student - twin | p | verdict |")
    print("|---|---|---|---|---|---|---|")
    for seed in range(1, args.seeds + 1):
        report = run(args.base, job(train, test, seed, args))
        for r in roles:
            accuracy[r].append(100 * report[r]["accuracy"])
            agreement[r].append(100 * report[r]["agreement"])
        t, s, w = (accuracy[r][-1] for r in roles)
        print(
            f"| {seed} | {t:.1f} | {s:.1f} | {w:.1f} | {s - w:+.1f} "
            f"| {report['pValue']:.2g} | {report['verdict']} |",
            flush=True,
        )
    deviation = statistics.stdev if args.seeds > 1 else lambda _: 0.0
    print("\n| | accuracy, mean +- deviation | agreement with the teacher |")
    print("|---|---|---|")
    for r in roles:
        print(
            f"| {r} | {statistics.mean(accuracy[r]):.2f} +- {deviation(accuracy[r]):.2f} "
            f"| {statistics.mean(agreement[r]):.2f} +- {deviation(agreement[r]):.2f} |"
        )


if __name__ == "__main__":
    main()
