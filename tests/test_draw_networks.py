"""The networks on the page for drawing: in the browser they compute what Keras computes, and the files are small."""

import base64
import json

import numpy as np
import pytest
from drawing import Draw, open_page
from PIL import Image

from grader.authoring.draw_networks import computed_elsewhere
from grader.course import REPOSITORY
from grader.data import load_mnist
from grader.draw.course_networks import FAMILIAR, course_networks
from grader.draw.drawings import SIDE
from grader.draw.network import FORMS, Layer, Network, NotComputable, Weight, nearest_mean, of_keras
from grader.draw.packing import pack, unpack
from grader.draw.server.app import FILES
from grader.draw.static import write_page
from grader.handwriting.preparation import prepare_image, to_grayscale

NETWORKS = course_networks()
PHOTOGRAPHS = sorted((REPOSITORY / "grader" / "data" / "photographs").glob("[0-9]*"))
RUN = """async ([file, digits]) => {
    const { Network } = await import("./network.js");
    const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const [network, all] = [await Network.read(bytes(file)), bytes(digits)];
    const rows = [];
    for (let at = 0; at < all.length; at += 784) rows.push([...network.run(all.subarray(at, at + 784))]);
    return rows;
}"""


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    running = Draw(tmp_path_factory.mktemp("learner"))
    yield open_page(browser, running.address, [])
    running.stop()


def text_of_bytes(contents: bytes) -> str:
    return base64.b64encode(contents).decode()


def computed(page, packed: bytes, digits: np.ndarray) -> np.ndarray:
    """What the page makes of digits with a network, by its file."""
    return np.array(page.evaluate(RUN, [text_of_bytes(packed), text_of_bytes(digits.tobytes())]))


def some_digits(step: int) -> np.ndarray:
    (_, _), (images, _) = load_mnist()
    return np.ascontiguousarray(images[::step])


@pytest.mark.trains
@pytest.mark.sampled
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.id)
def test_the_page_computes_what_keras_computes(network, page):
    """On 1,000 test digits, each probability within 1e-5."""
    packed, digits = network.path.read_bytes(), some_digits(10)
    expected = computed_elsewhere(unpack(packed)[0], digits)
    assert np.abs(computed(page, packed, digits) - expected).max() < 1e-5


def zoo():
    """Small Keras models in which every layer, activation and setting occurs that the page computes."""
    import keras
    from keras import layers

    def chain(*middle, shape=(28, 28, 1), ending=True):
        last = (layers.Flatten(), layers.Dense(10, activation="softmax")) if ending else ()
        return keras.Sequential([keras.Input(shape), *middle, *last])

    def functional():
        pixels = keras.Input((28, 28))
        hidden = layers.Rescaling(1 / 255, offset=-0.5)(pixels)
        hidden = layers.RandomTranslation(0.1, 0.1)(layers.Reshape((28, 28, -1))(hidden))
        hidden = layers.Dropout(0.5)(layers.Conv2D(3, 5, strides=(2, 3), activation="relu")(hidden))
        return keras.Model(pixels, layers.Dense(10)(layers.Flatten()(hidden)))

    activations = sorted({"linear", "relu", "relu6", "leaky_relu", "elu", "selu", "sigmoid", "hard_sigmoid", "tanh"})
    activations += ["softplus", "softsign", "silu", "swish", "gelu", "exponential", "softmax"]
    found = {
        f"activation {name}": chain(layers.Flatten(), layers.Dense(12, activation=name)) for name in activations
    } | {
        "same": chain(layers.Conv2D(4, 3, padding="same", strides=2, use_bias=False), layers.Activation("tanh")),
        "even kernel": chain(layers.Conv2D(3, (2, 4), padding="same", dilation_rate=(1, 2))),
        "depthwise": chain(
            layers.Conv2D(3, 3), layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu")
        ),
        "depthwise, strided": chain(layers.Conv2D(2, 3), layers.DepthwiseConv2D(2, strides=2, use_bias=False)),
        "separable": chain(layers.Conv2D(2, 3), layers.SeparableConv2D(5, 3, depth_multiplier=2, padding="same")),
        "separable without bias": chain(layers.SeparableConv2D(5, 3, use_bias=False)),
        "max": chain(layers.MaxPooling2D(3, strides=2, padding="same")),
        "mean": chain(layers.AveragePooling2D((2, 3), padding="same"), layers.ReLU(max_value=0.5)),
        "global max": chain(layers.Conv2D(6, 5), layers.GlobalMaxPooling2D()),
        "global mean": chain(layers.Conv2D(6, 5), layers.GlobalAveragePooling2D(keepdims=True)),
        "normalized": chain(layers.Conv2D(4, 3), layers.BatchNormalization(), layers.LeakyReLU(negative_slope=0.1)),
        "not scaled": chain(layers.Conv2D(4, 3), layers.BatchNormalization(scale=False, epsilon=0.1)),
        "not centered": chain(layers.Conv2D(4, 3), layers.BatchNormalization(center=False), layers.ELU(alpha=0.7)),
        "padded": chain(layers.ZeroPadding2D(((1, 2), (0, 3))), layers.Conv2D(2, 5)),
        "thresholds": chain(layers.Conv2D(2, 5), layers.ReLU(negative_slope=0.2, threshold=0.1)),
        "softmax as a layer": chain(layers.Flatten(), layers.Dense(10), layers.Softmax(), ending=False),
        "a row of pixels": chain(layers.Dense(20, activation="gelu"), layers.GaussianNoise(0.1), shape=(784,)),
        "functional": functional(),
        "a model within a model": chain(chain(layers.Conv2D(2, 3), ending=False), layers.SpatialDropout2D(0.1)),
    }
    rng = np.random.default_rng(17)
    for model in found.values():  # weights as of a trained network: no zeros, and variances above 0
        model.set_weights(
            [w + rng.uniform(0.02, 0.2, w.shape) * (1 if w.ndim == 1 else 0.1) for w in model.get_weights()]
        )
    return found


@pytest.mark.trains
def test_every_layer_and_setting_is_computed_as_in_keras(page):
    """Ten test digits through each model of the zoo: each probability within 1e-5."""
    digits, seen = some_digits(1000), set()
    for name, model in zoo().items():
        network = of_keras(model)
        seen |= {layer.type for layer in network.layers}
        inputs = digits.reshape(-1, *model.input_shape[1:]) * np.float32(network.scale)
        expected = np.asarray(model(inputs, training=False), np.float64)
        if network.logits:
            expected = np.exp(expected - expected.max(axis=1, keepdims=True))
            expected /= expected.sum(axis=1, keepdims=True)
        assert np.abs(computed(page, pack(network, {}), digits) - expected).max() < 1e-5, name
    assert seen == set(FORMS)


@pytest.mark.trains
def test_what_the_page_does_not_compute_is_said():
    import keras
    from keras import layers

    pixels = keras.Input((28, 28, 1))
    left, right = layers.Conv2D(2, 3)(pixels), layers.Conv2D(2, 3)(pixels)
    both = layers.Flatten()(layers.Concatenate()([left, right]))
    models = {
        "branches": keras.Model(pixels, layers.Dense(10)(both)),
        "a layer of type LayerNormalization": keras.Sequential([pixels, layers.LayerNormalization(), layers.Flatten()]),
        "a convolution in groups": keras.Sequential([pixels, layers.Conv2D(4, 3), layers.Conv2D(4, 3, groups=2)]),
        "the activation mish": keras.Sequential([pixels, layers.Conv2D(4, 3, activation="mish")]),
    }
    for what, model in models.items():
        with pytest.raises(NotComputable, match=what):
            of_keras(model)


def test_a_file_holds_what_was_packed():
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(784, 10)).astype(np.float32), rng.normal(size=10).astype(np.float32)
    layer = Layer("Dense", "one", {"units": 10}, (Weight("kernel", kernel), Weight("bias", bias)))
    network, about = unpack(pack(Network((layer,), (28, 28), 1.0, True), {"title": "ä"}))
    assert (network.input, network.scale, network.logits, about) == ((28, 28), 1.0, True, {"title": "ä"})
    assert np.array_equal(network.layers[0].weights[0].values, kernel)
    for bits in (8, 4, 2):
        rounded, kept = (weight.values for weight in unpack(pack(network, {}, bits))[0].layers[0].weights)
        step = np.abs(kernel).max(axis=0) / (2 ** (bits - 1) - 1)
        assert (np.abs(rounded - kernel) <= step / 2 + 1e-6).all()
        assert len(np.unique(rounded[:, 0])) <= 2**bits - 1
        assert np.array_equal(kept, bias)


def test_a_nearest_mean_is_the_nearest():
    rng = np.random.default_rng(1)
    means, digits = rng.uniform(size=(10, 784)), rng.uniform(size=(50, 784))
    kernel, bias = (weight.values for weight in nearest_mean(means, 20.0).layers[0].weights)
    distances = ((digits[:, None] - means) ** 2).sum(axis=2)
    assert np.array_equal((digits @ kernel + bias).argmax(axis=1), distances.argmin(axis=1))


POINT = {"target_shape": [5, 2]}
WIDE = {"pool_size": 20_000, "strides": 1, "padding": "same"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda header: header["layers"][0]["settings"].update(units=10**9), "do not fit"),
        (lambda header: header["layers"][0].update(type="Dense9"), "cannot compute"),
        (lambda header: header["layers"][0]["settings"].update(activation="constructor"), "cannot compute"),
        (lambda header: header["layers"].append({"type": "Reshape", "name": "r", "settings": POINT}), "ten numbers"),
        (lambda header: header["layers"][0].update(type="MaxPooling2D", settings=WIDE), "too large"),
        (lambda header: header["layers"][0].update(type="ZeroPadding2D", settings={"padding": 10**6}), "too large"),
        (lambda header: header.update(layers=[{"type": "constructor", "name": "x", "settings": {}}]), "cannot compute"),
    ],
)
def test_a_file_that_asks_for_too_much_ends_in_a_sentence(change, sentence, page):
    means = np.random.default_rng(0).uniform(size=(10, 784))
    packed = pack(nearest_mean(means, 1.0), {})
    said = page.evaluate(
        """async ([file, layers, input]) => {
            const { Network, unpack } = await import("./network.js");
            const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
            const { header, tensors } = await unpack(bytes);
            try {
                return String(new Network({ ...header, layers, input }, tensors));
            } catch (error) {
                return error.message;
            }
        }""",
        [text_of_bytes(packed), *changed_layers(packed, change)],
    )
    assert sentence in said
    assert said.endswith(".")


def changed_layers(packed: bytes, change) -> tuple[list, list]:
    import gzip

    from grader.draw.packing import read_header

    header, _ = read_header(gzip.decompress(packed))
    header = json.loads(json.dumps(header))
    change(header)
    return header["layers"], [28, 28, 1] if "2D" in str(header["layers"]) else header["input"]


def drawn_pages(count: int) -> list[np.ndarray]:
    """Pages with test digits of many sizes in many places, as a canvas has them."""
    (_, _), (images, _) = load_mnist()
    rng = np.random.default_rng(17)
    pages = []
    for digit in images[rng.choice(len(images), count, replace=False)]:
        side = int(rng.integers(50, 200))
        large = np.array(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC))
        page = np.zeros((SIDE, SIDE), np.uint8)
        top, left = rng.integers(0, SIDE - side, 2)
        page[top : top + side, left : left + side] = large
        pages.append(255 - page)
    return pages


def test_the_page_prepares_as_the_reference_does(page):
    """200 drawings and the simulated photographs: each of the 784 levels within two."""
    pictures = drawn_pages(200) + [to_grayscale(np.array(Image.open(path))) for path in PHOTOGRAPHS]
    assert len(pictures) > 230
    prepared = page.evaluate(
        """async (pictures) => {
            const { prepare } = await import("./preparation.js");
            return pictures.map(([height, width, text]) => {
                const values = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
                return [...prepare({ height, width, values }).digit.values];
            });
        }""",
        [[*picture.shape, text_of_bytes(picture.tobytes())] for picture in pictures],
    )
    for picture, levels in zip(pictures, prepared, strict=True):
        assert np.abs(prepare_image(picture).ravel().astype(int) - levels).max() <= 2


def test_page_module_and_networks_are_small(tmp_path):
    """At most 400 kB, as `digits draw` serves them and as files."""
    served = [*FILES.values(), FAMILIAR, *(network.path for network in NETWORKS)]
    for files in (served, write_page(tmp_path)):
        assert sum(path.stat().st_size for path in files) <= 400_000
