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
from grader.feedback.text import Line, command_rows, wrapped_line
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
    """The words in their order. Neither a rule is one nor the # that each line of a comment begins with."""
    return [word for word in text.split() if word.strip("─#")]


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
