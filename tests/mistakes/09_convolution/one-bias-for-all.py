# diagnosis: one-bias-for-all
# in: conv2d
# checks: conv2d_bias
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        s, t = max((rows - 1) * stride + kh - h, 0), max((cols - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (s // 2, s - s // 2), (t // 2, t - t // 2), (0, 0)))
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[:, r, c] = np.einsum("nijd,ijdo->no", patch, kernels)
    out += bias[0]
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h, w = h - h % pool_size, w - w % pool_size
    shifted = [images[:, i:h:pool_size, j:w:pool_size] for i in range(pool_size) for j in range(pool_size)]
    return np.max(shifted, axis=0)
