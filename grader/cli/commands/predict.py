"""`digits predict`: recognizes handwritten digits in pictures."""

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from grader.cli.commands.prediction_page import show
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import find_workspace
from grader.data import load_mnist
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.handwriting.folders import pictures_in
from grader.handwriting.network import Reader, choose_model
from grader.handwriting.pictures import Pictures
from grader.handwriting.words import shortened

if TYPE_CHECKING:
    from grader.handwriting.recognition import Prediction

Result = TypeVar("Result")


def predict_images(images: list[Path], model: Path | None, as_json: bool, target: Path | None) -> int:
    """Recognize the digits in picture files and print the results.

    Returns:
        The exit status: 0 if all pictures could be read, else 1.

    Raises:
        CourseError: the model cannot be used, or the drawing cannot be written to the given path.
    """
    terminal, choice = Terminal(), choose_model(model, find_workspace())
    images, skipped = pictures_in(images)
    if target:
        from grader.handwriting.explain import check_target

        check_target(target, len(images))
    with Engine(background.connect) as engine, nullcontext() if as_json else progress(terminal) as shown:
        engine.warm("tensorflow")
        loading = in_background(lambda: Reader(choice, engine, lambda: load_mnist()[1]))
        if shown:
            shown.begin("preparing the pictures")
        predictions, reader = prepare(images, engine, every_stage=target is not None), None
        if any(prediction.prepared for prediction in predictions):
            if shown:
                shown.begin("loading the network")
            reader = loading.result()
            predictions = recognized(predictions, reader)
    if as_json:
        sys.stdout.write(
            json.dumps([entry for prediction in predictions for entry in prediction.to_json()], indent=1) + "\n"
        )
    else:
        show(terminal, predictions, reader, skipped)
    drawn = [prediction for prediction in predictions if not prediction.error]
    if target and drawn:
        from grader.handwriting.explain import draw

        draw(drawn, target)
        if not as_json:
            terminal.line((f" Every step is drawn in {shortened(target, 54)}", "quiet"))
    return 1 if any(prediction.error for prediction in predictions) else 0


def in_background(make: Callable[[], Result]) -> "Future[Result]":
    """Make something in a thread of its own, while this one goes on. Nobody waits for it who does not ask for it."""
    made: Future[Result] = Future()

    def run() -> None:
        try:
            made.set_result(make())
        except BaseException as error:
            made.set_exception(error)

    threading.Thread(target=run, daemon=True, name="network").start()
    return made


def prepare(images: list[Path], engine: Engine, every_stage: bool) -> "list[Prediction]":
    from grader.handwriting.recognition import prepare_files  # takes a while, in which the network is being loaded

    return list(prepare_files(images, Pictures(engine), every_stage))


def recognized(predictions: "list[Prediction]", reader: Reader) -> "list[Prediction]":
    from grader.handwriting.recognition import recognize

    return recognize(predictions, reader.probabilities)
