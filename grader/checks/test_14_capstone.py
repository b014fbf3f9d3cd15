"""Checks of exercise 14: a network within a budget, its training, its file and its answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np

from grader.api import (
    Mistake,
    SubmissionError,
    check,
    current,
    describe,
    diagnose,
    expect,
    expect_accuracy,
    expect_input_unchanged,
    expect_model,
    measure,
    observed_fits,
    symptom,
)
from grader.checks.support.networks import expect_own_digits, shrinks, trains_another_model

MAX_PARAMETERS, MAX_BYTES = 500_000, 8_000_000
TRAINING_IMAGES, SMALL_TRAINING, SMALL_TEST = 20_000, 1500, 1000
BATCH = 2000  # images that a predictor is asked about at a time
MARGIN = 0.02  # of the small test: how far a predictor may fall behind its own network
SAME_NETWORK = 0.97  # of the labels agree; views that are averaged change a few
RAW = "pixels from 0 to 255"
WAYS = {  # to show pixels to a network, as training does in one program or another
    RAW: lambda pixels: pixels,
    "pixels from 0 to 1": lambda pixels: pixels / 255,
    "pixels from -1 to 1": lambda pixels: pixels / 127.5 - 1,
    "standardized pixels": lambda pixels: (pixels / 255 - 0.1307) / 0.3081,
    "pixels from 0 to 1/255": lambda pixels: pixels / 255 / 255,
}
HEADER = "ImageId,Label"


def found(mistakes: Sequence[Mistake], value: object, *arguments: object) -> list[Mistake]:
    """The first of the mistakes that a value shows, as one that need not be asked again: for values that are not what
    the learner's function returned, but what that has led to."""
    known = diagnose(mistakes, value, None, arguments)
    return [replace(known, shows=lambda *anything: True)] if known else []


# build_model


@symptom("too-many-parameters", question="Which layer holds most of the parameters, and how could it get fewer inputs?")
def too_many_parameters(model):
    """The network is larger than the budget allows."""
    return True


@symptom("no-input-shape", question="How can a layer know how many weights it needs?")
def no_input_shape(model):
    """The network has no weights yet, because nothing tells it how large an image is: there is no keras.Input."""
    return True


@check(
    points=1,
    title="the network has at most 500,000 parameters",
    hints=(
        "On paper, write down the shape after each of your layers. Which layer has the most parameters?",
        "The first dense layer has one weight for each pair of an input and a unit: halve the rows and columns of the "
        "feature maps before you flatten them, by pooling or by a stride.",
        "keras.Input, Conv2D with strides=2, Conv2D, MaxPooling2D, Conv2D, Flatten, Dense(10).",
    ),
)
def test_budget(submission):
    expect_budget(built(submission))


def built(submission):
    """What build_model returns; fail unless it is a model."""
    return expect_model(submission.build_model())


def expect_budget(model) -> None:
    """Fail unless a model has parameters, and no more than allowed."""
    count, most = model.count_params(), f"{MAX_PARAMETERS:,}"
    expect(count > 0, model, "returned a model without parameters", "a model with weights", [no_input_shape])
    returned = f"returned a model with {count:,} parameters"
    expect(count <= MAX_PARAMETERS, model, returned, f"at most {most}", [too_many_parameters])


# train_model


@symptom("epochs-is-none", question="What is `epochs` when the caller gives no number, and what should it be then?")
def epochs_is_none(error, *arguments):
    """The check calls train_model without `epochs`, so `epochs` is None there, and your code uses it as a number."""
    in_the_line = "epochs" in error.code
    in_fit = any("model" in fit and "epochs" not in fit for fit in error.observed)  # only numbers are noted
    return error.type == "TypeError" and "NoneType" in error.text and (in_the_line or in_fit)


def trained_with(submission, model, images: np.ndarray, labels: np.ndarray):
    """Have a model trained; returns what train_model returns."""
    try:
        return submission.train_model(model, images, labels)
    except SubmissionError as error:
        mistakes = found([epochs_is_none], error)
        if mistakes:
            expect(False, None, f"raised {error.summary}", "a number of epochs that you choose", mistakes)
        raise


def weights_of(model) -> list[np.ndarray] | None:
    """The model's weights, or None where they cannot be had."""
    try:
        return model.weights()
    except SubmissionError:
        return None


@check(
    points=1,
    title="train_model trains the model that it is given, on the digits that it is given",
    after=[test_budget],
    hints=(
        "Whose weights are different after your function has run?",
        "The model is an argument: compile and fit that one. Raw images and integer labels come in, so scale and "
        "encode them here, or in the model, if your loss and your layers need it. No check passes `epochs`, so choose "
        "a number where it is None.",
        'epochs = epochs or 5, then model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"]), '
        "then model.fit(images, labels, epochs=epochs). The 98% of the last check also need a learning-rate schedule.",
    ),
)
def test_training_call(submission, probe):
    model = built(submission)
    before = weights_of(model)
    images, labels = probe.images(200), probe.labels(200)
    trained = trained_with(submission, model, images, labels)
    expect_own_digits(trained)
    after = weights_of(model)
    unchanged = before is not None and after is not None and all(map(np.array_equal, before, after))
    expect(not unchanged, trained, "left the model as it was", "a model with new weights", [trains_another_model])
    expect_input_unchanged(trained)


# save_predictor


@symptom("nothing-at-the-path", question="If a program knows only the path you were given, which file will it open?")
def nothing_at_the_path(returned, *arguments):
    """There is no file at the path: nothing was written, or it was written under another name."""
    return True


@symptom(
    "file-too-large", question="Which parts of this file does a predictor need, and which does only training need?"
)
def file_too_large(returned, *arguments):
    """The file is larger than a network within the budget and its optimizer need."""
    return True


@symptom("old-file-lost", question="If the power fails while you are writing, what is at the path?")
def old_file_lost(returned, *arguments):
    """Saving failed halfway, and the good file that was there before is damaged or gone."""
    return True


def read(files, path: str) -> bytes:
    """What a file holds; nothing where there is none."""
    try:
        return files.read(path)
    except SubmissionError:
        return b""


def saved(submission, files, model, path: str) -> bytes:
    """Have a model saved; returns what the file holds."""
    returned = submission.save_predictor(model, path)
    contents = read(files, path)
    expect(bool(contents), returned, f"wrote no file {path}", "a file at its path", [nothing_at_the_path])
    size = f"wrote {len(contents) / 1e6:.1f} MB"
    expect(len(contents) <= MAX_BYTES, returned, size, f"at most {MAX_BYTES // 1_000_000} MB", [file_too_large])
    return contents


def new_path(probe, ending: str) -> str:
    """A name that no submission can know."""
    return f"my-{probe.rng.integers(10**9):09d}{ending}"


def unsavable(models):
    """A network whose saving fails on the way: one of its settings is nothing that a file of Keras can hold, and Keras
    finds that out when the file is open already."""
    resizing = {"height": 14, "width": 14, "fill_value": {(0, 0): 0.0}}
    layers = [("Input", {"shape": (28, 28, 1)}), ("Resizing", resizing), ("Flatten", {}), ("Dense", {"units": 10})]
    return models.build(layers, [np.ones((196, 10), np.float32), np.ones(10, np.float32)])


@check(
    points=1,
    title="save_predictor writes its file as a whole or not at all",
    after=[test_budget],
    hints=(
        "What happens to the file at the path if your function is interrupted in the middle of its work?",
        "Writing takes a while, renaming does not. Write a draft next to the file, and when it is complete, let it "
        "replace the old one.",
        'model.save(path + ".draft.keras"), then os.replace(path + ".draft.keras", path).',
    ),
)
def test_save(submission, files, models, probe):
    path = new_path(probe, ".keras")
    first = saved(submission, files, built(submission), path)
    model = built(submission)
    model_file = saved(submission, files, model, path)
    expect(model_file != first, None, "kept the old file", "the new model in its place")
    broken = unsavable(models)
    try:
        submission.save_predictor(broken, path)
    except SubmissionError:
        intact, returned = read(files, path) == model_file, "failed and left the old file damaged or gone"
        expect(intact, None, returned, "the old file as it was", [old_file_lost])


# load_predictor


@symptom("probabilities-for-labels", question="How do you get from these ten numbers to one digit?")
def probabilities_for_labels(answers, count):
    """There are ten numbers for each image, one for each class; the label is the position of the largest one."""
    return answers.shape == (count, 10) and answers.dtype.kind == "f"


@symptom("one-hot-for-labels", question="Which column of each row holds the 1?")
def one_hot_for_labels(answers, count):
    """Each image got a one-hot row instead of its label."""
    return answers.shape == (count, 10) and answers.dtype.kind in "biu"


@symptom("float-labels", question="Can an image be the digit 2.5?")
def float_labels(answers, count):
    """The labels are floats, such as 7.0; labels are integers."""
    return answers.shape == (count,) and answers.dtype.kind == "f"


@symptom("labels-in-a-column", question="How many axes should an array of labels have?")
def labels_in_a_column(answers, count):
    """Each label is in a row of its own, (n, 1); an array of labels has one axis."""
    return answers.shape == (count, 1)


@symptom("argmax-without-axis", question="Along which axis are the ten numbers of one image?")
def argmax_without_axis(answers, count):
    """All images together got one number: the position of the largest probability of all."""
    return count > 1 and np.ndim(answers) == 0 and np.asarray(answers).dtype.kind in "iu"


@symptom("argmax-along-batch", question="Along which axis are the ten numbers of one image?")
def argmax_along_batch(answers, count):
    """There are ten numbers for the whole batch: for each class, the image with its largest probability."""
    return count != 10 and answers.shape == (10,)


@symptom(
    "missing-batch-axis",
    question="How many axes does a batch of one image have? How many does an array of one label have?",
)
def missing_batch_axis(answers, count):
    """One image is a batch, too. Its first axis was dropped on the way, and a single number came back."""
    return count == 1 and np.ndim(answers) == 0 and np.asarray(answers).dtype.kind in "iu"


@symptom("list-for-array", question="What would happen to `predictor(images) == labels`?")
def list_for_array(answers, count):
    """The labels came as a Python list, which you cannot compute with directly; an array is expected."""
    return isinstance(answers, list)


@symptom("changed-its-input", question="What other code still uses that array?")
def changed_images(predictor, path):
    """The predictor wrote into the array that it was given, so its caller's images are now different."""
    return True


UNTOUCHED = "one that leaves them as they are"
FORM_MISTAKES = [
    list_for_array,
    missing_batch_axis,
    argmax_without_axis,
    argmax_along_batch,
    probabilities_for_labels,
    one_hot_for_labels,
    float_labels,
    labels_in_a_column,
]


def labels_of(predictor, images: np.ndarray) -> np.ndarray:
    """What a predictor answers, if that is a label for each image."""
    expected = f"integers ({len(images)},) from 0 to 9"
    try:
        answers = predictor(images)
    except SubmissionError as error:
        if error.type == "MissingFunction":  # the runner cannot call it
            expect_callable(predictor, False)
        raise
    mistakes = found(FORM_MISTAKES, answers, len(images))
    is_array = isinstance(answers, (np.ndarray, np.generic, int, float))
    array = np.asarray(answers) if is_array else np.empty(0)
    returned = f"returned a predictor that answers {describe(answers)} for {describe(images)}"
    in_form = is_array and array.shape == (len(images),) and array.dtype.kind in "iu"
    expect(in_form, predictor, returned, expected, mistakes)
    in_range = array.min() >= 0 and array.max() <= 9
    expect(in_range, predictor, returned, expected)
    changed = bool(current().calls[-1].changed_inputs)
    expect(not changed, predictor, "returned a predictor that writes into its images", UNTOUCHED, [changed_images])
    return array


def expect_callable(predictor, is_callable: bool) -> None:
    returned = f"returned {describe(predictor)}, which cannot be called"
    expect(is_callable, predictor, returned, "something that can be called with images")


@symptom("retrains-on-load", question="How long should it take to recognize a single digit?")
def retrains_on_load(predictor, path):
    """The network is trained again while it is loaded. Everything that it has learned should come from the file."""
    return bool(observed_fits())


@symptom("loads-another-file", question="Which file does your function open, and which path was it given?")
def loads_another_file(error, path):
    """Your function looked for a different file, not the one at the path that it was given."""
    text = error.text.lower()
    is_about_a_file = "no such file" in text or "not found" in text or "unable to open" in text
    return is_about_a_file and path.lower() not in text


@symptom("needs-the-old-process", question="What is left of your variables after the program has ended?")
def needs_the_old_process(error, path):
    """This works where the network was saved, and fails in a fresh process: it relies on something that only the old
    process has in memory."""
    return True


@symptom("weights-not-loaded", question="Where do the weights of this network come from?")
def weights_not_loaded(predictor, path):
    """Loaded twice from the same file, the predictor answers differently: the network was built again, but its weights
    were not loaded from the file."""
    return True


@symptom("depends-on-the-batch", question="Should the label of a digit depend on the other images of its batch?")
def depends_on_the_batch(predictor, path):
    """The same image gets a different label in a different batch: the network still behaves as in training, or an
    image is prepared with numbers from the whole batch."""
    return True


def loaded(where, path: str, works_already: bool = False):
    """Load a predictor. If that fails although it ``works_already`` in the process that saved it, the cause is that
    this process is another one."""
    try:
        predictor = where.load_predictor(path)
    except SubmissionError as error:
        causes = [retrains_on_load, loads_another_file] + [needs_the_old_process] * works_already
        mistakes = found(causes, error, path)
        if mistakes:
            expect(False, None, f"raised {error.summary}", "a predictor, from nothing but the file", mistakes)
        raise
    expect_callable(predictor, callable(predictor))
    returned = "trained a network while loading"
    expect(not observed_fits(), predictor, returned, "a predictor that is ready", [retrains_on_load])
    return predictor


@check(
    points=2,
    title="load_predictor, in a fresh process, turns raw images into labels",
    after=[test_save],
    hints=(
        "What comes out of your network for 30 images, and what should come out of the predictor?",
        "Load the network from the path, and write a function around it that takes, for each image, the position of "
        "the largest probability.",
        "model = keras.models.load_model(path), then define a function that returns "
        "model.predict(images).argmax(axis=1), and return that function.",
    ),
)
def test_load(submission, elsewhere, files, probe):
    path = new_path(probe, ".keras")
    images = np.concatenate([probe.images(8), probe.rectangles(80)])  # an untrained network tells the latter apart
    saved(submission, files, built(submission), path)
    here = loaded(submission, path)
    labels = labels_of(here, images)
    expect_steady(here, asked_in_other_batches(here, images) == labels)
    expect_same(loaded(submission, path), here, images, labels)
    files.copy(path, elsewhere)
    there = loaded(elsewhere, path, works_already=True)
    try:
        expect_same(there, here, images, labels)
    except SubmissionError as error:
        returned = f"returned a predictor that raises {error.summary} in a fresh process"
        expect(False, there, returned, "one that works", found([needs_the_old_process], error, path))


def asked_in_other_batches(predictor, images: np.ndarray) -> np.ndarray:
    """The label of each image, (N,), asked in five batches of different sizes; the last holds a single image."""
    count = len(images)
    batches = np.split(images[::-1], [count // 2, 3 * count // 4, 9 * count // 10, count - 1])
    return np.concatenate([labels_of(predictor, batch) for batch in batches])[::-1]


def expect_same(predictor, before, images: np.ndarray, labels: np.ndarray) -> None:
    """Fail unless a predictor that was loaded again says what the one loaded ``before`` has said."""
    others = np.mean(labels_of(predictor, images) != labels)
    if others < 0.1:
        return
    for one in (before, predictor):  # one that cannot agree with itself says nothing about the file
        expect_steady(one, asked_in_other_batches(one, images) == labels_of(one, images))
    returned = (
        f"returned a predictor that gives {others:.0%} of the images a different label than the one loaded before"
    )
    expect(False, predictor, returned, "the same labels", [weights_not_loaded])


def expect_steady(predictor, agrees: np.ndarray) -> None:
    """Fail unless a predictor has agreed with itself."""
    returned = (
        f"returned a predictor that gives {np.mean(~agrees):.0%} of the images a different label when asked again"
    )
    expect(np.mean(agrees) > 0.95, predictor, returned, "the same labels every time", [depends_on_the_batch])


@dataclass(frozen=True)
class Predictions:
    """What a loaded predictor answers, and what the saved network answers when it is shown pixels in several ways."""

    answers: np.ndarray  # of the predictor; -1 where it did not agree with itself
    networks: dict[str, np.ndarray]  # the network's answers by way
    trained: set[str]  # the ways that training may have used; empty if nothing is known
    divides: bool  # the network begins by dividing by some 255 itself
    truth: np.ndarray

    def accuracy_of(self, way: str) -> float:
        return float(np.mean(self.networks[way] == self.truth))

    @property
    def best(self) -> str | None:
        """The way in which the network reads best: that of its training, if it has learned anything."""
        return max(self.networks, key=self.accuracy_of, default=None)

    @property
    def used(self) -> str | None:
        """The way that the predictor uses: with it the network gives the very same answers. Where several do, it is
        that of training, or the best."""
        same = [way for way, labels in self.networks.items() if np.mean(labels == self.answers) > 0.995]
        return min(same, key=lambda way: (way not in self.trained, way != self.best), default=None)


@symptom("preprocessing-skew", question="Which numbers did the network see in training, and which does it see now?")
def preprocessing_skew(predictions, *arguments):
    """The network gets different numbers now than in training: scaled there and raw here, or scaled once more in one
    of the two places."""
    if predictions.used is None or predictions.used in predictions.trained:
        return False
    return (
        bool(predictions.trained)
        or predictions.accuracy_of(predictions.used) < predictions.accuracy_of(predictions.best) - MARGIN
    )


@symptom("scaled-twice", question="Where are the pixels divided by 255: in your code, in the network, or in both?")
def scaled_twice(predictions, *arguments):
    """The training and the predictor agree, but both show the network smaller numbers than it is made for: your code
    scales the pixels, and the network scales them once more."""
    if predictions.used not in predictions.trained or predictions.used == RAW:
        return False
    larger = max(predictions.accuracy_of(way) for way in (RAW, "standardized pixels"))
    return predictions.divides or larger > predictions.accuracy_of(predictions.used) + MARGIN


def asked_twice(predictor, images: np.ndarray, batch: int) -> np.ndarray:
    """The labels on which a predictor agrees with itself when it is asked in two orders; -1 elsewhere."""
    shuffle, answers = np.random.default_rng(), []
    for _ in range(2):
        order, labels = shuffle.permutation(len(images)), np.full(len(images), -1)
        for start in range(0, len(images), batch):
            rows = order[start : start + batch]
            labels[rows] = labels_of(predictor, images[rows])
        answers.append(labels)
    return np.where(answers[0] == answers[1], answers[0], -1)


def network_answers(model, images: np.ndarray) -> dict[str, np.ndarray]:
    """What a network answers to images shown in each of the ways; nothing if it is no network of ten outputs."""
    shape = (len(images), *(model.input_shape or (None, 28, 28))[1:])
    answers = {}
    try:
        for way, show in WAYS.items():
            outputs = model.predict(show(images.astype(np.float32)).reshape(shape))
            if outputs.shape == (len(images), 10):
                answers[way] = outputs.argmax(axis=1)
    except (SubmissionError, TypeError, ValueError):
        return {}
    return answers


def expect_ten_outputs(model) -> None:
    """Fail unless a model has one output for each digit."""
    shape = model.output_shape
    fits = shape is None or (len(shape) == 2 and shape[1] == 10)
    expect(fits, model, f"has outputs of shape {shape}", "ten numbers for each image")


def largest_in_fit() -> float:
    """The largest number that the latest call has shown to ``fit``; 0 if it is not known, or not always the same."""
    largest = {fit.get("x_max", 0.0) for fit in observed_fits()}
    return largest.pop() if len(largest) == 1 else 0.0


def ways_of_training(largest: float) -> set[str]:
    """In which of the ways pixels may have been shown to ``fit``, told by the largest number there."""
    full_ink = {way: float(show(np.float32(255))) for way, show in WAYS.items()}
    return {way for way, top in full_ink.items() if abs(largest - top) < 0.02 * top}


@check(
    points=1,
    title="the loaded network sees the same pixels as in training",
    after=[test_training_call, test_load],
    trains=True,
    hints=(
        "What range do the pixels have when they reach your network in training, and what range in the predictor?",
        "Two places that prepare images drift apart. Have only one: a layer inside the network, which is saved with "
        "it, or a function that both call.",
        "Begin the network with keras.Input((28, 28)), Rescaling(1 / 255), Reshape((28, 28, 1)), and give it raw "
        "images in both places.",
    ),
)
def test_one_preparation(submission, elsewhere, files, digits, probe):
    split = digits.split(num_train=SMALL_TRAINING, num_test=SMALL_TEST, view="turned")
    path, model = new_path(probe, ".keras"), built(submission)
    submission.train_model(model, split.x_train, split.y_train)
    largest = largest_in_fit()
    trained = ways_of_training(largest)
    saved(submission, files, model, path)
    files.copy(path, elsewhere)
    predictor = loaded(elsewhere, path)
    answers = asked_twice(predictor, split.x_test, BATCH // 4)
    expect_steady(predictor, answers >= 0)
    expect_same(loaded(elsewhere, path), predictor, split.x_test, answers)
    divides = any(shrinks(layer) for layer in takewhile(lambda layer: not layer.parameters, model.layers))
    predictions = Predictions(answers, network_answers(model, split.x_test), trained, divides, split.y_test)
    expect_ten_outputs(model)
    if predictions.best:
        skewed, right = found([preprocessing_skew], predictions), float(np.mean(answers == split.y_test))
        if skewed and trained:
            shows = f"returned a predictor that shows the network {predictions.used}"
            expect(False, predictor, shows, f"numbers up to {largest:.3g}, as in training", skewed)
        twice = found([scaled_twice], predictions)
        if twice and divides:
            shows = f"returned a predictor that shows the network {predictions.used}, as training does"
            expect(False, predictor, shows, f"{RAW}, for a network that divides them itself", twice)
        known = predictions.accuracy_of(predictions.best)
        returned = f"returned a predictor that gets {right:.0%} of unseen digits right"
        expected = f"{known:.0%}, as the network does with {predictions.best}"
        expect(not skewed and right >= known - MARGIN, predictor, returned, expected, skewed or twice)


@check(
    points=2,
    title="trained on 20,000 digits, saved and loaded elsewhere, the network recognizes unseen digits",
    after=[test_one_preparation],
    trains=True,
    hints=(
        "Is the loss still falling in the last epoch? And does it fall smoothly, or does it jump?",
        "Convolutions with batch normalization learn fast at a high learning rate; end with a low one, or the weights "
        "keep jumping around. Fewer digits need more epochs.",
        "Adam with keras.optimizers.schedules.CosineDecay, a warm-up to 0.01 and a decay to zero, over about "
        "eight epochs in batches of 128.",
    ),
)
def test_accuracy(submission, elsewhere, files, digits, probe):
    split = digits.split(num_train=TRAINING_IMAGES, view="turned")
    path, model = new_path(probe, ".keras"), built(submission)
    trained = submission.train_model(model, split.x_train, split.y_train)
    expect_own_digits(trained)
    expect_budget(model)
    saved(submission, files, model, path)
    files.copy(path, elsewhere)
    predictor = loaded(elsewhere, path)
    answers = asked_twice(predictor, split.x_test, BATCH)
    note_another_network(answers[:SMALL_TEST], network_answers(model, split.x_test[:SMALL_TEST]))
    expect_accuracy(predictor, float(np.mean(answers == split.y_test)))


def note_another_network(answers: np.ndarray, of_network: dict[str, np.ndarray]) -> None:
    """Tell the instructor if a predictor does not answer as the network does whose parameters were counted, whichever
    way that is shown the pixels. It may ask the network about several views of an image and take the mean, or ask
    another network."""
    agreement = max((float(np.mean(answers == labels)) for labels in of_network.values()), default=0.0)
    measure("agreement with the network", agreement)
    if agreement < SAME_NETWORK:
        current().flags.append("another_network")


# write_submission


@dataclass(frozen=True)
class Sheet:
    """What a submission's file holds, beside the labels that it should hold."""

    lines: list[str]
    labels: np.ndarray

    def has(self, *columns: object) -> bool:
        """True when the lines, or those after a header, hold these columns and no other."""
        rows = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
        return rows in (self.lines, self.lines[1:])


@symptom("header-missing", question="What should the first line of the file say?")
def header_missing(sheet):
    """The first line already holds the first answer, so it will be taken for the names of the columns."""
    return sheet.lines[0].split(",")[0] in {"0", "1", str(sheet.labels[0])} and len(sheet.lines) == len(sheet.labels)


@symptom("ids-from-zero", question="Which number does the first image have on Kaggle?")
def ids_from_zero(sheet):
    """The images are counted from 0, as Python does; here they are counted from 1."""
    return sheet.has(range(len(sheet.labels)), sheet.labels) and sheet.lines[0] == HEADER


@symptom("header-wrong", question="What exactly are the two columns called, letter by letter?")
def header_wrong(sheet):
    """The answers are right, but the columns are not called ImageId and Label."""
    return sheet.has(range(1, len(sheet.labels) + 1), sheet.labels) and sheet.lines[0] != HEADER


@symptom("float-labels", question="Can an image be the digit 2.5?")
def float_labels_in_file(sheet):
    """Numbers were written with a fraction, such as 7.0; ids and labels are whole numbers."""
    cells = [line.split(",") for line in sheet.lines[1:]]
    wanted = list(enumerate(sheet.labels.tolist(), start=1))
    return [tuple(map(float, row)) for row in cells] == wanted and any("." in cell for row in cells for cell in row)


@symptom("index-column", question="How many columns does each line have, and where does the first one come from?")
def index_column(sheet):
    """There is one column too many: the row numbers that pandas writes unless you tell it not to (index=False)."""
    return all(line.count(",") == 2 for line in sheet.lines[:1] + sheet.lines[-1:]) and sheet.lines[0].startswith(",")


@symptom("ids-missing", question="How can a reader of the file know which image a label belongs to?")
def ids_missing(sheet):
    """There are only labels; the number of the image should come before each of them."""
    return sheet.has(sheet.labels)


@symptom("columns-swapped", question="Which of the two columns comes first?")
def columns_swapped(sheet):
    """The label comes before the image's number."""
    return sheet.has(sheet.labels, range(1, len(sheet.labels) + 1))


@symptom("blank-lines", question="What ends a line: the CSV writer, the file, or both?")
def blank_lines(sheet):
    """There is an empty line between the answers: each line was ended twice."""
    return "" in sheet.lines


@symptom("appended-to-old-file", question='What does the mode "a" of open mean, and what does "w" mean?')
def appended(sheet):
    """The answers were added after those that were in the file before."""
    return sheet.lines.count(HEADER) == 2 or len(sheet.lines) > len(sheet.labels) + 5


FILE_MISTAKES = [
    blank_lines,
    appended,
    index_column,
    ids_missing,
    columns_swapped,
    header_missing,
    ids_from_zero,
    header_wrong,
    float_labels_in_file,
]


@check(
    points=2,
    title="write_submission writes the file that Kaggle expects",
    hints=(
        "Write the file for the three labels 2, 0, 9 by hand. What are its four lines?",
        "A line of names, then one line for each image: its number, counted from 1, a comma, its label. Nothing of an "
        "old file remains.",
        'Open the file with "w" and newline="", write "ImageId,Label", then loop over enumerate(labels, start=1).',
    ),
)
def test_submission(submission, files, probe):
    path = new_path(probe, ".csv")
    for count, dtype in ((23, np.int64), (11, np.uint8), (1, np.int32)):
        labels = probe.labels(count).astype(dtype)
        written = submission.write_submission(labels, path)
        contents = read(files, path)
        expect(bool(contents), written, f"wrote no file {path}", "a file at its path", [nothing_at_the_path])
        text = contents.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")
        sheet = Sheet(text.split("\n"), labels)
        wanted = [HEADER, *(f"{number},{label}" for number, label in enumerate(labels.tolist(), start=1))]
        if sheet.lines != wanted:
            width = max(len(sheet.lines), len(wanted))
            pairs = zip(sheet.lines + [None] * width, wanted + [None] * width, strict=False)
            line, (found_here, wanted_here) = next(
                (n, pair) for n, pair in enumerate(pairs, start=1) if pair[0] != pair[1]
            )
            returned = (
                f"wrote {found_here[:40]!r} as line {line}" if found_here is not None else f"wrote no line {line}"
            )
            expected = repr(wanted_here) if wanted_here is not None else f"no line {line}"
            expect(False, written, returned, expected, found(FILE_MISTAKES, sheet))
        expect_input_unchanged(written)
