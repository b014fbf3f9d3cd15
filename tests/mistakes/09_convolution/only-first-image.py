# diagnosis: only-first-image
# in: conv2d
# checks: conv2d_slides
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "valid":
        count = 0
        start = 0
        while start + kernel_size <= size:
            count += 1
            start += stride
        return count
    return (size + stride - 1) // stride


def pad_same(images, kh, kw, stride):
    h, w = images.shape[1:3]
    ph = max((output_size(h, kh, stride, "same") - 1) * stride + kh - h, 0)
    pw = max((output_size(w, kw, stride, "same") - 1) * stride + kw - w, 0)
    return np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw, c_in, c_out = kernels.shape
    rows = output_size(images.shape[1], kh, stride, padding)
    cols = output_size(images.shape[2], kw, stride, padding)
    if padding == "same":
        images = pad_same(images, kh, kw, stride)
    out = np.zeros((len(images), rows, cols, c_out))
    for i in range(len(images)):
        for r in range(rows):
            for c in range(cols):
                patch = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
                for o in range(c_out):
                    out[i, r, c, o] = np.sum(patch * kernels[..., o]) + bias[o]
        return out


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
