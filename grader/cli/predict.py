"""`digits predict`: photographs of handwritten digits, read by a network."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path

from grader.cli.digit_art import draw_digit
from grader.cli.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import find_workspace
from grader.data import load_mnist
from grader.feedback import Line, paragraph
from grader.reading.models import OWN, REFERENCE, Choice, Reader, choose_model
from grader.reading.readings import Reading, prepare_files, read
from grader.reading.words import percent, shortened

DRAWN = 3  # so many pictures are drawn; more would scroll away
BAR, NAME = 20, 36
BELIEVABLE = 0.5  # of the test digits; a network that reads less was trained for something else
GUESS = 0.5


def predict_images(images: list[Path], model: Path | None, as_json: bool, target: Path | None) -> int:
    """Read the digits in picture files and print what they are.

    Returns:
        The exit status: 0 if all were read, 1 if one could not be.

    Raises:
        CourseError: the model cannot be used, or there cannot be a drawing where it was asked for.
    """
    terminal, choice = Terminal(), choose_model(model, find_workspace())
    if target:
        from grader.reading.explain import check_target

        check_target(target, len(images))
    with nullcontext() if as_json else progress(terminal) as shown:
        if shown:
            shown.begin("looking at the pictures")
        readings, reader = list(prepare_files(images, every_stage=target is not None)), None
        if any(reading.prepared for reading in readings):
            if shown:
                shown.begin("importing TensorFlow")
            reader = Reader(choice, *load_mnist()[1])
            readings = read(readings, reader.probabilities)
    if as_json:
        sys.stdout.write(json.dumps([reading.to_json() for reading in readings], indent=1) + "\n")
    else:
        show(terminal, readings, reader)
    drawn = [reading for reading in readings if not reading.error]
    if target and drawn:
        from grader.reading.explain import draw

        draw(drawn, target)
        if not as_json:
            terminal.line((f" Every stage is drawn in {shortened(target, 54)}", "quiet"))
    return 1 if any(reading.error for reading in readings) else 0


def show(terminal: Terminal, readings: list[Reading], reader: Reader | None) -> None:
    """Print every reading: with a drawing while they are few, else in a line each."""
    if reader:
        terminal.lines(introduction(reader, terminal.width))
    few = len(readings) <= DRAWN
    for reading in readings:
        if few:
            terminal.line()
        if reading.error:
            mark = "✗" if terminal.unicode else "x"
            terminal.lines(paragraph(f"{mark} {shortened(reading.path, NAME)}", reading.error, terminal.width))
        elif few:
            terminal.line((f" {shortened(reading.path, terminal.width - 2)}", "title"))
            for drawing, words in zip(
                draw_digit(reading.prepared.digit, terminal), beside(terminal, reading), strict=True
            ):
                terminal.line(("  ", ""), *drawing, ("   ", ""), *words)
        else:
            terminal.line((f" {shortened(reading.path, NAME):<{NAME}}  ", "title"), *in_a_line(reading))
        for note in reading.prepared.notes if reading.prepared else ():
            terminal.lines(paragraph("note", note, terminal.width, "question"))
    if not few:
        count = sum(not reading.error for reading in readings)
        terminal.line((f" {count} of {len(readings)} read. Name up to {DRAWN} to see what the network saw.", "quiet"))
    elif reader:
        terminal.line()


def introduction(reader: Reader, width: int) -> list[Line]:
    """Which network reads, how well, and what it is taken to want."""
    choice: Choice = reader.choice
    if choice.path == REFERENCE:
        whose = f"the course's own network. Yours will read as soon as it is saved as {OWN} (lesson 14)."
    else:
        whose = f"{shortened(choice.path, 60)}, {choice.why}."
    tried = f"It reads {100 * reader.accuracy:.1f} % of 500 test digits, with pixels from {reader.pixels}."
    doubt = "" if reader.accuracy >= BELIEVABLE else " Do not believe it: it was not trained for these digits."
    return list(paragraph("model", f"{whose} {tried}{doubt}", width, "good" if not doubt else "bad"))


def in_a_line(reading: Reading) -> Line:
    second = percent(reading.probabilities[reading.runner_up])
    style = "good" if reading.confidence >= GUESS else "question"
    return [
        (f"{reading.digit}", style),
        (f"  {percent(reading.confidence):>11}", ""),
        (f"   then {reading.runner_up}, {second}", "quiet"),
    ]


def beside(terminal: Terminal, reading: Reading) -> list[Line]:
    """What stands to the right of a drawing, in as many lines as that has."""
    full = "━" if terminal.unicode else "#"
    bars = []
    for digit, share in enumerate(reading.probabilities):
        known = digit in {reading.digit, reading.runner_up}
        style = "good" if digit == reading.digit else "quiet"
        bar = full * round(BAR * share)
        bars.append([(f"{digit} ", style), (f"{bar:<{BAR}} ", "curve"), (percent(share) if known else "", style)])
    word = "" if reading.confidence >= GUESS else ": hardly more than a guess"
    heading = [
        (f"{'an' if reading.digit == 8 else 'a'} {reading.digit}", "title"),
        (f" with {percent(reading.confidence)}{word}", ""),
    ]
    second = [(f"then {reading.runner_up} with {percent(reading.probabilities[reading.runner_up])}", "quiet")]
    return [[], heading, second, [], *bars]
