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
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        ph = max((rows - 1) * stride + kh - h, 0)
        pw = max((cols - 1) * stride + kw - w, 0)
        bottom, right = ph // 2, pw // 2
        images = np.pad(images, ((0, 0), (ph - bottom, bottom), (pw - right, right), (0, 0)))
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            for o in range(c_out):
                out[:, r, c, o] = np.sum(patch * kernels[..., o], axis=(1, 2, 3)) + bias[o]
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, channels = images.shape
    pooled = np.empty((n, h // pool_size, w // pool_size, channels))
    for index in np.ndindex(*pooled.shape):
        i, r, c, k = index
        top, left = r * pool_size, c * pool_size
        pooled[index] = np.max(images[i, top : top + pool_size, left : left + pool_size, k])
    return pooled
