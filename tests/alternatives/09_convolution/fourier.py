# alternative: another algorithm: products of Fourier transforms instead of sliding, sorting instead of a maximum
import math

import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    room = size if padding == "same" else size - kernel_size + 1
    return math.ceil(room / stride)


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kernel_shape = kernels.shape[:2]
    begin, count, full = [], [], []
    for size, k in zip(images.shape[1:3], kernel_shape, strict=True):
        positions = output_size(size, k, stride, padding)
        missing = max((positions - 1) * stride + k - size, 0) if padding == "same" else 0
        begin.append(k - 1 - missing // 2)  # in the full correlation, pixel k - 1 is the first valid position
        count.append(positions)
        full.append(size + k - 1 + missing)
    # correlation is convolution with the turned kernel, and convolution is a product of spectra
    spectra = np.fft.rfft2(images, full, axes=(1, 2))
    answers = np.fft.rfft2(kernels[::-1, ::-1], full, axes=(0, 1))
    maps = np.fft.irfft2(np.einsum("nyxd,yxdo->nyxo", spectra, answers), full, axes=(1, 2))
    rows = begin[0] + stride * np.arange(count[0])
    columns = begin[1] + stride * np.arange(count[1])
    return maps[:, rows][:, :, columns] + bias


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    rows, columns = h // pool_size, w // pool_size
    x = images[:, : rows * pool_size, : columns * pool_size]
    x = x.reshape(n, rows, pool_size, columns, pool_size, c).transpose(0, 1, 3, 5, 2, 4)
    return np.sort(x.reshape(n, rows, columns, c, pool_size**2), axis=-1)[..., -1]
