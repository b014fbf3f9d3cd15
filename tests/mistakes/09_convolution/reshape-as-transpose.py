# diagnosis: reshape-as-transpose
# in: conv2d
# checks: conv2d_channels
import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw, c_in, c_out = kernels.shape
    if padding == "same":
        pads = []
        for size, k in ((images.shape[1], kh), (images.shape[2], kw)):
            total = max((math.ceil(size / stride) - 1) * stride + k - size, 0)
            pads.append((total // 2, total - total // 2))
        images = np.pad(images, ((0, 0), *pads, (0, 0)))
    # im2col: every window becomes a row, then it is one big matrix product
    windows = sliding_window_view(images, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    n, rows, cols = windows.shape[:3]
    columns = windows.reshape(n * rows * cols, kh * kw * c_in)
    return (columns @ kernels.reshape(kh * kw * c_in, c_out)).reshape(n, rows, cols, c_out) + bias


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
