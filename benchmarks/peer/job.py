"""Seconds of a whole distillation in PyTorch: the job of Retort's JobBenchmark.

    python job.py THREADS METHOD MODE

METHOD is plain (the teacher runs at every step), cached (its logits are kept in memory before the
first epoch) or both; MODE is eager or compile, then +cl (channels last). Prints `job METHOD MODE
seconds`. Thirty epochs over 8,000 rows of 28 x 28 in batches of 64, Adam (fused), and the student's
loss and accuracy on 1,000 validation rows after each epoch, with the teacher's share in it.
"""

import sys
import time

import torch
import torch.nn as nn

from peer import CLASSES, objective

ROWS, VALIDATION, BATCH, EPOCHS = 8000, 1000, 64, 30


def net(channels, hidden):
    a, b = channels
    return nn.Sequential(
        nn.Conv2d(1, a, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(49 * b, hidden), nn.ReLU(), nn.Linear(hidden, CLASSES))


@torch.inference_mode()
def label(teacher, rows):
    return torch.cat([teacher(batch) for batch in rows.split(256)])


def distil(method, mode):
    words = mode.split("+")
    torch.manual_seed(1)
    x, v = torch.randn(ROWS, 1, 28, 28), torch.randn(VALIDATION, 1, 28, 28)
    y, w = torch.arange(ROWS) % CLASSES, torch.arange(VALIDATION) % CLASSES
    teacher, student = net((32, 64), 128).eval(), net((6, 12), 32)
    if "cl" in words:
        teacher, student, x, v = (
            t.to(memory_format=torch.channels_last) for t in (teacher, student, x, v))
    begin = time.perf_counter()
    if "compile" in words:
        teacher, student = torch.compile(teacher), torch.compile(student)
    adam = torch.optim.Adam(student.parameters(), 1e-3, fused=True)
    cached = label(teacher, x) if method == "cached" else None
    cached_v = label(teacher, v) if method == "cached" else None
    for _ in range(EPOCHS):
        student.train()
        for rows in torch.randperm(ROWS).split(BATCH):
            batch = x[rows]
            if cached is None:
                with torch.no_grad():
                    targets = teacher(batch)
            else:
                targets = cached[rows]
            adam.zero_grad(set_to_none=True)
            objective(student(batch), targets, y[rows]).backward()
            adam.step()
        student.eval()
        with torch.inference_mode():
            logits = label(student, v)
            objective(logits, label(teacher, v) if cached_v is None else cached_v, w).item()
            (logits.argmax(1) == w).float().mean().item()
    return time.perf_counter() - begin


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    torch.set_num_threads(int(sys.argv[1]))
    methods = ["plain", "cached"] if sys.argv[2] == "both" else [sys.argv[2]]
    for name in methods:
        print("job", name, sys.argv[3], f"{distil(name, sys.argv[3]):.2f}", flush=True)
