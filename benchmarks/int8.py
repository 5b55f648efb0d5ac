"""Compares students with their int8 files on a running Retort and prints a table.

    java -jar target/retort.jar &
    python3 benchmarks/int8.py --data ../shared/data/mnist1d

Needs scikit-learn (for its handwritten digits) and numpy. `--data` is the folder that mnist1d.py
reads. The figures are those of the jobs' reports: both files in ONNX Runtime, on the test part.
"""

import argparse
import pathlib
import tempfile

import numpy
from mnist1d import run, upload
from sklearn.datasets import load_digits


def digits(folder, side):
    """The 8 x 8 digits, each pixel as a square where the images are to be larger."""
    images, labels = load_digits(return_X_y=True)
    images = numpy.kron(images.reshape(-1, 8, 8), numpy.ones((1, side // 8, side // 8)))
    rows = numpy.column_stack([images.reshape(len(labels), -1), labels]).astype(int)
    rows = rows[numpy.random.default_rng(0).permutation(len(rows))]
    header = ",".join([f"p{i}" for i in range(side * side)] + ["label"])
    for name, part in (("train", rows[:1297]), ("test", rows[1297:])):
        numpy.savetxt(folder / f"{name}.csv", part, "%d", ",", header=header, comments="")
    return folder


def job(train, test, architecture, shape, epochs):
    return {
        "name": "int8 benchmark",
        "dataset": {"uri": train, "test": {"uri": test}, "shape": shape, "split": {"seed": 7}},
        "teacher": {"architecture": {"type": "logistic"}},
        "student": {"architecture": architecture},
        "objective": {"alpha": 0, "beta": 1},
        "training": {"epochs": epochs, "batchSize": 100, "optimizer": {"learningRate": 0.005}},
        "evaluation": {"twin": False},
        "export": {"int8": True},
    }


def cell(files, read):
    return " / ".join(read(files[name]) for name in ("float32", "quantized"))


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--base", default="http://127.0.0.1:8080", help="the service")
    p.add_argument("--data", type=pathlib.Path, required=True, help="folder of train.csv, test.csv")
    args = p.parse_args()
    folders = {"MNIST-1D": args.data}
    for side in (8, 32):
        folders[f"digits {side}x{side}"] = digits(pathlib.Path(tempfile.mkdtemp()), side)
    parts = {
        name: [upload(args.base, folder / f"{part}.csv") for part in ("train", "test")]
        for name, folder in folders.items()
    }
    jobs = [
        ("MNIST-1D", [40], {"type": "mlp", "hidden": [100, 100], "residual": True}, 60),
        ("MNIST-1D", [40], {"type": "mlp", "hidden": [1024, 1024]}, 15),
        ("MNIST-1D", [40], {"type": "cnn1d", "channels": [25, 25, 25]}, 60),
        ("digits 8x8", [1, 8, 8], {"type": "cnn2d", "channels": [16, 32], "batchNorm": True}, 20),
        ("digits 32x32", [1, 32, 32], {"type": "resnet", "depth": 8}, 8),
    ]
    print("| student | data | accuracy, % | agreement, % | bytes | one row, us: p50 | p95 |")
    print("|---|---|---|---|---|---|---|")
    for data, shape, architecture, epochs in jobs:
        files = run(args.base, job(*parts[data], architecture, shape, epochs))["int8"]
        widths = architecture.get("hidden") or architecture.get("channels")
        name = architecture["type"] + " " + "-".join(map(str, widths or [architecture["depth"]]))
        print(
            f"| {name} | {data} | {cell(files, lambda f: format(100 * f['accuracy'], '.1f'))} "
            f"| {100 * files['agreement']:.1f} | {cell(files, lambda f: format(f['bytes'], ','))} "
            f"| {cell(files, lambda f: format(1000 * f['latencyMs']['p50'], '.1f'))} "
            f"| {cell(files, lambda f: format(1000 * f['latencyMs']['p95'], '.1f'))} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
