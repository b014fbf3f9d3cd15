# diagnosis: channels-pooled-together
# in: max_pool2d
# checks: max_pool2d
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def pad_same(images, kh, kw, stride):
    h, w = images.shape[1:3]
    ph = max((output_size(h, kh, stride, "same") - 1) * stride + kh - h, 0)
    pw = max((output_size(w, kw, stride, "same") - 1) * stride + kw - w, 0)
    return np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    h_out = output_size(h, kh, stride, padding)
    w_out = output_size(w, kw, stride, padding)
    if padding == "same":
        images = pad_same(images, kh, kw, stride)
    out = np.zeros((n, h_out, w_out, c_out))
    for i in range(n):
        for r in range(h_out):
            for c in range(w_out):
                patch = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw, :]
                for o in range(c_out):
                    out[i, r, c, o] = np.sum(patch * kernels[:, :, :, o]) + bias[o]
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            y, x = r * pool_size, s * pool_size
            out[:, r, s, :] = images[:, y : y + pool_size, x : x + pool_size, :].max()
    return out
