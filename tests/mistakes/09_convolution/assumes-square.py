# diagnosis: assumes-square
# in: conv2d
# checks: conv2d_slides
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, size, _, c_in = images.shape
    k, _, _, c_out = kernels.shape
    out_size = output_size(size, k, stride, padding)
    if padding == "same":
        total = max((out_size - 1) * stride + k - size, 0)
        before, after = total // 2, total - total // 2
        images = np.pad(images, ((0, 0), (before, after), (before, after), (0, 0)))
    out = np.zeros((n, out_size, out_size, c_out))
    for r in range(out_size):
        for c in range(out_size):
            patch = images[:, r * stride : r * stride + k, c * stride : c * stride + k]
            out[:, r, c] = np.tensordot(patch, kernels, axes=3) + bias
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
