# diagnosis: same-padding-on-one-side
# in: conv2d
# checks: conv2d_same
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw, c_in, c_out = kernels.shape
    if padding == "same":
        p, q = kh // 2, kw // 2
        images = np.pad(images, ((0, 0), (p, p), (q, q), (0, 0)))
    n, h, w, _ = images.shape
    rows, cols = (h - kh) // stride + 1, (w - kw) // stride + 1
    out = np.zeros((n, rows, cols, c_out))
    for i in range(n):
        for r in range(rows):
            for c in range(cols):
                for o in range(c_out):
                    patch = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
                    out[i, r, c, o] = (patch * kernels[..., o]).sum() + bias[o]
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h, w = h - h % pool_size, w - w % pool_size
    shifted = [images[:, i:h:pool_size, j:w:pool_size] for i in range(pool_size) for j in range(pool_size)]
    return np.max(shifted, axis=0)
