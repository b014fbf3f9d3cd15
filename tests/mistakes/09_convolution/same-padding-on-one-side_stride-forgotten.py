# diagnosis: same-padding-on-one-side
# in: conv2d
# checks: conv2d_together
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw, c_in, c_out = kernels.shape
    if padding == "same":
        # k - 1 zeros keep the size (the odd one at the end)
        images = np.pad(images, ((0, 0), ((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2), (0, 0)))
    n, h, w, _ = images.shape
    rows, cols = output_size(h, kh, stride), output_size(w, kw, stride)
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[:, r, c] = np.tensordot(patch, kernels, axes=3)
    return out + bias


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
