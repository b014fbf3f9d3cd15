# diagnosis: size-not-an-integer
# in: output_size
# checks: output_size_valid
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) / stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    if padding == "same":
        rows, cols = -(-h // stride), -(-w // stride)
        ph = max((rows - 1) * stride + kh - h, 0)
        pw = max((cols - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    tops = range(0, images.shape[1] - kh + 1, stride)
    lefts = range(0, images.shape[2] - kw + 1, stride)
    out = np.zeros((n, len(tops), len(lefts), c_out))
    for r, top in enumerate(tops):
        for c, left in enumerate(lefts):
            patch = images[:, top : top + kh, left : left + kw]
            out[:, r, c] = patch.reshape(n, -1) @ kernels.reshape(-1, c_out) + bias
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
