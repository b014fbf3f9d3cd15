"""A page of all that was measured, from the files that commands have written."""

from collections.abc import Iterable, Sequence
from statistics import median

from grader.board.benchmarks import read_figures
from grader.board.networks import Measured, read_networks
from grader.board.rows import read_board
from grader.course import calibrations, find_lesson

HEAD = """\
# Measured

Every number on this page comes from a file that a command has written. Run the command again, and compare on your own
machine.
"""
LADDER = """\
How long networks take until they read 99% of the test digits, one change after another. The digits that each sees were
chosen on held-out training digits; the test set was used once, after the training. `./digits dev ladder`
"""
IDEAS = """\
What is said to make a training faster, on the last of these stages that trains with `fit`. `./digits dev ideas`
"""
GOALS = """\
Other networks, beside the 15 epochs of the example in the Keras documentation. `./digits dev goals`
"""
BOARD = """\
The course's networks. Times are multiples of what the capstone's reference takes. `./digits dev board`
"""
THRESHOLDS = """\
The accuracy that an exercise asks for, and what its reference reaches under the same conditions.
`./digits dev calibrate EXERCISE`
"""


def results() -> str:
    """The page."""
    networks = read_networks()
    goals = [*([networks.example] if networks.example else []), *networks.goals]
    parts = [
        section("Fast networks", LADDER, LADDER_ROWS, ladder(networks.ladder)),
        section("Ideas", IDEAS, NETWORK_ROWS, map(of_network, networks.ideas)),
        section("Good and small networks", GOALS, NETWORK_ROWS, map(of_network, goals)),
        section("The board", BOARD, BOARD_ROWS, board()),
        section("Thresholds", THRESHOLDS, THRESHOLD_ROWS, thresholds()),
        *benchmarks(),
    ]
    return "\n".join([HEAD, *parts])


LADDER_ROWS = ("", "what changes", "digits", "seconds (median)", "accuracy (mean)")
NETWORK_ROWS = ("", "what it is", "parameters", "seconds (median)", "accuracy (mean)", "standard deviation")
BOARD_ROWS = ("", "parameters", "training", "reading", "accuracy")
THRESHOLD_ROWS = ("exercise", "threshold", "mean", "standard deviation", "seeds")


def section(title: str, words: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A part of the page; empty without rows."""
    lines = [" | ".join(row) for row in rows]
    if not lines:
        return ""
    top = [" | ".join(head), " | ".join("---" for _ in head)]
    return f"## {title}\n\n{words}\n" + "".join(f"| {line} |\n" for line in [*top, *lines])


def ladder(networks: Iterable[Measured]) -> Iterable[Sequence[str]]:
    for each in networks:
        yield each.name, each.change, f"{each.digits:,}", f"{median(each.seconds):.1f}", f"{each.mean:.2%}"


def of_network(each: Measured) -> Sequence[str]:
    seconds, accuracy = f"{median(each.seconds):.1f}", f"{each.mean:.2%}"
    return each.name, each.change, f"{each.parameters:,}", seconds, accuracy, f"{each.spread:.2%}"


def board() -> Iterable[Sequence[str]]:
    rows, _ = read_board()
    for row in rows:
        training = "" if row.training is None else f"{row.training:g}"
        yield row.name, f"{row.parameters:,}", training, f"{row.reading:g}", f"{row.accuracy:.2%}"


def thresholds() -> Iterable[Sequence[str]]:
    found = ((find_lesson(slug), known) for slug, known in calibrations().items())
    for lesson, known in sorted(found, key=lambda each: each[0].number):
        title = f"{lesson.number}. {lesson.title}"
        yield title, f"{known.threshold:.0%}", f"{known.mean:.2%}", f"{known.standard_deviation:.2%}", f"{known.seeds}"


def benchmarks() -> Iterable[str]:
    """A part for each benchmark."""
    for name, figures in read_figures().items():
        words = f"On {figures['on']}. `./digits dev bench {name}`\n"
        rows = [(what, said) for what, said in figures.items() if what != "on"]
        yield section(f"Benchmark: {name}", words, ("", ""), rows)
