"""Keras models across the protocol: exported as architecture and raw weights, rebuilt through an allow-list.

Rebuilding happens in the scorer, a process that holds neither the submission's code nor any labels. What a submission
overrides, ``predict`` for instance, does not come along.
"""

import inspect
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from keras.src.models.functional import Functional
from keras.src.saving import saving_lib

from grader.engine.runner.operations import stacks
from grader.engine.runner.operations.registry import operation
from grader.engine.runner.workspace import Workspace
from grader.engine.wire.channel import ProtocolError
from grader.engine.wire.requests import (
    MAX_AXES_OF_A_MODEL,
    MAX_LAYERS,
    MAX_NAME,
    SETTINGS,
    Build,
    Describe,
    Description,
    Export,
    Exported,
    Layer,
    LoadModel,
    Predict,
    Rebuild,
    Shapes,
    convert,
    joined,
)
from grader.engine.wire.values import MAX_STRING, Handle

# Layers whose behavior is fully described by their configuration and weights. Lambda layers, custom classes and
# anything else that could name code stay out.
LAYERS = frozenset(
    """InputLayer Dense Flatten Reshape Permute Activation ReLU LeakyReLU PReLU ELU Softmax Rescaling Normalization
    Dropout SpatialDropout2D AlphaDropout GaussianNoise GaussianDropout ActivityRegularization
    BatchNormalization LayerNormalization GroupNormalization UnitNormalization
    Conv1D Conv2D Conv2DTranspose DepthwiseConv2D SeparableConv2D ZeroPadding2D Cropping2D UpSampling2D
    MaxPooling1D MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D
    Add Subtract Multiply Average Maximum Minimum Concatenate
    RandomTranslation RandomRotation RandomZoom RandomFlip RandomCrop RandomContrast RandomBrightness
    Sequential Functional __keras_tensor__""".split()
)
LAYER_MODULES = frozenset(
    "keras keras.layers keras.models keras.src.models.functional keras.src.models.sequential".split()
)
OPERATIONS = frozenset(  # functions of Keras that a graph may hold
    """Relu ReLU Gelu Elu Tanh Sigmoid Softmax LogSoftmax Reshape ExpandDims Squeeze Transpose Concatenate
    Add Subtract Multiply Divide TrueDivide Mean Max""".split()
)
OPERATION_MODULES = frozenset("keras.src.ops.numpy keras.src.ops.nn keras.src.activations.activations".split())
HELPER_MODULES = frozenset(
    """keras.initializers keras.regularizers keras.constraints
    keras.optimizers keras.optimizers.schedules keras.losses keras.metrics""".split()
)
MEGABYTE = 1000 * 1000
MOST_UNPACKED, MOST_OF_CONFIG = 200 * MEGABYTE, 10 * MEGABYTE  # bytes in a model file
MODELS = {"Sequential": keras.Sequential, "Functional": keras.Model}  # by the class in an exported architecture
IMAGE_SHAPES = ((28, 28), (28, 28, 1))
FEW = 64  # images


class NotRebuildable(Exception):
    """The model holds something that is not on the allow-list."""


class NotLoadable(Exception):
    """A file holds no model, or far too much."""


@operation(Export)
def export(workspace: Workspace, request: Export) -> Exported:
    """A model's architecture and weights as they are now."""
    model = drawn(workspace.kept[request.handle])
    kind = "Sequential" if isinstance(model, keras.Sequential) else type(model).__name__
    architecture = as_json({"class_name": kind, "config": model.get_config()})
    return Exported(architecture=architecture, weights=[np.asarray(weight) for weight in model.get_weights()])


def drawn(model: keras.Model) -> keras.Model:
    """The graph of layers that a subclassed model draws when it is called on images; the model itself if that is
    Sequential or functional, if it draws none, or if it draws another one in training."""
    if type(model).call in {keras.Sequential.call, Functional.call}:
        return model
    modes = (
        ({"training": False}, {"training": True}) if "training" in inspect.signature(model.call).parameters else ({},)
    )
    for shape in IMAGE_SHAPES:
        try:
            images = keras.Input(shape)
            graphs = [keras.Model(images, model.call(images, **mode)) for mode in modes]
        except Exception:
            continue
        kinds = {tuple(type(layer) for layer in graph.layers) for graph in graphs}
        return graphs[0] if len(kinds) == 1 else model
    return model


class Rebuilt:
    """A model in the scorer. Keras builds it only if it is no plain stack, or when more than predictions are asked for.

    Raises:
        NotRebuildable: Keras cannot build it, or the weights do not fit.
    """

    def __init__(self, architecture: dict[str, Any], weights: list[np.ndarray]) -> None:
        self._architecture = architecture
        self._model: keras.Model | None = None
        self.give(weights)

    def give(self, weights: list[np.ndarray]) -> None:
        """Replace its weights."""
        self._weights, self._is_current = weights, False
        self._stack = stacks.plain_stack(self._architecture, weights)
        if self._stack is None:
            self.model()

    def model(self) -> keras.Model:
        """It as Keras knows it."""
        if not self._is_current:
            try:
                if self._model is None:
                    self._model = MODELS[self._architecture["class_name"]].from_config(self._architecture["config"])
                self._model.set_weights(self._weights)
            except Exception as error:
                raise NotRebuildable(f"{type(error).__name__}: {error}") from None
            self._is_current = True
        return self._model

    def predict(self, x: np.ndarray) -> Any:
        """Its outputs for a batch, as if it were not in training."""
        if self._stack and self._stack.accepts(x):
            return self._stack.predict(x)
        return outputs_of(self.model(), x)


def outputs_of(model: keras.Model, x: np.ndarray) -> Any:
    """A model's outputs for a batch; for a few images, without compiling it, which does not pay."""
    return np.asarray(model(x, training=False)) if len(x) <= FEW else model.predict_on_batch(x)


def model_in(workspace: Workspace, handle: int) -> Any:
    """What a handle stands for; a rebuilt model as Keras knows it."""
    kept = workspace.kept[handle]
    return kept.model() if isinstance(kept, Rebuilt) else kept


@operation(Rebuild)
def rebuild(workspace: Workspace, request: Rebuild) -> Handle:
    """Build a model from an exported architecture and weights, or give these weights to one that was built before.

    Raises:
        NotRebuildable: a class that is not on the allow-list, or weights that do not fit.
    """
    if request.earlier is not None:
        rebuilt = workspace.kept[request.earlier]
        rebuilt.give(request.weights)
        return a_model(workspace, rebuilt)
    architecture = json.loads(request.architecture.tobytes().decode())
    if architecture.get("class_name") not in MODELS:
        raise NotRebuildable(f"a model of class {architecture.get('class_name')}")
    refuse_unknown(architecture)
    return a_model(workspace, Rebuilt(architecture, request.weights))


def a_model(workspace: Workspace, rebuilt: Rebuilt) -> Handle:
    """A handle to what the judge may use like a model of Keras."""
    return replace(workspace.handle_of(rebuilt), family="model")


@operation(LoadModel)
def load_model(workspace: Workspace, request: LoadModel) -> Handle:
    """Load a model's file. Keras lets a file call functions of its own; what they do happens here, in the sandbox.

    Raises:
        NotLoadable: it is too large, or holds no model. A damaged or foreign file can raise anything else, too.
    """
    file = io.BytesIO(joined(request.contents))
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise NotLoadable(f"unpacked, it is larger than {MOST_UNPACKED // MEGABYTE} MB")
        if archive.getinfo("config.json").file_size > MOST_OF_CONFIG:
            raise NotLoadable(f"its config.json is larger than {MOST_OF_CONFIG // MEGABYTE} MB")
        if not isinstance(json.loads(archive.read("config.json")), dict):
            raise NotLoadable("its config.json does not describe a model")
    model = saving_lib.load_model(file, compile=False, safe_mode=True)
    if not isinstance(model, keras.Model):
        raise NotLoadable(f"it holds no model, but an object of type {type(model).__name__}")
    return workspace.handle_of(model)


@operation(Build)
def build(workspace: Workspace, request: Build) -> Handle:
    """Build a Sequential model that a check describes; without weights, random ones."""
    model = keras.Sequential([getattr(keras.layers, kind)(**settings) for kind, settings in request.layers])
    if request.weights:
        model.set_weights(request.weights)
    return workspace.handle_of(model)


@operation(Predict)
def predict(workspace: Workspace, request: Predict) -> Any:
    """A model's outputs for a batch; of a class of the submission's own, they may be anything."""
    kept = workspace.kept[request.handle]
    if request.training:
        return np.asarray(model_in(workspace, request.handle)(request.x, training=True))
    if isinstance(kept, Rebuilt):
        return kept.predict(request.x)
    return kept.predict_on_batch(request.x) if workspace.module else outputs_of(kept, request.x)


@operation(Describe)
def describe(workspace: Workspace, request: Describe) -> Description:
    """Shapes, layers and parameters of a model."""
    model = model_in(workspace, request.handle)
    return Description(
        input_shape=_shapes(model, "input_shape"),
        output_shape=_shapes(model, "output_shape"),
        parameters=int(model.count_params()) if model.built else 0,
        layers=[_describe_layer(layer) for layer in _leaves(model)[:MAX_LAYERS]],
    )


def as_json(config: Any) -> np.ndarray:
    """A configuration of Keras as JSON text in a uint8 array, functions in it by name."""
    text = json.dumps(_name_functions(json.loads(json.dumps(config, default=_serialize))))
    return np.frombuffer(text.encode(), np.uint8)


def _name_functions(node: Any) -> Any:
    """Write functions given as such (``activation=tf.nn.relu``) by the name that Keras knows them by ("relu")."""
    if isinstance(node, dict):
        if node.get("class_name") == "function":
            return str(node.get("config")).removesuffix("_v2")
        return {key: _name_functions(value) for key, value in node.items()}
    return [_name_functions(item) for item in node] if isinstance(node, list) else node


def refuse_unknown(node: Any) -> None:
    """Walk an architecture; raise NotRebuildable at the first thing that is not on the allow-list."""
    if isinstance(node, dict):
        name, module = node.get("class_name"), node.get("module") or "keras.layers"
        is_helper = module in HELPER_MODULES and not str(name).startswith("__")
        is_part = (name in LAYERS and module in LAYER_MODULES) or (name in OPERATIONS and module in OPERATION_MODULES)
        known = is_part or is_helper or name == "DTypePolicy"
        if name is not None and not (known and node.get("registered_name") in {None, name}):
            raise NotRebuildable(f"something of class {name}")
        for child in node.values():
            refuse_unknown(child)
    elif isinstance(node, list):
        for child in node:
            refuse_unknown(child)


def _leaves(model: keras.Model) -> list[keras.Layer]:
    """The layers of a model in order, with nested models opened up."""
    return [leaf for layer in model.layers for leaf in (_leaves(layer) if hasattr(layer, "layers") else [layer])]


def _describe_layer(layer: keras.Layer) -> Layer:
    config = layer.get_config()
    settings = {name: _setting(config[name]) for name in SETTINGS if name in config}
    parameters = int(layer.count_params()) if layer.built else 0
    return Layer(type=type(layer).__name__[:MAX_NAME], parameters=parameters, settings=settings)


def _setting(value: Any, depth: int = 0) -> Any:
    """A setting of a layer as `grader.engine.wire.requests.Setting`; the name of its type where it is none."""
    if isinstance(value, (list, tuple)) and len(value) <= MAX_AXES_OF_A_MODEL and depth < 2:
        return tuple(_setting(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return str(value.get("class_name"))[:MAX_STRING]
    if isinstance(value, str):
        return value[:MAX_STRING]
    is_number = isinstance(value, (bool, float)) or (isinstance(value, int) and abs(value) < 2**63)
    return value if is_number or value is None else type(value).__name__


def _shapes(model: keras.Model, name: str) -> Shapes | None:
    """The shape of a model's inputs or outputs, or a tuple of shapes where there are several; None where unknown."""
    try:
        shapes = getattr(model, name)
        listed = shapes.values() if isinstance(shapes, dict) else shapes
        sizes = [list(map(_axis, item)) if isinstance(item, (list, tuple)) else _axis(item) for item in listed]
        checked: Shapes = convert(sizes, Shapes)
        return checked
    except (AttributeError, ValueError, TypeError, ProtocolError):
        return None


def _axis(size: Any) -> int | None:
    return None if size is None else int(size)


def _serialize(value: Any) -> Any:
    return keras.saving.serialize_keras_object(value)
