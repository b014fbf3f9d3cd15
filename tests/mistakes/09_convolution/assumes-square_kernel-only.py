# diagnosis: assumes-square
# in: conv2d
# checks: conv2d_slides
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    k = kernels.shape[0]
    n, h, w, _ = images.shape
    rows = output_size(h, k, stride, padding)
    cols = output_size(w, k, stride, padding)
    if padding == "same":
        ph = max((rows - 1) * stride + k - h, 0)
        pw = max((cols - 1) * stride + k - w, 0)
        images = np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    out = np.zeros((n, rows, cols, kernels.shape[3]))
    for i in range(k):
        for j in range(k):
            shifted = images[:, i : i + rows * stride : stride, j : j + cols * stride : stride, :]
            out += np.einsum("nrcd,do->nrco", shifted, kernels[i, j])
    return out + bias


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
