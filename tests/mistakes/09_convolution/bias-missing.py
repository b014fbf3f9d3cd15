# diagnosis: bias-missing
# in: conv2d
# checks: conv2d_bias
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    batch, height, width, _ = images.shape
    kh, kw, _, filters = kernels.shape
    rows, cols = output_size(height, kh, stride, padding), output_size(width, kw, stride, padding)
    if padding == "same":
        v = max((rows - 1) * stride + kh - height, 0)
        u = max((cols - 1) * stride + kw - width, 0)
        images = np.pad(images, ((0, 0), (v // 2, v - v // 2), (u // 2, u - u // 2), (0, 0)))
    feature_maps = np.zeros((batch, rows, cols, filters))
    for i in range(batch):
        for r in range(rows):
            for c in range(cols):
                patch = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
                for f in range(filters):
                    feature_maps[i, r, c, f] = np.sum(patch * kernels[:, :, :, f])
    return feature_maps


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
