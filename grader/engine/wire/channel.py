"""Frames on the socket between judge and runner.

A message is one structure frame and the tensor frames that it announces::

    frame      = kind (1 byte: J or T), length (4 bytes, big-endian), payload
    J payload  = JSON object, at most 64 KiB, finite numbers; its key "tensors" says how many T frames follow
    T payload  = dtype code (1 byte), number of axes (1 byte), sizes (4 bytes each, big-endian), little-endian values

No pickle and no ``.npy``: nothing in a message can name code to run. Anything else on the socket is a ProtocolError,
and for the judge that is the end of the runner.
"""

import contextlib
import json
import math
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

MAX_STRUCTURE = 64 * 1024
MAX_TENSOR = 64 * 1024 * 1024
MAX_TENSORS = 256
MAX_TENSOR_BYTES = 2 * MAX_TENSOR  # of all tensors of one message
MAX_AXES = 4
MAX_DEPTH = 24

_NAMES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()
DTYPES = {code: np.dtype(name).newbyteorder("<") for code, name in enumerate(_NAMES, start=1)}
CODES = {name: code for code, name in enumerate(_NAMES, start=1)}
HEADER = struct.Struct(">cI")

Message = tuple[dict[str, Any], list[np.ndarray]]
Left = Callable[[], float]  # seconds; the time is over when there are 0 or less


class ProtocolError(Exception):
    """The other side sent something that is no message."""


class ChannelClosed(Exception):
    """The other side is gone."""


class DeadlinePassed(Exception):
    """The other side did not answer in time."""


class Channel:
    """One end of the socket. ``left`` says how many seconds there still are to wait; None waits forever."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, structure: dict[str, Any], tensors: Sequence[np.ndarray] = (), left: Left | None = None) -> None:
        """Send one message.

        Raises:
            ProtocolError: it is larger than a message may be.
            ChannelClosed, DeadlinePassed: the other side is gone, or does not read.
        """
        payload = encode_structure({**structure, "tensors": len(tensors)})
        self._write(HEADER.pack(b"J", len(payload)) + payload, left)
        for tensor in tensors:
            head, body = encode_tensor(tensor)
            self._write(HEADER.pack(b"T", len(head) + len(body)) + head, left)
            self._write(body, left)

    def receive(self, left: Left | None = None, most_bytes: int = MAX_TENSOR_BYTES) -> Message:
        """Wait for one message.

        Args:
            most_bytes: of all its tensors together.

        Raises:
            ProtocolError: what came is no message.
            ChannelClosed, DeadlinePassed: the other side is gone, or sent nothing or only a part in time.
        """
        structure = decode_structure(self._frame(b"J", MAX_STRUCTURE, left))
        count = structure.pop("tensors", 0)
        if type(count) is not int or not 0 <= count <= MAX_TENSORS:
            raise ProtocolError(f"{count!r} is no number of tensors")
        tensors, total = [], 0
        for _ in range(count):
            payload = self._frame(b"T", min(MAX_TENSOR, most_bytes - total), left)
            total += len(payload)
            tensors.append(decode_tensor(payload))
        return structure, tensors

    def close(self) -> None:
        """Close this end."""
        self._connection.close()

    def shut_down(self) -> None:
        """Shut the connection down, from any thread. A thread that waits for the other side then finds it gone."""
        with contextlib.suppress(OSError):  # it is closed already
            self._connection.shutdown(socket.SHUT_RDWR)

    def has_pending_data(self) -> bool:
        """True when the other side has said something or is gone."""
        try:
            self._connection.settimeout(0)
            self._connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True

    def _frame(self, kind: bytes, limit: int, left: Left | None) -> bytearray:
        found, length = HEADER.unpack(self._read(HEADER.size, left))
        if found != kind:
            raise ProtocolError(f"expected a frame of kind {kind!r}, got {found!r}")
        if length > limit:
            raise ProtocolError(f"a frame of {length} bytes is too long")
        return self._read(length, left)

    def _read(self, count: int, left: Left | None) -> bytearray:
        buffer = bytearray(count)
        view, done = memoryview(buffer), 0
        while done < count:
            try:
                self._set_timeout(left)
                received = self._connection.recv_into(view[done:])
            except TimeoutError:
                continue  # there may be time left: a runner that had to wait for a processor gets more of it
            except OSError:
                raise ChannelClosed from None
            if not received:
                raise ChannelClosed
            done += received
        return buffer

    def _write(self, data: bytes | memoryview, left: Left | None) -> None:
        view, done = memoryview(data), 0
        while done < len(view):
            try:
                self._set_timeout(left)
                done += self._connection.send(view[done:])
            except TimeoutError:
                continue  # there may be time left: a runner that had to wait for a processor gets more of it
            except OSError:
                raise ChannelClosed from None

    def _set_timeout(self, left: Left | None) -> None:
        seconds = left() if left else None
        if seconds is not None and seconds <= 0:
            raise DeadlinePassed
        self._connection.settimeout(seconds)


def encode_structure(structure: dict[str, Any]) -> bytes:
    """The payload of a structure frame; raises ProtocolError if it is too long."""
    text = json.dumps(structure, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    payload = text.encode("utf-8", "replace")  # half of a surrogate pair becomes a question mark
    if len(payload) > MAX_STRUCTURE:
        raise ProtocolError(f"a structure of {len(payload)} bytes is too long")
    return payload


def decode_structure(payload: bytes | bytearray) -> dict[str, Any]:
    """The object in a structure frame: finite numbers, integers of 64 bits, at most `MAX_DEPTH` levels.

    Raises:
        ProtocolError: it is anything else.
    """
    try:
        text = payload.decode("utf-8")
        structure = json.loads(text, parse_constant=_refuse, parse_int=_integer, parse_float=_real)
        if "\\u" in text:  # an escape may stand for half of a surrogate pair, which could not be printed later
            json.dumps(structure, ensure_ascii=False).encode("utf-8")
    except ProtocolError:
        raise
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON: {error}") from None
    if not isinstance(structure, dict):
        raise ProtocolError("a structure must be an object")
    if _depth(structure) > MAX_DEPTH:
        raise ProtocolError("a structure is nested too deeply")
    return structure


def encode_tensor(tensor: np.ndarray) -> tuple[bytes, memoryview]:
    """Header and values of a tensor frame; raises ProtocolError for a dtype or a size that cannot be sent."""
    tensor = np.asarray(tensor)
    code = CODES.get(tensor.dtype.name)
    if code is None:
        raise ProtocolError(f"dtype {tensor.dtype} cannot be sent")
    if tensor.ndim > MAX_AXES:
        raise ProtocolError(f"{tensor.ndim} axes are too many")
    if tensor_bytes(tensor.shape, tensor.dtype) > MAX_TENSOR:
        raise ProtocolError(f"a tensor of shape {tensor.shape} is too large")
    head = struct.pack(f">BB{tensor.ndim}I", code, tensor.ndim, *tensor.shape)
    values = np.ascontiguousarray(tensor, DTYPES[code]).reshape(-1)
    return head, values.view(np.uint8).data


def decode_tensor(payload: bytes | bytearray) -> np.ndarray:
    """The array in a tensor frame: in the machine's byte order, writable, and the receiver's own.

    Raises:
        ProtocolError: the header is malformed or does not fit the length.
    """
    if len(payload) < 2:
        raise ProtocolError("a tensor without a header")
    code, axes = payload[0], payload[1]
    dtype = DTYPES.get(code)
    start = 2 + 4 * axes
    if dtype is None or axes > MAX_AXES or len(payload) < start:
        raise ProtocolError("a malformed tensor header")
    shape = struct.unpack(f">{axes}I", payload[2:start])
    if tensor_bytes(shape, dtype) > MAX_TENSOR:
        raise ProtocolError("a tensor whose shape is too large")
    if math.prod(shape) * dtype.itemsize != len(payload) - start:
        raise ProtocolError("a tensor whose shape does not fit its length")
    raw = payload if isinstance(payload, bytearray) else bytearray(payload)
    values = np.frombuffer(raw, np.uint8, offset=start)
    if dtype.kind == "b" and values.size and values.max() > 1:
        raise ProtocolError("a boolean that is neither 0 nor 1")
    if start % dtype.itemsize:
        values = values.copy()  # aligned
    return values.view(dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def tensor_bytes(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    """The size of a tensor's frame. An axis of length 0 counts as 1: it must not hide that the others are huge."""
    return 2 + 4 * len(shape) + math.prod(max(size, 1) for size in shape) * dtype.itemsize


def _refuse(constant: str) -> Any:
    raise ProtocolError(f"{constant} is not a finite number")


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ProtocolError("a number is not finite")
    return value


def _integer(text: str) -> int:
    if len(text) > 20 or not -(2**63) <= (value := int(text)) < 2**64:
        raise ProtocolError("an integer is too large")
    return value


def _depth(node: Any) -> int:
    depth, layer = 0, [node]
    while layer:
        depth += 1
        layer = [
            child
            for item in layer
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return depth
