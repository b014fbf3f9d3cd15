"""Writes networks in formats that others have runtimes for. Only the process that exports imports this."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

# These do something in training and hand on their inputs otherwise. RandomCrop is not among them: it always crops.
IN_TRAINING_ONLY = frozenset(
    """ActivityRegularization AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D
    SpatialDropout3D AugMix CutMix MixUp RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter
    RandomContrast RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue
    RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomZoom""".split()
)


class Unusable(Exception):
    """A file holds no network that can be exported; the message is a sentence."""


def inference_network(network: Any) -> Any:
    """The network without the layers that act only in training; the remaining layers have the same weights.

    Left in, `RandomTranslation` becomes part of an ONNX file (Keras 3.15.1, tf2onnx 1.17.0): its operations
    StatelessRandomUniformV2 and ImageProjectiveTransformV3 are not in ONNX, tf2onnx only logs that and writes them all
    the same, `model.export` returns as if all were well, and ONNX Runtime 1.32.0 refuses the file as INVALID_GRAPH.
    """
    import keras

    kept = [layer for layer in network.layers if type(layer).__name__ not in IN_TRAINING_ONLY]
    if len(kept) == len(network.layers):
        return network

    def copy(layer: Any) -> Any:
        if type(layer).__name__ in IN_TRAINING_ONLY:
            return keras.layers.Identity(name=layer.name)  # the converters drop it
        return type(layer).from_config(layer.get_config())

    try:
        copied = keras.models.clone_model(network, clone_function=copy)
    except ValueError as error:
        raise Unusable(
            f"This network is not made of Keras's layers alone, so it cannot be exported ({error})."
        ) from None
    for layer in kept:
        copied.get_layer(layer.name).set_weights(layer.get_weights())
    copied(keras.ops.zeros((1, *network.input_shape[1:])))  # Keras exports to ONNX only what was called once
    return copied


def write_onnx(network: Any, path: Path) -> None:
    network.export(path, format="onnx", verbose=False)


def write_litert(network: Any, path: Path) -> None:
    network.export(path, format="litert", verbose=False)


def write_litert_int8(network: Any, path: Path) -> None:
    """Dynamic-range quantization: kernels of 1,024 weights or more become int8, with a scale for each filter, and what
    flows between the layers stays float.

    Full-integer quantization, which rounds that as well, was measured on a trained CNN of lesson 10: its file is hardly
    smaller (65,560 bytes instead of 66,168), probabilities of 1,000 test digits are off by up to 0.046 instead of
    0.014, and it needs example images.
    """
    import tensorflow as tf

    network.export(path, format="litert", verbose=False, optimizations=[tf.lite.Optimize.DEFAULT])


FORMATS: dict[str, Callable[[Any, Path], None]] = {
    "onnx": write_onnx,
    "litert": write_litert,
    "litert-int8": write_litert_int8,
}
