"""Retort's training step against PyTorch's on this machine's CPU, alternately, as a table.

    benchmarks/peer/run.sh [--rounds 5] [--seconds 2] [--threads 1 2] [--nets NAME ...]

The first round tries PyTorch's settings (eager and compiled, both layouts, both Adams) and keeps the
fastest of each network; the others run Retort and PyTorch in turn. Figures are medians over the rounds.
"""

import argparse
import math
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
SUITE = ["MLP_784_30_10", "MLP_784_128_10", "MLP_784_1200_1200_10", "MNIST1D_MLP", "MNIST1D_CNN",
         "CNN_28X28", "RESNET_8_32X32"]


def lines(command, threads, **more):
    env = dict(os.environ, OMP_NUM_THREADS=str(threads), **more)
    out = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         text=True, check=True).stdout
    return [line.split() for line in out.splitlines() if line.split(" ")[0] in SUITE]


def retort(threads, seconds, nets):
    classpath = "target/test-classes:target/classes:" + (ROOT / "target/classpath").read_text().strip()
    found = lines(["java", "-cp", classpath, "io.retort.training.PeerBenchmark", str(threads),
                   str(seconds), *nets], threads, GOMP_SPINCOUNT="10000")
    return {name: (int(parameters), float(ms)) for name, parameters, ms in found}


def torch(threads, seconds, modes):
    found = lines([sys.executable, str(HERE / "peer.py"), str(threads), str(seconds), *modes], threads)
    return [(name, mode, int(parameters), float(ms)) for name, mode, parameters, ms in found]


def best_modes(threads, seconds, nets):
    best = {}
    for name, mode, _, ms in torch(threads, seconds, []):
        if name in nets and (name not in best or ms < best[name][1]):
            best[name] = (mode, ms)
    return {name: mode for name, (mode, _) in best.items()}


def compare(threads, rounds, seconds, nets):
    modes = best_modes(threads, seconds / 2, nets)
    ours, theirs = {n: [] for n in nets}, {n: [] for n in nets}
    for _ in range(rounds):
        mine = retort(threads, seconds, nets)
        for name, _, parameters, ms in torch(threads, seconds, [f"{n}={modes[n]}" for n in nets]):
            if parameters != mine[name][0]:
                sys.exit(f"{name}: {parameters} parameters in PyTorch, {mine[name][0]} in Retort")
            theirs[name].append(ms)
            ours[name].append(mine[name][1])
    print(f"\n{threads} thread{'s' if threads > 1 else ''}, {rounds} rounds\n")
    print("| network | Retort, ms a step | PyTorch, ms a step | its best setting | ratio (lowest to highest) |")
    print("|---|---|---|---|---|")
    ratios = []
    for n in nets:
        each = sorted(t / o for t, o in zip(theirs[n], ours[n]))
        ratios.append(statistics.median(each))
        print(f"| {n} | {statistics.median(ours[n]):.3f} | {statistics.median(theirs[n]):.3f} | {modes[n]} "
              f"| {ratios[-1]:.2f} ({each[0]:.2f} to {each[-1]:.2f}) |")
    print(f"| geometric mean | | | | {math.exp(statistics.fmean(map(math.log, ratios))):.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--nets", nargs="+", default=SUITE, choices=SUITE)
    args = parser.parse_args()
    for threads in args.threads:
        compare(threads, args.rounds, args.seconds, args.nets)


if __name__ == "__main__":
    main()
