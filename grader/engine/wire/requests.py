"""What the judge can ask of a runner, and what it gets back: one class for each operation, and its reply's type.

To add an operation, add its request here and one function under `grader.engine.runner.operations`, and ask for it with
`grader.engine.judge.client.Client.ask`. A request travels as its class's name and its fields. A reply is converted to
the type that the request names before a check sees it: whatever does not fit is refused, as any malformed message is.
"""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, ClassVar, Generic, TypedDict, TypeVar, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
from msgspec import Meta

from grader.engine.wire.channel import MAX_TENSORS, ProtocolError
from grader.engine.wire.values import MAX_ITEMS, MAX_STRING, Handle, Keep, Resolve, Unreadable, pack, unpack

MEBIBYTE = 1024 * 1024
MAX_LAYERS = 500
MAX_NAME = 200  # characters of the name of a class, a loss or a metric
MAX_AXES_OF_A_MODEL = 16  # of a shape that a model states; an array that is sent has fewer
MAX_FITS = 32  # calls of fit that are told of one request
MAX_LEFT_OUT = 20  # cells of a notebook that are told to have been left out
MAX_REASON = 200  # characters of an exception's words
MAX_PRINTED = 2000  # characters of output that are kept of one request
MAX_PART = 60 * 1000 * 1000  # bytes of a file that are sent as one array
LONGEST_SIDE = 1024  # of a picture that is sent back; far more than a digit needs

Count = Annotated[int, Meta(ge=0, le=2**53)]
Name = Annotated[str, Meta(max_length=MAX_NAME)]
Axes = Annotated[tuple[Count | None, ...], Meta(max_length=MAX_AXES_OF_A_MODEL)]
Shapes = Annotated[
    tuple[Count | Axes | None, ...], Meta(max_length=MAX_AXES_OF_A_MODEL)
]  # of several inputs: each one's
Number = bool | int | float | Annotated[str, Meta(max_length=MAX_STRING)] | None
Pair = Annotated[tuple[Number, ...], Meta(max_length=MAX_AXES_OF_A_MODEL)]
Setting = Number | Annotated[tuple[Number | Pair, ...], Meta(max_length=MAX_AXES_OF_A_MODEL)]
Real = Annotated[float, Meta(ge=-1e9, le=1e9)]  # neither infinite nor nan
Whole = Annotated[int, Meta(ge=0, le=2**31)]
SETTINGS: dict[str, Any] = {  # of layers, by name, as far as checks ask for them
    **dict.fromkeys(("units", "filters"), Whole),
    **dict.fromkeys(("kernel_size", "strides", "pool_size"), Whole | tuple[Whole, ...]),
    **dict.fromkeys(("activation", "padding", "fill_mode"), Name),
    **dict.fromkeys(("rate", "fill_value"), Real),
    **dict.fromkeys(("scale", "factor", "height_factor", "width_factor"), Real | tuple[Real, ...]),
    "use_bias": bool,
    "target_shape": tuple[int, ...],
}
Weights = Annotated[list[np.ndarray], Meta(max_length=MAX_TENSORS)]
Epochs = Annotated[list[float], Meta(max_length=MAX_ITEMS)]

Answer = TypeVar("Answer")
Fields = dict[str, Any]


# Replies


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reply of several fields, or a part of one: all of them must be there, and no others."""


class Exported(Part, frozen=True):
    """A model in a form that another runner can rebuild."""

    architecture: np.ndarray  # JSON text as uint8 (length,)
    weights: Weights  # in the order of Keras's get_weights


class Layer(Part, frozen=True):
    """One layer: its class, its number of parameters and those of `SETTINGS` that it has. One of another type than it
    has in Keras, in a class of the submission's own for instance, is left out."""

    type: Name
    parameters: Count
    settings: Annotated[dict[Name, Setting], Meta(max_length=64)]

    def __post_init__(self) -> None:
        fitting = {name: value for name, value in self.settings.items() if fits(value, SETTINGS.get(name))}
        msgspec.structs.force_setattr(self, "settings", fitting)


def fits(value: Setting, kind: Any) -> bool:
    """True for a setting of a type of `SETTINGS`."""
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, TypeError):
        return False
    return kind is not None


class Description(Part, frozen=True):
    """What a model looks like. A shape is None where the model has none yet."""

    input_shape: Shapes | None
    output_shape: Shapes | None
    parameters: Count
    layers: Annotated[list[Layer], Meta(max_length=MAX_LAYERS)]


class Settings(Part, frozen=True):
    """How a model was compiled, by name; None where it was not, or where the optimizer is none of Keras's."""

    optimizer: Name | None
    loss: Name | None
    metrics: Annotated[list[Name], Meta(max_length=64)]
    stand_in: Handle | None  # a model without layers that has the same loss, unless that is an own function


class Simulated(Part, frozen=True):
    """What a callback made of a simulated training."""

    epochs: Count  # that it let happen
    weights_of: int  # the epoch, counted from 1, whose weights the model has in the end


class LeftOut(Part, frozen=True):
    """A part of a submission that was not executed to its end, and why: a claim, for the report alone."""

    line: Count  # in all the code, counted from 1; 0 where it is not known
    type: Name  # of the exception
    text: Annotated[str, Meta(max_length=MAX_REASON)]
    names: Annotated[list[Name], Meta(max_length=64)]  # the functions of the exercise that it would have defined


class Executed(Part, frozen=True):
    """How far a submission could be executed."""

    left_out: Annotated[list[LeftOut], Meta(max_length=MAX_LEFT_OUT)]


class Picture(Part, frozen=True):
    """The first picture in a file."""

    pixels: np.ndarray  # uint8 (h, w), (h, w, 3) or (h, w, 4)
    has_more: bool  # others follow, as in an animation


class FitFacts(TypedDict, total=False):
    """What was seen of one call of ``Model.fit``, for naming mistakes. A fact that does not apply is missing."""

    model: int  # its handle
    epochs: int
    batch_size: int
    rows: Count
    validation_rows: Count
    x_max: float
    validation_split: float
    x_shape: Annotated[list[Count], Meta(max_length=32)]
    y_shape: Annotated[list[Count], Meta(max_length=32)]
    validates: bool
    validates_on_training_rows: bool
    loaded_mnist: bool  # alone: MNIST was loaded instead of using what was given


class Envelope(msgspec.Struct, frozen=True):
    """What stands around every answer. Only its form is checked here: an item that is wrong in itself is left out."""

    id: int
    value: Any = msgspec.UNSET
    error: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    progress: Any = msgspec.UNSET  # no answer yet: how training goes
    printed: str = ""
    lost: Count = 0  # lines that were printed after that
    changed: list[Any] = []  # which positional arguments of a call have been written into
    observed: list[Any] = []  # `FitFacts` of the calls of fit


# Requests


@dataclass(frozen=True)
class Request(Generic[Answer]):
    """One operation of a runner. Its type argument is the type of the reply.

    A reply may hold ``most_bytes`` of arrays, and no more: the judge reads, converts and looks at all of them.
    """

    most_bytes: ClassVar[int] = MEBIBYTE

    @classmethod
    def answer_type(cls) -> Any:
        """The type that a reply is converted to."""
        (base,) = (base for base in cls.__dict__["__orig_bases__"] if get_origin(base) is Request)
        return get_args(base)[0]


@dataclass(frozen=True)
class WarmUp(Request[None]):
    """Do once, before there is a submission, what libraries do slowly the first time."""


@dataclass(frozen=True)
class Load(Request[Executed]):
    """Execute a submission as a module: a file whole, of a notebook the wanted functions and what they need."""

    filename: str  # as the learner knows it
    code: np.ndarray  # uint8 (length,)
    cells: list[int] = field(default_factory=list)  # of a notebook: the number of each cell's first line, from 1
    wanted: list[str] = field(default_factory=list)  # the functions that the exercise asks for
    numpy_alone: bool = False  # nothing but NumPy and the standard library can be imported from then on


@dataclass(frozen=True)
class Call(Request[Any]):
    """Call a function of the submission by its name, or one that it has returned by its handle."""

    function: str | Handle
    arguments: list[Any] = field(default_factory=list)
    keywords: dict[str, Any] = field(default_factory=dict)
    keeps: bool = False  # the answer stays in the runner, unless it is None, even if it could travel


@dataclass(frozen=True)
class Export(Request[Exported]):
    """Take a model's architecture and weights."""

    most_bytes = 64 * MEBIBYTE
    handle: int


@dataclass(frozen=True)
class Rebuild(Request[Handle]):
    """Build a model from an exported architecture and weights."""

    architecture: np.ndarray  # JSON text as uint8 (length,)
    weights: list[np.ndarray]
    earlier: int | None = None  # one of the same architecture, which is no longer needed with the weights that it has


@dataclass(frozen=True)
class LoadModel(Request[Handle]):
    """Load a file that ``model.save`` has written, or anybody else."""

    contents: list[np.ndarray]  # as `in_parts` returns it


@dataclass(frozen=True)
class Build(Request[Handle]):
    """Build a Sequential model that a check describes."""

    layers: list[tuple[str, dict[str, Any]]]  # each one's class in ``keras.layers`` and its arguments
    weights: list[np.ndarray]  # none: random ones


@dataclass(frozen=True)
class Describe(Request[Description]):
    """Say what a model looks like."""

    handle: int


@dataclass(frozen=True)
class Predict(Request[Any]):
    """Compute a model's outputs for a batch of inputs."""

    handle: int
    x: np.ndarray
    training: bool = False  # the layers do what they do while the model learns


@dataclass(frozen=True)
class Train(Request[Handle]):
    """Train a fresh copy of a model by Adam and cross-entropy, whatever it was compiled with."""

    handle: int
    x: np.ndarray
    y: np.ndarray
    epochs: int
    batch_size: int


@dataclass(frozen=True)
class History(Request[Annotated[dict[Name, Epochs], Meta(max_length=64)]]):
    """Say what ``fit`` has noted of every epoch."""

    handle: int


@dataclass(frozen=True)
class ExportSettings(Request[np.ndarray]):
    """Say how a model was compiled, as JSON text in a uint8 array."""

    handle: int


@dataclass(frozen=True)
class RebuildSettings(Request[Settings]):
    """Compile a stand-in as an exported model was compiled."""

    exported: np.ndarray


@dataclass(frozen=True)
class Loss(Request[float]):
    """Compute a model's compiled loss for predictions (n, k)."""

    handle: int
    y_true: np.ndarray
    y_pred: np.ndarray


@dataclass(frozen=True)
class SimulateTraining(Request[Simulated]):
    """Show a callback a training in which epoch after epoch reaches the given figures."""

    handle: int
    figures: dict[str, list[float]]


@dataclass(frozen=True)
class ReadFile(Request[np.ndarray]):
    """Read a file that the submission has written, as a uint8 array."""

    most_bytes = 16 * MEBIBYTE
    path: str


@dataclass(frozen=True)
class WriteFile(Request[None]):
    """Write a file where the submission finds it."""

    path: str
    contents: np.ndarray  # uint8 (length,)


@dataclass(frozen=True)
class OpenPicture(Request[Picture]):
    """Decode a picture file of any origin."""

    most_bytes = 5 * MEBIBYTE
    contents: list[np.ndarray]  # as `in_parts` returns it


# To messages and back


def in_parts(contents: bytes) -> list[np.ndarray]:
    """A file as arrays uint8 (length,), each small enough for a message."""
    whole = np.frombuffer(contents, np.uint8)
    return [whole[start : start + MAX_PART] for start in range(0, len(whole), MAX_PART)]


def joined(parts: list[np.ndarray]) -> bytes:
    """The inverse of `in_parts`."""
    return b"".join(part.tobytes() for part in parts)


def encode(request: Request[Any], tensors: list[np.ndarray]) -> Fields:
    """A request as a part of a message; its arrays go to the end of ``tensors``.

    The items of a list and of a dictionary are packed one by one: what is too large to be sent is lost alone.
    """
    structure: Fields = {"operation": type(request).__name__}
    for part in fields(request):
        value = getattr(request, part.name)
        if _is(part.type, list):
            structure[part.name] = [pack(item, tensors, refuse_to_keep) for item in value]
        elif _is(part.type, dict):
            structure[part.name] = {name: pack(item, tensors, refuse_to_keep) for name, item in value.items()}
        else:
            structure[part.name] = pack(value, tensors, refuse_to_keep)
    return structure


def decode(kind: type[Request[Any]], structure: Fields, tensors: list[np.ndarray], resolve: Resolve) -> Request[Any]:
    """The inverse of `encode`, in the runner. ``resolve`` says what a handle or a seed stands for there."""
    values: Fields = {}
    for part in fields(kind):
        node = structure[part.name]
        if _is(part.type, list):
            values[part.name] = [unpack(item, tensors, resolve) for item in node]
        elif _is(part.type, dict):
            values[part.name] = {name: unpack(item, tensors, resolve) for name, item in node.items()}
        else:
            values[part.name] = unpack(node, tensors, resolve)
    return kind(**values)


def encode_answer(answer: Any, tensors: list[np.ndarray], keep: Keep, most_bytes: int) -> Any:
    """What an operation returned, as the node of a reply."""
    return pack(_plain(answer) if isinstance(answer, Part) else answer, tensors, keep, most_bytes)


def decode_answer(kind: type[Request[Any]], node: Any, tensors: list[np.ndarray]) -> Any:
    """The inverse of `encode_answer`, in the judge.

    Raises:
        ProtocolError: the answer is not of the type that the request names.
    """
    return convert(unpack(node, tensors), kind.answer_type())


def convert(value: Any, kind: Any) -> Any:
    """A value that came from a runner as a value of a type, every field and bound of it checked.

    Raises:
        ProtocolError: it does not fit. No number stands for a boolean, nor the other way round.
    """
    try:
        return msgspec.convert(value, kind)
    except Exception as error:  # a ValidationError, or what msgspec comes upon in an array that should be a dictionary
        raise ProtocolError(str(error)) from None


FACTS = get_type_hints(FitFacts, include_extras=True)


def fit_facts(observed: list[Any]) -> tuple[FitFacts, ...]:
    """What a runner says of calls of fit, without anything in it that it never says."""
    return tuple(_facts(facts) for facts in observed[:MAX_FITS] if isinstance(facts, dict))


def _facts(facts: Fields) -> FitFacts:
    kept = FitFacts()
    for name, kind in FACTS.items():
        try:
            kept[name] = convert(facts[name], kind)  # type: ignore[literal-required]
        except (KeyError, ProtocolError):
            continue
    return kept


def refuse_to_keep(value: Any) -> Handle | Unreadable | np.ndarray:
    """For `pack` in the judge, where every value of a request must have a form of its own."""
    raise TypeError(f"a check cannot pass a {type(value).__name__} to a submission")


def _is(annotation: Any, kind: type) -> bool:
    return get_origin(annotation) is kind


def _plain(value: Any) -> Any:
    """A reply as the lists, dictionaries and arrays that it is made of."""
    if isinstance(value, Part):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return [_plain(item) for item in value] if isinstance(value, list) else value
