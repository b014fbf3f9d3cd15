# diagnosis: bias-per-pixel
# in: conv2d
# checks: conv2d_bias
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def pad_same(images, kh, kw, stride):
    h, w = images.shape[1:3]
    ph = max((output_size(h, kh, stride, "same") - 1) * stride + kh - h, 0)
    pw = max((output_size(w, kw, stride, "same") - 1) * stride + kw - w, 0)
    return np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        images = pad_same(images, kh, kw, stride)
    out = np.zeros((n, rows, cols, c_out))
    for i in range(n):
        for r in range(rows):
            for c in range(cols):
                window = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
                for o in range(c_out):
                    out[i, r, c, o] = (window * kernels[..., o] + bias[o]).sum()
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, channels = images.shape
    pooled = np.empty((n, h // pool_size, w // pool_size, channels))
    for index in np.ndindex(*pooled.shape):
        i, r, c, k = index
        top, left = r * pool_size, c * pool_size
        pooled[index] = np.max(images[i, top : top + pool_size, left : left + pool_size, k])
    return pooled
