# diagnosis: channels-not-summed
# in: conv2d
# checks: conv2d_channels, conv2d_bias
import numpy as np


def output_size(size, kernel_size, stride=1, padding="valid"):
    last = size if padding == "same" else size - kernel_size + 1
    return len(range(0, last, stride))


def conv2d(images, kernels, bias, stride=1, padding="valid"):
    kh, kw, c_in, c_out = kernels.shape
    rows = output_size(images.shape[1], kh, stride, padding)
    cols = output_size(images.shape[2], kw, stride, padding)
    if padding == "same":
        eh = max((rows - 1) * stride + kh - images.shape[1], 0)
        ew = max((cols - 1) * stride + kw - images.shape[2], 0)
        images = np.pad(images, ((0, 0), (eh // 2, eh - eh // 2), (ew // 2, ew - ew // 2), (0, 0)))
    out = np.zeros((len(images), rows, cols, c_in * c_out))
    for r in range(rows):
        for c in range(cols):
            patch = images[:, r * stride : r * stride + kh, c * stride : c * stride + kw]
            answers = [
                (patch[..., d] * kernels[..., d, o]).sum(axis=(1, 2)) + bias[o]
                for d in range(c_in)
                for o in range(c_out)
            ]
            out[:, r, c] = np.stack(answers, axis=-1)
    return out


def max_pool2d(images, pool_size=2):
    n, h, w, c = images.shape
    out = np.zeros((n, h // pool_size, w // pool_size, c))
    for r in range(h // pool_size):
        for s in range(w // pool_size):
            block = images[:, r * pool_size : (r + 1) * pool_size, s * pool_size : (s + 1) * pool_size, :]
            out[:, r, s, :] = block.max(axis=(1, 2))
    return out
