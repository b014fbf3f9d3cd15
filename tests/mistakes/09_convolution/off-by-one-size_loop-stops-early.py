# diagnosis: off-by-one-size
# in: conv2d
# checks: conv2d_slides
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
    kh, kw, c_in, c_out = kernels.shape
    h_out = output_size(images.shape[1], kh, stride, padding)
    w_out = output_size(images.shape[2], kw, stride, padding)
    if padding == "same":
        images = pad_same(images, kh, kw, stride)
    n, h, w, _ = images.shape
    out = np.zeros((n, h_out, w_out, c_out))
    # stop before the kernel sticks out
    for r, y in enumerate(range(0, h - kh, stride)):
        for c, x in enumerate(range(0, w - kw, stride)):
            for o in range(c_out):
                out[:, r, c, o] = (images[:, y : y + kh, x : x + kw] * kernels[..., o]).sum(axis=(1, 2, 3))
    return out + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
