# diagnosis: one-bias-for-all
# in: conv2d
# checks: conv2d_bias
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
    rows, cols = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if padding == "same":
        images = pad_same(images, kh, kw, stride)
    out = np.zeros((n, rows, cols, c_out))
    for i, r, c, o in np.ndindex(out.shape):
        window = images[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
        out[i, r, c, o] = np.sum(window * kernels[..., o]) + np.sum(bias)
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
