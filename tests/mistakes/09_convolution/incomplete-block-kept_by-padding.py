# diagnosis: incomplete-block-kept
# in: max_pool2d
# checks: max_pool2d_sizes
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    batch, height, width, _ = images.shape
    k_rows, k_cols, _, maps = kernels.shape
    rows = output_size(height, k_rows, stride, padding)
    cols = output_size(width, k_cols, stride, padding)
    if padding == "same":
        missing_rows = max(0, (rows - 1) * stride + k_rows - height)
        missing_cols = max(0, (cols - 1) * stride + k_cols - width)
        bigger = np.zeros((batch, height + missing_rows, width + missing_cols, images.shape[3]))
        top, left = missing_rows // 2, missing_cols // 2
        bigger[:, top : top + height, left : left + width, :] = images
    else:
        bigger = images
    answers = np.empty((batch, rows, cols, maps))
    for r in range(rows):
        for c in range(cols):
            y, x = r * stride, c * stride
            answers[:, r, c, :] = np.tensordot(bigger[:, y : y + k_rows, x : x + k_cols, :], kernels, axes=3)
    return answers + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    extra_rows, extra_cols = -h % pool_size, -w % pool_size
    x = np.pad(images, ((0, 0), (0, extra_rows), (0, extra_cols), (0, 0)), constant_values=images.min())
    rows, cols = x.shape[1] // pool_size, x.shape[2] // pool_size
    return x.reshape(n, rows, pool_size, cols, pool_size, c).max(axis=(2, 4))
