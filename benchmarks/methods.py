#!/usr/bin/env python3
"""Distils MNIST-1D with every method on a running Retort and prints a table of what each is worth.

    java -jar target/retort.jar &
    python3 benchmarks/methods.py --data ../shared/data/mnist1d --seeds 5

For each seed a CNN teacher is trained once and kept in the registry; each method then makes an MLP
and a smaller CNN from it, beside the twin. Methods run at their published default weight, alone
beside the cross-entropy; `kd` is tau 4, alpha 0.9, beta 0.1. Methods that need maps of one
resolution in both networks have no figure for the MLP. Differences to the twin are paired by seed;
their 95 % interval is Student's t, and no method is better whose interval holds zero. Every job's
figures are appended to `--out`; what stands there is not run again, so the script can be stopped
and started. Seconds are wall time of the student's training over that of plain KD on the same seed,
which means something only on a machine that does nothing else.

Needs Python 3.8 and nothing else.
"""

import argparse
import json
import math
import pathlib
import statistics
import sys

from mnist1d import call, upload

TEACHER = {"type": "cnn1d", "channels": [25, 25, 25]}
STUDENTS = {
    "mlp": {"type": "mlp", "hidden": [100, 100], "residual": True},
    "cnn": {"type": "cnn1d", "channels": [8, 8, 8]},
}
# Student's t, two-sided 95 %, by degrees of freedom
T95 = [0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]


def run(base, spec):
    """The job's report; None where the method does not fit the networks."""
    answer = call(base, "POST", "/v1/jobs", json.dumps(spec).encode())
    while True:
        state = call(base, "GET", f"/v1/jobs/{answer['id']}?wait=30s")
        if state["status"] in ("succeeded", "failed", "cancelled"):
            break
    if state["status"] != "succeeded":
        if state["error"]["code"] in ("no_matching_taps", "channels_differ"):
            return None
        sys.exit(f"job {answer['id']} {state['status']}: {state['error']}")
    return answer["id"], call(base, "GET", f"/v1/jobs/{answer['id']}/report")


def job(data, seed, args, **parts):
    return {
        "dataset": {**data, "split": {"validation": 0.1, "seed": 7}},
        "training": {
            "epochs": args.epochs,
            "batchSize": 100,
            "optimizer": {"type": "adam", "learningRate": 0.01},
            "schedule": {"type": "cosine"},
            "seed": seed,
        },
        **parts,
    }


def teacher(data, seed, args):
    spec = job(data, seed, args, type="train", name=f"methods: teacher {seed}",
               teacher={"architecture": TEACHER})
    id, report = run(args.base, spec)
    models = call(args.base, "GET", "/v1/models?limit=100")["data"]
    return next(m["id"] for m in models if m["jobId"] == id)


def objective(method):
    return {"tau": 4, "alpha": 0.9, "beta": 0.1} if method == "kd" else {"terms": [{"type": method}]}


def interval(differences):
    mean = statistics.mean(differences)
    n = len(differences)
    if n < 2:
        return mean, float("nan")
    return mean, T95[min(n - 1, 9)] * statistics.stdev(differences) / math.sqrt(n)


def table(rows, methods, student):
    print(f"\n### Student `{student}`\n")
    print("| method | accuracy, mean +- deviation | student - twin, 95 % interval | better? | time to KD's |")
    print("|---|---|---|---|---|")
    kd = {r["seed"]: r["seconds"] for r in rows if r["student"] == student and r["method"] == "kd"
          and r["accuracy"] is not None}
    for method in methods:
        own = [r for r in rows if r["student"] == student and r["method"] == method]
        if not own:
            continue
        if any(r["accuracy"] is None for r in own):
            print(f"| `{method}` | does not apply | | | |")
            continue
        accuracy = [100 * r["accuracy"] for r in own]
        mean, half = interval([100 * (r["accuracy"] - r["twin"]) for r in own])
        deviation = statistics.stdev(accuracy) if len(accuracy) > 1 else 0
        better = "yes" if mean - half > 0 else "worse" if mean + half < 0 else "no"
        ratios = [r["seconds"] / kd[r["seed"]] for r in own if r["seed"] in kd]
        time = f"{statistics.median(ratios):.2f}" if ratios else ""
        print(f"| `{method}` | {statistics.mean(accuracy):.2f} +- {deviation:.2f} "
              f"| {mean:+.2f} +- {half:.2f} | {better} | {time} |")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--base", default="http://127.0.0.1:8080", help="the service")
    p.add_argument("--data", type=pathlib.Path, required=True, help="folder of train.csv, test.csv")
    p.add_argument("--seeds", type=int, default=5, help="seeds 1..N (default 5, at most 10)")
    p.add_argument("--epochs", type=int, default=60)
    p.add_argument("--methods", nargs="*", help="types of terms, and kd (default: all)")
    p.add_argument("--students", nargs="*", default=list(STUDENTS), choices=list(STUDENTS))
    p.add_argument("--out", type=pathlib.Path, default=pathlib.Path("methods.jsonl"),
                   help="figures of the jobs so far; what stands there is not run again")
    args = p.parse_args()
    known = [m["type"] for m in call(args.base, "GET", "/v1/methods")]
    methods = args.methods or ["kd"] + known
    rows = [json.loads(line) for line in args.out.read_text().splitlines()] if args.out.exists() else []
    done = {(r["seed"], r["student"], r["method"]) for r in rows}
    data = None
    for seed in range(1, args.seeds + 1):
        todo = [(s, m) for s in args.students for m in methods if (seed, s, m) not in done]
        if not todo:
            continue
        data = data or {"uri": upload(args.base, args.data / "train.csv"),
                        "test": {"uri": upload(args.base, args.data / "test.csv")}}
        model = teacher(data, seed, args)
        for student, method in todo:
            spec = job(data, seed, args, name=f"methods: {method}, {student}, {seed}",
                       teacher={"model": model}, student={"architecture": STUDENTS[student]},
                       objective=objective(method))
            found = run(args.base, spec)
            report = found[1] if found else None
            row = {
                "seed": seed, "student": student, "method": method,
                "accuracy": report["student"]["accuracy"] if report else None,
                "twin": report["twin"]["accuracy"] if report else None,
                "seconds": report["student"]["trainSeconds"] if report else None,
            }
            rows.append(row)
            with args.out.open("a") as out:
                out.write(json.dumps(row) + "\n")
            print(f"seed {seed}, {student}, {method}: {row['accuracy']}", file=sys.stderr, flush=True)
    for student in args.students:
        table(rows, methods, student)


if __name__ == "__main__":
    main()
