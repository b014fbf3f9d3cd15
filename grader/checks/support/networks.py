"""What the checks of Keras exercises share: what is expected of a model, of its compilation and of its training, and
the mistakes that explain what came instead."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.api import Mistake, SubmissionError, expect, expect_array, observed_fits, symptom

# Layers


def shrinks(layer: Any) -> bool:
    """True for a layer that divides by some 255: it scales pixels of 0..255, and turns those of 0..1 to next to
    nothing."""
    scale = layer.settings.get("scale")
    return layer.type == "Rescaling" and isinstance(scale, float) and 0 < scale < 0.1


# Outputs


def outputs_of(model: Any, images: np.ndarray, mistakes: Sequence[Mistake] = ()) -> np.ndarray:
    """A model's outputs for images (n, …); fail unless they are ten finite numbers for each, (n, 10)."""
    outputs = model.predict(images)
    expect_array(outputs, (len(images), 10), mistakes=mistakes)
    return outputs


@symptom("sigmoid-outputs", question="Do the classes compete, or can an image be three digits at once?")
def sigmoid_outputs(outputs):
    """Every output lies between 0 and 1, but each was squashed on its own (a sigmoid); nothing makes them sum to 1."""
    return outputs.min() >= 0 and outputs.max() <= 1


@symptom("logits-without-from-logits", question="Can a probability be negative?")
def logits(outputs):
    """These are raw scores (logits): nothing has turned them into probabilities."""
    return True


def expect_probabilities(outputs: np.ndarray) -> None:
    """Fail unless every row of a model's outputs (n, 10) is a probability distribution."""
    sums = outputs.sum(axis=1)
    worst = sums[np.argmax(np.abs(sums - 1))]
    is_distribution = outputs.min() >= 0 and abs(worst - 1) < 1e-4
    returned = f"gave a row of outputs from {outputs.min():.2f} to {outputs.max():.2f} that sums to {worst:.2f}"
    expect(is_distribution, outputs, returned, "rows of numbers from 0 to 1 that sum to 1", [sigmoid_outputs, logits])


# Compilation


@symptom("sparse-vs-one-hot", question="Is your label a number or a row of ten?")
def wants_one_hot(model, *arguments):
    """This loss expects one-hot rows, but the labels are integers."""
    return model.compiled["loss"] == "categorical_crossentropy"


@symptom("sparse-vs-one-hot", question="Is your label a number or a row of ten?")
def wants_integers(model, *arguments):
    """The loss is the sparse one, which takes integer labels; here the labels are one-hot rows."""
    return "sparse" in model.compiled["loss"]


@symptom("binary-crossentropy", question="Is each image one of ten digits, or ten independent yes-or-no questions?")
def binary_crossentropy(model, *arguments):
    """Binary cross-entropy asks ten yes-or-no questions; with nine easy noes in ten, its accuracy looks too good."""
    return "binary" in model.compiled["loss"]


@symptom("softmax-and-from-logits", question="How many times is the output squashed on its way into the loss?")
def softmax_and_from_logits(model, *arguments):
    """The model ends in a softmax and the loss applies another one, so even a perfect answer costs 1.461."""
    rows = np.eye(10, dtype=np.float32)
    truth = rows if "sparse" not in model.compiled["loss"] else np.arange(10)
    return abs(model.loss(truth, rows) - 1.4611) < 0.01


@symptom(
    "another-optimizer", question="Which optimizer does the task name, and which one does your call to compile name?"
)
def another_optimizer(model, *arguments):
    """The model is compiled with a different optimizer than the task asks for."""
    return True


@symptom("accuracy-not-reported", question="What will fit report after each epoch, besides the loss?")
def accuracy_not_reported(model, *arguments):
    """Only the loss was asked for, so training will not say how many digits are recognized."""
    return True


def expect_compiled(model: Any, one_hot: bool, optimizer: str | None = "Adam") -> None:
    """Fail unless a model that returns probabilities is compiled with a fitting cross-entropy and accuracy.

    Args:
        one_hot: the labels are rows (n, 10), not integers (n,).
        optimizer: the class that it must have; any will do if None.
    """
    settings, rows = model.compiled, np.eye(10, dtype=np.float32)
    loss, truth = settings["loss"], rows if one_hot else np.arange(10)
    expect(loss is not None, model, "returned a model without a loss", "a compiled model")
    mistakes = [wants_integers if one_hot else wants_one_hot, binary_crossentropy, softmax_and_from_logits]
    try:
        perfect, spread = model.loss(truth, rows), model.loss(truth, np.full((10, 10), 0.1, np.float32))
    except SubmissionError:
        refused, wanted = ("one-hot rows", "one-hot") if one_hot else ("labels like 7", "integer")
        expect(False, model, f"uses {loss}, which refuses {refused}", f"a loss for {wanted} labels", mistakes)
    expect(perfect < 0.01, model, f"gives a perfect answer a loss of {perfect:.3f}", "a loss of 0", mistakes)
    returned = f"gives ten equal probabilities a loss of {spread:.3f} ({loss})"
    expect(abs(spread - np.log(10)) < 0.02, model, returned, "log(10) = 2.303", mistakes)
    found = settings["optimizer"]
    expect(found is not None, model, "uses an optimizer of a custom class", "a Keras optimizer")
    expect(optimizer in {None, found}, model, f"uses the optimizer {found}", str(optimizer), [another_optimizer])
    counts_hits = any("acc" in name.lower() for name in settings["metrics"])
    reported = ", ".join(settings["metrics"]) or "no metrics"
    expect(counts_hits, model, f"reports {reported}", "the metric accuracy", [accuracy_not_reported])


# Training


# Oracle
def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean cross-entropy of rows of probabilities (n, 10) for integer labels (n,)."""
    return float(-np.log(np.clip(probabilities[np.arange(len(labels)), labels], 1e-7, 1)).mean())


@symptom("trains-another-model", question="Which model does your call to fit train?")
def trains_another_model(history, *arguments, **keywords):
    """The model that was passed in has the same weights as before: something else was trained, or nothing."""
    return True


@symptom("history-not-returned", question="What does fit return, and what does your function?")
def history_not_returned(history, *arguments):
    """The model was trained, but the History that fit returned was not passed on."""
    return True


@symptom("epochs-ignored", question="Where in your function does the argument epochs go?")
def epochs_ignored(history, *arguments):
    """The number of epochs that was asked for did not reach fit."""
    return True


@symptom("not-scaled-inside", question="What does the network see: numbers up to 1, or up to 255?")
def not_scaled_inside(history, *arguments):
    """Raw pixels, up to 255, went into fit, but the model is meant for pixels in 0..1."""
    return any(fit.get("x_max", 0) > 1.5 for fit in observed_fits())


@symptom("scaled-twice", question="What is the largest pixel value that fit gets to see?")
def scaled_twice(history, *arguments):
    """The pixels were divided by 255 twice, so the network sees almost blank images."""
    return any(0 < fit.get("x_max", 1) < 0.01 for fit in observed_fits())


@symptom("trained-on-test", question="Would you trust an exam if you had read the answers beforehand?")
def trained_on_test(history, *arguments):
    """The function loaded MNIST on its own and trained on more than the given digits, test digits included."""
    return any_fit("loaded_mnist")


@symptom(
    "validated-on-training-rows", question="Which of the digits that you validate on has the network not seen yet?"
)
def validated_on_training_rows(history, *arguments):
    """The network is validated on digits that it is trained on, so validation cannot tell learning from memorizing."""
    return any_fit("validates_on_training_rows")


def any_fit(fact: str) -> bool:
    """True when a fact holds for any call of ``fit`` in the latest call of the submission."""
    return any(fit.get(fact) for fit in observed_fits())


def expect_own_digits(history: Any) -> None:
    """Fail if training used digits other than those given, or validated on digits that it trained on."""
    others = any_fit("loaded_mnist")
    expect(not others, history, "loaded MNIST from somewhere else", "training on the digits given", [trained_on_test])
    expect_unseen_validation(history)


def expect_unseen_validation(history: Any) -> None:
    """Fail if training validated on digits that it trained on."""
    seen, mistakes = any_fit("validates_on_training_rows"), [validated_on_training_rows]
    expect(not seen, history, "validated on training digits", "digits kept out of training", mistakes)


def expect_new_weights(history: Any, before: np.ndarray, after: np.ndarray) -> None:
    """Fail if a model predicts after its training exactly what it predicted before."""
    changed = not np.array_equal(before, after)
    expect(changed, history, "left the model as it was", "a model with new weights", [trains_another_model])


def expect_history(history: Any, epochs: int) -> None:
    """Fail unless what came back is a History of that many epochs."""
    is_history = hasattr(history, "figures")
    expect(is_history, history, "did not return a History", "what fit returns", [history_not_returned])
    found = len(history.figures.get("loss", []))
    wanted = f"epochs={epochs} to reach fit"
    expect(found == epochs, history, f"trained for {found} instead of {epochs} epochs", wanted, [epochs_ignored])


def expect_scaled_inside(history: Any) -> None:
    """Fail if the pixels that reached ``fit``, in the latest call, did not span 0..1."""
    largest = max((fit["x_max"] for fit in observed_fits() if "x_max" in fit), default=1)
    returned = f"passed pixels of up to {largest:.3g} to fit"
    expect(0.9 < largest < 1.1, history, returned, "pixels of up to 1", [not_scaled_inside, scaled_twice])
