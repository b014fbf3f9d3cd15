# diagnosis: padding-not-zero
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
    if padding == "same":
        ph = max((math.ceil(h / stride) - 1) * stride + kh - h, 0)
        pw = max((math.ceil(w / stride) - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)), "reflect")
    rows, cols = (images.shape[1] - kh) // stride + 1, (images.shape[2] - kw) // stride + 1
    out = np.zeros((n, rows, cols, c_out))
    for i, r, c, o in np.ndindex(out.shape):
        patch = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
        out[i, r, c, o] = np.sum(patch * kernels[..., o]) + bias[o]
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h, w = h - h % pool_size, w - w % pool_size
    shifted = [images[:, i:h:pool_size, j:w:pool_size] for i in range(pool_size) for j in range(pool_size)]
    return np.max(shifted, axis=0)
