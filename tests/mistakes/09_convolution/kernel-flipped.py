# diagnosis: kernel-flipped
# in: conv2d
# checks: conv2d_slides
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    # a convolution turns the kernel by 180 degrees (Wikipedia)
    kernels = np.flip(kernels, axis=(0, 1))
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        eh = max((rows - 1) * stride + kh - h, 0)
        ew = max((cols - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (eh // 2, eh - eh // 2), (ew // 2, ew - ew // 2), (0, 0)))
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            y, x = stride * r, stride * c
            for o in range(c_out):
                out[:, r, c, o] = np.sum(images[:, y : y + kh, x : x + kw] * kernels[..., o], axis=(1, 2, 3)) + bias[o]
    return out


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
