"""`digits predict`: recognizes handwritten digits in pictures."""

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from grader.cli.commands.digit_art import draw_digit
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import find_workspace
from grader.data import load_mnist
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.feedback.text import Line, paragraph
from grader.handwriting.network import OWN, REFERENCE, Choice, Reader, choose_model
from grader.handwriting.pictures import Pictures
from grader.handwriting.words import percent, shortened

if TYPE_CHECKING:
    from grader.handwriting.recognition import Prediction

Result = TypeVar("Result")

DRAWN = 3  # draw at most this many pictures; more would scroll off the screen
BAR, NAME = 20, 36
TRUSTWORTHY = 0.5  # test accuracy; a network below that was trained for something else
GUESS = 0.5  # a confidence below this is little better than a guess


def predict_images(images: list[Path], model: Path | None, as_json: bool, target: Path | None) -> int:
    """Recognize the digits in picture files and print the results.

    Returns:
        The exit status: 0 if all pictures could be read, else 1.

    Raises:
        CourseError: the model cannot be used, or the drawing cannot be written to the given path.
    """
    terminal, choice = Terminal(), choose_model(model, find_workspace())
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
        sys.stdout.write(json.dumps([prediction.to_json() for prediction in predictions], indent=1) + "\n")
    else:
        show(terminal, predictions, reader)
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


def show(terminal: Terminal, predictions: "list[Prediction]", reader: Reader | None) -> None:
    """Print every prediction: a few with drawings, more in one line each."""
    if reader:
        terminal.lines(introduction(reader, terminal.width))
    few = len(predictions) <= DRAWN
    for prediction in predictions:
        if few:
            terminal.line()
        if prediction.error:
            mark = "✗" if terminal.unicode else "x"
            terminal.lines(paragraph(f"{mark} {shortened(prediction.path, NAME)}", prediction.error, terminal.width))
        elif few and prediction.prepared:
            terminal.line((f" {shortened(prediction.path, terminal.width - 2)}", "title"))
            drawn = draw_digit(prediction.prepared.digit, terminal)
            for drawing, words in zip(drawn, beside(terminal, prediction), strict=True):
                terminal.line(("  ", ""), *drawing, ("   ", ""), *words)
        else:
            terminal.line((f" {shortened(prediction.path, NAME):<{NAME}}  ", "title"), *in_a_line(prediction))
        for note in prediction.prepared.notes if prediction.prepared else ():
            terminal.lines(paragraph("note", note, terminal.width, "question"))
    if not few:
        count = sum(not prediction.error for prediction in predictions)
        terminal.line(
            (
                f" {count} of {len(predictions)} read. Name at most {DRAWN} pictures to see what the network saw.",
                "quiet",
            )
        )
    elif reader:
        terminal.line()


def introduction(reader: Reader, width: int) -> list[Line]:
    """Which network is used, how well it does, and the range of pixels that it gets."""
    choice: Choice = reader.choice
    if choice.path == REFERENCE:
        whose = f"the course's own network, until lesson 14 saves yours as {OWN}."
    else:
        whose = f"{shortened(choice.path, 60)}, {choice.why}."
    tried = f"It gets {100 * reader.accuracy:.1f}% of 500 test digits right, with pixels from {reader.pixels}."
    doubt = "" if reader.accuracy >= TRUSTWORTHY else " Do not trust it: it was not trained for these digits."
    return list(paragraph("model", f"{whose} {tried}{doubt}", width, "good" if not doubt else "bad"))


def in_a_line(prediction: "Prediction") -> Line:
    """The digit, its probability, and the second choice."""
    second = percent(prediction.second_confidence)
    style = "good" if prediction.confidence >= GUESS else "question"
    return [
        (f"{prediction.digit}", style),
        (f"  {percent(prediction.confidence):>10}", ""),
        (f"   then {prediction.runner_up}, {second}", "quiet"),
    ]


def beside(terminal: Terminal, prediction: "Prediction") -> list[Line]:
    """The lines to the right of a drawing, as many as the drawing has."""
    full = "━" if terminal.unicode else "#"
    bars = []
    for digit, share in enumerate(prediction.known):
        known = digit in {prediction.digit, prediction.runner_up}
        style = "good" if digit == prediction.digit else "quiet"
        bar = full * round(BAR * share)
        bars.append([(f"{digit} ", style), (f"{bar:<{BAR}} ", "curve"), (percent(share) if known else "", style)])
    word = "" if prediction.confidence >= GUESS else ": little better than a guess"
    heading = [
        (f"{'an' if prediction.digit == 8 else 'a'} {prediction.digit}", "title"),
        (f", probability {percent(prediction.confidence)}{word}", ""),
    ]
    second = [(f"then {prediction.runner_up}, probability {percent(prediction.second_confidence)}", "quiet")]
    return [[], heading, second, [], *bars]
