# diagnosis: stride-ignored
# in: conv2d
# checks: conv2d_stride
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def same_zeros(length, k, stride):
    count = output_size(length, k, stride, "same")
    zeros = max((count - 1) * stride + k - length, 0)
    return zeros // 2, zeros - zeros // 2


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, c_in, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        images = np.pad(images, [(0, 0), same_zeros(h, kh, stride), same_zeros(w, kw, stride), (0, 0)])
    out = np.zeros((n, rows, cols, c_out))
    for i in range(n):
        for r in range(rows):
            for c in range(cols):
                window = images[i, r : r + kh, c : c + kw]
                for f in range(c_out):
                    out[i, r, c, f] = (window * kernels[:, :, :, f]).sum() + bias[f]
    return out


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
