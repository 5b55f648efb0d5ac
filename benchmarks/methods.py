#!/usr/bin/env python3
"""Distils MNIST-1D with every method on a running Retort and prints a table of what each is worth.

    java -jar target/retort.jar &
    python3 benchmarks/methods.py --data ../shared/data/mnist1d --seeds 5

For each seed a CNN teacher is trained once and kept in the registry; each method then makes an MLP,
a narrower CNN and a shallower one from it. `kd` is tau 4, alpha 0.9, beta 0.1; `kl-standardized` logit
standardisation as published (tau 2, weight 9, beta 0.1). The others stand alone beside the
cross-entropy, those published as a first stage in one of an eighth of the epochs before it. Each
runs at its published default weight and at that times each of `--scales`. The second half of the
table is at the scale whose accuracy on the validation rows, averaged over the seeds, is best; the
test rows have no part in that. Methods that need maps of one resolution in both networks have no
figure for the MLP.

Differences are to the twin of the same seed, which is the same for all methods; their 95 % interval
is Student's t over the seeds, and no method is better whose interval holds zero. Every job's figures
are appended to `--out`; what stands there is not run again, so the script can be stopped and
started.

`--time` measures instead: one job a method, alone, wall time of the student's training over that of
plain KD, the median of `--seeds` rounds, each round with its own KD. Only on a machine that does
nothing else.

Needs Python 3.8 and nothing else.
"""

import argparse
import concurrent.futures
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
    "shallow": {"type": "cnn1d", "channels": [25, 25]},
}
UNFIT = ("no_matching_taps", "channels_differ", "no_maps")
# Student's t, two-sided 95 %, by degrees of freedom
T95 = [0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]


class Bench:
    def __init__(self, args):
        self.args = args
        self.base = args.base
        self.methods = {m["type"]: m for m in call(self.base, "GET", "/v1/methods")}
        self.data = {
            "uri": upload(self.base, args.data / "train.csv"),
            "test": {"uri": upload(self.base, args.data / "test.csv")},
            "split": {"validation": 0.1, "seed": 7},
        }
        self.teachers = {}

    def finished(self, spec):
        """The id of the job; None where the method does not fit the networks."""
        id = call(self.base, "POST", "/v1/jobs", json.dumps(spec).encode())["id"]
        while True:
            state = call(self.base, "GET", f"/v1/jobs/{id}?wait=30s")
            if state["status"] == "succeeded":
                return id
            if state["status"] in ("failed", "cancelled"):
                if state["error"]["code"] in UNFIT:
                    return None
                sys.exit(f"job {id} {state['status']}: {state['error']}")

    def training(self, seed, epochs, schedule):
        return {
            "epochs": epochs,
            "batchSize": 100,
            "optimizer": {"type": "adam", "learningRate": 0.01},
            "schedule": {"type": schedule},
            "seed": seed,
        }

    def teacher(self, seed):
        if seed not in self.teachers:
            id = self.finished({
                "type": "train", "name": f"methods: teacher {seed}", "dataset": self.data,
                "teacher": {"architecture": TEACHER},
                "training": self.training(seed, self.args.teacher_epochs, "constant"),
            })
            models = call(self.base, "GET", "/v1/models?limit=100")["data"]
            self.teachers[seed] = next(m["id"] for m in models if m["jobId"] == id)
        return self.teachers[seed]

    def objective(self, method, scale):
        """What the student learns from, and the stages before it."""
        if method == "kd":
            return {"objective": {"tau": 4, "alpha": 0.9 * scale, "beta": 0.1}}
        if method == "kl-standardized":
            term = {"type": "kl", "weight": 9 * scale, "tau": 2, "standardize": True}
            return {"objective": {"beta": 0.1, "terms": [term]}}
        parameters = self.methods[method]["parameters"]
        weight = scale * float(next(p["defaultValue"] for p in parameters if p["name"] == "weight"))
        terms = [{"type": method, "weight": weight}]
        if method in self.args.first_stage:
            stage = {"name": "first", "epochs": max(1, self.args.epochs // 8),
                     "objective": {"beta": 0, "terms": terms}}
            return {"stages": [stage], "objective": {"alpha": 0, "beta": 1}}
        return {"objective": {"terms": terms}}

    def run(self, seed, student, method, scale, twin):
        id = self.finished({
            "name": f"methods: {method} x {scale:g}, {student}, {seed}",
            "dataset": self.data,
            "teacher": {"model": self.teacher(seed)},
            "student": {"architecture": STUDENTS[student]},
            **self.objective(method, scale),
            "training": self.training(seed, self.args.epochs, "cosine"),
            "evaluation": {"twin": twin},
        })
        row = {"seed": seed, "student": student, "method": method, "scale": scale}
        if id is None:
            return {**row, "accuracy": None}
        report = call(self.base, "GET", f"/v1/jobs/{id}/report")
        series = call(self.base, "GET", f"/v1/jobs/{id}/metrics?series=student.validationAccuracy")
        points = series["data"] if isinstance(series, dict) else series
        return {
            **row,
            "accuracy": report["student"]["accuracy"],
            "validation": max(p["value"] for p in points),
            "teacher": report["teacher"]["accuracy"],
            "twin": report["twin"]["accuracy"] if twin else None,
            "seconds": report["student"]["trainSeconds"],
        }


def interval(differences):
    mean = statistics.mean(differences)
    n = len(differences)
    if n < 2:
        return mean, float("nan")
    return mean, T95[min(n - 1, 9)] * statistics.stdev(differences) / math.sqrt(n)


def cells(rows, twins):
    accuracy = [100 * r["accuracy"] for r in rows]
    mean, half = interval([100 * (r["accuracy"] - twins[r["seed"]]) for r in rows])
    deviation = statistics.stdev(accuracy) if len(accuracy) > 1 else 0
    better = "yes" if mean - half > 0 else "worse" if mean + half < 0 else "no"
    return (f"{statistics.mean(accuracy):.2f} +- {deviation:.2f} | {mean:+.2f} +- {half:.2f} "
            f"| {better}")


def table(rows, methods, student):
    own = [r for r in rows if r["student"] == student]
    twins = {r["seed"]: r["twin"] for r in own if r.get("twin") is not None}
    print(f"\n### Student `{student}`\n")
    print(f"The twin, mean +- deviation: {100 * statistics.mean(twins.values()):.2f} +- "
          f"{100 * statistics.stdev(twins.values()) if len(twins) > 1 else 0:.2f}\n")
    print("| method | accuracy, default weight | student - twin, 95 % interval | better? "
          "| scale picked | accuracy | student - twin, 95 % interval | better? |")
    print("|---|---|---|---|---|---|---|---|")
    for method in methods:
        scales = {}
        for r in own:
            if r["method"] == method:
                scales.setdefault(r["scale"], []).append(r)
        if 1.0 not in scales:
            continue
        if any(r["accuracy"] is None for r in scales[1.0]):
            print(f"| `{method}` | does not apply | | | | | | |")
            continue
        best = max(scales, key=lambda s: statistics.mean(r["validation"] for r in scales[s]))
        print(f"| `{method}` | {cells(scales[1.0], twins)} | {best:g} "
              f"| {cells(scales[best], twins)} |")


def times(bench, methods, args):
    print("| method | student | seconds over KD's, median | lowest to highest |")
    print("|---|---|---|---|")
    for student in args.students:
        ratios = {}
        for seed in range(1, args.seeds + 1):
            kd = None
            for method in ["kd"] + [m for m in methods if m != "kd"]:
                row = bench.run(seed, student, method, 1.0, False)
                if method == "kd":
                    # the first job also labels, and warms the process up
                    kd = bench.run(seed, student, method, 1.0, False)["seconds"]
                elif row["accuracy"] is not None:
                    ratios.setdefault(method, []).append(row["seconds"] / kd)
        for method, values in ratios.items():
            print(f"| `{method}` | `{student}` | {statistics.median(values):.2f} "
                  f"| {min(values):.2f} to {max(values):.2f} |", flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--base", default="http://127.0.0.1:8080", help="the service")
    p.add_argument("--data", type=pathlib.Path, required=True, help="folder of train.csv, test.csv")
    p.add_argument("--seeds", type=int, default=5, help="seeds 1..N (default 5, at most 10)")
    p.add_argument("--epochs", type=int, default=60, help="of students, cosine schedule")
    p.add_argument("--teacher-epochs", type=int, default=167, help="at a constant rate")
    p.add_argument("--methods", nargs="*", help="types of terms, and kd (default: all)")
    p.add_argument("--students", nargs="*", default=list(STUDENTS), choices=list(STUDENTS))
    p.add_argument("--scales", nargs="*", type=float, default=[0.1, 1, 10],
                   help="of the default weights; 1 is always run")
    p.add_argument("--first-stage", nargs="*", default=["activation-boundaries", "flow"],
                   help="methods that are a stage before the training proper")
    p.add_argument("--parallel", type=int, default=2, help="jobs under way at once")
    p.add_argument("--time", action="store_true", help="measure time instead of accuracy")
    p.add_argument("--out", type=pathlib.Path, default=pathlib.Path("methods.jsonl"),
                   help="figures of the jobs so far; what stands there is not run again")
    args = p.parse_args()
    bench = Bench(args)
    methods = args.methods or ["kd", "kl-standardized"] + list(bench.methods)
    if args.time:
        times(bench, methods, args)
        return
    rows = [json.loads(line) for line in args.out.read_text().splitlines()] if args.out.exists() else []
    done = {(r["seed"], r["student"], r["method"], r["scale"]) for r in rows}
    todo = [(seed, student, method, scale)
            for seed in range(1, args.seeds + 1)
            for student in args.students
            for method in methods
            for scale in sorted({1.0, *args.scales})
            if (seed, student, method, scale) not in done]
    for seed in sorted({t[0] for t in todo}):
        bench.teacher(seed)
    with concurrent.futures.ThreadPoolExecutor(args.parallel) as pool:
        waiting = [pool.submit(bench.run, *t, t[2] == "kd" and t[3] == 1.0) for t in todo]
        for future in concurrent.futures.as_completed(waiting):
            row = future.result()
            rows.append(row)
            with args.out.open("a") as out:
                out.write(json.dumps(row) + "\n")
            print(f"{len(rows)}: {row}", file=sys.stderr, flush=True)
    for student in args.students:
        table(rows, methods, student)


if __name__ == "__main__":
    main()
