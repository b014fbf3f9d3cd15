# diagnosis: mean-for-sum
# in: conv2d
# checks: conv2d_slides
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    # pixels where a window may start, divided among the strides, rounded up
    starts = size if padding == "same" else size - kernel_size + 1
    return int(np.ceil(starts / stride))


def pad_same(images, kh, kw, stride):
    h, w = images.shape[1:3]
    ph = max((output_size(h, kh, stride, "same") - 1) * stride + kh - h, 0)
    pw = max((output_size(w, kw, stride, "same") - 1) * stride + kw - w, 0)
    return np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    shape = n, output_size(h, kh, stride, padding), output_size(w, kw, stride, padding), c_out
    if padding == "same":
        images = pad_same(images, kh, kw, stride)
    maps = np.empty(shape)
    for i, r, c, o in np.ndindex(shape):
        window = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
        # a weighted average of the neighbourhood
        maps[i, r, c, o] = np.mean(window * kernels[..., o]) + bias[o]
    return maps


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
