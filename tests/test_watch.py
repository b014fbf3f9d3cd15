"""`digits watch` as a learner meets it: the real program on a pseudo-terminal, with saves as editors make them."""

import json
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if os.name == "nt":
    pytest.skip("the pseudo-terminals here are those of POSIX", allow_module_level=True)

import fcntl
import pty
import termios

import jupytext
import pyte

from grader.engine.judge.processors import descendants

DIGITS = Path(sys.executable).with_name("digits")
REPOSITORY = Path(__file__).parent.parent
SOLUTION = REPOSITORY / "solutions" / "01_pixels.py"
STUB = REPOSITORY / "exercises" / "01_pixels.py"
MISTAKE = REPOSITORY / "tests" / "mistakes" / "01_pixels" / "divided-by-256.py"
SOFTMAX = REPOSITORY / "solutions" / "03_softmax_regression.py"
DENSE = REPOSITORY / "solutions" / "05_dense.py"
SOON = 120  # seconds until a test that hangs fails instead
STEERING = re.compile(r"(PYTEST|DIGITS|COLUMNS$|LINES$|NO_COLOR$|FORCE_COLOR$|TTY_|PYTHONIOENCODING$|TERM$)")
BROKEN_PAGE = """
import sys
from grader.cli.live import page
from grader.cli import app
whole = page.Page.lines
def lines(self, *size):
    if self.is_help:
        raise ZeroDivisionError
    return whole(self, *size)
page.Page.lines = lines
sys.exit(app.run(["watch", "pixels"]))
"""


def environment(**variables: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not STEERING.match(key)}
    return kept | {"PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color"} | variables


class Window:
    """A terminal window with a program in it, in a session of its own as in real life."""

    def __init__(self, folder: Path, *command: str | Path, rows: int = 24, columns: int = 80, **variables: str) -> None:
        self.screen = pyte.HistoryScreen(columns, rows)
        self._stream, self.written = pyte.ByteStream(self.screen), b""
        self._ours, self._theirs = pty.openpty()
        self.resize(rows, columns)
        self.modes = termios.tcgetattr(self._theirs)
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(**variables),
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            preexec_fn=take_terminal,  # noqa: PLW1509 (nothing else makes ctrl-C a signal)
        )

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self._ours, key.encode())

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, *texts: str | Callable[[], bool]) -> None:
        """Wait until all texts are shown, or hold."""
        deadline = time.monotonic() + SOON
        while not all(text() if callable(text) else text in self.text for text in texts):
            assert time.monotonic() < deadline, f"{texts} did not come:\n{self.text}"
            self._read(0.05)

    def ends(self) -> int:
        """The program's exit status."""
        deadline = time.monotonic() + SOON
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it goes on:\n{self.text}"
            self._read(0.05)
        self._read(0)
        return self.process.returncode

    def assert_sane(self) -> None:
        """The terminal is as the program found it."""
        assert termios.tcgetattr(self._theirs) == self.modes
        for mode, other in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h")):
            assert self.written.count(mode) == self.written.count(other) > 0
            assert self.written.rindex(mode) < self.written.rindex(other)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def _read(self, seconds: float) -> None:
        end = time.monotonic() + 1  # even if it prints without end
        while select.select([self._ours], [], [], seconds)[0] and time.monotonic() < end:
            part = os.read(self._ours, 65536)
            self.written += part
            self._stream.feed(part)
            seconds = 0


def take_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    shutil.copy(STUB, tmp_path / "exercises")
    return tmp_path


@pytest.fixture
def exercise(folder: Path) -> Path:
    return folder / "exercises" / "01_pixels.py"


@pytest.fixture
def window(folder: Path) -> Iterator[Callable[..., Window]]:
    opened = []

    def open_window(*arguments: str | Path, **options: object) -> Window:
        command = arguments if arguments[:1] == (sys.executable,) else (DIGITS, "watch", *arguments)
        opened.append(Window(folder, *command, **options))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()


def latest(folder: Path, slug: str = "pixels") -> float | None:
    try:
        stored = json.loads((folder / ".digits" / "progress.json").read_text("utf-8"))
    except FileNotFoundError:
        return None
    return stored["exercises"].get(slug, {}).get("latest")


def replace(exercise: Path, source: Path) -> None:
    """Save as many editors do: write another file, then put it in the place of the first."""
    draft = exercise.with_name(f".{exercise.name}.swp")
    shutil.copy(source, draft)
    os.replace(draft, exercise)


def truncate_and_write(exercise: Path, source: Path) -> None:
    """Save as other editors do, and slowly."""
    with exercise.open("w", encoding="utf-8") as file:
        for line in source.read_text("utf-8").splitlines(keepends=True):
            file.write(line)
            file.flush()


def move_away_and_write(exercise: Path, source: Path) -> None:
    """Save as editors do that leave a backup."""
    os.replace(exercise, exercise.with_suffix(".py~"))
    shutil.copy(source, exercise)


# Saves


@pytest.mark.sampled
@pytest.mark.parametrize("save", [shutil.copy, replace, truncate_and_write, move_away_and_write])
def test_every_save_is_graded_and_kept_and_nothing_scrolls(folder, exercise, window, save):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ", "01_pixels.py", "label_counts is not written yet.")
    for source, points in ((MISTAKE, 8), (SOLUTION, 10), (STUB, 0), (SOLUTION, 10)):
        save(source, exercise) if save is shutil.copy else save(exercise, source)
        shown.until(f" {points} of 10 points   ", lambda points=points: latest(folder) == points)
        assert ("divided-by-256" in shown.text) == (source is MISTAKE)
    assert not shown.screen.history.top
    shown.press("q")
    assert shown.ends() == 0
    shown.assert_sane()


@pytest.mark.thorough
def test_a_deleted_file_is_waited_for(exercise, window):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ")
    exercise.unlink()
    shown.until("There is no file exercises/01_pixels.py.", "waiting for the file")
    shown.press("r")
    shown.until("Make a fresh exercises/01_pixels.py? r or y: yes, other keys: no.", lambda: "kept" not in shown.text)
    shown.press("x")
    shutil.copy(SOLUTION, exercise)
    shown.until(" 10 of 10 points   ")
    exercise.rename(exercise.with_name("mine.py"))
    shown.until("There is no file")
    exercise.with_name("mine.py").rename(exercise)
    shown.until(" 10 of 10 points   ")


def test_whatever_is_pressed_while_the_file_is_gone_the_way_out_stays(exercise, window, tmp_path):
    said = tmp_path / "said"
    editor = program(tmp_path / "bin" / "nano", said)
    shown = window("pixels", VISUAL="", EDITOR=str(editor))
    shown.until(" 0 of 10 points   ")
    exercise.unlink()

    def shows_the_way_out() -> bool:
        return "for a fresh stub, press r." in " ".join(shown.text.split())

    shown.until("There is no file exercises/01_pixels.py.", shows_the_way_out)
    for key in ("x", "e", "a"):
        shown.press("r")
        shown.until("Make a fresh exercises/01_pixels.py?", lambda: not shows_the_way_out())
        shown.press("b")
        shown.until(shows_the_way_out)
        shown.press(key, "?")
        shown.until("Press any key to go back.")
        shown.press("b")
        shown.until(shows_the_way_out)
    assert not said.exists()
    shown.press("r")
    shown.until("r or y: yes")
    shown.press("y")
    shown.until(" 0 of 10 points   ", "is a fresh stub again.")
    assert exercise.read_bytes() == STUB.read_bytes()


def test_y_means_yes_before_a_reset(folder, exercise, window):
    shutil.copy(MISTAKE, exercise)
    shown = window("pixels")
    shown.until(" 8 of 10 points   ")
    shown.press("r")
    shown.until("r or y: yes, other keys: no.")
    shown.press("y")
    shown.until(" 0 of 10 points   ", ".digits/kept/01_pixels-")
    assert exercise.read_bytes() == STUB.read_bytes()


def test_an_empty_file_is_told_from_a_fresh_stub(exercise, window):
    exercise.write_text("", "utf-8")
    shown = window("pixels")
    shown.until("exercises/01_pixels.py is empty. For a fresh stub, press r.")


def test_a_file_that_was_named_but_is_the_other_one_is_told_so(window):
    shown = window("exercises/01_pixels.ipynb")
    said = "There is no file exercises/01_pixels.ipynb. Your exercise is exercises/01_pixels.py."
    shown.until(lambda: said in " ".join(shown.text.split()))
    assert "press r" not in shown.text


@pytest.mark.thorough
def test_a_folder_may_be_moved_away_and_come_back(folder, exercise, window):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ")
    exercise.parent.rename(folder / "elsewhere")
    shown.until("There is no file")
    exercise.parent.mkdir()
    shutil.copy(MISTAKE, exercise)
    shown.until(" 8 of 10 points   ")
    shutil.copy(SOLUTION, exercise)
    shown.until(" 10 of 10 points   ")


@pytest.mark.thorough
def test_a_file_that_cannot_be_read_is_explained_once_it_stays_so(exercise, window):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ")
    exercise.write_text("def broken(:\n", "utf-8")
    shown.until("invalid", ":1: def broken(:", " 0 of 10 points   ")
    exercise.write_bytes(b"\0")
    shown.until("contains NUL bytes")
    exercise.write_text("", "utf-8")
    shown.until("defines no function label_counts")
    shutil.copy(SOLUTION, exercise)
    shown.until(" 10 of 10 points   ")


@pytest.mark.thorough
def test_a_half_written_file_gets_no_verdict(folder, exercise, window):
    whole = SOLUTION.read_text("utf-8")
    shutil.copy(SOLUTION, exercise)
    shown = window("pixels")
    shown.until(" 10 of 10 points   ", lambda: latest(folder) == 10)
    for half in ("", whole + "\nx = [1,", whole + "\ndef one_hot("):
        exercise.write_text(half, "utf-8")
        exercise.write_text(whole, "utf-8")
    exercise.write_text(MISTAKE.read_text("utf-8"), "utf-8")
    shown.until(" 8 of 10 points   ")
    assert b"invalid" not in shown.written
    assert b"defines no function" not in shown.written


@pytest.mark.thorough
def test_a_notebook_is_watched_as_it_is_checked(exercise, window):
    exercise.unlink()
    notebook = exercise.with_suffix(".ipynb")
    jupytext.write(jupytext.read(STUB), notebook)
    shown = window("exercises/01_pixels.ipynb")
    shown.until(" 0 of 10 points   ", "01_pixels.ipynb")
    jupytext.write(jupytext.read(MISTAKE), notebook)
    shown.until(" 8 of 10 points   ", "divided-by-256")


@pytest.mark.thorough
def test_a_save_ends_what_the_save_before_began(exercise, window, tmp_path):
    runtime = tmp_path / "r"  # so that the process that starts runners is a child of this program
    runtime.mkdir()
    shown = window("pixels", XDG_RUNTIME_DIR=str(runtime))
    shown.until(" 0 of 10 points   ")

    def processes() -> int:
        return len(list(descendants(shown.process.pid)))

    quiet = 0
    while quiet != (quiet := processes()):  # until the spare runner is ready
        time.sleep(1)
    exercise.write_text("def label_counts(*arguments):\n    while True:\n        pass\n", "utf-8")
    shown.until("points so far   checking")
    shutil.copy(MISTAKE, exercise)
    shown.until(" 8 of 10 points   ", lambda: processes() <= quiet)
    assert "gave no answer" not in shown.text


@pytest.mark.thorough
@pytest.mark.parametrize("columns", [40, 80])
def test_training_is_drawn_and_the_next_save_ends_it(folder, window, columns):
    exercise = folder / "exercises" / "05_dense.py"
    shutil.copy(DENSE, exercise)
    shown = window("dense", columns=columns, rows=28)
    shown.until(" of 10 points so far   training", "epoch 1 of ", "loss ", "└─", "accuracy", "%")
    assert not shown.screen.history.top
    shutil.copy(REPOSITORY / "exercises" / "05_dense.py", exercise)
    shown.until(" 0 of 10 points   ", lambda: "build_model is not written yet." in " ".join(shown.text.split()))
    assert "epoch" not in shown.text


@pytest.mark.trains
@pytest.mark.parametrize("columns", [40, 80])
def test_full_points_offer_the_training_of_a_network(folder, exercise, window, columns):
    shutil.copy(SOFTMAX, folder / "exercises")
    shown = window("softmax_regression", columns=columns)

    def says(sentence: str) -> bool:
        return sentence in " ".join(shown.text.split())

    offer = "Train it on all digits and keep it: ./digits train softmax_regression"
    shown.until(lambda: says("Press n for the next exercise, backpropagation."))
    assert says(f"./digits solution softmax_regression {offer} Press n for")
    shutil.copy(SOLUTION, exercise)
    shown.press("p", "p")
    shown.until(lambda: says("./digits solution pixels Press n for the next exercise, baseline."))


# Keys


def test_hints_come_one_by_one_and_are_remembered(folder, exercise, window):
    shutil.copy(MISTAKE, exercise)
    shown = window("pixels")
    shown.until(" 8 of 10 points   ")
    assert "hint 1 of 3" not in shown.text
    shown.press("h")
    shown.until("hint 1 of 3: question")
    assert "hint 2 of 3" not in shown.text
    shown.press("h")
    shown.until("hint 2 of 3: concept")
    assert "last hint" not in shown.text
    shown.press("h")
    shown.until("hint 3 of 3: worked hint", "That was the last hint.", "h hint 3/3")
    shown.press("h")
    shown.until("You have seen all 3 hints for scale_pixels.")
    stored = json.loads((folder / ".digits" / "progress.json").read_text("utf-8"))["exercises"]["pixels"]
    assert stored["hints_shown"] == {"scale_pixels": 3}
    shutil.copy(SOLUTION, exercise)
    shown.until(" 10 of 10 points   ")
    shown.press("h")
    shown.until("No check fails, so there is no hint to give.")


SLOW = "import time\n\n\ndef label_counts(labels):\n    time.sleep(4)\n"


def test_a_hint_before_the_first_verdict_has_to_wait(exercise, window):
    exercise.write_text(STUB.read_text("utf-8") + SLOW, "utf-8")
    shown = window("pixels")
    shown.until("points so far   checking")
    shown.press("h")
    shown.until("Still checking.")
    shown.until("hint", " 0 of 10 points   ", lambda: "Still checking." not in shown.text)
    assert b"No check fails" not in shown.written


def test_what_comes_after_full_points_stands_in_lines_of_its_own(exercise, window):
    shutil.copy(SOLUTION, exercise)
    shown = window("pixels")
    shown.until("   Press n for the next exercise, baseline.\n")
    assert "./digits solution pixels\n" in shown.text


@pytest.mark.thorough
def test_next_and_previous_walk_through_the_course(folder, window):
    shutil.copy(REPOSITORY / "exercises" / "02_baseline.py", folder / "exercises")
    shown = window("pixels")
    shown.until(" 1  Pixels", " 0 of 10 points   ")
    shown.press("p")
    shown.until("This is the first exercise.")
    shown.press("n")
    shown.until(" 2  A baseline", "class_means is not written yet.")
    shutil.copy(REPOSITORY / "solutions" / "02_baseline.py", folder / "exercises")
    shown.until(" 10 of 10 points   ", lambda: latest(folder, "baseline") == 10)
    shown.press("\x1b[D")
    shown.until(" 1  Pixels", " 0 of 10 points   ")


@pytest.mark.thorough
def test_reset_asks_first_and_keeps_the_work(folder, exercise, window):
    shutil.copy(MISTAKE, exercise)
    shown = window("pixels")
    shown.until(" 8 of 10 points   ")
    shown.press("r")
    shown.until("Your work is kept.", "r or y: yes, other keys: no.")
    shown.press("x")
    shown.until(lambda: "y: yes" not in shown.text)
    assert exercise.read_bytes() == MISTAKE.read_bytes()
    assert b"One moment" not in shown.written
    shown.press("r", "r")
    shown.until(" 0 of 10 points   ", ".digits/kept/01_pixels-")
    assert b"One moment" in shown.written
    assert exercise.read_bytes() == STUB.read_bytes()
    (kept,) = (folder / ".digits" / "kept").iterdir()
    assert kept.read_bytes() == MISTAKE.read_bytes()


def test_one_thing_at_a_time_and_all_of_it_on_request(window):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ", "label_counts is not written yet.", "one_hot puts a single 1 in each row")
    assert "one_hot is not written yet." not in shown.text
    shown.press("a")
    shown.until("one_hot is not written yet.")
    shown.press("a")
    shown.until(lambda: "one_hot is not written yet." not in shown.text)


def test_a_low_window_scrolls(exercise, window):
    shutil.copy(MISTAKE, exercise)
    shown = window("pixels", rows=12, columns=40)
    shown.until(" 8 of 10 points   ", "q quit", "scale_pixels maps 0..255 to", " below (arrows, space)")
    for key in ("\x1b[6~", "\x1b[F", "\x1b[1;5B", "\x1b[B", " "):  # PgDn, End, one that means nothing, down, space
        shown.press(key)
    shown.until(" above (arrows, space)", lambda: "below" not in shown.text)
    shown.press("\x1b[5~")
    shown.until(" below (arrows, space)")
    shown.press("\x1b[H")
    shown.until("5 checks pass", lambda: "above" not in shown.text)
    shown.press("r")
    shown.until("y: yes")
    shown.press(" ")
    shown.until(lambda: "y: yes" not in shown.text)
    shown.press("r")
    shown.until("y: yes")
    assert exercise.read_bytes() == MISTAKE.read_bytes()


def test_the_list_shows_every_exercise_and_opens_one(folder, exercise, window):
    shutil.copy(SOLUTION, exercise)
    shutil.copy(REPOSITORY / "exercises" / "02_baseline.py", folder / "exercises")
    shown = window("pixels")
    shown.until(" 10 of 10 points   ", lambda: latest(folder) == 10)
    shown.press("l")
    shown.until("▸ ●  1  pixels", "10/10", " 14  capstone", "0/10", "● solved", "q quit")
    shown.press("\x1b[B")
    shown.until("▸ ○  2  baseline")
    shown.press("k")
    shown.until("▸ ●  1  pixels")
    shown.press("1", "4")
    shown.until("matching 14", "▸ ○ 14  capstone", lambda: "baseline" not in shown.text)
    shown.press("\x7f")
    shown.until("▸ ●  1  pixels", " 10  cnn")
    shown.press("\x7f", "x", "x")
    shown.until("No exercise matches.")
    shown.press("\x1b")
    shown.until(" 10 of 10 points   ", lambda: "No exercise" not in shown.text)
    shown.press("l", *"basel", "\r")
    shown.until(" 2  A baseline", "class_means is not written yet.")
    shown.press("l", "q")
    assert shown.ends() == 0


EDITOR = """#!/bin/sh
echo "$@" > {said}
printf 'this is the editor'
read line
"""


def program(path: Path, said: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(EDITOR.format(said=said), "utf-8")
    path.chmod(0o755)
    return path


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_e_lends_the_terminal_to_an_editor(folder, exercise, window, tmp_path):
    shutil.copy(MISTAKE, exercise)
    said = tmp_path / "said"
    editor = program(tmp_path / "bin" / "nano", said)
    shown = window("pixels", VISUAL="", EDITOR=f"{editor} --softwrap")
    shown.until(" 8 of 10 points   ")
    shown.press("e")
    shown.until("this is the editor", lambda: termios.tcgetattr(shown._theirs) == shown.modes)
    shown.assert_sane()
    assert said.read_text() == f"--softwrap +{line_of(exercise, 'def scale_pixels')} {exercise}\n"
    shutil.copy(SOLUTION, exercise)
    shown.press("done\n")
    shown.until(" 10 of 10 points   ", lambda: termios.tcgetattr(shown._theirs) != shown.modes)
    shown.press("q")
    assert shown.ends() == 0
    shown.assert_sane()


def test_e_opens_an_editor_with_a_window_and_goes_on(folder, exercise, window, tmp_path):
    said = tmp_path / "said"
    program(tmp_path / "bin" / "code", said)
    shown = window("pixels", VISUAL="", EDITOR="", PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    shown.until("label_counts is not written yet.")
    shown.press("e")
    unwritten = line_of(exercise, "raise NotImplementedError")
    shown.until("exercises/01_pixels.py opens in code.", lambda: said.is_file() and said.read_text().endswith("\n"))
    assert said.read_text() == f"-g {exercise}:{unwritten}\n"
    shutil.copy(MISTAKE, exercise)
    shown.until(" 8 of 10 points   ")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("editor", "sentence"),
    [("nonesuch -w", "EDITOR names nonesuch, which is not installed."), ("", "No editor is set. Quit (q)")],
)
def test_e_without_an_editor_says_so(window, tmp_path, editor, sentence):
    shown = window("pixels", VISUAL="", EDITOR=editor, PATH=str(tmp_path))
    shown.until("label_counts is not written yet.")
    shown.press("e")
    shown.until(sentence)


def test_help_tells_the_keys(window):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ")
    shown.press("?")
    shown.until("Press any key to go back.", "the next exercise")
    shown.press("?")
    shown.until("label_counts is not written yet.")


@pytest.mark.thorough
def test_without_a_name_it_begins_with_the_first_open_exercise(folder, exercise, window):
    shutil.copy(SOLUTION, exercise)
    shutil.copy(REPOSITORY / "exercises" / "02_baseline.py", folder / "exercises")
    subprocess.run([DIGITS, "check", "pixels"], cwd=folder, env=environment(), check=True, capture_output=True)
    window().until(" 2  A baseline", " 0 of 10 points   ")


# The terminal


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("end", "status"), [("\x03", 130), ("q", 0), (signal.SIGTERM, 143)], ids=["ctrl-C", "q", "TERM"]
)
def test_the_terminal_is_sane_afterwards(window, end, status):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ")
    assert termios.tcgetattr(shown._theirs) != shown.modes
    shown.process.send_signal(end) if isinstance(end, signal.Signals) else shown.press(end)
    assert shown.ends() == status, shown.written[-600:]
    shown.assert_sane()
    assert b"Traceback" not in shown.written


@pytest.mark.thorough
def test_the_terminal_is_sane_after_an_exception(window):
    shown = window(sys.executable, "-c", BROKEN_PAGE)
    shown.until(" 0 of 10 points   ")
    shown.press("?")
    assert shown.ends() == 3
    shown.assert_sane()
    assert b"The grader failed (ZeroDivisionError" in shown.written.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.thorough
def test_ctrl_z_leaves_the_page_and_going_on_brings_it_back(exercise, window):
    shown = window("pixels")
    shown.until(" 0 of 10 points   ")
    shown.press("\x1a")
    state = Path(f"/proc/{shown.process.pid}/stat")
    shown.until(
        lambda: state.read_text().rpartition(")")[2].split()[0] == "T",
        lambda: shown.written.endswith(b"\x1b[?1049l"),
    )
    shown.assert_sane()
    shutil.copy(SOLUTION, exercise)
    shown.process.send_signal(signal.SIGCONT)
    shown.until(" 10 of 10 points   ")
    shown.press("q")
    assert shown.ends() == 0
    shown.assert_sane()


@pytest.mark.thorough
def test_a_window_may_change_its_size(exercise, window):
    shutil.copy(MISTAKE, exercise)
    shown = window("pixels")
    shown.until(" 8 of 10 points   ", "label_counts counts every digit")
    for rows, columns in ((10, 60), (5, 30), (2, 20), (1, 5), (50, 200), (24, 80)):
        shown.resize(rows, columns)
        shown.screen.reset()
        shown.until(lambda: "q" in shown.screen.display[-1] or shown.screen.columns < 80)
        shown.until(lambda: "q quit"[: shown.screen.columns - 3] in shown.screen.display[-1])
    shown.until(" 8 of 10 points   ", "label_counts counts every digit", "divided-by-256")
    assert not shown.screen.history.top


@pytest.mark.sampled
@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["color", "no-color"])
@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_the_page_fits_every_width(exercise, window, columns, variables):
    shutil.copy(MISTAKE, exercise)
    shown = window("pixels", columns=columns, rows=30, **variables)

    def words() -> str:
        return " ".join(shown.text.split())

    bar = "━" * (4 * min(columns - 3, 40) // 5) + "─"
    shown.until(" 8 of 10 points   ", "divided-by-256", bar, "exercises/01_pixels.py")
    assert "1 Pixels: what a digit is to a computer exercises/01_pixels.py" in words()
    assert "0/2 scale_pixels maps 0..255 to 0..1 in float32 called" in words()
    assert "so full ink becomes 0.996 instead of 1." in words()
    for name in ("h hint", "a all", "e edit", "l list", "n next", "c check", "r reset", "? help", "q quit"):
        assert name in shown.text
    shown.press("h", "h", "h")
    shown.until("hint 3 of 3: worked hint", "That was the last hint.", "q quit", "hint 3/3")
    assert "Convert to float32 first, then divide by 255. That was" in words()
    shown.press("?")
    shown.until("Press any key to go back. q quit", "the next hint for the")
    shown.press("?", "l")
    shown.until("▸ ◐  1  pixels", "8/10", " 14  capstone", "Enter open  Esc back  q quit")
    assert bool(re.search(rb"\x1b\[[\d;]*3[0-7]", shown.written)) == (not variables)
    assert not shown.screen.history.top


@pytest.mark.thorough
def test_without_color_and_in_ascii(exercise, window):
    shutil.copy(MISTAKE, exercise)
    shown = window("pixels", NO_COLOR="1", PYTHONIOENCODING="ascii")
    shown.until(" 8 of 10 points   ", " x  0/2  scale_pixels", " +  1/1  label_counts")
    assert shown.written.isascii()
    assert not re.search(rb"\x1b\[[\d;]*3[0-7]", shown.written)


@pytest.mark.thorough
def test_a_dumb_terminal_gets_one_verdict_after_another(exercise, window):
    shown = window("pixels", rows=100, TERM="dumb")
    shown.until(" 0 of 10 points   ")
    shutil.copy(MISTAKE, exercise)
    shown.until(" 8 of 10 points   ")
    assert " 0 of 10 points   " in shown.text
    shown.press("\x03")
    assert shown.ends() == 130, shown.written[-600:]
    assert b"\x1b" not in shown.written
    assert termios.tcgetattr(shown._theirs) == shown.modes


def test_a_pipe_gets_one_verdict_after_another(folder, exercise):
    process = subprocess.Popen(
        [DIGITS, "watch", "pixels"],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        printed = until_line(process, " 0 of 10 points   ")
        shutil.copy(MISTAKE, exercise)
        printed += until_line(process, " 8 of 10 points   ")
        shutil.copy(SOLUTION, exercise)
        printed += until_line(process, " 10 of 10 points   ")
        printed += until_line(process, "Compare with the reference: ./digits solution pixels")
        printed += until_line(process, "Next exercise, baseline: ./digits next")
        exercise.unlink()
        printed += until_line(process, "./digits reset pixels")  # there is no key to press
    finally:
        process.terminate()
        process.wait()
    assert printed.count("Pixels: what a digit is to a computer") == 3
    assert "\x1b" not in printed
    assert max(map(len, printed.splitlines())) <= 80


def until_line(process: subprocess.Popen, text: str) -> str:
    printed, patience = "", threading.Timer(SOON, process.kill)
    patience.start()
    try:
        for line in process.stdout:
            printed += line
            if text in line:
                return printed
    finally:
        patience.cancel()
    raise AssertionError(f"{text} did not come:\n{printed}")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nothing", "There is no exercise called 'nothing'"),
        ("99", "There is no exercise 99. The exercises have numbers 1 to 15."),
        ("", "There is no exercise called ''"),
    ],
    ids=["nothing", "99", ""],
)
def test_an_unknown_exercise_is_told_in_a_sentence(folder, name, sentence):
    finished = subprocess.run(
        [DIGITS, "watch", name], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith(f"digits: {sentence}")
