"""Writes a network into one small file, which `grader/draw/page/network.js` reads.

The file is gzip-compressed. In it are the eight bytes ``DIGITS1\\n``, the length of the header as a 32-bit number, the
header as JSON, and the arrays one after another, all little-endian. An array of 32 bits is float32. One of fewer bits
is rounded to whole numbers: first the scale of each column of its last axis, float32, then the numbers, int8.
"""

import gzip
import json
import math
from typing import Any

import numpy as np

from grader.draw.network import Layer, Network, NotComputable, Weight

MAGIC = b"DIGITS1\n"
FULL = 32


def pack(network: Network, about: dict[str, Any], bits: int = FULL) -> bytes:
    """The file of a network.

    Args:
        about: what the page shows of it, as JSON: its title and the like.
        bits: what kernels are rounded to, 2 to 8; 32 leaves them as they are. Other weights are never rounded.

    Raises:
        NotComputable: a setting cannot be written, such as an infinite one.
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
    try:
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:
        raise NotComputable("a setting without a limit") from None
    return gzip.compress(b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *parts]), mtime=0)


def in_bits(weight: Weight, bits: int) -> tuple[bytes, bytes]:
    """The scale of each column, and the weights as whole numbers from -(2**(bits - 1) - 1) to the same above 0."""
    levels = 2 ** (bits - 1) - 1
    largest = np.abs(weight.values).reshape(-1, weight.values.shape[-1]).max(axis=0)
    scales = np.where(largest > 0, largest / levels, 1).astype("<f4")
    whole = np.clip(np.rint(weight.values / scales), -levels, levels).astype(np.int8)
    return scales.tobytes(), whole.tobytes()


def unpack(packed: bytes) -> tuple[Network, dict[str, Any]]:
    """The inverse of `pack`: the network as its file has it, and what it says about itself."""
    contents = gzip.decompress(packed)
    header, at = read_header(contents)
    weights = list[Weight]()
    for tensor in header["tensors"]:
        shape = tensor["shape"]
        if tensor["bits"] == FULL:
            values = np.frombuffer(contents, "<f4", math.prod(shape), at).reshape(shape)
            at += values.nbytes
        else:
            scales = np.frombuffer(contents, "<f4", shape[-1], at)
            whole = np.frombuffer(contents, np.int8, math.prod(shape), at + scales.nbytes)
            values = whole.reshape(shape) * scales
            at += scales.nbytes + whole.nbytes
        weights.append(Weight(tensor["role"], values))
    layers = (
        Layer(one["type"], one["name"], one["settings"], tuple(weights[index] for index in one.get("weights", ())))
        for one in header["layers"]
    )
    return Network(tuple(layers), tuple(header["input"]), header["scale"], header["logits"]), header["about"]


def read_header(contents: bytes) -> tuple[dict[str, Any], int]:
    """The header of a file, uncompressed, and where its arrays begin."""
    start = len(MAGIC) + 4
    end = start + int.from_bytes(contents[len(MAGIC) : start], "little")
    return json.loads(contents[start:end]), end
