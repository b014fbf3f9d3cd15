# alternative: every window a row of one big matrix (im2col), float32 throughout, integers of NumPy as sizes
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    if padding == "same":
        kernel_size = 1
    return np.int32(np.floor_divide(size - kernel_size, stride) + 1)


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    n, h, w, c_in = images.shape
    kh, kw, _, c_out = kernels.shape
    rows = int(output_size(h, kh, stride, padding))
    cols = int(output_size(w, kw, stride, padding))
    need_h = max(h, (rows - 1) * stride + kh) if padding == "same" else h
    need_w = max(w, (cols - 1) * stride + kw) if padding == "same" else w
    canvas = np.zeros((n, need_h, need_w, c_in), dtype=np.float32)
    top, left = (need_h - h) // 2, (need_w - w) // 2
    canvas[:, top : top + h, left : left + w] = images
    table = np.empty((n * rows * cols, kh * kw * c_in), dtype=np.float32)
    line = 0
    for image in canvas:
        for y in range(0, rows * stride, stride):
            for x in range(0, cols * stride, stride):
                table[line] = image[y : y + kh, x : x + kw].ravel()
                line += 1
    answers = table @ kernels.reshape(-1, c_out).astype(np.float32) + bias.astype(np.float32)
    return answers.reshape(n, rows, cols, c_out)


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    rows, cols = h // pool_size, w // pool_size
    blocks = images[:, : rows * pool_size, : cols * pool_size].reshape(n, rows, pool_size, cols, pool_size * c)
    tall = blocks.max(axis=2).reshape(n, rows, cols, pool_size, c)
    return tall.max(axis=3).astype(np.float32)
