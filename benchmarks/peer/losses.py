"""Retort's methods on features and relations in PyTorch: io.retort.training.term, method by method.

A loss is a module that is given lists of tensors, the student's and the teacher's: rows [B, width] or
maps [B, channels, length]. `layout` says how convolutions are computed, which changes nothing else:
as PyTorch's of lines, or where maps lie channels `last` in memory as those of images, or as products
with all windows (`gemm`). `parts` are the parameters that it trains in the order of Retort's.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Convolution(nn.Conv1d):
    """A convolution of lines that keeps their length unless it has a stride."""

    def __init__(self, inputs, outputs, kernel, stride=1, bias=True, layout=""):
        super().__init__(inputs, outputs, kernel, stride, kernel // 2, bias=bias)
        self.layout = layout

    def forward(self, x):
        if not self.layout:
            return super().forward(x)
        if self.kernel_size == (1,):
            return F.linear(x.transpose(1, 2), self.weight.squeeze(2), self.bias).transpose(1, 2)
        if self.layout == "gemm":
            windows = F.pad(x, self.padding * 2).unfold(2, *self.kernel_size, *self.stride)
            rows = windows.permute(0, 2, 1, 3).flatten(2)
            return F.linear(rows, self.weight.flatten(1), self.bias).transpose(1, 2)
        images = x.unsqueeze(2).contiguous(memory_format=torch.channels_last)
        out = F.conv2d(images, self.weight.unsqueeze(2), self.bias, (1, *self.stride), (0, *self.padding))
        return out.squeeze(2)


def norm(width):
    """Of the batch alone, as nobody reads running statistics."""
    return nn.BatchNorm1d(width, track_running_stats=False)


def affine(layer):
    return [layer.weight] if layer.bias is None else [layer.weight, layer.bias]


class Loss(nn.Module):
    def __init__(self, student, teacher, layout):
        super().__init__()

    def parts(self):
        return []


class Hint(Loss):
    def __init__(self, student, teacher, layout):
        super().__init__(student, teacher, layout)
        self.regressor = nn.Linear(student[0][0], teacher[0][0])

    def parts(self):
        return affine(self.regressor)

    def forward(self, s, t):
        return F.mse_loss(self.regressor(s[0]), t[0])


class Similarity(Loss):
    def forward(self, s, t):
        return F.mse_loss(F.normalize(s[0] @ s[0].T), F.normalize(t[0] @ t[0].T))


class Pkt(Loss):
    E = 1e-7

    def probabilities(self, x):
        x = x / (x.norm(dim=1, keepdim=True) + self.E)
        similar = (x @ x.T + 1) / 2
        return similar / similar.sum(1, keepdim=True)

    def forward(self, s, t):
        s, t = self.probabilities(s[0]), self.probabilities(t[0])
        return (t * torch.log((t + self.E) / (s + self.E))).mean()


class RkdDistance(Loss):
    @staticmethod
    def relative(x):
        d = torch.cdist(x, x)
        return d * (len(x) * (len(x) - 1) / d.sum())

    def forward(self, s, t):
        return F.smooth_l1_loss(self.relative(s[0]), self.relative(t[0]))


class RkdAngle(Loss):
    """From products of rows: <j - i, k - i> = jk - ij - ik + ii, so that width counts only once."""

    @staticmethod
    def cosines(x):
        x = x - x.mean(0).detach()
        g = x @ x.T
        own = x.square().sum(1)
        lengths = own[:, None] + own
        squares = lengths - 2 * g
        near = torch.where(squares > 1e-7 * lengths, squares, torch.inf).rsqrt()
        across = g[None] - g[:, :, None] - g[:, None, :] + own[:, None, None]
        return across * near[:, :, None] * near[:, None, :]

    def forward(self, s, t):
        return F.smooth_l1_loss(self.cosines(s[0]), self.cosines(t[0]))


class RkdAngleOfVectors(RkdAngle):
    """As published: the vectors between all rows, [B, B, width], and their products."""

    @staticmethod
    def cosines(x):
        e = F.normalize(x[None] - x[:, None], dim=2)
        return torch.bmm(e, e.transpose(1, 2))


class Correlation(Loss):
    def __init__(self, student, teacher, layout, width=128):
        super().__init__(student, teacher, layout)
        self.student = nn.Linear(student[0][0], width)
        self.teacher = nn.Linear(teacher[0][0], width)

    def parts(self):
        return affine(self.student) + affine(self.teacher)

    def forward(self, s, t):
        d = (self.student(s[0]) - self.teacher(t[0])).abs()
        return (d[:-1] * d[1:]).sum(1).mean()


def attention(maps):
    return F.normalize(maps.square().mean(1))


class AttentionTransfer(Loss):
    def forward(self, s, t):
        return sum(F.mse_loss(attention(a), attention(b)) for a, b in zip(s, t))


class NeuronSelectivity(Loss):
    """By positions where there are fewer of them than channels, which gives the same number."""

    @staticmethod
    def pair(s, t):
        (c, length), d = s.shape[1:], t.shape[1]
        s, t = F.normalize(s, dim=2), F.normalize(t, dim=2)
        if length * (c + d) < c * c + d * d + c * d:
            difference = torch.bmm(s.transpose(1, 2), s) / c - torch.bmm(t.transpose(1, 2), t) / d
            return difference.square().sum() / len(s)
        tt, ss, st = (torch.bmm(a, b.transpose(1, 2)) for a, b in ((t, t), (s, s), (s, t)))
        return tt.square().mean() + ss.square().mean() - 2 * st.square().mean()

    def forward(self, s, t):
        return sum(self.pair(a, b) for a, b in zip(s, t))


class FactorTransfer(Loss):
    def __init__(self, student, teacher, layout, rate=0.5):
        super().__init__(student, teacher, layout)
        width = teacher[0][0]
        factors = int(rate * width + 0.5)
        self.paraphraser = Convolution(width, factors, 1, layout=layout)
        self.restorer = Convolution(factors, width, 1, layout=layout)
        self.translator = Convolution(student[0][0], factors, 1, layout=layout)

    def parts(self):
        return affine(self.paraphraser) + affine(self.restorer) + affine(self.translator)

    def forward(self, s, t):
        factors = self.paraphraser(t[0])
        difference = F.l1_loss(attention(self.translator(s[0])), attention(factors.detach()))
        return difference + F.mse_loss(self.restorer(factors), t[0])


class VariationalInformation(Loss):
    def __init__(self, student, teacher, layout):
        super().__init__(student, teacher, layout)
        self.means, self.shifts = nn.ModuleList(), nn.ParameterList()
        for (inputs, *length), (width, *_) in zip(student, teacher):
            layers = []
            for _ in range(3):
                layer = Convolution(inputs, width, 1, layout=layout) if length else nn.Linear(inputs, width)
                layers += [layer, nn.ReLU()]
                inputs = width
            self.means.append(nn.Sequential(*layers[:-1]))
            self.shifts.append(nn.Parameter(torch.zeros(width)))
        self.start = torch.tensor(5 - 1e-5, dtype=torch.float64).expm1().log().item()

    def parts(self):
        return [p for mean, shift in zip(self.means, self.shifts)
                for p in [*affine(mean[0]), *affine(mean[2]), *affine(mean[4]), shift]]

    def forward(self, s, t):
        total = 0
        for mean, shift, a, b in zip(self.means, self.shifts, s, t):
            variance = F.softplus(shift + self.start) + 1e-5
            fit = (mean(a) - b).square().transpose(0, 1).flatten(1).mean(1) / variance
            total = total + (fit + variance.log()).mean() / 2
        return total


class Review(Loss):
    """On lines a convolution of 3 x 3 has only three weights a channel that count."""

    def __init__(self, student, teacher, layout):
        super().__init__(student, teacher, layout)
        middle = min(512, max(t[0] for t in teacher))
        self.narrow, self.gates, self.wide = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for (inputs, _), (width, _) in zip(student, teacher):
            self.narrow.append(nn.Sequential(Convolution(inputs, middle, 1, layout=layout), norm(middle)))
            self.wide.append(
                nn.Sequential(Convolution(middle, width, 3, bias=False, layout=layout), norm(width)))
        self.weights = []
        for i, (_, length) in enumerate(student):
            matrix, weights = self.windows(length)
            self.register_buffer(f"windows{i}", matrix)
            self.weights.append(weights)
        for _ in student[1:]:
            self.gates.append(Convolution(2 * middle, 2, 1, layout=layout))

    def parts(self):
        """The gate's weights are two tensors in Retort, one for each side."""
        found = []
        for i in reversed(range(len(self.narrow))):
            found += affine(self.narrow[i][0]) + affine(self.narrow[i][1])
            if i < len(self.gates):
                found += [*self.gates[i].weight.chunk(2, 1), self.gates[i].bias]
            found += affine(self.wide[i][0]) + affine(self.wide[i][1])
        return found

    @staticmethod
    def windows(length):
        """Averages over all windows as one matrix, times the roots of what their squares count."""
        columns, weight, weights = [], 1, 1
        for n in (4, 2, 1):
            if n < length:
                weight /= 2
                weights += weight
                pooled = F.adaptive_avg_pool1d(torch.eye(length), n)
                columns.append(pooled * (weight / n) ** 0.5)
        return torch.cat(columns, 1), weights

    def pyramid(self, i, s, t):
        d = s - t
        averages = d @ getattr(self, f"windows{i}")
        return (d.square().mean() + averages.square().sum() / (len(d) * d.shape[1])) / self.weights[i]

    def forward(self, s, t):
        total, behind = 0, None
        for i in reversed(range(len(s))):
            fused = self.narrow[i](s[i])
            if behind is not None:
                times = fused.shape[2] // behind.shape[2]
                behind = behind[..., None].expand(*behind.shape, times).flatten(2)
                gate = torch.sigmoid(self.gates[i](torch.cat([fused, behind], 1)))
                fused = fused * gate[:, :1] + behind * gate[:, 1:]
            behind = fused
            total = total + self.pyramid(i, self.wide[i](fused), t[i])
        return total


class Contrast(Loss):
    """With as many negatives as there are rows of other classes, all of them are drawn."""

    TEMPERATURE, MOMENTUM = 0.07, 0.5

    def __init__(self, student, teacher, layout, labels, width=128):
        super().__init__(student, teacher, layout)
        self.student = nn.Linear(student[0][0], width)
        self.teacher = nn.Linear(teacher[0][0], width)
        bound = (3 / width) ** 0.5
        self.register_buffer("labels", labels)
        for side in ("by_student", "by_teacher"):
            self.register_buffer(side, torch.empty(len(labels), width).uniform_(-bound, bound))
        self.negatives = int((labels != labels[0]).sum())
        self.scales = None

    def parts(self):
        return affine(self.student) + affine(self.teacher)

    def settle(self, rows, s, t):
        """The constants of the first batch of all, n / (K Z)."""
        drawn = self.labels[rows][:, None] != self.labels
        with torch.no_grad():
            v = F.normalize(self.student(s[0])), F.normalize(self.teacher(t[0]))
            self.scales = []
            for side, memory in zip(v, (self.by_teacher, self.by_student)):
                positive = ((side * memory[rows]).sum(1) / self.TEMPERATURE).exp()
                negative = (side @ memory.T / self.TEMPERATURE).exp()[drawn]
                z = (positive.sum() + negative.sum()) / (len(positive) + len(negative)) * len(memory)
                self.scales.append((len(memory) / (self.negatives * z)).item())

    def side(self, v, memory, scale, rows, drawn):
        c = 1 + 1e-7 * len(memory) / self.negatives
        v = v / self.TEMPERATURE
        positive = (v * memory[rows]).sum(1).exp() * scale
        negative = (v @ memory.T).exp() * scale
        pushed = torch.where(drawn, (negative + c).log(), 0).sum()
        return pushed + ((positive + c).log() - positive.log()).sum()

    def forward(self, s, t, rows):
        drawn = self.labels[rows][:, None] != self.labels
        s, t = F.normalize(self.student(s[0])), F.normalize(self.teacher(t[0]))
        ours, theirs = self.scales
        loss = self.side(s, self.by_teacher, ours, rows, drawn)
        return (loss + self.side(t, self.by_student, theirs, rows, drawn)) / len(rows), s, t

    @torch.no_grad()
    def learn(self, rows, s, t):
        for memory, seen in ((self.by_student, s), (self.by_teacher, t)):
            moved = self.MOMENTUM * memory[rows] + (1 - self.MOMENTUM) * seen
            memory[rows] = F.normalize(moved)


METHODS = {
    "hint": (Hint, "features", 100),
    "similarity": (Similarity, "features", 3000),
    "pkt": (Pkt, "features", 30000),
    "rkd-distance": (RkdDistance, "features", 25),
    "rkd-angle": (RkdAngle, "features", 50),
    "correlation": (Correlation, "features", 0.02),
    "attention-transfer": (AttentionTransfer, "maps", 1000),
    "neuron-selectivity": (NeuronSelectivity, "maps", 50),
    "factor-transfer": (FactorTransfer, "map", 200),
    "variational-information": (VariationalInformation, "maps or features", 1),
    "review": (Review, "maps", 5),
    "crd": (Contrast, "features", 0.8),
}
