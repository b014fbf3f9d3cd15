"""Plain stacks of dense layers: the scorer computes them with NumPy, as Keras would, and leaves all else to Keras."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.authoring.reference_runs import in_fresh_process
from grader.engine.runner.operations.stacks import ACTIVATIONS, plain_stack

LAYERS = {  # what may stand in a plain stack, as Keras is told
    "Dense": st.fixed_dictionaries(
        {"units": st.integers(1, 6), "activation": st.sampled_from([None, *ACTIVATIONS]), "use_bias": st.booleans()}
    ),
    "Activation": st.fixed_dictionaries({"activation": st.sampled_from(list(ACTIVATIONS))}),
    "ReLU": st.just({}),
    "Softmax": st.just({}),
    "Dropout": st.just({"rate": 0.5}),
    "Rescaling": st.fixed_dictionaries(
        {"scale": st.sampled_from([1 / 255, 2, -1.5]), "offset": st.sampled_from([0, -0.5])}
    ),
    "Flatten": st.just({}),
    "Reshape": st.just({"target_shape": (-1,)}),
}
shapes = st.sampled_from([(5,), (4, 3), (28, 28, 1)])
stacks = st.lists(
    st.sampled_from(list(LAYERS)).flatmap(lambda name: st.tuples(st.just(name), LAYERS[name])), min_size=1, max_size=6
)


@settings(max_examples=1, deadline=None)
@given(st.lists(st.tuples(shapes, stacks, st.booleans(), st.sampled_from([0.3, 30.0])), min_size=40, max_size=40))
def test_a_plain_stack_computes_what_keras_computes(cases):
    for case, (plain, expected, actual) in zip(cases, in_fresh_process(compare, cases), strict=True):
        assert plain, case
        np.testing.assert_allclose(actual, expected, rtol=2e-4, atol=2e-5, err_msg=str(case))


def compare(cases):
    """For each case: whether it is plain, and the outputs of Keras and of the stack."""
    import keras

    rng = np.random.default_rng(0)
    results = []
    for shape, stack, is_functional, size in cases:
        layers = [getattr(keras.layers, name)(**options) for name, options in stack]
        model = keras.Sequential([keras.Input(shape), *layers])
        if is_functional:
            inputs = keras.Input(shape)
            outputs = inputs
            for layer in layers:
                outputs = layer(outputs)
            model = keras.Model(inputs, outputs)
        model.set_weights([rng.normal(0, size, one.shape).astype(np.float32) for one in model.get_weights()])
        x = rng.random((7, *shape), np.float32)
        plain = plain_stack(*exported(model))
        is_plain = plain is not None and plain.accepts(x) and not plain.accepts(x[..., :-1])
        results.append((is_plain, model.predict_on_batch(x), plain.predict(x) if plain else None))
    return results


def exported(model):
    from grader.engine.runner.operations.models import as_json

    kind = "Sequential" if type(model).__name__ == "Sequential" else "Functional"
    architecture = as_json({"class_name": kind, "config": model.get_config()})
    return json.loads(architecture.tobytes().decode()), model.get_weights()


def test_everything_else_is_left_to_keras():
    assert in_fresh_process(wrongly_plain) == []


def wrongly_plain():
    """The names of models that are no plain stack and are taken for one."""
    import keras
    from keras import layers

    shape = (4,)
    inputs, other = keras.Input(shape), keras.Input(shape)
    hidden, twice = layers.Dense(4)(inputs), layers.Dense(4)
    models = {
        name: keras.Sequential([keras.Input(shape), layer])
        for name, layer in {
            "a leaky ReLU": layers.LeakyReLU(),
            "a sloping ReLU": layers.ReLU(negative_slope=0.1),
            "a bounded ReLU": layers.ReLU(max_value=6),
            "another activation": layers.Dense(3, activation="relu6"),
            "softmax along another axis": layers.Softmax(axis=0),
            "a normalization": layers.BatchNormalization(),
            "half precision": layers.Dense(3, dtype="float16"),
            "mixed precision": layers.Dense(3, dtype="mixed_float16"),
            "noise": layers.GaussianNoise(0.1),
            "another model inside": keras.Sequential([keras.Input(shape), layers.Dense(3)]),
        }.items()
    }
    models |= {
        "bytes as inputs": keras.Sequential([keras.Input(shape, dtype="uint8"), layers.Dense(3)]),
        "a fixed batch": keras.Sequential([keras.Input(batch_shape=(2, 4)), layers.Dense(3)]),
        "any length": keras.Sequential([keras.Input((None, 4)), layers.Dense(3)]),
        "a sum": keras.Model(inputs, layers.Add()([inputs, hidden])),
        "two inputs": keras.Model([inputs, other], layers.Dense(3)(layers.Add()([inputs, other]))),
        "two outputs": keras.Model(inputs, [hidden, layers.Dense(3)(hidden)]),
        "a layer used twice": keras.Model(inputs, twice(layers.ReLU()(twice(inputs)))),
        "dropout even in use": keras.Model(inputs, layers.Dropout(0.5)(hidden, training=True)),
        "an operation": keras.Model(inputs, keras.ops.add(hidden, 1.0)),
    }
    return [name for name, model in models.items() if plain_stack(*exported(model)) is not None]


ones, threes = np.ones((4, 3), np.float32), np.ones(3, np.float32)
PLAIN = {
    "class_name": "Sequential",
    "config": {
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {"batch_shape": [None, 4], "dtype": "float32", "sparse": False},
            },
            {
                "class_name": "Dense",
                "config": {
                    "dtype": {"class_name": "DTypePolicy", "config": {"name": "float32"}},
                    "units": 3,
                    "use_bias": True,
                    "activation": "relu",
                    "quantization_config": None,
                },
            },
        ]
    },
}


def test_a_stack_in_json_is_plain():
    stack = plain_stack(PLAIN, [ones, threes])
    assert stack is not None
    assert stack.predict(np.ones((2, 4), np.float32)).tolist() == [[5, 5, 5]] * 2


@pytest.mark.parametrize(
    "weights",
    [
        [],
        [ones],
        [ones, threes, threes],
        [threes, ones],
        [ones[:, :2], threes[:2]],
        [ones, np.ones(1, np.float32)],
        [ones.astype(np.float64), threes],
        [ones[0, 0], threes],
        [ones[:2], threes],
        [np.ones((5, 3), np.float32), threes],
    ],
)
def test_weights_that_do_not_fit_are_left_to_keras(weights):
    assert plain_stack(PLAIN, weights) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.data(), json_values)
def test_whatever_an_architecture_says_nothing_is_raised(data, value):
    """A submission exports what it likes; the weights may be the right ones."""
    architecture = json.loads(json.dumps(PLAIN))
    place, key = architecture, "config"
    while isinstance(place[key], (dict, list)) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    place[key] = value
    plain_stack(architecture, [ones, threes])
