"""Contrastive representation distillation in double precision, row by row as its formula stands
(Tian, Krishnan and Isola, 2020), with gradients written out and checked by differences. Prints the
numbers of ContrastTest. Embeddings are the features themselves, at length 1."""
import numpy as np

B, N, K, D, TAU = 4, 12, 9, 6, 0.07
i, r, d = np.arange(B)[:, None], np.arange(N)[:, None], np.arange(D)
f_s, f_t = np.sin(1 + 1.7 * i + .9 * d), np.cos(.5 + 2.3 * i + 1.1 * d)
# what is remembered is kept in single precision
m_s = np.float32(.4 * np.sin(.3 + 1.3 * r + .7 * d)).astype(float)
m_t = np.float32(.4 * np.cos(.2 + 1.1 * r + 1.9 * d)).astype(float)
labels = np.arange(N) % 4
negatives = [[j for j in range(N) if labels[j] != labels[row]] for row in range(B)]  # K each
c = K / N + 1e-7


def embed(f):
    length = np.sqrt((f * f).sum(1, keepdims=True))
    return f / length, length


def drawn(memory, row):
    return memory[[row] + negatives[row]]


def constant(f, memory):
    v, _ = embed(f)
    return N * np.mean([np.exp(drawn(memory, row) @ v[row] / TAU) for row in range(B)])


def side(f, memory, z):
    v, length = embed(f)
    loss, slope = 0, np.zeros_like(v)
    for row in range(B):
        m = drawn(memory, row)
        x = np.exp(m @ v[row] / TAU) / z
        loss -= np.log(x[0] / (x[0] + c)) + np.log(K / N / (x[1:] + c)).sum()
        g = x / (x + c) / TAU
        g[0] = -c / (x[0] + c) / TAU
        slope[row] = g @ m
    slope /= B
    return loss / B, (slope - v * (slope * v).sum(1, keepdims=True)) / length


z_s, z_t = constant(f_s, m_t), constant(f_t, m_s)
loss_s, g_s = side(f_s, m_t, z_s)
loss_t, g_t = side(f_t, m_s, z_t)
numeric = np.zeros_like(f_s)
for at in np.ndindex(f_s.shape):
    up, down = f_s.copy(), f_s.copy()
    up[at] += 1e-6
    down[at] -= 1e-6
    numeric[at] = (side(up, m_t, z_s)[0] - side(down, m_t, z_s)[0]) / 2e-6
print('Z', z_s, z_t)
print('loss', loss_s + loss_t, loss_s, loss_t)
print('gradient', np.sqrt((g_s * g_s).sum()), g_s[0, 0], 'error', np.abs(numeric - g_s).max())
v_s, _ = embed(f_s)
moved = .5 * m_s[0] + .5 * v_s[0]
print('remembered', (moved / np.sqrt((moved * moved).sum()))[0])
