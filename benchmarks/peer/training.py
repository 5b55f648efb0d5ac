"""Students of the sizes of MNIST-1D on random rows, and trainings of them in PyTorch, for terms.py."""

import time
import types

import torch
import torch.nn as nn
import torch.nn.functional as F

from losses import METHODS, Contrast, Convolution
from peer import objective

ROWS, COLUMNS, CLASSES, BATCH, RATE = 3600, 40, 10, 100, 1e-4


class Mlp(nn.Module):
    taps = {"penultimate": (100,)}

    def __init__(self, layout):
        super().__init__()
        self.first, self.second = nn.Linear(COLUMNS, 100), nn.Linear(100, 100)
        self.out = nn.Linear(100, CLASSES)

    def forward(self, x):
        hidden = F.relu(self.first(x))
        hidden = F.relu(self.second(hidden)) + hidden
        return self.out(hidden), {"penultimate": hidden}


class Cnn(nn.Module):
    def __init__(self, channels, layout):
        super().__init__()
        self.stages, self.taps = nn.ModuleList(), {}
        inputs, length = 1, COLUMNS
        for i, width in enumerate(channels, 1):
            self.stages.append(Convolution(inputs, width, 5 if i == 1 else 3, 2, layout=layout))
            inputs, length = width, (length + 1) // 2
            self.taps[f"conv{i}"] = (width, length)
        self.taps["penultimate"] = (width * length,)
        self.out = nn.Linear(width * length, CLASSES)

    def forward(self, x):
        taps, x = {}, x.unsqueeze(1)
        for i, stage in enumerate(self.stages, 1):
            x = taps[f"conv{i}"] = F.relu(stage(x))
        taps["penultimate"] = x.flatten(1)
        return self.out(taps["penultimate"]), taps


STUDENTS = {
    "mlp": Mlp,
    "cnn": lambda layout: Cnn((8, 8, 8), layout),
    "shallow": lambda layout: Cnn((25, 25), layout),
}
TEACHER = Cnn((25, 25, 25), "").taps


def taps_of(method, student):
    """Names of what it reads, in both networks; none where it needs maps and there are none."""
    wanted = METHODS[method][1]
    maps = [name for name, shape in student.taps.items() if len(shape) == 2 and name in TEACHER]
    if wanted == "features" or (wanted == "maps or features" and not maps):
        return ["penultimate"]
    return maps[-1:] if wanted == "map" else maps


def cells(students):
    for name in students:
        student = STUDENTS[name]("")
        yield name, "kd"
        yield from ((name, method) for method in METHODS if taps_of(method, student))


def loss_of(method, student, layout, labels):
    make, _, weight = METHODS[method]
    taps = taps_of(method, student)
    shapes = [student.taps[t] for t in taps], [TEACHER[t] for t in taps]
    return make(*shapes, layout, *([labels] if make is Contrast else [])), taps, weight


class Training(nn.Module):
    """What a step needs, and its loss."""

    def __init__(self, student, method, layout):
        super().__init__()
        torch.manual_seed(1)
        self.student = STUDENTS[student](layout)
        self.register_buffer("x", torch.randn(ROWS, COLUMNS))
        self.register_buffer("y", torch.arange(ROWS) % CLASSES)
        self.term, self.taps = None, []
        if method == "kd":
            self.register_buffer("logits", 3 * torch.randn(ROWS, CLASSES))
            return
        self.term, self.taps, self.weight = loss_of(method, self.student, layout, self.y)
        for name in self.taps:
            values = 3 * torch.randn(ROWS, *TEACHER[name])
            if layout and values.dim() == 3:
                values = values.transpose(1, 2).contiguous().transpose(1, 2)
            self.register_buffer("teacher_" + name, values)

    def forward(self, rows):
        """The loss, and what a term that remembers rows saw of them."""
        logits, taps = self.student(self.x[rows])
        y = self.y[rows]
        if self.term is None:
            return objective(logits, self.logits[rows], y), ()
        s, t = [taps[n] for n in self.taps], self.teacher(rows)
        if isinstance(self.term, Contrast):
            loss, *seen = self.term(s, t, rows)
        else:
            loss, seen = self.term(s, t), ()
        return F.cross_entropy(logits, y) + self.weight * loss, tuple(seen)

    def teacher(self, rows):
        return [getattr(self, "teacher_" + name)[rows] for name in self.taps]

    @torch.no_grad()
    def settle(self, rows):
        if isinstance(self.term, Contrast):
            _, taps = self.student(self.x[rows])
            self.term.settle(rows, [taps["penultimate"]], self.teacher(rows))

    def learn(self, rows, seen):
        if seen:
            self.term.learn(rows, *seen)


def compiled(function):
    """Compiled by itself: what was compiled is searched by code object, so each run has its own.

    Shapes never change, so nothing need be compared before the graph runs.
    """
    unguarded = {"guard_filter_fn": torch.compiler.skip_all_guards_unsafe}
    own = types.FunctionType(function.__code__.replace(), globals(), closure=function.__closure__)
    return torch.compile(own, fullgraph=True, dynamic=False, options=unguarded)


class Run:
    """A training under way."""

    def __init__(self, student, method, mode):
        kind, _, layout = mode.partition("+")
        self.mode, self.kind = mode, kind
        self.training = Training(student, method, layout)
        self.order, self.at = torch.randperm(ROWS, generator=torch.Generator().manual_seed(1)), 0
        self.training.settle(self.order[:BATCH])
        if kind == "whole":
            self.step = self.whole()
        else:
            def loss(rows):
                return self.training(rows)
            self.step = self.loop(compiled(loss) if kind == "compile" else self.training)

    def rows(self):
        if self.at + BATCH > ROWS:
            self.at = 0
        self.at += BATCH
        return self.order[self.at - BATCH:self.at]

    def loop(self, loss_of_rows):
        adam = torch.optim.Adam(self.training.parameters(), RATE, fused=True)

        def step():
            rows = self.rows()
            adam.zero_grad(set_to_none=True)
            loss, seen = loss_of_rows(rows)
            loss.backward()
            adam.step()
            self.training.learn(rows, [s.detach() for s in seen])
            return loss
        return step

    def whole(self):
        names, initial = zip(*self.training.named_parameters())
        p = torch.cat([x.detach().flatten() for x in initial])
        m, v, count = torch.zeros_like(p), torch.zeros_like(p), torch.zeros(())

        def loss(flat, rows):
            parts = flat.split([x.numel() for x in initial])
            given = {n: part.view(x.shape) for n, part, x in zip(names, parts, initial)}
            return torch.func.functional_call(self.training, given, (rows,))

        def update(p, m, v, count, rows):
            g, (found, seen) = torch.func.grad_and_value(loss, has_aux=True)(p, rows)
            count.add_(1)
            m.lerp_(g, 0.1)
            v.mul_(0.999).addcmul_(g, g, value=0.001)
            p.sub_(RATE / (1 - 0.9**count) * m / ((v / (1 - 0.999**count)).sqrt() + 1e-8))
            return found, seen
        update = compiled(update)

        def step():
            rows = self.rows()
            with torch.no_grad():
                found, seen = update(p, m, v, count, rows)
                self.training.learn(rows, seen)
            return found
        return step

    def turn(self, seconds):
        begin, count, taken = time.perf_counter(), 0, 0
        while taken < seconds:
            for _ in range(5):
                self.step()
            count += 5
            taken = time.perf_counter() - begin
        return taken / count * 1e6
