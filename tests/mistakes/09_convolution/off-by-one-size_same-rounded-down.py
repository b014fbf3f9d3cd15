# diagnosis: off-by-one-size
# in: output_size
# checks: output_size_same, conv2d_together
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        # twice as far per step, half as many steps
        return size // stride
    return (size - kernel_size) // stride + 1


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw = kernels.shape[:2]
    sizes = []
    pads = [(0, 0)]
    for length, k in zip(images.shape[1:3], (kh, kw)):
        size = output_size(length, k, stride, padding)
        extra = max((size - 1) * stride + k - length, 0) if padding == "same" else 0
        pads.append((extra // 2, extra - extra // 2))
        sizes.append(size)
    pads.append((0, 0))
    x = np.pad(images, pads)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride][:, : sizes[0], : sizes[1]]
    return np.einsum("nhwcij,ijcf->nhwf", windows, kernels) + bias


def max_pool2d(images, pool_size=2):
    p = pool_size
    n, h, w, c = images.shape
    images = images[:, : h // p * p, : w // p * p, :]
    return images.reshape(n, h // p, p, w // p, p, c).max(axis=4).max(axis=2)
