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
    # room for the last window; where there is no image the canvas stays zero
    canvas = np.zeros((n, max(h, (rows - 1) * stride + kh), max(w, (cols - 1) * stride + kw), c_in))
    canvas[:, :h, :w] = images
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            patch = canvas[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[:, r, c] = np.tensordot(patch, kernels, axes=3) + bias
    return out


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
