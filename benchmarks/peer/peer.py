"""Milliseconds of a training step in PyTorch, for the networks of Retort's benchmark suite.

    python peer.py THREADS SECONDS [NETWORK=MODE ...]

Prints lines `network mode parameters milliseconds`, the median of at least five steps. A step is what
Retort's is: rows of a shuffled batch, forward, 0.9 * 4^2 * KL at temperature 4 + 0.1 * cross-entropy,
backward, Adam. Without NETWORK=MODE every network is tried in every mode; a mode is words joined by
'+': eager or compile, then cl (channels last; images only) and fused (Adam in one kernel).
"""

import copy
import itertools
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

ROWS, CLASSES, TAU, ALPHA = 4096, 10, 4.0, 0.9


def mlp(*widths):
    layers = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        layers.append(nn.Linear(a, b))
        if i < len(widths) - 2:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def cnn1d():
    return nn.Sequential(
        nn.Conv1d(1, 25, 5, stride=2, padding=2), nn.ReLU(),
        nn.Conv1d(25, 25, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv1d(25, 25, 3, stride=2, padding=1), nn.ReLU(),
        nn.Flatten(), nn.Linear(125, CLASSES))


def cnn28():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(7 * 7 * 32, 64), nn.ReLU(), nn.Linear(64, CLASSES))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class MeanPool(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def resnet(blocks, widths):
    layers = [nn.Conv2d(3, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()]
    inputs = widths[0]
    for stage, width in enumerate(widths):
        for block in range(blocks):
            layers.append(Block(inputs, width, 2 if stage > 0 and block == 0 else 1))
            inputs = width
    return nn.Sequential(*layers, MeanPool(), nn.Linear(inputs, CLASSES))


SUITE = {
    "MLP_784_30_10": (lambda: mlp(784, 30, CLASSES), 128, (784,)),
    "MLP_784_128_10": (lambda: mlp(784, 128, CLASSES), 64, (784,)),
    "MLP_784_1200_1200_10": (lambda: mlp(784, 1200, 1200, CLASSES), 128, (784,)),
    "MNIST1D_MLP": (lambda: mlp(40, 100, 100, CLASSES), 100, (40,)),
    "MNIST1D_CNN": (cnn1d, 100, (1, 40)),
    "CNN_28X28": (cnn28, 64, (1, 28, 28)),
    "RESNET_8_32X32": (lambda: resnet(1, (16, 32, 64)), 64, (3, 32, 32)),
}


def objective(logits, teacher, labels):
    """Retort's default objective."""
    soft = F.kl_div(F.log_softmax(logits / TAU, 1), F.softmax(teacher / TAU, 1), reduction="batchmean")
    return ALPHA * TAU * TAU * soft + (1 - ALPHA) * F.cross_entropy(logits, labels)


def measure(name, mode, seconds):
    build, batch, shape = SUITE[name]
    words = mode.split("+")
    torch.manual_seed(1)
    net = build().train()
    rows, logits = torch.randn(ROWS, *shape), torch.randn(ROWS, CLASSES)
    labels = torch.arange(ROWS) % CLASSES
    if "cl" in words:
        net = net.to(memory_format=torch.channels_last)
        rows = rows.contiguous(memory_format=torch.channels_last)
    run = torch.compile(net) if "compile" in words else net
    adam = torch.optim.Adam(net.parameters(), 1e-3, fused="fused" in words)
    order = torch.randperm(ROWS)
    at = 0

    def step():
        nonlocal at
        if at + batch > ROWS:
            at = 0
        chosen = order[at:at + batch]
        at += batch
        adam.zero_grad(set_to_none=True)
        objective(run(rows[chosen]), logits[chosen], labels[chosen]).backward()
        adam.step()

    for _ in range(5):
        step()
    warm = time.perf_counter() + seconds / 2
    while time.perf_counter() < warm:
        step()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        step()
        times.append((time.perf_counter() - begin) * 1e3)
    return sum(p.numel() for p in net.parameters()), statistics.median(times)


def modes(name):
    layouts = ["", "+cl"] if len(SUITE[name][2]) == 3 else [""]
    return ["".join(m) for m in itertools.product(["eager", "compile"], layouts, ["", "+fused"])]


def main():
    if len(sys.argv) < 3 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    torch.set_num_threads(int(sys.argv[1]))
    chosen = [a.split("=", 1) for a in sys.argv[3:]]
    if not chosen:
        chosen = [(name, mode) for name in SUITE for mode in modes(name)]
    for name, mode in chosen:
        try:
            parameters, milliseconds = measure(name, mode, float(sys.argv[2]))
            print(name, mode, parameters, f"{milliseconds:.4f}", flush=True)
        except Exception as e:  # torch.compile needs a C++ compiler; say so and go on
            print(name, mode, "failed:", str(e).splitlines()[0][:120], file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
