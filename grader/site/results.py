"""A page of all that was measured, from the files that commands have written."""

from collections.abc import Iterable, Sequence
from statistics import median

from grader.board.benchmarks import read_figures
from grader.board.networks import Measured, read_networks
from grader.board.rows import read_board
from grader.course import calibrations, find_lesson

HEAD = """\
# Measurements

Every section names the command that measured its numbers. To compare with your own machine, run that command in your
copy of the repository; it replaces the numbers there.
"""
LADDER = """\
How long networks take to reach 99% test accuracy; each row keeps the changes above it. The last row is another network,
which goes on to 99.5%. The first row, the example in the Keras documentation, is checked against the test set and stops
as soon as it gets there. For all others, the number of training digits was chosen on held-out training digits, and the
test set was used once, after training. `./digits dev ladder`
"""
IDEAS = """\
Ideas that are said to speed up training, each tried on the last of the networks above that trains with `fit`. The first
row is that network as it is. `./digits dev ideas`
"""
GOALS = """\
Other networks, compared with the example in the Keras documentation after its full 15 epochs. They were chosen by
cross-validation on training digits. `./digits dev goals`
"""
BOARD = """\
The course's networks on the 10,000 test digits. Times are relative to those of the capstone's reference solution, so 2
means twice as long. `./digits dev board`
"""
THRESHOLDS = """\
The accuracy that each exercise requires, and the mean that its reference solution reaches under the same conditions.
`./digits dev calibrate EXERCISE`
"""


def results() -> str:
    """The page."""
    networks = read_networks()
    goals = [*([networks.example] if networks.example else []), *networks.goals]
    parts = [
        section("Fast networks", LADDER, LADDER_HEAD, ladder(networks.ladder)),
        section("Ideas", IDEAS, NETWORK_HEAD, map(of_network, networks.ideas)),
        section("Accurate and small networks", GOALS, NETWORK_HEAD, map(of_network, goals)),
        section("The board", BOARD, BOARD_HEAD, board()),
        section("Thresholds", THRESHOLDS, THRESHOLD_HEAD, thresholds()),
        *benchmarks(),
    ]
    return "\n".join([HEAD, *parts])


LADDER_HEAD = ("", "what changes", "digits seen in training", "seconds (median)", "accuracy (mean)")
NETWORK_HEAD = ("", "what it is", "parameters", "seconds (median)", "accuracy (mean)", "standard deviation")
BOARD_HEAD = ("", "parameters", "time to train", "time to read", "accuracy")
THRESHOLD_HEAD = ("exercise", "threshold", "mean", "standard deviation", "seeds")


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
        words = f"Measured on {figures['on']}. `./digits dev bench {name}`\n"
        rows = [(what, said) for what, said in figures.items() if what != "on"]
        yield section(f"Benchmark: {name}", words, ("", ""), rows)
