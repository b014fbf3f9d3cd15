# diagnosis: same-for-valid
# in: conv2d
# checks: conv2d_slides
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, _ = images.shape
    kh, kw, _, c_out = kernels.shape
    if padding:
        th = max((math.ceil(h / stride) - 1) * stride + kh - h, 0)
        tw = max((math.ceil(w / stride) - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0)))
    rows = (images.shape[1] - kh) // stride + 1
    cols = (images.shape[2] - kw) // stride + 1
    out = np.zeros((n, rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[:, r, c] = np.tensordot(patch, kernels, 3)
    return out + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h, w = h - h % pool_size, w - w % pool_size
    shifted = [images[:, i:h:pool_size, j:w:pool_size] for i in range(pool_size) for j in range(pool_size)]
    return np.max(shifted, axis=0)
