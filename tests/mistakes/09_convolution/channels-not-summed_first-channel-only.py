# diagnosis: channels-not-summed
# in: conv2d
# checks: conv2d_channels
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw = kernels.shape[:2]
    rows = output_size(images.shape[1], kh, stride, padding)
    cols = output_size(images.shape[2], kw, stride, padding)
    if padding == "same":
        eh = max((rows - 1) * stride + kh - images.shape[1], 0)
        ew = max((cols - 1) * stride + kw - images.shape[2], 0)
        images = np.pad(images, ((0, 0), (eh // 2, eh - eh // 2), (ew // 2, ew - ew // 2), (0, 0)))
    # grey images have one channel
    gray, flat_kernels = images[:, :, :, 0], kernels[:, :, 0, :]
    windows = np.lib.stride_tricks.sliding_window_view(gray, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.tensordot(windows, flat_kernels, axes=([3, 4], [0, 1])) + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    h, w = h - h % pool_size, w - w % pool_size
    shifted = [images[:, i:h:pool_size, j:w:pool_size] for i in range(pool_size) for j in range(pool_size)]
    return np.max(shifted, axis=0)
