"""Microseconds of a training step with each method on features or relations, in PyTorch and in Retort.

    terms.py [ROUNDS]           measures and prints a table (7 rounds)
    terms.py --prepare [NAME]   only compiles, for one student or all, as the first time takes long
    terms.py --check            compares losses and gradients of both programs on fixed tensors

A step gathers a shuffled batch of 100 rows and what the teacher gave for them, which is in memory, and
is forward, the method's term, cross-entropy, backward and Adam on the student and on what the term
trains; `kd` is plain distillation. PyTorch gets the fastest of each kind of loop: the usual one,
`eager` or `compile` (loss and its gradient), and `whole`, one compiled graph of the whole step
through torch.func, Adam on one flat vector included. After a plus stands how convolutions are
computed: `last` has channels last in memory, `gemm` takes products with all windows.

Every mode's first losses must be those of eager. What compiling takes is not counted. Turns of a tenth
of a second alternate between the programs, and figures are medians over the rounds.
"""

import os
import statistics
import subprocess
import sys

import torch

from losses import Contrast
from training import STUDENTS, TEACHER, Run, cells, loss_of

LOOPS = ["eager", "eager+last", "eager+gemm", "compile", "compile+last"]
WHOLE = ["whole+gemm"]


def fastest(student, method, modes, expected):
    """The fastest of some modes; those that compute something else end the benchmark."""
    best, least = None, float("inf")
    for mode in modes:
        if "+" in mode and student == "mlp" and mode not in WHOLE:
            continue
        run = Run(student, method, mode)
        losses = [run.step().item() for _ in range(3)]
        if expected and any(abs(a - b) > 1e-3 * abs(a) for a, b in zip(expected, losses)):
            sys.exit(f"{student} {method} {mode}: losses {losses}, not {expected}")
        expected = expected or losses
        run.turn(0.05)
        found = min(run.turn(0.05) for _ in range(3))
        if found < least:
            best, least = run, found
    return best, expected


def prepare(students):
    runs = {}
    for cell in cells(students):
        loop, losses = fastest(*cell, LOOPS, None)
        whole, _ = fastest(*cell, WHOLE, losses)
        runs[cell] = loop, whole
        print(*cell, loop.mode, whole.mode, file=sys.stderr, flush=True)
    return runs


class Retort:
    def __init__(self, *arguments):
        command = ["java", "-cp", os.environ["RETORT_CLASSPATH"], "io.retort.training.TermPeerBenchmark"]
        self.process = subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def lines(self, word):
        return (line.split()[1:] for line in self.process.stdout if line.startswith(word + " "))

    def turn(self, cell, seconds):
        """Microseconds of a step, and of processor time."""
        self.process.stdin.write(f"{' '.join(cell)} {round(seconds * 1000)}\n")
        self.process.stdin.flush()
        for words in self.lines("turn"):
            return tuple(map(float, words))
        sys.exit(f"Retort ended at {cell}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(rounds, seconds=0.1):
    runs = prepare(STUDENTS)
    retort = Retort()
    for warm in (1, 0.2):
        for cell in runs:
            retort.turn(cell, warm if cell[1] == "kd" else 0.5 * warm)
    found = {cell: [] for cell in runs}
    for _ in range(rounds):
        for cell, (loop, whole) in runs.items():
            turns = []
            for kind in (loop, whole):
                kind.turn(seconds / 5)
                turns.append(kind.turn(seconds))
            retort.turn(cell, seconds / 5)
            found[cell].append((*retort.turn(cell, seconds), *turns))
    retort.close()
    table(rounds, runs, found)


def table(rounds, runs, found):
    print(f"PyTorch {torch.__version__}, 1 thread, {rounds} rounds\n")
    print("| student | method | Retort, us a step | its processor us | PyTorch's loop, us | setting | ratio"
          " | whole step compiled, us | ratio | over KD: Retort | loop | whole step |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for cell, (loop, _) in runs.items():
        turns, plain = found[cell], found[cell[0], "kd"]
        us, processor, looped, whole = (statistics.median(t) for t in zip(*turns))

        def ratio(i, j=0, base=turns):
            return statistics.median(t[i] / b[j] for t, b in zip(turns, base))
        over = [f"{ratio(i, i, plain):.2f}" if cell[1] != "kd" else "" for i in (0, 2, 3)]
        print(f"| `{cell[0]}` | `{cell[1]}` | {us:.0f} | {processor:.0f} | {looped:.0f} | {loop.mode} "
              f"| {ratio(2):.2f} | {whole:.0f} | {ratio(3):.2f} | {' | '.join(over)} |", flush=True)


def patterned(loss):
    """The parameters that TermPeerBenchmark sets; of a 3 x 3 kernel only the middle row counts."""
    for n, part in enumerate(loss.parts()):
        size = part.numel() * (3 if part.shape[2:] == (3,) else 1)
        values = 0.3 * torch.sin(1 + n + 0.7 * torch.arange(size, dtype=torch.float64))
        if part.shape[2:] == (3,):
            values = values.view(3, 3, part.shape[1], part.shape[0])[1].permute(2, 1, 0)
        elif part.dim() > 1:
            values = values.view(part.shape[1], part.shape[0]).T
        part.data.copy_(values.reshape(part.shape))


def pattern(function, shape, first, *slopes):
    """Of 4 rows, with a slope for rows, channels and positions."""
    angle = torch.tensor(first, dtype=torch.float64)
    for size, slope in zip((4, *shape), slopes):
        angle = angle[..., None] + slope * torch.arange(size, dtype=torch.float64)
    return function(angle)


def computed(student, method, layout):
    """Loss and lengths of gradients, as TermPeerBenchmark prints them."""
    net = STUDENTS[student](layout)
    loss, taps, _ = loss_of(method, net, layout, torch.arange(12) % 4)
    loss = loss.double()
    patterned(loss)
    s = [pattern(torch.sin, net.taps[n], 1, 1.7, 0.9, 0.37).requires_grad_() for n in taps]
    t = [pattern(torch.cos, TEACHER[n], 0.5, 2.3, 1.1, 0.53) for n in taps]
    if isinstance(loss, Contrast):
        at, rows = torch.arange(12 * 128, dtype=torch.float64).view(12, 128), torch.arange(4)
        loss.by_student, loss.by_teacher = 0.1 * torch.sin(0.3 + 0.7 * at), 0.1 * torch.cos(0.2 + 1.9 * at)
        loss.settle(rows, s, t)
        value = loss(s, t, rows)[0]
    else:
        value = loss(s, t)
    value.backward()

    def length(tensors):
        return sum(x.grad.square().sum() for x in tensors if x.grad is not None) ** 0.5
    return value.item(), float(length(s)), float(length(loss.parameters()))


def check():
    worst = 0
    for student, method, *numbers in Retort("losses").lines("loss"):
        expected = [float(n) for n in numbers]
        for layout in ("", "last", "gemm"):
            found = computed(student, method, layout)
            apart = max(abs(a - b) / max(1e-9, abs(a)) for a, b in zip(expected, found))
            worst = max(worst, apart)
            if apart > 1e-5:
                print(f"{student} {method} {layout}: {found}, but Retort {expected}")
    print(f"largest relative difference of a loss or the length of a gradient: {worst:.1e}")
    sys.exit(worst > 1e-5)


def main():
    arguments = sys.argv[1:]
    if arguments and arguments[0] in ("-h", "--help"):
        sys.exit(__doc__)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)  # Retort has none either
    if arguments[:1] == ["--check"]:
        check()
    elif arguments[:1] == ["--prepare"]:
        prepare(arguments[1:] or STUDENTS)
    else:
        measure(int(arguments[0]) if arguments else 7)


if __name__ == "__main__":
    main()
