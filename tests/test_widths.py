"""In a narrow terminal: no line is wider than it, no word is broken, and none is missing."""

import re
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_cli import SEQUENCES, SOLUTION, STUB, Workspace, without_time
from test_loop_commands import solved

from grader.cli.commands import demo
from grader.course import ready_lessons
from grader.feedback.html import check_html
from grader.feedback.text import Line, command_rows, feedback, plain, wrapped_line
from grader.verdict import CheckResult, Verdict

WIDE = 100  # columns; from 120 on, the code of a solution stands side by side
NARROW = pytest.mark.parametrize("columns", [40, pytest.param(60, marks=pytest.mark.thorough)])
LAST_HINT = '{"format": 3, "exercises": {"pixels": {"hints_shown": {"label_counts": 2}}}, "answers": {}}'


@dataclass(frozen=True)
class Case:
    """A command, and what it finds in the learner's folder."""

    command: str
    exercise: Path = STUB
    progress: str = ""


CASES = {
    "next": Case("next"),
    "a hint": Case("hint pixels"),
    "the last hint": Case("hint pixels", progress=LAST_HINT),
    "no hint because all checks pass": Case("hint pixels", SOLUTION),
    "no hint because all is solved": Case("hint", progress=solved(*(lesson.slug for lesson in ready_lessons()))),
    "no solution yet": Case("solution pixels"),
    "a solution": Case("solution pixels", SOLUTION),
    "a solution before the time": Case("solution pixels --spoil --yes"),
    "nothing to reset": Case("reset pixels"),
    "a reset": Case("reset pixels", SOLUTION),
}


def printed(folder: Path, case: Case, columns: int) -> str:
    """What a terminal with so many columns shows in the end."""
    learner = Workspace(folder / str(columns))
    learner.exercise.parent.mkdir(parents=True)
    learner.hold(case.exercise)
    if case.progress:
        learner.progress.parent.mkdir()
        learner.progress.write_text(case.progress, "utf-8")
    shown = SEQUENCES.sub("", learner.on_terminal(*case.command.split(), columns=columns).out)
    at_any_time = re.sub(r"\d{8}-\d{6}", "20260301-180410", without_time(shown))
    return re.sub(r"[^\n]*\r", "", at_any_time)  # the progress line, which is gone again


def words(text: str) -> list[str]:
    """The words in their order, without rules, the # at the start of a comment's lines and the \\ of a broken line."""
    return [word for word in text.split() if word.strip("─#\\")]


def too_wide(text: str, columns: int) -> list[str]:
    """The lines that are wider than the terminal although they could be broken between words."""
    return [line for line in text.splitlines() if len(line) > columns and len(words(line)) > 1]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@NARROW
def test_a_narrow_terminal_shows_the_same_words(tmp_path, case, columns):
    narrow = printed(tmp_path, case, columns)
    assert not too_wide(narrow, columns)
    assert words(narrow) == words(printed(tmp_path, case, WIDE)) != []


@NARROW
def test_a_narrow_map_leaves_words_out_and_breaks_none(tmp_path, columns):
    narrow = printed(tmp_path, Case(""), columns)
    assert not too_wide(narrow, columns)
    whole = {word for word in words(narrow) if not word.endswith("…")}
    assert whole <= set(words(printed(tmp_path, Case(""), WIDE)))


# The demo, without its half minute of training


def verdicts() -> Iterator[Verdict]:
    """What the grader thinks of the three submissions of the demo."""
    for outcome, mistake, accuracy, flags in (
        ("passed", None, {"accuracy": 0.95}, []),
        ("failed", "softmax-and-from-logits", {}, []),
        ("failed", None, {"accuracy": 0.34}, ["self-reported"]),
    ):
        check = CheckResult("accuracy", "it recognizes digits", outcome, 0, 10, mistake, measurements=accuracy)
        yield Verdict("dense", "graded", 10, "namespaces", [check], flags=flags)


def shown_by_the_demo(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int) -> str:
    found = verdicts()
    for name, value in {"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": str(columns)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(demo, "Engine", lambda: nullcontext(SimpleNamespace(warm=lambda runtime: None)))
    monkeypatch.setattr(demo, "print_verdict", lambda *_: next(found))
    demo.run_demo()
    return SEQUENCES.sub("", capsys.readouterr().out)


@pytest.mark.parametrize("columns", [40, 60])
def test_the_demo_fits_a_narrow_terminal(monkeypatch, capsys, columns):
    narrow, wide = (shown_by_the_demo(monkeypatch, capsys, width) for width in (columns, WIDE))
    assert not too_wide(narrow, columns)
    assert set(words(narrow)) == set(words(wide)) > {"softmax-and-from-logits", "self-reported", "95%"}
    for sentence in (
        "a network that learns to recognize digits.",
        demo.EXPLANATION,
        "0 s in total. Your turn: ./digits",
    ):
        assert sentence in " ".join(words(narrow))


def test_the_demo_shows_a_table_where_there_is_room(monkeypatch, capsys):
    shown = shown_by_the_demo(monkeypatch, capsys, 80)
    assert not too_wide(shown, 80)
    assert re.search(r"^ +Cleo +0/10 +accuracy: failed +34% +self-reported *$", shown, re.MULTILINE)


# What the commands print with


def lines_of(shown: Iterable[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in shown]


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (62, [" Think about it first. For the next hint: ./digits hint pixels"]),
        (61, [" Think about it first. For the next hint:", " ./digits hint pixels"]),
        (40, [" Think about it first. For the next", " hint: ./digits hint pixels"]),
        (27, [" Think about it first. For", " the next hint:", " ./digits hint pixels"]),
        (20, [" Think about it", " first. For the next", " hint: ./digits hint", " pixels"]),
    ],
)
def test_a_command_stays_in_one_line_if_it_fits(columns, lines):
    parts = [("Think about it first. For the next hint:", "quiet"), ("./digits hint pixels", "title")]
    assert lines_of(wrapped_line(parts, columns)) == lines


def test_commands_stand_beside_what_they_do_only_if_all_fit():
    effects = {"./digits hint cnn": "get a hint", "./digits solution cnn --spoil": "see the reference"}
    beside = [f"   {command:<29}    {effect}" for command, effect in effects.items()]
    below = [line for command, effect in effects.items() for line in (f"   {command}", f"     {effect}")]
    assert lines_of(command_rows(effects, 53)) == beside
    assert lines_of(command_rows(effects, 52)) == below


# Matrices, and what else has lines of its own

SCORES = "softmax([[ 0.4611, 0.7803, -3.61 , -0.0332], [-2.0624, 0.562 , -0.7041, 1.6301], [ 1.5897, -2. , 10. , 2.]])"
ROWS = [
    "[[ 0.4611,  0.7803, -3.61  , -0.0332],",
    " [-2.0624,  0.562 , -0.7041,  1.6301],",
    " [ 1.5897, -2.    , 10.    ,  2.    ]])",
]
NUMBER = r"-?\d+\.\d*"


def verdict_on(columns: int, **said: str) -> list[str]:
    """The lines about a failed check, below its title."""
    return lines_of(feedback(CheckResult("one", "One", "failed", 0, 1, **said), columns))[1:]


def test_each_row_of_a_matrix_has_a_line_of_its_own_in_a_call():
    start = "         called     softmax("
    rows = verdict_on(80, called=SCORES, returned="returned None", expected="an array")[:3]
    assert rows == [start + ROWS[0], *(" " * len(start) + row for row in ROWS[1:])]
    start = "         called     "
    rows = verdict_on(62, called=SCORES, returned="returned None", expected="an array")[:4]
    assert rows == [f"{start}softmax(", *(" " * (len(start) + 2) + row for row in ROWS)]


def test_a_call_that_fits_stays_in_one_line_and_other_arguments_stay_together():
    short = "softmax([[1., 2.], [3., 4.]])"
    assert verdict_on(80, called=short)[0] == f"         called     {short}"
    long = (
        "gradients(float64 (7, 5), [0, 0, 0, 2, 1], [[-0.37, 0.5], [ 0.93, 0.5]], [-0.47, -0.44], rate=[[1.], [20.]])"
    )
    assert [line[20:] for line in verdict_on(80, called=long)[:5]] == [
        "gradients(float64 (7, 5), [0, 0, 0, 2, 1],",
        "          [[-0.37,  0.5 ],",
        "           [ 0.93,  0.5 ]],",
        "          [-0.47, -0.44],",
        "          rate=[[ 1.],",
    ]


@pytest.mark.parametrize("columns", [40, 60, 80])
@pytest.mark.parametrize("said", ["called", "returned", "expected"])
def test_rows_begin_below_each_other_and_what_continues_them_does_not(columns, said):
    matrix = [" ".join(f"{number + row}.25," for number in range(6)).rstrip(",") for row in range(10, 13)]
    shown = ",\n ".join(f"[{row}]" for row in matrix)
    text = f"[{shown}]".replace("\n", "") if said == "called" else f"float64 (3, 6)\n[{shown}]"
    values = {"called": "f()", "returned": "returned 1", "expected": "2"} | {
        said: f"f({text})" if said == "called" else text
    }
    found = verdict_on(columns, **values)
    assert all(len(line) <= columns for line in found)
    assert re.findall(NUMBER, " ".join(found)) == re.findall(NUMBER, text)
    starts = [match.end() for line in found if (match := re.search(r"\[(?=\d)", line))]
    assert len(starts) == 3
    assert len(set(starts)) == 1
    goes_on = [len(line) - len(line.lstrip()) for line in found if re.match(rf" *{NUMBER}", line)]
    assert all(column > starts[0] - 1 for column in goes_on)
    assert goes_on or columns == 80


def test_brackets_that_are_no_matrix_stay_as_they_are():
    for call in (
        "f('[[a], [b]]', [[1, 2], [3])",
        "f([[, 'x' * 99",
        "f([[1, 2], [3, 4]], 'a]] and b, c, d, e, f, g, h, i, j, k')",
    ):
        words_shown = " ".join(verdict_on(40, called=call)).split()
        assert "".join(words_shown).removeprefix("called").startswith("".join(call.split()))


def test_a_page_shows_the_rows_of_a_call_too():
    page = check_html(CheckResult("one", "One", "failed", 0, 1, called=SCORES, returned="returned None", expected="a"))
    assert f"softmax({ROWS[0]}\n        {ROWS[1]}\n" in page


def test_lines_that_were_printed_stay_whole_in_80_columns_if_they_can():
    for zeros, indent in ((20, 11), (24, 3)):
        lines = ["row 0 [0" + "  0" * (zeros - 1), *["  0" * zeros] * 2]
        shown = plain(CheckResult("one", "One", "passed", 1, 1, printed="\n".join(lines))).splitlines()
        assert shown[1:] == ["         printed", *(" " * indent + line for line in lines)]
    shown = plain(CheckResult("one", "One", "passed", 1, 1, printed="short\n" + "x" * 60)).splitlines()
    assert shown[1:] == ["         printed    short", " " * 20 + "x" * 60]


def test_what_is_not_written_yet_stands_below_the_title():
    result = CheckResult("one", "One", "not_attempted", 0, 1, message="class_means is not written yet.")
    for columns, indent in ((80, 9), (40, 3)):
        assert plain(result, columns).splitlines()[1] == " " * indent + "class_means is not written yet."
