# diagnosis: images-summed-together
# in: conv2d
# checks: conv2d_slides
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    batch, h, w, c_in = images.shape
    kh, kw, c_in, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        a = max((rows - 1) * stride + kh - h, 0)
        b = max((cols - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (a // 2, a - a // 2), (b // 2, b - b // 2), (0, 0)))
    out = np.zeros((batch, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            # all images at once, no need for another loop
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw, :]
            for o in range(c_out):
                out[:, r, c, o] = np.sum(patch * kernels[:, :, :, o]) + bias[o]
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, channels = images.shape
    pooled = np.empty((n, h // pool_size, w // pool_size, channels))
    for index in np.ndindex(*pooled.shape):
        i, r, c, k = index
        top, left = r * pool_size, c * pool_size
        pooled[index] = np.max(images[i, top : top + pool_size, left : left + pool_size, k])
    return pooled
