"""Writes a network into one small file, which `grader/draw/page/network.js` reads.

The file is gzip-compressed. In it are the eight bytes ``DIGITS1\\n``, the length of the header as a 32-bit number, the
header as JSON, and the arrays one after another, all little-endian. An array of 32 bits is float32. One of fewer bits is
rounded to whole numbers: first the scale of each column of its last axis, float32, then the numbers, int8.
"""

import gzip
import json
from dataclasses import replace
from typing import Any

import numpy as np

from grader.draw.network import Network, Weight

MAGIC = b"DIGITS1\n"
FULL = 32


def pack(network: Network, about: dict[str, Any], bits: int = FULL) -> bytes:
    """The file of a network.

    Args:
        about: what the page shows of it, as JSON: its title and the like.
        bits: what kernels are rounded to, 2 to 8; 32 leaves them as they are. Other weights are never rounded.
    """
    tensors, parts, layers = list[dict[str, Any]](), list[bytes](), list[dict[str, Any]]()
    for layer in network.layers:
        indices = range(len(tensors), len(tensors) + len(layer.weights))
        entry = {"type": layer.type, "name": layer.name, "settings": layer.settings}
        layers.append(entry | ({"weights": list(indices)} if layer.weights else {}))
        for weight in layer.weights:
            stored = bits if weight.role == "kernel" else FULL
            tensors.append({"shape": list(weight.values.shape), "bits": stored, "role": weight.role})
            parts.append(weight.values.astype("<f4").tobytes() if stored == FULL else b"".join(in_bits(weight, stored)))
    header = {
        "input": list(network.input),
        "scale": network.scale,
        "logits": network.logits,
        "layers": layers,
        "tensors": tensors,
        "about": about,
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *parts]), mtime=0)


def in_bits(weight: Weight, bits: int) -> tuple[bytes, bytes]:
    scales, whole = quantized(weight.values, bits)
    return scales.astype("<f4").tobytes(), whole.tobytes()


def quantized(values: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights as whole numbers int8 from -(2**(bits - 1) - 1) to the same above 0, with the scale of each column."""
    levels = 2 ** (bits - 1) - 1
    largest = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
    scales = np.where(largest > 0, largest / levels, 1).astype(np.float32)
    return scales, np.rint(values / scales).astype(np.int8)


def rounded(network: Network, bits: int) -> Network:
    """The network with the weights that its file in so many bits holds."""
    return replace(
        network,
        layers=tuple(
            replace(layer, weights=tuple(round_weight(weight, bits) for weight in layer.weights))
            for layer in network.layers
        ),
    )


def round_weight(weight: Weight, bits: int) -> Weight:
    if weight.role != "kernel" or bits == FULL:
        return weight
    scales, whole = quantized(weight.values, bits)
    return Weight(weight.role, whole.astype(np.float32) * scales)
