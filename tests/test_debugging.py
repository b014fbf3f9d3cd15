"""Finding one's own mistakes: the debugger, printed values, exceptions and calls that can be repeated."""

import os
import shutil
import time
from pathlib import Path

import pytest

if os.name == "nt":
    pytest.skip("the pseudo-terminals here are those of POSIX", allow_module_level=True)

from test_cli import DIGITS, SOLUTION, Workspace
from test_watch import Window

RAISES = "import numpy as np\n\n\ndef label_counts(labels, num_classes=10):\n    return labels.foo\n"


@pytest.fixture
def learner(tmp_path: Path) -> Workspace:
    (tmp_path / "exercises").mkdir()
    shutil.copy(SOLUTION, tmp_path / "exercises")
    return Workspace(tmp_path)


@pytest.fixture
def window(learner):
    opened = []

    def open_window(*arguments: str, **options: object) -> Window:
        opened.append(Window(learner.folder, DIGITS, *arguments, **options))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()


def line_of_prompt(window: Window) -> str:
    return window.screen.display[window.screen.cursor.y]


# The debugger


@pytest.mark.parametrize("leave", ["q\r", "quit\r", "\x04"])
def test_the_debugger_has_its_prompt_and_answers_and_is_left_without_a_traceback(learner, window, leave):
    learner.exercise.write_text(RAISES, "utf-8")
    terminal = window("check", "pixels", "--pdb")
    terminal.until("return labels.foo", "(Pdb)")
    stays = time.monotonic() + 1.0  # longer than a progress line waits before it is drawn
    terminal.until(lambda: time.monotonic() > stays)
    assert line_of_prompt(terminal).startswith("(Pdb)")
    terminal.press("p labels.shape\r")
    terminal.until("(Pdb) p labels.shape", "(60,)")
    terminal.press(leave)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.text
    assert "Stopped. Nothing was recorded." in terminal.text
    assert not learner.progress.exists()


def test_c_goes_on_with_the_next_check(learner):
    learner.exercise.write_text(RAISES, "utf-8")
    finished = learner.digits("check", "pixels", "--pdb", typed="c\n")
    assert finished.status == 0
    assert "went wrong" in finished.out
    assert "0 of 10 points" in finished.out


def test_a_breakpoint_of_ones_own_can_be_left(learner):
    learner.exercise.write_text(RAISES.replace("return labels.foo", "breakpoint()"), "utf-8")
    finished = learner.digits("check", "pixels", "--pdb", typed="q\n")
    assert (finished.status, finished.err.split()) == (130, ["Stopped.", "Nothing", "was", "recorded."])


@pytest.mark.trains
def test_the_debugger_of_a_keras_exercise_is_not_drowned_in_logs(learner):
    path = learner.exercise.with_name("05_dense.py")
    path.write_text("def build_model():\n    return nothing\n", "utf-8")
    finished = learner.digits("check", "dense", "--pdb", typed="p 6 * 7\nq\n")
    assert "(Pdb) 42" in finished.out
    for word in ("absl", "oneDNN", "cuda", "cpu_feature_guard", "WARNING"):
        assert word not in finished.out + finished.err
