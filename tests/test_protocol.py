"""The protocol between judge and runner: what it carries unchanged, and what it refuses.

Whatever a runner writes to its socket is a submission's doing. It must end as a message or as one of the protocol's
own exceptions: any other exception would be reported as a failure of the grader, and a hang would stop a class.
"""

import collections
import contextlib
import json
import math
import os
import socket
import struct
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.api.errors import SubmissionError
from grader.course import REPOSITORY, Limits, find_lesson
from grader.engine.judge.client import CallTimedOut, Client, Reply, RunnerGone
from grader.engine.judge.clock import Budget
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import Source
from grader.engine.session import Session
from grader.engine.wire import channel as wire
from grader.engine.wire import requests
from grader.engine.wire.accounts import Ending, Usage
from grader.engine.wire.channel import (
    CODES,
    DTYPES,
    HEADER,
    MAX_AXES,
    MAX_DEPTH,
    MAX_STRUCTURE,
    MAX_TENSOR,
    MAX_TENSORS,
    Channel,
    ChannelClosed,
    ProtocolError,
    decode_structure,
    decode_tensor,
    encode_structure,
    encode_tensor,
)
from grader.engine.wire.values import MAX_ITEMS, MAX_NESTING, MAX_STRING, Handle, Unreadable, pack, unpack

SOON = 20  # seconds until a test that hangs fails instead
HUGE = 2**32 - 1  # the largest size that a tensor's header can name


def thorough(max_examples):
    """Settings of a property. Two busy cores may be slow, so no example has a deadline of its own."""
    return settings(max_examples=max_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# Making messages


def frame(kind, payload):
    return HEADER.pack(kind, len(payload)) + payload


def structure_frame(structure):
    return frame(b"J", structure if isinstance(structure, bytes) else json.dumps(structure).encode())


def tensor_payload(code, sizes, body=b"", axes=None):
    return struct.pack(f">BB{len(sizes)}I", code, len(sizes) if axes is None else axes, *sizes) + body


def message(structure, tensors=()):
    """The bytes of a message, made without Channel."""
    heads = [b"".join(map(bytes, encode_tensor(tensor))) for tensor in tensors]
    return structure_frame({**structure, "tensors": len(tensors)}) + b"".join(frame(b"T", head) for head in heads)


def with_value(value):
    """The bytes of a reply to the first request."""
    tensors = []
    return message({"id": 1, "value": pack(value, tensors, refuse_to_keep)}, tensors)


def refuse_to_keep(value):
    raise AssertionError(f"{value!r} should have a form of its own")


@contextlib.contextmanager
def connected():
    """Both ends of a real connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def transfer(structure, tensors=()):
    """Send a message through a socket, written by another thread, and return what arrives."""
    with connected() as (ours, theirs), ThreadPoolExecutor(1) as pool:
        end = time.monotonic() + SOON

        def left():
            return end - time.monotonic()

        def write():
            try:
                Channel(theirs).send(structure, tensors, left)
            finally:
                theirs.shutdown(socket.SHUT_WR)  # so that a failure here leaves no reader waiting

        sent = pool.submit(write)
        try:
            return Channel(ours).receive(left)
        finally:
            sent.result()


def read(stream, most_bytes=wire.MAX_TENSOR_BYTES):
    """What a Channel makes of a stream of bytes that then ends. Waiting for more would be wrong, and fails."""
    with connected() as (ours, theirs), ThreadPoolExecutor(1) as pool:

        def write():
            with contextlib.suppress(OSError):  # the reader need not wait for the end
                theirs.sendall(stream)
                theirs.shutdown(socket.SHUT_WR)

        pool.submit(write)
        try:
            return Channel(ours).receive(lambda: SOON, most_bytes)
        finally:
            ours.close()


def outcome(stream):
    """A message, or the exception that is allowed instead of one. All others pass through and fail the test."""
    try:
        return read(stream)
    except (ProtocolError, ChannelClosed) as error:
        return error


def identical(left, right):
    """Equality that knows types, bits, signs of zero, NaN and the order of dictionaries."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (np.ndarray, np.generic)):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, float):
        return struct.pack("d", left) == struct.pack("d", right) or (math.isnan(left) and math.isnan(right))
    if isinstance(left, dict):
        return identical(list(left.items()), list(right.items()))
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(identical, left, right))
    return left == right


def native(array):
    return array.astype(array.dtype.newbyteorder("="))


# Strategies

json_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
json_values = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=15,
)


@st.composite
def arrays(draw, max_side=4):
    """Arrays of every dtype that may be sent, of any bits, in either byte order and any layout in memory."""
    dtype = np.dtype(draw(st.sampled_from(sorted(CODES)))).newbyteorder(draw(st.sampled_from("<>")))
    shape = tuple(draw(st.lists(st.integers(0, max_side), max_size=MAX_AXES)))
    size = math.prod(shape) * dtype.itemsize
    seed = draw(st.binary(min_size=1, max_size=24))  # repeated: hypothesis need not choose every byte of the values
    raw = bytearray((seed * size)[:size])
    if dtype.kind == "b":
        raw = bytearray(byte & 1 for byte in raw)
    array = np.frombuffer(raw, dtype).reshape(shape)
    match draw(st.sampled_from(["plain", "fortran", "strided", "reversed", "readonly", "transposed"])):
        case "fortran":
            return np.asfortranarray(array)
        case "strided" if shape:
            wide = np.zeros((*shape[:-1], 2 * shape[-1]), dtype)
            wide[..., ::2] = array
            return wide[..., ::2]
        case "reversed" if shape:
            return array[::-1]
        case "readonly":
            array.setflags(write=False)
        case "transposed":
            return array.T
    return array


numpy_scalars = (
    arrays(max_side=1).filter(lambda array: array.size == 1).map(lambda array: native(array).reshape(())[()])
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324])
)
keys = scalars | st.tuples(scalars, scalars)
values = st.recursive(
    scalars | arrays() | numpy_scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=8,
)


def nested(kind, depth):
    """Containers in each other, with a number in the innermost."""
    value = 1
    for _ in range(depth):
        value = {"in": value} if kind is dict else kind([value])
    return value


# What is carried unchanged


@thorough(150)
@given(st.dictionaries(st.text(max_size=6).filter(lambda key: key != "tensors"), json_values, max_size=4))
@example({"zero": -0.0, "emoji": "\U0001f600", "controls": "\0\n\x1b\u2028", "": {"": []}})
def test_structures_are_carried(structure):
    received, tensors = transfer(structure)
    assert identical(received, structure)
    assert tensors == []


@thorough(150)
@given(st.lists(arrays(), min_size=1, max_size=3))
@example([np.zeros((0, 28, 28), np.float32), np.array(True), np.array([-0.0, np.nan], ">f8")])
def test_tensors_are_carried(sent):
    _, received = transfer({}, sent)
    assert len(received) == len(sent)
    for there, here in zip(sent, received, strict=True):
        assert identical(here, native(there))
        assert here.dtype.isnative
        assert here.flags.aligned
        assert here.flags.writeable


@pytest.mark.parametrize("dtype", sorted(CODES))
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("axes", range(MAX_AXES + 1))
def test_every_dtype_order_and_number_of_axes(dtype, order, axes):
    sent = np.arange(2**axes).reshape((2,) * axes).astype(np.dtype(dtype).newbyteorder(order))
    assert identical(transfer({}, [sent])[1][0], native(sent))


def test_tensors_larger_than_the_sockets_buffer():
    """They are written and read in many pieces."""
    sent = np.random.default_rng(0).normal(size=(3, 400, 500)).T
    assert identical(transfer({}, [sent, sent[::2]])[1], [sent, sent[::2]])


@thorough(200)
@given(values)
@example([1, True, 1.0, np.True_, np.int64(1), np.float64(1), np.float16(-0.0), "1", None, (), [], {}])
@example({1: "int", "1": "str", (1, "a"): [np.zeros(()), np.float32(0)], None: -0.0, math.nan: math.nan})
def test_values_are_carried(value):
    tensors = []
    structure, received = transfer({"value": pack(value, tensors, refuse_to_keep)}, tensors)
    result = unpack(structure["value"], received)
    assert identical(result, natively(value))


def natively(value):
    """The value with arrays in the machine's own byte order, as they arrive."""
    if isinstance(value, np.ndarray):
        return native(value)
    if isinstance(value, dict):
        return {key: natively(item) for key, item in value.items()}
    return type(value)(map(natively, value)) if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("kind", [list, tuple, dict])
def test_nesting_that_is_carried(kind):
    assert carried(nested(kind, MAX_NESTING)) == nested(kind, MAX_NESTING)


def carried(value, keep=refuse_to_keep):
    tensors = []
    structure, received = transfer({"deep": [pack(value, tensors, keep)]}, tensors)  # as deep as in any request
    return unpack(structure["deep"][0], received)


@pytest.mark.parametrize("operation", ["Call", "Predict", "Build", "SimulateTraining", "Rebuild", "LoadModel"])
def test_requests_are_carried(operation):
    request, tensors = ASK[operation], []
    structure, received = transfer(requests.encode(request, tensors), tensors)
    assert structure.pop("operation") == operation
    arrived = requests.decode(type(request), structure, received, refuse_to_keep)
    assert identical(vars(arrived), vars(request))


def test_handles_and_what_is_kept():
    handle = Handle(2**47, "Sequential", "model")
    assert carried([handle, {"a": handle}]) == [handle, {"a": handle}]
    assert carried(object(), keep=lambda value: handle) == handle
    assert identical(carried(object(), keep=lambda value: np.arange(3)), np.arange(3))
    node = pack(handle, [], refuse_to_keep)
    assert unpack(node, [], lambda found: found.id) == handle.id


def itself():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(nested(dict, MAX_NESTING + 1), id="deep dictionaries"),
        pytest.param(nested(list, 500), id="deep lists"),
        pytest.param(itself(), id="a list that holds itself"),
        pytest.param([0] * (MAX_ITEMS + 1), id="many items"),
        pytest.param(dict.fromkeys(range(MAX_ITEMS + 1)), id="many keys"),
        pytest.param([0.1234567890123456] * MAX_ITEMS, id="items of too many bytes in all"),
        pytest.param([np.int64(1)] * (MAX_TENSORS + 1), id="too many arrays"),
        pytest.param(np.broadcast_to(0.0, (10_000, 1000)), id="too large an array"),
        pytest.param([np.broadcast_to(0.0, (7_500_000,))] * 3, id="too many bytes in arrays"),
        pytest.param(np.zeros((0, 2**33)), id="empty, but with a huge axis"),
        pytest.param(np.zeros((1,) * 5), id="five axes"),
        pytest.param(np.array([None]), id="array of objects"),
        pytest.param(np.array(["a"]), id="array of text"),
        pytest.param(np.zeros(2, complex), id="complex numbers"),
        pytest.param(np.zeros(2, "f4,i4"), id="records"),
        pytest.param(np.datetime64("2020-01-01"), id="a date"),
        pytest.param(2**63, id="huge integer"),
    ],
)
def test_what_does_not_fit_arrives_as_unreadable(value):
    """A learner who returns this has made a mistake, which must not look like a broken connection."""
    tensors = [np.zeros(1)]  # of an earlier argument
    node = pack(value, tensors, refuse_to_keep)
    structure, received = transfer({"arguments": [node]}, tensors)
    result = unpack(structure["arguments"][0], received)
    while isinstance(result, (list, dict)):
        (result,) = result if isinstance(result, list) else result.values()
    assert isinstance(result, Unreadable)
    assert identical(tensors[0], np.zeros(1))
    assert len(tensors) == 1


def test_text_that_is_no_text():
    """Half of a surrogate pair can be neither written to a file nor printed, so it does not even arrive."""
    assert carried("a\ud800b") == "a?b"
    assert transfer({"text": "a\ud800b"})[0] == {"text": "a?b"}
    assert carried("\U0001f600" * 5000) == "\U0001f600" * MAX_STRING


@pytest.mark.parametrize(
    "tensor",
    [np.zeros((1,) * 5), np.zeros(1, complex), np.array([None]), np.zeros((0, 2**33)), np.broadcast_to(0.0, 2**24)],
)
def test_tensors_that_cannot_be_sent(tensor):
    with pytest.raises(ProtocolError):
        encode_tensor(tensor)


def test_structures_that_cannot_be_sent():
    with pytest.raises(ProtocolError):
        encode_structure({"text": "x" * MAX_STRUCTURE})


# What is refused


ONE = tensor_payload(CODES["float64"], [1], bytes(8))
ANNOUNCED = structure_frame({"tensors": 1})

REFUSED_STREAMS = {
    "kind 0": frame(b"\0", b"{}"),
    "kind j": frame(b"j", b"{}"),
    "a tensor first": frame(b"T", ONE),
    "a structure instead of a tensor": ANNOUNCED + structure_frame({}),
    "a pickle": b"\x80\x04\x95" + bytes(20),
    "an npy file": b"\x93NUMPY" + bytes(20),
    "structure one byte too long": HEADER.pack(b"J", MAX_STRUCTURE + 1) + bytes(100),
    "structure of 4 GiB": HEADER.pack(b"J", HUGE) + bytes(100),
    "tensor one byte too long": ANNOUNCED + HEADER.pack(b"T", MAX_TENSOR + 1) + bytes(100),
    "tensor of 4 GiB": ANNOUNCED + HEADER.pack(b"T", HUGE) + bytes(100),
    "empty tensor": ANNOUNCED + frame(b"T", b""),
    "second of two tensors": structure_frame({"tensors": 2}) + frame(b"T", ONE) + frame(b"T", ONE[:-1]),
} | {
    f"tensors: {count}": structure_frame(b'{"tensors":%s}' % count.encode()) + frame(b"T", ONE) * 2
    for count in ["-1", "true", "1.0", "1e0", '"1"', "null", "[]", "{}", str(MAX_TENSORS + 1), str(2**63)]
}


@pytest.mark.parametrize("stream", REFUSED_STREAMS.values(), ids=REFUSED_STREAMS)
def test_streams_that_are_refused(stream):
    """Without reserving what the stream only claims to hold."""
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            read(stream)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


REFUSED_STRUCTURES = {
    "nothing": b"",
    "half an object": b'{"a":1',
    "two objects": b"{}{}",
    "a list": b"[]",
    "a number": b"1",
    "a string": b'"{}"',
    "null": b"null",
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":Infinity}',
    "-Infinity": b'{"a":[-Infinity]}',
    "1e999": b'{"a":1e999}',
    "-1e999": b'{"a":{"b":-1e999}}',
    "many digits before the point": b'{"a":' + b"9" * 400 + b".0}",
    "2**64": b'{"a":%d}' % 2**64,
    "-2**63-1": b'{"a":%d}' % (-(2**63) - 1),
    "60 000 digits": b'{"a":' + b"9" * 60_000 + b"}",
    "one level too deep": b'{"a":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
    "30 000 lists": b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "10 000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "60 000 open lists": b'{"a":' + b"[" * 60_000,
    "byte 255": b'{"a":"\xff"}',
    "overlong UTF-8": b'{"a":"\xc0\xaf"}',
    "half a character": b'{"a":"\xe2\x82',
    "surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
    "escaped surrogate": b'{"a":"\\ud800"}',
    "escaped surrogate in capitals": b'{"a":["\\uDFFF"]}',
    "surrogates in the wrong order": b'{"a":"\\ude00\\ud83d"}',
    "surrogate in a key": b'{"\\ud800":1}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "UTF-32": "{}".encode("utf-32"),
    "NUL in a string": b'{"a":"\0"}',
    "NUL at the end": b"{}\0",
    "single quotes": b"{'a':1}",
}


@pytest.mark.parametrize("payload", REFUSED_STRUCTURES.values(), ids=REFUSED_STRUCTURES)
def test_structures_that_are_refused(payload):
    with pytest.raises(ProtocolError):
        decode_structure(payload)
    with pytest.raises(ProtocolError):
        read(structure_frame(payload))


def test_structures_at_the_limit_are_accepted():
    """So that the cases above are refused for what they are, and not for something else."""
    assert decode_structure(b'{"a":[%d,%d]}' % (2**64 - 1, -(2**63))) == {"a": [2**64 - 1, -(2**63)]}
    assert decode_structure(b'{"a":"\\ud83d\\ude00\\u0000"}') == {"a": "\U0001f600\0"}
    deep = b'{"a":' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b"}"
    assert set(decode_structure(deep)) == {"a"}
    full = b'{"a":"' + b"x" * (MAX_STRUCTURE - 8) + b'"}'
    assert len(full) == MAX_STRUCTURE
    assert set(read(structure_frame(full))[0]) == {"a"}
    many = structure_frame({"tensors": MAX_TENSORS}) + frame(b"T", ONE) * MAX_TENSORS
    assert len(read(many)[1]) == MAX_TENSORS


def test_too_many_bytes_in_all_tensors():
    stream = structure_frame({"tensors": 3}) + frame(b"T", ONE) * 3
    assert len(read(stream, 3 * len(ONE))[1]) == 3
    with pytest.raises(ProtocolError):
        read(stream, 3 * len(ONE) - 1)


F8, U1, BOOL = CODES["float64"], CODES["uint8"], CODES["bool"]
REFUSED_TENSORS = {
    "no header": b"",
    "half a header": bytes([F8]),
    "dtype 0": tensor_payload(0, [1], bytes(8)),
    "dtype 13": tensor_payload(max(DTYPES) + 1, [1], bytes(8)),
    "dtype 255": tensor_payload(255, [1], bytes(8)),
    "five axes": tensor_payload(U1, [1] * 5, bytes(1)),
    "255 axes": tensor_payload(U1, [1] * 255, bytes(1)),
    "fewer sizes than axes": tensor_payload(U1, [1], b"", axes=2),
    "no value": tensor_payload(F8, []),
    "one byte too few": tensor_payload(F8, [2], bytes(15)),
    "one byte too many": tensor_payload(F8, [2], bytes(17)),
    "a value too many": tensor_payload(U1, [0], bytes(1)),
    "huge": tensor_payload(F8, [HUGE], bytes(8)),
    "product that is 0 modulo 2**64": tensor_payload(U1, [2**16] * 4),
    "product that is 1 modulo 2**64": tensor_payload(U1, [HUGE] * 4, bytes(1)),
    "bytes that are 0 modulo 2**64": tensor_payload(F8, [2**31, 2**30]),
    "empty, with a product that overflows": tensor_payload(F8, [0, HUGE, HUGE, HUGE]),
    "empty last, with a product that overflows": tensor_payload(U1, [HUGE, HUGE, HUGE, 0]),
    "empty, but any sum over it is huge": tensor_payload(F8, [0, HUGE]),
    "boolean 2": tensor_payload(BOOL, [3], b"\0\1\2"),
    "boolean 255": tensor_payload(BOOL, [], b"\xff"),
}


@pytest.mark.parametrize("payload", REFUSED_TENSORS.values(), ids=REFUSED_TENSORS)
def test_tensors_that_are_refused(payload):
    with pytest.raises(ProtocolError):
        decode_tensor(payload)
    with pytest.raises(ProtocolError):
        read(ANNOUNCED + frame(b"T", payload))


@thorough(400)
@given(
    code=st.integers(0, 14),
    sizes=st.lists(st.sampled_from([0, 1, 2, 3, 5, 2**16, 2**31, HUGE]), max_size=5),
    body=st.binary(max_size=40),
    fill=st.booleans(),
)
def test_tensors_are_accepted_exactly_if_they_fit(code, sizes, body, fill):
    dtype = DTYPES.get(code)
    size = math.prod(sizes) * dtype.itemsize if dtype else 0
    if fill and size < 4096:
        body = (body * size)[:size].ljust(size, b"\1")
    extent = math.prod(max(size, 1) for size in sizes) * dtype.itemsize if dtype else 0
    fits = dtype is not None and len(sizes) <= MAX_AXES and size == len(body) and extent < MAX_TENSOR - 20
    if fits and (code != BOOL or max(body, default=0) < 2):
        array = decode_tensor(tensor_payload(code, sizes, body))
        assert array.shape == tuple(sizes)
        assert array.astype(dtype).tobytes() == body
    else:
        with pytest.raises(ProtocolError):
            decode_tensor(tensor_payload(code, sizes, body))


TENSOR = {"kind": "tensor", "index": 0, "scalar": False}
HANDLE = {"kind": "handle", "id": 1, "type": "Sequential", "family": "model"}
PAIRS = {"kind": "dict", "items": []}
REFUSED_NODES = [
    [],
    [1],
    {},
    {"kind": None},
    {"kind": ["list"], "items": []},
    {"kind": "set", "items": []},
    {"kind": "object"},
    {"kind": "Tensor", "index": 0, "scalar": False},
    {"items": []},
    *({**TENSOR, "index": index} for index in [1, -1, 2**63, True, False, 0.0, "0", None, [0]]),
    *({**TENSOR, "scalar": scalar} for scalar in [0, 1, None, "true"]),
    {"kind": "tensor", "index": 0},
    *({"kind": "list", "items": items} for items in [None, 1, "ab", {}, {"0": 1}, [[]], [{}]]),
    {"kind": "tuple"},
    *({**PAIRS, "items": items} for items in [None, {}, [1], ["ab"], [None], [[]], [[1]], [[1, 2, 3]], [{"0": 1}]]),
    *({**PAIRS, "items": [[key, 1]]} for key in [TENSOR, PAIRS, {"kind": "list", "items": []}]),
    {**PAIRS, "items": [[{"kind": "tuple", "items": [{"kind": "list", "items": []}]}, 1]]},
    *({**HANDLE, "id": number} for number in ["1", 1.0, True, None, [1]]),
    *({**HANDLE, "type": name} for name in [1, None, ["Sequential"]]),
    *({**HANDLE, "family": family} for family in ["layer", "", None, 1, ["model"]]),
    {"kind": "handle", "id": 1},
    *({"kind": "float", "value": value} for value in ["1.0", "NaN", "infinity", " inf", 1.0, None]),
    *({"kind": "unreadable", "description": text} for text in [None, 1, ["a"]]),
    {"kind": "unreadable"},
    {"kind": "unreadable", "description": "x" * 201},
    {**HANDLE, "type": "x" * 101},
    {"kind": "list", "items": [1] * (MAX_ITEMS + 1)},
    {**PAIRS, "items": [[1, 1]] * (MAX_ITEMS + 1)},
    "x" * (MAX_STRING + 1),
]


@pytest.mark.parametrize("node", REFUSED_NODES, ids=lambda node: json.dumps(node)[:80])
def test_nodes_that_are_refused(node):
    with pytest.raises(ProtocolError):
        unpack(node, [np.zeros(1)])
    with pytest.raises(ProtocolError):
        unpack({"kind": "dict", "items": [[1, {"kind": "tuple", "items": [1, node]}]]}, [np.zeros(1)])


def test_nodes_that_the_refused_ones_resemble():
    """Each of them is one change away from a node that is right."""
    assert unpack(TENSOR, [np.ones(1)]) == np.ones(1)
    assert unpack(HANDLE, []) == Handle(1, "Sequential", "model")
    assert unpack({**PAIRS, "items": [[1, 2]]}, []) == {1: 2}
    assert unpack({"kind": "float", "value": "-inf"}, []) == -math.inf
    assert unpack({"kind": "unreadable", "description": "x"}, []) == Unreadable("x")


words = st.sampled_from(
    "kind items index scalar id type family value description list tuple dict tensor float handle unreadable "
    "model nan inf".split()
)
nodes = st.recursive(
    words | json_scalars | st.integers(-2, 3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.lists(inner, min_size=2, max_size=2), max_size=2)
        | st.dictionaries(words, inner, max_size=4)
        | st.fixed_dictionaries(
            {"kind": st.sampled_from(["list", "tuple", "dict"]), "items": st.lists(inner, max_size=2)}
        )
        | st.fixed_dictionaries({"kind": st.just("dict"), "items": st.lists(st.tuples(inner, inner).map(list))})
        | st.fixed_dictionaries({"kind": st.just("tensor"), "index": inner, "scalar": inner | st.booleans()})
        | st.fixed_dictionaries({"kind": st.just("handle"), "id": inner, "type": inner, "family": words | inner})
    ),
    max_leaves=12,
)


@thorough(300)
@given(nodes)
def test_any_node_is_a_value_or_refused(node):
    with contextlib.suppress(ProtocolError):
        unpack(node, [np.zeros(2), np.array(1.5), np.array(7, np.int8)])


VALID = with_value({"a": [np.arange(3), -0.5, "é\U0001f600\n"], (1, None): np.float32(1), 2: np.array([True, False])})


def test_streams_that_just_end():
    """A runner that was killed has written a part of a message, and no runner is to blame for that."""
    for length in range(len(VALID)):
        with pytest.raises(ChannelClosed):
            read(VALID[:length])


@thorough(300)
@given(
    st.binary(max_size=64)
    | st.binary(max_size=64).map(structure_frame)
    | json_values.map(structure_frame)
    | st.text(alphabet='{}[]":,\\u0129.eE-+ \0tfn\ud7ff', max_size=40).map(lambda text: structure_frame(text.encode()))
    | st.binary(max_size=64).map(lambda payload: ANNOUNCED + frame(b"T", payload))
    | st.binary(max_size=64).map(lambda stream: ANNOUNCED + stream)
)
def test_any_bytes_are_a_message_or_refused(stream):
    check_message(outcome(stream))


edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "set", "insert", "delete", "repeat"]), st.integers(0, len(VALID)), st.integers(0, 255)
    ),
    min_size=1,
    max_size=4,
)


@thorough(300)
@given(edits)
def test_any_mutation_is_a_message_or_refused(edits):
    stream = bytearray(VALID)
    for kind, position, byte in edits:
        at = position % len(stream)
        match kind:
            case "flip":
                stream[at] ^= 1 << byte % 8
            case "set":
                stream[at] = byte
            case "insert":
                stream.insert(at, byte)
            case "delete":
                del stream[at]
            case "repeat":
                stream[at:at] = stream[at : at + byte % 16]
    check_message(outcome(bytes(stream)))


def check_message(result):
    """A message that came through must be harmless to the code that handles it next."""
    if isinstance(result, (ProtocolError, ChannelClosed)):
        return
    structure, tensors = result
    assert isinstance(structure, dict)
    json.dumps(structure, allow_nan=False, ensure_ascii=False).encode()  # finite, and can be printed
    for tensor in tensors:
        assert tensor.dtype.name in CODES
        assert tensor.ndim <= MAX_AXES
    with contextlib.suppress(ProtocolError):
        unpack(structure.get("value"), tensors)


# What a runner may answer


class StandIn:
    """A RunnerProcess without a process: the test holds the other end of its socket."""

    def __init__(self, connection):
        self.channel = Channel(connection)
        self.memory = SimpleNamespace(exceeded=None, peak=0, limit=2**31, usage=Usage(), look=Usage)
        self.is_ended = False

    def end(self, is_ending=False):
        self.is_ended = True
        self.channel.close()
        return Ending(0)


class Table:
    """A client, and the runner's end of its connection in the hands of a test."""

    def __init__(self, ours, theirs, seconds, total_seconds):
        self.process, self.theirs, self.shown = StandIn(ours), theirs, []
        limits = Limits(seconds, seconds, total_seconds)
        self.client = Client(self.process, limits, Budget(total_seconds), self.shown.append)

    def call(self, *arguments):
        return self.client.exchange(requests.Call("softmax", list(arguments)))

    def gone(self, *arguments):
        """A call that must find the runner gone, and must have seen to it that it is."""
        with pytest.raises(RunnerGone):
            self.call(*arguments)
        assert self.process.is_ended

    def timed_out(self, *arguments):
        """A call that must run out of time, and not long after that; returns the exception."""
        started = time.monotonic()
        with pytest.raises(CallTimedOut) as caught:
            self.call(*arguments)
        assert time.monotonic() - started < 5
        assert self.process.is_ended
        return caught.value


@contextlib.contextmanager
def table(answer=b"", hangs_up=True, seconds=SOON, total_seconds=2 * SOON):
    """A client whose runner has written its answer before it was asked."""
    with connected() as (ours, theirs):
        theirs.sendall(answer)
        if hangs_up:
            theirs.shutdown(socket.SHUT_WR)
        yield Table(ours, theirs, seconds, total_seconds)


def test_stand_in_can_answer():
    """So that the tests below fail for what they change."""
    with table(message({"id": 1, "progress": {"epoch": 1, "loss": 0.5, "text": "x", "flag": True}}) + VALID) as judge:
        reply = judge.call(np.zeros(3))
        assert identical(reply.answer["a"][0], np.arange(3))
        assert judge.shown == [{"epoch": 1, "loss": 0.5}]
        assert not judge.process.is_ended


@thorough(200)
@given(
    st.binary(max_size=200)
    | st.binary(max_size=200).map(structure_frame)
    | st.binary(max_size=100).map(lambda stream: message({"id": 1, "progress": {}}) + stream)
    | st.binary(max_size=100).map(lambda stream: structure_frame({"id": 1, "value": TENSOR, "tensors": 1}) + stream)
    | st.integers(0, len(VALID) - 1).map(lambda length: VALID[:length])
)
def test_any_bytes_end_the_runner(answer):
    with table(answer) as judge:
        judge.gone()


ASK = {
    type(request).__name__: request
    for request in [
        requests.WarmUp(),
        requests.Load("exercise.py", np.zeros(3, np.uint8)),
        requests.Call("softmax", [1, np.zeros(3)], {"axis": 0}),
        requests.Export(1),
        requests.Rebuild(np.zeros(3, np.uint8), [np.zeros(2)], earlier=1),
        requests.LoadModel([np.zeros(3, np.uint8), np.zeros(2, np.uint8)]),
        requests.OpenPicture([np.zeros(3, np.uint8), np.zeros(2, np.uint8)]),
        requests.Describe(1),
        requests.Predict(1, np.zeros((2, 3))),
        requests.Loss(1, np.zeros(3), np.zeros((3, 10))),
        requests.History(1),
        requests.ReadFile("predictor.keras"),
        requests.WriteFile("predictor.keras", np.zeros(3, np.uint8)),
        requests.Train(1, np.zeros((2, 3)), np.zeros(2), 1, 32),
        requests.ExportSettings(1),
        requests.RebuildSettings(np.zeros(3, np.uint8)),
        requests.Build([("Input", {"shape": (4,)})], [np.zeros(2)]),
        requests.SimulateTraining(1, {"loss": [1.0, 2.0]}),
    ]
}
replies = st.fixed_dictionaries(
    {"id": st.just(1)},
    optional={
        "value": nodes,
        "error": json_values
        | st.dictionaries(st.sampled_from(["type", "text", "line", "code", "function"]), json_values),
        "printed": st.text(max_size=5) | json_values,
        "changed": st.lists(json_values, max_size=3) | json_values,
        "observed": st.lists(json_values, max_size=3) | json_values,
    },
)


@thorough(300)
@given(operation=st.sampled_from(sorted(ASK)), progress=st.lists(json_values, max_size=2), reply=replies)
def test_any_reply_is_read_or_refused(operation, progress, reply):
    """Replies whose form is right and whose contents are anything."""
    frames = [message({"id": 1, "progress": figures}) for figures in progress]
    answer = b"".join(frames) + message(reply, [np.zeros(2), np.array(1.5), np.array(7, np.int8)])
    with table(answer) as judge:
        result = None
        try:
            result = judge.client.exchange(ASK[operation])
        except RunnerGone:
            assert judge.process.is_ended
        except SubmissionError as error:
            result = error
        for figures in judge.shown:
            assert all(type(value) in (int, float) for value in figures.values())
        if isinstance(result, SubmissionError):
            assert {type(text) for text in (result.type, result.text, result.code, result.function)} == {str}
            assert type(result.line) in (int, type(None))
        if isinstance(result, Reply):
            assert all(type(index) is int for index in result.changed)
            assert all(type(facts) is dict for facts in result.observed)
        assert type(judge.client.printed) is str


def test_claims_of_the_wrong_type_are_left_out():
    changed, observed = [0, True, "1", None, 2.0, [3], 4], [{"epochs": 5}, 1, None, [], {}]
    with table(message({"id": 1, "value": 1, "changed": changed, "observed": observed})) as judge:
        reply = judge.call()
        assert identical(reply.changed, (0, 4))
        assert reply.observed == ({"epochs": 5}, {})


def test_errors_are_read():
    error = {"type": "ValueError", "text": "x" * 5000, "line": True, "code": ["a"], "function": None}
    with table(message({"id": 1, "error": error, "value": 1, "printed": "hello"})) as judge:
        with pytest.raises(SubmissionError) as caught:
            judge.call()
        error = caught.value
        assert (error.type, error.text, error.line) == ("ValueError", "x" * 600, None)
        assert (error.code, error.function) == ("['a']", "None")
        assert judge.client.printed == "hello\n"  # so that what the next call prints begins a line


WRONG_REPLIES = [
    *({"id": number, "value": 1} for number in [0, 2, -1, 1.5, "1", None, [1], {}, 2**64 - 1]),
    {"value": 1},
    *({"id": 2, name: {}} for name in ["error", "progress"]),
    {"id": 1},
    {"id": 1, "Value": 1, "printed": ""},
    *({"id": 1, "value": 1, "error": error} for error in ["ValueError", None, [], 1, False]),
    *({"id": 1, "value": 1, "printed": printed} for printed in [None, 1, [], {}]),
    *({"id": 1, "value": 1, "changed": changed} for changed in [None, 0, "0", {}]),
    *({"id": 1, "value": 1, "observed": observed} for observed in [None, 0, "0", {}]),
    *({"id": 1, "value": value} for value in [[], {}, TENSOR, {"kind": "list"}]),
]


@pytest.mark.parametrize("reply", WRONG_REPLIES, ids=json.dumps)
def test_wrong_replies_end_the_runner(reply):
    with table(message(reply)) as judge:
        judge.gone()


def test_every_operation_is_asked_here():
    assert {type(request) for request in ASK.values()} == set(requests.Request.__subclasses__())


@pytest.mark.parametrize("operation", sorted(set(ASK) - {"Call", "Predict"}))
def test_answers_of_the_wrong_type(operation):
    with table(with_value("nothing that these operations return")) as judge:
        with pytest.raises(RunnerGone, match="broke the connection"):
            judge.client.ask(ASK[operation])
        assert judge.process.is_ended


LAYER = {"type": "Dense", "parameters": 10, "settings": {"units": 10, "activation": None, "strides": (2, (1, 1.5))}}
MODEL = {"input_shape": (None, 4), "output_shape": [(None, 10), None], "parameters": 10, "layers": [LAYER]}
SETTINGS = {"optimizer": "Adam", "loss": None, "metrics": ["accuracy"], "stand_in": None}
WEIGHTS = {"architecture": np.zeros(3, np.uint8), "weights": [np.zeros(2)]}
PICTURE = {"pixels": np.zeros((2, 2), np.uint8), "has_more": False}
SIMULATED = {"epochs": 3, "weights_of": 1}
GIVEN = Handle(7, "Sequential", "model")


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("Describe", MODEL),
        ("Describe", MODEL | {"input_shape": None, "layers": []}),
        ("RebuildSettings", SETTINGS),
        ("RebuildSettings", SETTINGS | {"stand_in": GIVEN}),
        ("Export", WEIGHTS),
        ("SimulateTraining", SIMULATED),
        ("History", {"loss": [1.0, math.nan], "accuracy": []}),
        ("Loss", 0.5),
        ("Build", GIVEN),
        ("LoadModel", GIVEN),
        ("OpenPicture", PICTURE),
        ("WriteFile", None),
    ],
)
def test_answers_of_the_right_type(operation, answer):
    """Each of the refused ones below is one change away from one of these."""
    with table(with_value(answer)) as judge:
        judge.client.ask(ASK[operation])
        assert not judge.process.is_ended


REFUSED_ANSWERS = [
    *(("Describe", {name: value for name, value in MODEL.items() if name != missing}) for missing in MODEL),
    *(("Describe", MODEL | {"parameters": value}) for value in [True, None, -1, 1.5, "10", 2**60, [10]]),
    *(("Describe", MODEL | {"input_shape": value}) for value in [4, "4", (True,), (1.5,), (-1,), (None,) * 17, ("4",)]),
    *(("Describe", MODEL | {"layers": value}) for value in [None, {}, [1], [None], [LAYER] * 501, [[LAYER]]]),
    *(("Describe", MODEL | {"layers": [LAYER | {name: value}]}) for name in LAYER for value in [[], True, np.zeros(2)]),
    ("Describe", MODEL | {"layers": [LAYER | {"type": "x" * 201}]}),
    ("Describe", MODEL | {"layers": [LAYER | {"settings": {1: 2}}]}),
    ("Describe", MODEL | {"layers": [LAYER | {"settings": {"units": {"deep": 1}}}]}),
    ("Describe", MODEL | {"layers": [LAYER | {"settings": {"units": (1,) * 17}}]}),
    ("Describe", MODEL | {"layers": [LAYER | {"settings": {f"s{index}": 1 for index in range(65)}}]}),
    ("Describe", MODEL | {"layers": [LAYER | {"name": "dense"}]}),
    ("Describe", MODEL | {"score": 10}),
    *(("RebuildSettings", SETTINGS | {name: value}) for name in SETTINGS for value in [1, True, ["x", 1]]),
    ("RebuildSettings", SETTINGS | {"metrics": ["accuracy"] * 65}),
    ("RebuildSettings", SETTINGS | {"optimizer": "x" * 201}),
    *(("Export", WEIGHTS | {name: value}) for name in WEIGHTS for value in [None, [1.0], "text", {"a": np.zeros(1)}]),
    *(("SimulateTraining", SIMULATED | {name: value}) for name in SIMULATED for value in [True, 1.0, None, "1"]),
    ("SimulateTraining", SIMULATED | {"epochs": -1}),
    ("SimulateTraining", (3, 1)),
    *(("History", {"loss": value}) for value in [1.0, [True], ["low"], [None], [[1.0]], np.zeros(2)]),
    *(("OpenPicture", PICTURE | {name: value}) for name in PICTURE for value in [None, 1, [1.0], "text", GIVEN]),
    ("History", {7: [1.0]}),
    ("History", {f"series {index}": [1.0] for index in range(65)}),
    *(("Loss", value) for value in [None, True, "0.5", [0.5], np.float32(0.5), np.zeros(())]),
    *(
        (operation, value)
        for operation in ("Build", "LoadModel")
        for value in [None, 7, True, [GIVEN], {"id": True, "type": "x"}, {"id": 7}]
    ),
    *((operation, value) for operation in ("Load", "WarmUp", "WriteFile") for value in [0, False, "", [], GIVEN]),
    ("Describe", MODEL | {"layers": np.zeros(2)}),
    *(
        (operation, np.zeros(3))
        for operation in ("Describe", "RebuildSettings", "Export", "SimulateTraining", "History")
    ),
    *((operation, value) for operation in ("ReadFile", "ExportSettings") for value in [None, [1], "text", GIVEN]),
]


@pytest.mark.parametrize(("operation", "answer"), REFUSED_ANSWERS)
def test_answers_that_do_not_fit_their_type(operation, answer):
    with table(with_value(answer)) as judge:
        with pytest.raises(RunnerGone, match="broke the connection"):
            judge.client.ask(ASK[operation])
        assert judge.process.is_ended


def test_facts_of_fit_that_are_malformed_are_left_out():
    facts = {"epochs": True, "batch_size": 32, "rows": -1, "x_max": "much", "x_shape": [60_000, True], "model": 2**63}
    more = {"validates": 1, "validation_split": 0, "y_shape": [1] * 33, "score": 10, "validation_rows": 2**60}
    observed = [facts | more, {"loaded_mnist": True}] * 40
    with table(message({"id": 1, "value": 1, "observed": observed})) as judge:
        reply = judge.call()
    assert reply.observed[:2] == ({"batch_size": 32, "model": 2**63, "validation_split": 0}, {"loaded_mnist": True})
    assert len(reply.observed) == requests.MAX_FITS


def test_no_more_output_is_kept_than_an_honest_runner_sends():
    with table(message({"id": 1, "value": 1, "printed": "x" * 50_000})) as judge:
        assert len(judge.call().printed) == requests.MAX_PRINTED


@pytest.mark.parametrize("extra", [VALID, VALID[:9], b"\0", message({"id": 1, "progress": {}})])
def test_more_than_one_reply_at_once(extra):
    """What follows the reply is found by the next call, which is the end."""
    with table(VALID + extra) as judge:
        judge.call()
        judge.gone()


def test_early_replies():
    """A reply to a request that was not made yet is refused; one that waits for its request is one too many then."""
    second = message({"id": 2, "value": "early"})
    with table(second + VALID) as judge:
        judge.gone()
    with table(VALID + second + second) as judge:
        judge.call()
        assert judge.call().answer == "early"  # a claim like any other: the runner could have said so in time
        judge.gone()


@thorough(12)
@given(st.integers(0, len(VALID) - 1))
def test_too_few_bytes_time_out(length):
    with table(VALID[:length], hangs_up=False, seconds=0.05) as judge:
        error = judge.timed_out()
        assert (error.seconds, error.is_total) == (0.05, False)


@contextlib.contextmanager
def writing(judge, stream, pause=0.0):
    """Keeps writing to the judge until the test is over, and no longer than it takes to see that a deadline grows."""
    over, end = threading.Event(), time.monotonic() + 6

    def write():
        with contextlib.suppress(OSError):
            while not over.wait(pause) and time.monotonic() < end:
                judge.theirs.sendall(stream)
            judge.theirs.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(SOON)
        assert not thread.is_alive()


@pytest.mark.parametrize("pause", [0.0, 0.01], ids=["flood", "trickle"])
@pytest.mark.parametrize(("seconds", "total"), [(0.3, SOON), (SOON, 0.3)], ids=["call", "total"])
def test_progress_extends_no_deadline(pause, seconds, total):
    with table(hangs_up=False, seconds=seconds, total_seconds=total) as judge:
        with writing(judge, message({"id": 1, "progress": {"epoch": 1}}), pause):
            error = judge.timed_out()
        assert (error.seconds, error.is_total) == (0.3, total == 0.3)
        assert judge.shown


def test_slow_drip_extends_no_deadline():
    with table(HEADER.pack(b"J", MAX_STRUCTURE), hangs_up=False, seconds=0.3) as judge, writing(judge, b" ", 0.01):
        judge.timed_out()


def test_runner_that_does_not_read():
    with table(hangs_up=False, seconds=0.2) as judge:
        judge.timed_out(np.zeros(2_000_000))


def test_runner_that_is_gone_before_it_was_asked():
    with table() as judge:
        judge.theirs.close()
        judge.gone(np.zeros(2_000_000))


# A real runner, and a submission that writes to its socket

HOSTILE = """
import os, stat

def scale_pixels(images):
    for descriptor in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                {action}
        except OSError:
            pass
    return images.astype(np.float32) / 255
"""
GARBAGE = {
    "random bytes": np.random.default_rng(0).bytes(3000),
    "text": b"100/100\n",
    "one byte": b"J",
    "a header that swallows the reply's": HEADER.pack(b"J", 20),
    "a frame of 4 GiB": HEADER.pack(b"J", HUGE),
    "not finite": structure_frame(b'{"id":2,"value":NaN}'),
    "another request's reply": message({"id": 10_000, "value": 1.0}),
    "a pickle": b"\x80\x04\x95\x10\0\0\0\0\0\0\0cos\nsystem\n",
    "an overflowing tensor": structure_frame({"id": 2, "value": TENSOR, "tensors": 1})
    + frame(b"T", tensor_payload(F8, [0, HUGE, HUGE, HUGE])),
}
ACTIONS = {name: f"os.write(descriptor, {garbage!r})" for name, garbage in GARBAGE.items()}
ACTIONS["closes it"] = "os.close(descriptor)"


@pytest.fixture(scope="module")
def engine():
    with Engine() as engine:
        yield engine


def grade(engine, addition=""):
    lesson = find_lesson("pixels")
    solution = (REPOSITORY / "solutions" / f"{lesson.stem}.py").read_bytes()
    with Session(lesson, Source(solution + addition.encode(), f"{lesson.stem}.py"), engine) as session:
        return session.verdict()


@pytest.mark.skipif(os.name == "nt", reason="runners inherit descriptors as on POSIX")
@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_submission_that_writes_to_its_socket(engine, action):
    verdict = grade(engine, HOSTILE.format(action=action))
    assert verdict.outcome == "graded"
    hit = [result for result in verdict.checks if result.name.startswith("scale_pixels")]
    rest = [result for result in verdict.checks if not result.name.startswith("scale_pixels")]
    assert [(result.outcome, result.points) for result in hit] == [("crashed", 0.0)] * 2
    assert all((result.outcome, result.points) == ("passed", result.max_points) for result in rest)
    assert rest
    assert verdict.score == verdict.max_score - sum(result.max_points for result in hit)
    honest = grade(engine)
    assert honest.score == honest.max_score


def test_a_named_tuple_arrives_as_a_tuple_and_an_ordered_dictionary_as_a_dictionary():
    pair = collections.namedtuple("Pair", "low high")(0.1, 0.9)
    ordered = collections.OrderedDict(b=1, a=pair)
    received = unpack(pack(ordered, [], refuse_to_keep), [])
    assert received == {"b": 1, "a": (0.1, 0.9)}
    assert type(received) is dict
    assert type(received["a"]) is tuple


@pytest.mark.parametrize("length", [0, 1, requests.MAX_PART, requests.MAX_PART + 1])
def test_a_file_travels_in_parts(length):
    contents = bytes(length)
    parts = requests.in_parts(contents)
    assert all(0 < len(part) <= requests.MAX_PART for part in parts)
    assert requests.joined(parts) == contents
