"""The command line as people and programs meet it: what it prints, where, in which characters, and how it exits."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer
from typer.main import get_command

from grader.cli.app import app, run
from grader.cli.classroom.publish import FORMATS
from grader.cli.commands.test import Selection, select
from grader.course import ready_lessons
from grader.launcher.menu import MENU

DIGITS = Path(sys.executable).with_name("digits")
REPOSITORY = Path(__file__).parent.parent
CHECKS = REPOSITORY / "grader" / "checks"
MANIFEST = tomllib.loads((REPOSITORY / "grader" / "course.toml").read_text("utf-8"))["lesson"]
LESSONS = [(f"{number:02d}_{lesson['slug']}", lesson) for number, lesson in enumerate(MANIFEST, start=1)]
READY = [lesson["slug"] for stem, lesson in LESSONS if (CHECKS / f"test_{stem}.py").is_file()]
COMING = [lesson["slug"] for _, lesson in LESSONS if lesson["slug"] not in READY]
SOLUTION = REPOSITORY / "solutions" / "01_pixels.py"
STUB = REPOSITORY / "exercises" / "01_pixels.py"
MISTAKES = REPOSITORY / "tests" / "mistakes" / "01_pixels"
COMMANDS = ("check", "next", "hint", "quiz", "lab", "solution", "reset", "grade", "demo", "doctor", "test", "dev")
KEYS = {"exercise", "outcome", "message", "score", "max_score", "isolation", "seconds", "flags", "checks"}
CHECK_KEYS = {"name", "title", "outcome", "points", "max_points", "mistake", "message", "hint"}
WIDTH = 80
SOON = 120  # seconds until a test that hangs fails instead
STEERING = re.compile(r"(PYTEST|DIGITS|COLUMNS$|LINES$|NO_COLOR$|FORCE_COLOR$|TTY_|PYTHONIOENCODING$|TERM$)")
COLORS = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")
SEQUENCES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pseudo-terminals here are those of POSIX")


# How the commands are run


@dataclass
class Finished:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str = ""


@dataclass
class Workspace:
    """A learner's folder with one exercise in it."""

    folder: Path

    @property
    def exercise(self) -> Path:
        return self.folder / "exercises" / "01_pixels.py"

    @property
    def progress(self) -> Path:
        return self.folder / ".digits" / "progress.json"

    def hold(self, source: Path) -> None:
        """Let the exercise be a copy of a file."""
        shutil.copy(source, self.exercise)

    def run(self, *command: str | Path, cwd: Path | None = None, typed: str = "", **variables: str) -> Finished:
        finished = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=environment({"PYTHONIOENCODING": "utf-8"} | variables),
            input=typed.encode(),
            capture_output=True,
            timeout=SOON,
            check=False,
        )
        out, err = finished.stdout.decode(), finished.stderr.decode()
        assert "Traceback" not in out + err
        return Finished(finished.returncode, out, err)

    def digits(self, *arguments: str | Path, **options: Any) -> Finished:
        return self.run(DIGITS, *arguments, **options)

    def grade(self, *arguments: str | Path, **options: Any) -> dict[str, Any]:
        """The JSON of `digits grade`."""
        finished = self.digits("grade", *arguments, "--json", **options)
        assert (finished.status, finished.err) == (0, "")
        return json.loads(finished.out)

    def on_terminal(self, *arguments: str, columns: int = WIDTH, **variables: str) -> Finished:
        """Run `digits` on a pseudo-terminal."""
        pty = pytest.importorskip("pty")
        import fcntl
        import termios

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            [DIGITS, *arguments],
            cwd=self.folder,
            env=environment({"PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", "PAGER": "cat"} | variables),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        printed = b""
        try:
            while part := read_terminal(ours):
                printed += part
            status = process.wait(SOON)
        finally:
            process.kill()
            os.close(ours)
        text = printed.decode().replace("\r\n", "\n")
        assert "Traceback" not in text
        return Finished(status, text)


def environment(variables: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not STEERING.match(key)} | variables


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # what Linux says when the other end is closed
        return b""


def without_time(text: str) -> str:
    return re.sub(r"   \d+\.\d s", "", text)


def rows(printed: str) -> dict[str, str]:
    """The lines of the map by slug."""
    found = (re.search(r" \d+  (\w+)  ", line) for line in printed.splitlines())
    return {match[1]: match.string for match in found if match}


def assert_narrow(printed: str) -> None:
    wide = [line for line in SEQUENCES.sub("", printed).splitlines() if len(line) > WIDTH]
    assert not wide


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "exercises").mkdir()
    made = Workspace(tmp_path)
    made.hold(STUB)
    return made


# The map


def test_the_map_shows_all_lessons_and_counts_those_that_are_ready(workspace):
    shown = workspace.digits()
    assert (shown.status, shown.err) == (0, "")
    assert list(rows(shown.out)) == [lesson["slug"] for _, lesson in LESSONS]
    for stem, lesson in LESSONS:
        row = rows(shown.out)[lesson["slug"]]
        assert f"{int(stem[:2])}  {lesson['slug']}" in row
        assert lesson["title"] in row
        assert row.endswith(f"0/{lesson['points']}" if lesson["slug"] in READY else "coming")
    most = sum(lesson["points"] for _, lesson in LESSONS if lesson["slug"] in READY)
    assert f" 0 of {most} points\n" in shown.out
    for what_next in ("lessons/01_pixels.md", "exercises/01_pixels.py", "./digits lab pixels", "./digits watch pixels"):
        assert what_next in shown.out


def test_the_map_is_ascii_where_nothing_more_can_be_shown(workspace):
    shown = workspace.digits(PYTHONIOENCODING="ascii")
    assert shown.status == 0
    assert shown.out.isascii()
    assert "?" not in shown.out
    assert list(rows(shown.out)) == list(rows(workspace.digits().out))


def test_check_is_ascii_where_nothing_more_can_be_shown(workspace):
    workspace.hold(MISTAKES / "divided-by-256.py")
    checked = workspace.digits("check", "pixels", PYTHONIOENCODING="ascii")
    assert checked.status == 0
    assert checked.out.isascii()
    assert " x  0/2  scale_pixels" in checked.out
    assert " +  2/2  one_hot" in checked.out


def test_a_learners_own_characters_do_no_harm_to_an_ascii_terminal(workspace):
    for source in ("name = 'Zoë' 'Ω'(\n", "def one_hot(labels):\n    print('Ω')\n    raise ValueError('Zoë')\n"):
        workspace.exercise.write_text(source, "utf-8")
        checked = workspace.digits("check", "pixels", PYTHONIOENCODING="ascii")
        assert (checked.status, checked.err) == (0, "")
        assert "0 of 10 points" in checked.out


@pytest.mark.sampled
@pytest.mark.parametrize("command", [[], ["check", "pixels"]], ids=["map", "check"])
def test_no_color_goes_into_a_pipe(workspace, command):
    assert "\x1b" not in workspace.digits(*command, TERM="xterm-256color").out


@pytest.mark.thorough
@pytest.mark.parametrize("command", [[], ["check", "pixels"]], ids=["map", "check"])
def test_color_is_for_terminals_that_allow_it(workspace, command):
    workspace.hold(SOLUTION)
    workspace.digits("check", "pixels")
    colored, plain = workspace.on_terminal(*command), workspace.on_terminal(*command, NO_COLOR="1")
    assert (colored.status, plain.status) == (0, 0)
    assert COLORS.search(colored.out)
    assert not COLORS.search(plain.out)
    assert "pixels" in plain.out
    assert "\x1b" not in workspace.on_terminal(*command, TERM="dumb").out


@pytest.mark.sampled
@pytest.mark.parametrize("columns", [WIDTH, 200])
def test_no_line_of_the_map_is_wide(workspace, columns):
    assert_narrow(workspace.digits().out)
    assert_narrow(workspace.on_terminal(columns=columns).out)


@pytest.mark.parametrize("columns", [40, WIDTH])
@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ([], ""),
        (["softmax_regression"], "No file for softmax_regression. For a fresh one: ./digits reset softmax_regression"),
        (["dense", "cnn"], "No file for dense, cnn. For a fresh one: ./digits reset EXERCISE"),
        (["baseline", "dense", "cnn", "capstone"], "No file for 4 exercises. For a fresh one: ./digits reset EXERCISE"),
        (["pixels", "dense"], "No file for dense. For a fresh one: ./digits reset dense"),
        (["pixels"], ""),
    ],
    ids=lambda value: "-".join(value) or "none" if isinstance(value, list) else "",
)
def test_the_map_says_how_to_replace_missing_files(workspace, gone, said, columns):
    for lesson in ready_lessons():
        shutil.copy(lesson.exercise_path(REPOSITORY), workspace.exercise.parent)
        if lesson.slug in gone:
            lesson.exercise_path(workspace.folder).unlink()
    printed = SEQUENCES.sub("", workspace.on_terminal(columns=columns).out)
    below = " ".join(printed.partition(" points\n")[2].split())
    assert below.startswith(f"{said} next " if said else "next ")
    assert below.count("./digits reset") == bool(said) + ("pixels" in gone)
    assert max(map(len, printed.splitlines())) <= columns


LONG = "the quick brown fox jumps over the lazy dog, " * 10
SOURCES = {
    "solution": SOLUTION.read_text("utf-8"),
    "stub": STUB.read_text("utf-8"),
    "mistake": (MISTAKES / "one-hot-wrong-axis.py").read_text("utf-8"),
    "empty": "",
    "long syntax error": f"x = [1, 2, 3  # {LONG}",
    "long exception at import": f"raise ValueError('{LONG}')",
    "long exception in a function": f"def one_hot(labels):\n    raise ValueError('{LONG}')",
    "long word": f"def one_hot(labels):\n    return type('{'X' * 300}', (), {{}})()",
    "long line printed": f"def one_hot(labels):\n    print('{LONG}')",
}


@pytest.mark.sampled
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_no_line_of_check_is_wide(workspace, source):
    workspace.exercise.write_text(source, "utf-8")
    checked = workspace.digits("check", "pixels")
    assert checked.status == 0
    assert_narrow(checked.out)


def test_no_line_of_check_is_wide_on_a_terminal(workspace):
    workspace.hold(MISTAKES / "one-hot-wrong-axis.py")
    assert_narrow(workspace.on_terminal("check", "pixels", columns=200).out)


def test_a_failure_is_told_whole(workspace):
    """What was called, what came back, what was expected, which mistake that is, and what to ask oneself next."""
    workspace.hold(MISTAKES / "divided-by-256.py")
    told = " ".join(workspace.digits("check", "pixels").out.split())
    for words in (
        "called scale_pixels(",
        "returned 0.",
        "expected 0.",
        "mistake divided-by-256 The pixels were divided by 256, so full ink becomes 0.996 instead of 1.",
        "question What should full ink, 255, become?",
    ):
        assert words in told, told


def test_check_works_in_a_folder_below_and_no_line_is_wide(workspace):
    workspace.hold(SOLUTION)
    below = workspace.folder / "notes" / ("of_a_long_winded_learner_" * 4)
    below.mkdir(parents=True)
    checked = workspace.digits("check", "pixels", cwd=below)
    assert checked.status == 0
    assert "10 of 10 points" in checked.out
    assert workspace.progress.is_file()
    assert_narrow(checked.out)


# Wrong usage

USAGE = {
    "unknown command": (["frobnicate"], ["frobnicate", "digits --help"]),
    "misspelled command": (["chek"], ["There is no command chek. Did you mean check?"]),
    "unknown exercise": (["check", "nothing"], ["'nothing'", *READY]),
    "unknown number": (["check", "99"], ["no exercise 99.", "numbers 1 to 15."]),
    "number zero": (["check", "0"], ["no exercise 0.", "numbers 1 to 15."]),
    "empty name": (["check", ""], ["''", *READY]),
    "unknown exercise of a file": (
        ["grade", "exercises/notes.py"],
        ["The file's name does not say which exercise it is. Add --exercise NAME.\n"],
    ),
    "unknown exercise given": (["grade", "exercises/01_pixels.py", "--exercise", "nothing"], ["'nothing'", *READY]),
    "unknown option": (["check", "--frobnicate"], ["There is no option --frobnicate. For help: digits check --help"]),
    "misspelled option": (["--versoin"], ["There is no option --versoin. Did you mean --version?"]),
    "two exercises": (["check", "pixels", "dense"], ["check takes one exercise, but got 2: pixels, dense."]),
    "a word too many": (["next", "pixels"], ["next takes no arguments, but got: pixels."]),
    "no exercise": (["solution"], ["Missing argument. Name an exercise: pixels, baseline", *READY]),
    "no number": (["dev", "soak", "--count", "x"], ["--count must be a whole number."]),
    "help for an unknown command": (["help", "chek"], ["There is no command chek. Did you mean check?"]),
    "help for an unknown command of class": (["help", "class", "nosuch"], ["For help: digits class --help"]),
    "unknown command of class": (["class", "nosuch"], ["For help: digits class --help"]),
    "no file": (["grade"], ["Missing argument: FILE. The submission: a Python file"]),
    "no file at that place": (["grade", "exercises/02_pixels.py", "--json"], ["exercises/02_pixels.py"]),
    "no seed": (["grade", "exercises/01_pixels.py", "--seed"], ["--seed"]),
    "unknown command of dev": (["dev", "frobnicate"], ["frobnicate"]),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("arguments", "words"), USAGE.values(), ids=USAGE)
def test_wrong_usage_is_told_in_a_sentence(workspace, arguments, words):
    (workspace.folder / "exercises" / "notes.py").write_text("", "utf-8")
    finished = workspace.digits(*arguments)
    assert (finished.status, finished.out) == (2, "")
    assert re.fullmatch(r"digits: [^\n]+\n", finished.err)
    for word in words:
        assert word in finished.err


def test_dev_without_a_command_shows_its_commands(workspace):
    shown = workspace.digits("dev")
    assert "build" in shown.out + shown.err
    assert "calibrate" in shown.out + shown.err
    assert not (shown.out + shown.err).startswith("digits: Usage")
    assert "... Try" not in shown.out + shown.err


@pytest.mark.skipif(not COMING, reason="all lessons are ready")
def test_a_coming_lesson_says_so(workspace):
    number = next(index for index, (_, lesson) in enumerate(LESSONS, start=1) if lesson["slug"] == COMING[0])
    for name in (COMING[0], str(number), f"exercises/{number:02d}_{COMING[0]}.py"):
        finished = workspace.digits("check", name)
        assert (finished.status, finished.out) == (2, "")
        assert finished.err == f"digits: Lesson {number}, {COMING[0]}, is still coming.\n"


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_all_commands(workspace, flag):
    shown = workspace.digits(flag)
    assert (shown.status, shown.err) == (0, "")
    groups = shown.out.partition("Learn:")[2]
    assert set(re.findall(r"^  ([\w-]+) ", groups, re.MULTILINE)) >= set(COMMANDS)
    assert_narrow(shown.out)


def test_the_menu_has_all_commands_in_their_own_words():
    """The help answers before anything is installed, so its sentences stand in the launcher."""
    shown = {name: text for group in MENU.values() for name, text in group.items()}
    commands = {name: command for name, command in get_command(app).commands.items() if not command.hidden}
    assert shown == {name: command.help.partition("\n")[0] for name, command in commands.items()}


@pytest.mark.sampled
@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(workspace, command):
    shown = workspace.digits(command, "--help")
    assert (shown.status, shown.err) == (0, "")
    assert f"Usage: digits {command}" in shown.out
    assert_narrow(shown.out)


@pytest.mark.parametrize("columns", [WIDTH, 50])
@pytest.mark.parametrize("command", ["class", "dev"])
def test_a_group_says_in_whole_words_what_its_commands_do(workspace, command, columns):
    shown = workspace.on_terminal(command, "--help", columns=columns).out.replace("\r\n", "\n")
    assert "..." not in shown.replace("COMMAND [ARGS]...", "")
    assert max(map(len, shown.splitlines())) <= columns
    for inner in get_command(app).commands[command].commands.values():
        assert inner.help.partition("\n")[0] in " ".join(shown.split())


def test_the_commands_of_a_class_are_listed_as_they_are_used():
    page = (REPOSITORY / "docs" / "class.md").read_text("utf-8")
    walk = page[page.index("## One term") : page.index("### At the end")]
    commands = list(get_command(app).commands["class"].commands)
    assert commands == sorted(commands, key=lambda name: walk.index(f"\ndigits class {name}"))
    assert commands[0] == "init"


def test_the_help_of_export_names_all_formats(workspace):
    shown = workspace.digits("class", "export", "--help").out
    (words,) = re.findall(r"--format FORMAT\s+(.*?)(?=\s--)", shown, re.DOTALL)
    assert re.findall(r"[a-z0-9-]+", words.partition(".")[0].replace(" or ", ", ")) == list(FORMATS)


def all_commands(group: Any = None, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command of the program, as words: ("class", "grade")."""
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        yield (*names, name)
        if hasattr(command, "commands"):
            yield from all_commands(command, (*names, name))


@pytest.mark.parametrize("command", list(all_commands()), ids=" ".join)
def test_help_names_values_in_words_for_people(command, capsys):
    assert run([*command, "--help"]) in {0, None}
    shown = capsys.readouterr().out
    assert not re.search(r"[<{]|\[\[|\[\w+\]\.\.\.\.|x>=|required", shown), shown
    assert_narrow(shown)
    assert run(["help", *command]) == 0
    assert capsys.readouterr().out == shown


def test_help_calls_the_program_as_it_is_started_here(workspace):
    assert "Usage: digits check [OPTIONS] [EXERCISE]\n" in workspace.digits("check", "--help").out
    assert "Usage: ./digits check [OPTIONS] [EXERCISE]\n" in workspace.digits("check", "--help", cwd=REPOSITORY).out
    assert workspace.digits("chek", cwd=REPOSITORY).err.endswith("For help: ./digits --help\n")


def test_the_version_has_a_short_option(workspace):
    assert workspace.digits("-V").out == workspace.digits("--version").out != ""


def test_the_list_is_the_map(workspace):
    assert workspace.digits("list").out == workspace.digits().out


@pytest.mark.parametrize("columns", [WIDTH, 40])
@pytest.mark.parametrize("arguments", [["solution"], ["check", "nothing"], ["chek"]], ids=" ".join)
def test_errors_wrap_at_the_width_of_the_terminal_and_never_within_a_word(workspace, arguments, columns):
    told = workspace.on_terminal(*arguments, columns=columns).out
    assert max(map(len, told.splitlines())) <= columns
    assert told.split() == workspace.digits(*arguments).err.split()
    assert len(told.splitlines()) > 1 or len(told) <= columns + 1


@pytest.mark.sampled
@pytest.mark.parametrize("name", ["pixels", "1", "01", "01_pixels", "01_pixels.py", "exercises/01_pixels.py"])
def test_an_exercise_has_many_names(workspace, name):
    workspace.hold(SOLUTION)
    checked = workspace.digits("check", name)
    assert (checked.status, checked.err) == (0, "")
    assert "10 of 10 points" in checked.out
    shutil.copy(SOLUTION, workspace.folder / "submitted_path.py")
    assert workspace.grade("submitted_path.py", "--exercise", name)["score"] == 10.0


# The JSON of grade


@pytest.mark.sampled
@pytest.mark.parametrize(
    "source", [SOLUTION, STUB, MISTAKES / "divided-by-256.py"], ids=["solution", "stub", "mistake"]
)
def test_grade_prints_one_object_with_the_keys_of_the_contract(workspace, source):
    workspace.hold(source)
    finished = workspace.digits("grade", "exercises/01_pixels.py", "--json")
    assert (finished.status, finished.err) == (0, "")
    assert finished.out.count("\n") == 1
    verdict = json.loads(finished.out)
    assert set(verdict) == KEYS
    assert (verdict["exercise"], verdict["outcome"], verdict["message"], verdict["flags"]) == (
        "pixels",
        "graded",
        "",
        [],
    )
    assert verdict["isolation"]
    assert 0 <= verdict["seconds"] < SOON
    assert verdict["max_score"] == MANIFEST[0]["points"] == sum(check["max_points"] for check in verdict["checks"])
    assert verdict["score"] == sum(check["points"] for check in verdict["checks"])
    for check in verdict["checks"]:
        assert set(check) == CHECK_KEYS
        assert check["points"] == (check["max_points"] if check["outcome"] == "passed" else 0)
        assert (check["message"] == "") == (check["outcome"] == "passed")
    outcomes = {check["outcome"] for check in verdict["checks"]}
    expected = {SOLUTION: {"passed"}, STUB: {"not_attempted"}}
    assert outcomes == expected.get(source, {"passed", "failed"})


def test_the_checks_of_a_submission_that_cannot_be_loaded_are_empty(workspace):
    workspace.exercise.write_text("def broken(:\n", "utf-8")
    verdict = workspace.grade("exercises/01_pixels.py")
    assert set(verdict) == KEYS
    assert (verdict["outcome"], verdict["score"], verdict["max_score"], verdict["checks"]) == ("invalid", 0.0, 10.0, [])


def test_the_same_seed_gives_the_same_object(workspace):
    workspace.hold(MISTAKES / "one-hot-wrong-axis.py")
    verdicts = [workspace.grade("exercises/01_pixels.py", "--seed", "7") for _ in range(2)]
    for verdict in verdicts:
        del verdict["seconds"]
    assert verdicts[0] == verdicts[1]


@pytest.mark.thorough
def test_seeds_change_inputs_and_no_points(workspace):
    workspace.hold(SOLUTION)
    assert [workspace.grade("exercises/01_pixels.py", "--seed", seed)["score"] for seed in ("0", "1", "π")] == [
        10.0
    ] * 3
    assert workspace.grade("exercises/01_pixels.py")["score"] == 10.0
    workspace.hold(MISTAKES / "divided-by-256.py")
    messages = {
        tuple(check["message"] for check in workspace.grade("exercises/01_pixels.py", "--seed", seed)["checks"])
        for seed in ("0", "1", "2", "3")
    }
    assert len(messages) > 1


def test_grade_shows_people_what_check_shows_and_records_nothing(workspace):
    workspace.hold(MISTAKES / "one-hot-wrong-axis.py")
    graded = workspace.digits("grade", "exercises/01_pixels.py", "--seed", "0")
    assert not workspace.progress.exists()
    checked = workspace.digits("check", "pixels")
    assert (graded.status, checked.status) == (0, 0)
    *shown, isolation = without_time(graded.out).rstrip().splitlines()
    *same, repeat = without_time(checked.out).rstrip().splitlines()
    assert shown == same
    assert repeat == " try  ./digits try pixels"  # which is for the one whose work it is
    assert isolation.split()[0] == "isolation"


@pytest.mark.thorough
def test_a_long_temporary_folder_is_no_hindrance(workspace):
    """The address of a socket has room for about a hundred characters."""
    long = workspace.folder / ("long" * 20)
    long.mkdir()
    workspace.hold(SOLUTION)
    checked = workspace.digits("check", "pixels", TMPDIR=str(long), XDG_RUNTIME_DIR="")
    assert (checked.status, checked.err) == (0, "")
    assert "10 of 10 points" in checked.out


def test_check_without_a_name_checks_what_is_there_and_adds_up(workspace):
    workspace.hold(SOLUTION)  # the only exercise in this workspace
    checked = workspace.digits("check")
    assert " 10 of 10 points   " in checked.out
    assert (checked.status, checked.err) == (0, "")
    most = sum(lesson.points for lesson in ready_lessons())
    assert checked.out.splitlines()[-1] == f" 10 of {most} points in all exercises. What to do next: ./digits next"


def test_full_points_come_with_the_next_steps(workspace):
    next_steps = (" Compare with the reference: ./digits solution pixels", " Next exercise, baseline: ./digits next")
    workspace.hold(SOLUTION)
    checked = workspace.digits("check", "pixels").out.rstrip().splitlines()
    assert checked[-3].startswith(" 10 of 10 points")
    assert tuple(checked[-2:]) == next_steps
    told = workspace.digits("hint", "pixels").out
    for step in next_steps:
        assert f"{step}\n" in told
    workspace.hold(MISTAKES / "divided-by-256.py")
    assert not any(step in workspace.digits("check", "pixels").out for step in next_steps)


def test_after_the_last_open_exercise_there_is_no_next_one(workspace):
    moment = "2026-03-01T18:04:10+01:00"
    records = {slug: {"best": 10, "out_of": 10, "solved_at": moment} for slug in READY if slug != "pixels"}
    workspace.progress.parent.mkdir()
    stored = {"format": 3, "exercises": records, "answers": {}}
    workspace.progress.write_text(json.dumps(stored), "utf-8")
    workspace.hold(SOLUTION)
    checked = workspace.digits("check", "pixels").out.rstrip()
    assert checked.endswith(" Compare with the reference: ./digits solution pixels")


def test_a_narrow_terminal_cuts_no_path_of_the_next_steps(workspace):
    records = {slug: {"best": 10, "out_of": 10} for slug in ("pixels", "baseline")}
    workspace.progress.parent.mkdir()
    stored = {"format": 3, "exercises": records, "answers": {}, "recalled_on": date.today().isoformat()}
    workspace.progress.write_text(json.dumps(stored), "utf-8")
    shown = workspace.on_terminal("next", columns=40)
    assert "exercises/03_softmax_regression.py" in shown.out
    assert max(map(len, SEQUENCES.sub("", shown.out).splitlines())) <= 40


def test_the_debuggers_keys_are_named_only_where_it_can_come(workspace):
    keys = " Your code stops where it raises an error. At (Pdb): "
    raising = STUB.read_text("utf-8").replace("raise NotImplementedError", "return 1 / 0")
    workspace.exercise.write_text(raising, "utf-8")
    assert workspace.digits("check", "pixels", "--pdb", typed="q\n").out.startswith(keys)
    for broken in ("def label_counts(:\n", ""):
        workspace.exercise.write_text(broken, "utf-8")
        assert "(Pdb)" not in workspace.digits("check", "pixels", "--pdb").out


# The pytest door


@dataclass
class DoorReport:
    """What `pytest grader/checks` said of each check: the text of its failure, and why it was skipped, if anything."""

    status: int
    out: str
    failures: dict[str, str]
    skipped: dict[str, str]


def run_pytest(workspace: Workspace, *options: str | Path, cwd: Path | None = None) -> DoorReport:
    report = workspace.folder / "report.xml"
    finished = workspace.run(
        *(sys.executable, "-m", "pytest", CHECKS.relative_to(REPOSITORY) if cwd == REPOSITORY else CHECKS),
        *("-k", "pixels", "-p", "no:cacheprovider", f"--junitxml={report}", *options),
        cwd=cwd,
    )
    cases = {case.get("name"): case for case in ElementTree.parse(report).getroot().iter("testcase")}
    failures = {name: case.findtext("failure", "") for name, case in cases.items()}
    skipped = {name: case.find("skipped") for name, case in cases.items()}
    reasons = {name: "" if element is None else element.get("message") for name, element in skipped.items()}
    return DoorReport(finished.status, finished.out, failures, reasons)


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("source", "status"),
    [
        (SOLUTION, 0),
        (STUB, 0),
        (MISTAKES / "divided-by-256.py", 1),
        (MISTAKES / "changed-its-input_inverts-in-place.py", 1),
    ],
    ids=["solution", "stub", "mistake", "two mistakes"],
)
def test_pytest_check_and_grade_agree_about_every_check(workspace, source, status):
    workspace.hold(source)
    tested = run_pytest(workspace, "--submission", "exercises/01_pixels.py")
    checked = workspace.digits("check", "pixels").out
    verdict = workspace.grade("exercises/01_pixels.py", "--seed", "0")
    assert tested.status == status
    assert list(tested.failures) == [check["name"] for check in verdict["checks"]]
    for check in verdict["checks"]:
        shown = tested.failures[check["name"]]
        mark = {"passed": "✓", "not_attempted": "·", "skipped": "·"}.get(check["outcome"], "✗")
        title = rf"^ {mark}  {check['points']:g}/{check['max_points']:g}  {check['title']}$"
        if mark == "·":  # those share a line
            assert check["message"].removesuffix(" is not written yet.") in checked
        else:
            assert re.search(title, checked, re.M)
        if mark == "✓":
            assert (shown, tested.skipped[check["name"]]) == ("", "")
        elif mark == "·":
            assert (shown, tested.skipped[check["name"]]) == ("", check["message"])
        else:
            assert shown.startswith(f" {mark}  0/{check['max_points']:g}  {check['title']}\n")
            assert shown.strip("\n") in checked
            assert shown.strip("\n") in tested.out
    assert f"\n {verdict['score']:g} of 10 points" in checked
    for frame in ("session.py", "nodes.py", "submission.py", "NotPassed"):
        assert frame not in tested.out


@pytest.mark.thorough
def test_pytest_in_the_repository_takes_a_submission(workspace):
    tested = run_pytest(workspace, "--submission", SOLUTION, cwd=REPOSITORY)
    assert tested.status == 0
    assert set(tested.failures.values()) == {""}


@pytest.mark.thorough
def test_pytest_grades_the_exercise_of_the_workspace(workspace):
    workspace.hold(MISTAKES / "divided-by-256.py")
    tested = run_pytest(workspace)
    assert tested.status == 1
    assert [name for name, failure in tested.failures.items() if failure] == ["scale_pixels"]


@pytest.mark.thorough
@pytest.mark.sampled
@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("missing.py", None, "There is no file missing.py"),
        ("nul.py", "\0", "nul.py contains NUL bytes; save it as UTF-8 text."),
        ("broken.py", "def broken(:\n", "broken.py:1: def broken(: (SyntaxError: invalid syntax)"),
        (
            "crash.py",
            "raise RuntimeError('oh no')\n",
            "crash.py:1: raise RuntimeError('oh no') (RuntimeError: oh no)",
        ),
    ],
)
def test_pytest_says_in_a_sentence_why_nothing_was_graded(workspace, name, code, words):
    if code is not None:
        (workspace.folder / name).write_text(code, "utf-8")
    tested = run_pytest(workspace, "--submission", name)
    assert tested.status == 1
    first, *others = tested.failures
    assert len(others) == 5
    assert words in tested.failures[first]
    assert {tested.failures[other] for other in others} == {""}
    assert {tested.skipped[other] for other in others} == {f"{name} cannot be graded as it is"}
    assert "nodes.py" not in tested.out


# Speed


@pytest.mark.thorough
def test_the_map_comes_at_once(workspace):
    """It imports no TensorFlow: the best of three starts takes far less than its import alone."""
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        workspace.digits()
        seconds.append(time.monotonic() - started)
    assert min(seconds) < 2


@pytest.mark.parametrize(
    ("arguments", "title", "rest"),
    [
        ([], "the quick set", []),
        (["-k", "lessons"], "the quick set", ["-k", "lessons"]),  # a folder's name is no choice of a folder
        (["--all", "-x"], "the full set", ["-x"]),
        (["pixels", "-x"], "all of lesson 1 (pixels)", ["-x"]),
    ],
)
def test_a_command_line_says_which_tests_to_run(arguments, title, rest):
    selection, left = select(arguments)
    assert (selection.title, left) == (title, rest)
    assert "tests" in selection.options  # without it, pytest would collect the learner's exercises


def test_named_tests_are_handed_to_pytest_as_they_are():
    arguments = ["-x", "tests/test_convolution.py::test_x", "--deselect", "tests/test_cli.py"]
    assert select(arguments) == (Selection("the tests that you named", tuple(arguments)), [])


def test_tests_that_do_not_exist_are_told_and_none_are_run(workspace):
    said = workspace.digits("test", "pixls")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("digits: There is no lesson and no file of tests called 'pixls'.")
