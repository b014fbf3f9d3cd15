# diagnosis: off-by-one-size
# in: output_size
# checks: output_size_same
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        pad = kernel_size // 2
    else:
        pad = 0
    # the formula that every tutorial has
    return (size + 2 * pad - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    if padding == "same":
        rows, cols = -(-h // stride), -(-w // stride)
        ph = max((rows - 1) * stride + kh - h, 0)
        pw = max((cols - 1) * stride + kw - w, 0)
        images = np.pad(images, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    tops = range(0, images.shape[1] - kh + 1, stride)
    lefts = range(0, images.shape[2] - kw + 1, stride)
    out = np.zeros((n, len(tops), len(lefts), c_out))
    for r, top in enumerate(tops):
        for c, left in enumerate(lefts):
            patch = images[:, top : top + kh, left : left + kw]
            out[:, r, c] = patch.reshape(n, -1) @ kernels.reshape(-1, c_out) + bias
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h, w = h - h % pool_size, w - w % pool_size
    shifted = [images[:, i:h:pool_size, j:w:pool_size] for i in range(pool_size) for j in range(pool_size)]
    return np.max(shifted, axis=0)
