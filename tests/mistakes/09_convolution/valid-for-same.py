# diagnosis: valid-for-same
# in: conv2d
# checks: conv2d_same
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, c_in, c_out = kernels.shape
    rows = (h - kh) // stride + 1
    cols = (w - kw) // stride + 1
    out = np.zeros((n, rows, cols, c_out))
    for i in range(n):
        for r in range(rows):
            for c in range(cols):
                patch = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
                out[i, r, c] = np.tensordot(patch, kernels, axes=3) + bias
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
