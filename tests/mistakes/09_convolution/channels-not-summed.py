# diagnosis: channels-not-summed
# in: conv2d
# checks: conv2d_channels
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, channels = images.shape
    kh, kw, channels, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        eh, ew = max((rows - 1) * stride + kh - h, 0), max((cols - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (eh // 2, eh - eh // 2), (ew // 2, ew - ew // 2), (0, 0)))
    out = np.zeros((n, rows, cols, c_out))
    for i in range(n):
        for r in range(rows):
            for c in range(cols):
                for o in range(c_out):
                    for d in range(channels):
                        patch = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw, d]
                        out[i, r, c, o] = (patch * kernels[:, :, d, o]).sum() + bias[o]
    return out


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
