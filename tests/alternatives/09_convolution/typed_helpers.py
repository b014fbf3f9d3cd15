# alternative: type hints, a dataclass for one axis, generators of windows
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Axis:
    """The geometry of a sliding window along one axis."""

    size: int
    kernel_size: int
    stride: int = 1
    padding: str = "valid"

    @property
    def zeros(self) -> tuple[int, int]:
        if self.padding == "valid":
            return 0, 0
        reach = (self.positions - 1) * self.stride + self.kernel_size
        total = max(reach - self.size, 0)
        before = total // 2
        return before, total - before

    @property
    def positions(self) -> int:
        if self.padding == "same":
            quotient, rest = divmod(self.size, self.stride)
            return quotient + bool(rest)
        return 1 + (self.size - self.kernel_size) // self.stride

    def slices(self) -> Iterator[slice]:
        for position in range(self.positions):
            yield slice(position * self.stride, position * self.stride + self.kernel_size)


def output_size(size: int, kernel_size: int, stride: int = 1, padding: str = "valid") -> int:
    return Axis(size, kernel_size, stride, padding).positions


def conv2d(
    images: NDArray, kernels: NDArray, bias: NDArray, stride: int = 1, padding: str = "valid"
) -> NDArray[np.floating]:
    down = Axis(images.shape[1], kernels.shape[0], stride, padding)
    across = Axis(images.shape[2], kernels.shape[1], stride, padding)
    padded = np.pad(images, ((0, 0), down.zeros, across.zeros, (0, 0)))
    rows = []
    for vertical in down.slices():
        row = [np.einsum("nijd,ijdo->no", padded[:, vertical, horizontal], kernels) for horizontal in across.slices()]
        rows.append(np.stack(row, axis=1))
    return np.stack(rows, axis=1) + bias


def max_pool2d(images: NDArray, pool_size: int = 2) -> NDArray:
    down = Axis(images.shape[1], pool_size, pool_size)
    across = Axis(images.shape[2], pool_size, pool_size)
    halves = np.stack([images[:, rows].max(axis=1) for rows in down.slices()], axis=1)
    return np.stack([halves[:, :, columns].max(axis=2) for columns in across.slices()], axis=2)
