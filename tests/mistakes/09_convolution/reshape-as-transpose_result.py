# diagnosis: reshape-as-transpose
# in: conv2d
# checks: conv2d_channels, conv2d_bias
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def pad_same(images, kh, kw, stride):
    h, w = images.shape[1:3]
    ph = max((output_size(h, kh, stride, "same") - 1) * stride + kh - h, 0)
    pw = max((output_size(w, kw, stride, "same") - 1) * stride + kw - w, 0)
    return np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        images = pad_same(images, kh, kw, stride)
    maps = []
    for o in range(c_out):
        one = np.zeros((n, rows, cols))
        for r in range(rows):
            for c in range(cols):
                patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
                one[:, r, c] = (patch * kernels[..., o]).sum((1, 2, 3)) + bias[o]
        maps.append(one)
    return np.array(maps).reshape(n, rows, cols, c_out)


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
