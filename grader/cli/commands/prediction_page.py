"""How predictions look in a terminal: a digit with what the network saw, or the lines of a page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.cli.commands.digit_art import draw_digit
from grader.cli.commands.recall import wrapped
from grader.cli.terminal import Terminal
from grader.engine.judge.source import short_name
from grader.feedback.text import Line, paragraph
from grader.handwriting.network import OWN, REFERENCE, Choice, Reader
from grader.handwriting.words import percent, share, shortened

if TYPE_CHECKING:
    from grader.handwriting.recognition import Prediction, Reading

DRAWN = 3  # draw at most this many pictures; more would scroll off the screen
BAR, NAME, CELL = 20, 36, 7
DOUBTS = 4  # digits of a page that are named
ROOM = 68  # columns; with fewer, what is said of a drawing stands below it
TRUSTWORTHY = 0.5  # test accuracy; a network below that was trained for something else


def show(terminal: Terminal, predictions: "list[Prediction]", reader: Reader | None, skipped: list[str]) -> None:
    """Print every prediction: a few with drawings, more in one line each.

    Args:
        skipped: sentences about files in folders that are no pictures.
    """
    if reader:
        terminal.lines(introduction(reader, terminal.width))
    few = len(predictions) <= DRAWN
    for prediction in predictions:
        if few:
            terminal.line()
        if prediction.error:
            mark = "✗" if terminal.unicode else "x"
            name = shortened(prediction.name, min(NAME, terminal.width // 2))
            terminal.lines(paragraph(f"{mark} {name}", prediction.error, terminal.width))
        elif prediction.is_page:
            show_page(terminal, prediction)
        elif few:
            show_digit(terminal, prediction)
        else:
            show_in_a_line(terminal, prediction)
        for note in prediction.prepared.notes if prediction.prepared else ():
            terminal.lines(paragraph("note", note, terminal.width, "question"))
    for sentence in skipped:
        terminal.lines(paragraph("skipped", sentence, terminal.width, "quiet"))
    if not few:
        count = sum(not prediction.error for prediction in predictions)
        said = f"{count} of {len(predictions)} read. Name at most {DRAWN} pictures to see what the network saw."
        for line in wrapped(said, terminal.width - 1):
            terminal.line((f" {line}", "quiet"))
    elif reader:
        terminal.line()


def introduction(reader: Reader, width: int) -> list[Line]:
    """Which network is used, how well it does, and the range of pixels that it gets."""
    choice: Choice = reader.choice
    if choice.path == REFERENCE:
        whose = f"the course's own network, until lesson 14 saves yours as {OWN}."
    else:
        whose = f"{shortened(short_name(choice.path), 60)}, {choice.why}."
    tried = f"It gets {100 * reader.accuracy:.1f}% of 500 test digits right, with pixels from {reader.pixels}."
    doubt = "" if reader.accuracy >= TRUSTWORTHY else " Do not trust it: it was not trained for these digits."
    return list(paragraph("model", f"{whose} {tried}{doubt}", width, "good" if not doubt else "bad"))


def show_digit(terminal: Terminal, prediction: "Prediction") -> None:
    """A picture with one digit: what the network saw, and what it makes of it."""
    assert prediction.prepared
    (reading,) = prediction.readings
    terminal.line((f" {shortened(prediction.name, terminal.width - 2)}", "title"))
    drawn = list(draw_digit(prediction.prepared.digits[0], terminal))
    words = beside(terminal, reading)
    if terminal.width >= ROOM:
        for drawing, said in zip(drawn, words, strict=True):
            terminal.line(("  ", ""), *drawing, ("   ", ""), *said)
    else:
        for line in (*drawn, *words[1:]):
            terminal.line(("  ", ""), *line)
    if reading.doubt:
        terminal.lines(paragraph("doubt", reading.doubt, terminal.width, "bad"))


def beside(terminal: Terminal, reading: "Reading") -> list[Line]:
    """The lines to the right of a drawing, as many as the drawing has."""
    full = "━" if terminal.unicode else "#"
    bars = []
    for digit, probability in enumerate(reading.probabilities):
        known = digit in {reading.digit, reading.runner_up}
        style = "good" if digit == reading.digit else "quiet"
        bar = full * round(BAR * probability)
        bars.append([(f"{digit} ", style), (f"{bar:<{BAR}} ", "curve"), (percent(probability) if known else "", style)])
    second = [(f"then {reading.runner_up}, probability {percent(reading.second_confidence)}", "quiet")]
    return [[], heading(reading), second, [], *bars]


def heading(reading: "Reading") -> Line:
    """The answer. Where there may be no digit at all, its probability does not stand alone."""
    article = "an" if reading.digit == 8 else "a"
    if reading.doubt:
        return [("probably not a digit", "title"), (f"; perhaps {article} {reading.digit}", "")]
    word = ": little better than a guess" if reading.is_doubtful else ": not sure" if reading.is_unsure else ""
    return [(f"{article} {reading.digit}", "title"), (f", probability {percent(reading.confidence)}{word}", "")]


def show_in_a_line(terminal: Terminal, prediction: "Prediction") -> None:
    """A picture with one digit, among many: the digit, its probability, and the second choice; or what is doubtful."""
    (reading,) = prediction.readings
    style = "question" if reading.is_unsure else "good"
    room = min(NAME, max(8, terminal.width - 18))
    said: Line = [(f" {shortened(prediction.name, room):<{room}}  ", "title"), (f"{reading.digit}", style)]
    if reading.doubt:
        terminal.line(*said, ("  probably not a digit", "bad"))
        terminal.lines(paragraph("doubt", reading.doubt, terminal.width, "bad"))
        return
    said.append((f"  {percent(reading.confidence):>10}", ""))
    if terminal.width >= ROOM:
        said.append((f"   then {reading.runner_up}, {percent(reading.second_confidence)}", "quiet"))
    terminal.line(*said)


def show_page(terminal: Terminal, prediction: "Prediction") -> None:
    """A picture with several digits: each line as a number, with the confidence below each digit."""
    terminal.line((f" {shortened(prediction.name, terminal.width - 2)}", "title"))
    for readings in prediction.lines():
        for line in number_lines(readings, terminal.width):
            terminal.line(*line)
    doubtful = [reading for reading in prediction.readings if reading.is_doubtful]
    if len(doubtful) * 2 > len(prediction.readings):
        count = f"{len(doubtful)} of {len(prediction.readings)}"
        said = f"This picture may not show any digits: {count} marks do not look like digits."
        terminal.lines(paragraph("doubt", said, terminal.width, "bad"))
        return
    unsure = [reading for reading in prediction.readings if reading.is_unsure]
    for reading in unsure[:DOUBTS]:
        terminal.lines(paragraph("doubt", about(reading), terminal.width, "bad"))
    if len(unsure) > DOUBTS:
        terminal.lines(paragraph("doubt", f"{len(unsure) - DOUBTS} more digits.", terminal.width, "bad"))


def about(reading: "Reading") -> str:
    """Which digit of a page is doubtful, and why."""
    place = f"digit {reading.position} of line {reading.line}"
    guess = f"{reading.digit} with {percent(reading.confidence)}, then {reading.runner_up}."
    return f"{place}: {guess} {reading.doubt}".rstrip()


def number_lines(readings: "list[Reading]", width: int) -> Iterator[Line]:
    """A line of a page: the number, then its digits with the confidence in each, in as many rows as it takes."""
    yield [("   ", ""), ("".join(str(reading.digit) for reading in readings), "title")]
    fit = max(1, (width - 3) // CELL)
    for start in range(0, len(readings), fit):
        part = readings[start : start + fit]
        styles = ["question" if reading.is_unsure else "good" for reading in part]
        yield [("   ", ""), *((f"{reading.digit:<{CELL}}", style) for reading, style in zip(part, styles, strict=True))]
        yield [("   ", ""), *((f"{share(reading.confidence):<{CELL}}", "quiet") for reading in part)]
