"""Finding one's own mistakes: the debugger, printed values, exceptions and calls that can be repeated."""

import os
import re
import shutil
import sys
import time
from pathlib import Path

import pytest

if os.name == "nt":
    pytest.skip("the pseudo-terminals here are those of POSIX", allow_module_level=True)

from test_cli import DIGITS, REPOSITORY, SOLUTION, Workspace
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


# What is printed

PRINTS = """import numpy as np


def label_counts(labels, num_classes=10):
    print("shape", labels.shape)
    print(np.eye(3))
    print("no end of the line", end="")
    return np.bincount(labels, minlength=num_classes)


def one_hot(labels, num_classes=10):
    for number in range(3000):
        print("line", number)
    return np.eye(num_classes, dtype=np.float32)[labels]
"""
MATRIX = ["shape (60,)", "[[1. 0. 0.]", " [0. 1. 0.]", " [0. 0. 1.]]", "no end of the line"]


def values(printed: str, label: str) -> list[str]:
    """The lines of text beside a label and below it."""
    lines = printed.splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip().startswith(f"{label} "))
    found = [lines[start][20:]]
    for line in lines[start + 1 :]:
        if line[:20].strip():
            break
        found.append(line[20:])
    return found


def test_what_is_printed_keeps_its_lines_and_no_line_belongs_to_two_calls(learner):
    learner.exercise.write_text(PRINTS, "utf-8")
    printed = values(learner.digits("check", "pixels").out, "printed")
    assert printed[:5] == MATRIX
    assert printed[5] in {"shape (60,)", "shape (1,)"} or printed[5].startswith("shape (")


def test_lines_of_numpy_stay_whole(learner):
    prints = "    for row in range(2):\n        print('row', row, np.arange(300) % 7)\n"
    learner.exercise.write_text(PRINTS.replace('    print("shape", labels.shape)\n', prints), "utf-8")
    shown = learner.digits("check", "pixels").out.splitlines()
    start = next(number for number, line in enumerate(shown) if line.strip() == "printed")
    rows = shown[start + 1 : start + 6]
    assert rows[0].startswith(f"{'':11}row 0 [0 1 2")
    assert all(re.fullmatch(r" {12}(\d ){20,}\d", line) for line in rows[1:])
    assert len({len(line) for line in rows[1:]}) == 1
    assert max(map(len, rows)) <= 80


def test_long_output_ends_with_the_number_of_lines_that_are_not_shown(learner):
    learner.exercise.write_text(PRINTS, "utf-8")
    last = learner.digits("check", "pixels").out.rpartition("printed")[2].splitlines()
    assert [line.strip() for line in last[:10]] == [f"line {number}" for number in range(10)]
    assert re.fullmatch(r"… \d,\d90 more lines", last[10].strip())


def test_the_debugger_begins_at_the_learners_line_and_not_in_a_library(learner):
    source = (REPOSITORY / "solutions" / "01_pixels.py").read_text("utf-8")
    learner.exercise.write_text(source.replace("np.bincount", "np.bincout"), "utf-8")
    shown = learner.digits("check", "pixels", "--pdb", typed="p labels.shape\nq\n")
    assert "AttributeError: module 'numpy' has no attribute 'bincout'" in shown.out
    assert "-> return np.bincout(labels" in shown.out
    assert "(60,)" in shown.out


@pytest.mark.parametrize("door", ["pytest", "watch"])
def test_every_door_shows_the_same_lines(learner, door):
    learner.exercise.write_text(PRINTS, "utf-8")
    if door == "pytest":  # it shows what failing checks have printed
        learner.exercise.write_text(PRINTS.replace("minlength=num_classes)", "minlength=num_classes) + 1"), "utf-8")
        checks = str(REPOSITORY / "grader" / "checks" / "test_01_pixels.py")
        out = learner.run(sys.executable, "-m", "pytest", checks, "-p", "no:cacheprovider").out
        for line in MATRIX:
            assert line in out
        return
    watch = Window(learner.folder, DIGITS, "watch", "pixels", rows=120)
    try:
        watch.until(" points   ")
        watch.press("a")  # every check in full, those that pass as well
        watch.until("… 5,990 more lines")
        for line in MATRIX:
            assert line in watch.text
    finally:
        watch.close()


# Exceptions


def test_an_exception_has_a_place_to_click_pythons_own_suggestion_and_its_line(learner):
    learner.exercise.write_text(RAISES.replace("labels.foo", "np.bincount(lables)"), "utf-8")
    out = learner.digits("check", "pixels").out
    assert " ".join(values(out, "went wrong")) == "NameError: name 'lables' is not defined. Did you mean: 'labels'?"
    assert values(out, "at") == ["exercises/01_pixels.py:5 in label_counts", "return np.bincount(lables)"]


# What is not written yet


def test_what_is_not_written_takes_one_line_and_what_waits_another(learner):
    shutil.copy(REPOSITORY / "exercises" / "04_backpropagation.py", learner.folder / "exercises")
    shutil.copy(REPOSITORY / "exercises" / "01_pixels.py", learner.folder / "exercises")
    pixels, backpropagation = learner.digits("check", "1").out, learner.digits("check", "4").out
    assert " · 0/10  5 to write: label_counts, scale_pixels, flatten_images," in pixels
    assert "not written yet" not in pixels
    assert " ·  0/2  2 to write: initialize, forward" in backpropagation
    assert " ·  0/8  6 more checks wait for the ones above" in backpropagation
    learner.exercise.write_text(RAISES, "utf-8")
    assert "to write" not in learner.digits("check", "1").out  # functions that are missing are told one by one


def test_written_checks_come_first_and_the_rest_is_more(learner):
    text = learner.exercise.read_text("utf-8").split("def one_hot")[0] + "def one_hot(labels, num_classes=10):\n"
    learner.exercise.write_text(text + "    raise NotImplementedError\n", "utf-8")
    out = learner.digits("check", "pixels").out
    assert out.index("add_channel_axis adds") < out.index(" ·  0/2  1 more to write: one_hot")


# Small arrays, and calls to repeat

NARROW = "import numpy as np\n\n\ndef label_counts(labels, num_classes=10):\n    return np.bincount(labels)\n"


def test_small_arrays_are_shown_whole(learner):
    learner.exercise.write_text(NARROW + "\n\ndef one_hot(labels, num_classes=10):\n    return np.eye(3)\n", "utf-8")
    out = learner.digits("check", "pixels").out
    assert re.search(r"returned int64 \(9,\) \[16,  0,", out)
    assert re.search(r"called     one_hot\(\[\d(, \d){11}\]\)", out)
    assert re.search(
        r"returned float64 \(3, 3\)\n +\[\[1\., 0\., 0\.\],\n +\[0\., 1\., 0\.\],\n +\[0\., 0\., 1\.\]\]", out
    )


def test_a_failing_call_can_be_repeated(learner):
    learner.exercise.write_text(NARROW, "utf-8")
    assert learner.digits("check", "pixels").out.rstrip().endswith("try  ./digits try pixels")
    typed = "label_counts(labels)\nprint(labels.shape, len(np.bincount(labels)))\nq\nprint('after q')\n"
    tried = learner.digits("try", "pixels", typed=typed)
    assert (tried.status, tried.err) == (0, "")
    assert " repeat it:   label_counts(labels)" in tried.out
    assert "array([16,  0, " in tried.out
    assert "(60,) 9" in tried.out
    assert "after q" not in tried.out
    assert not (learner.folder / ".digits" / "kept").exists()


def test_the_inputs_of_a_call_are_told_in_lines_that_fit(learner, window):
    mistake = REPOSITORY / "tests" / "mistakes" / "03_softmax_regression" / "softmax-along-batch.py"
    shutil.copy(mistake, learner.exercise.with_name("03_softmax_regression.py"))
    prompt = window("try", "softmax_regression", rows=60)
    prompt.until("repeat it:")
    shown = [line.rstrip() for line in prompt.screen.display]
    start = next(number for number, line in enumerate(shown) if line.startswith(" logits = "))
    rows = shown[start + 1 : next(number for number, line in enumerate(shown) if "repeat it:" in line)]
    assert re.fullmatch(r" logits = float64 \(\d+, \d+\)", shown[start])
    assert rows[0].startswith("   [[")
    assert all(re.fullmatch(r"    \[[^\[\]]+\](,|\])", line) for line in rows[1:])
    assert len({line.index(".") for line in rows}) == 1
    prompt.press("q\r")
    assert prompt.ends() == 0


def test_a_prompt_is_left_and_answers_on_a_terminal(learner, window):
    learner.exercise.write_text(NARROW, "utf-8")
    for leave in ("q\r", "exit()\r", "\x04"):
        prompt = window("try", "pixels")
        prompt.until(">>>")
        prompt.press("labels.sum() > 0, 6 * 7\r")
        prompt.until("42)")
        prompt.press(leave)
        assert prompt.ends() == 0
        assert "Traceback" not in prompt.text


def test_an_exception_at_the_prompt_ends_as_it_does_in_the_verdict(learner, window):
    learner.exercise.write_text(NARROW, "utf-8")
    prompt = window("try", "pixels")
    prompt.until(">>>")
    prompt.press("labelz\r")
    prompt.until("NameError: name 'labelz' is not defined. Did you mean: 'labels'?\n>>>")
    prompt.press("1 / 0\r")
    prompt.until("ZeroDivisionError: division by zero\n>>>")
    prompt.press("q\r")
    assert prompt.ends() == 0


def test_another_check_can_be_named_and_a_right_one_has_nothing_to_repeat(learner):
    broken = learner.exercise.read_text("utf-8") + "\n\ndef one_hot(labels, num_classes=10):\n    return labels.foo\n"
    learner.exercise.write_text(broken, "utf-8")
    tried = learner.digits("try", "pixels", "one_hot", typed="labels\nexit()\n")
    assert "one_hot(labels)" in tried.out
    assert "array([" in tried.out
    right = learner.digits("try", "pixels", "label")
    assert "The check label_counts passes." in right.out
    unknown = learner.digits("try", "pixels", "zzz")
    assert (unknown.status, unknown.out) == (2, "")
    assert "has no check called 'zzz'" in unknown.err


def test_a_solved_exercise_and_a_broken_file_have_nothing_to_try(learner):
    assert "All checks of pixels pass." in learner.digits("try", "pixels").out
    learner.exercise.write_text("def label_counts(:\n", "utf-8")
    broken = learner.digits("try", "pixels")
    assert broken.status == 2
    assert "exercises/01_pixels.py:1: def label_counts(: (SyntaxError: invalid syntax)." in broken.err


@pytest.mark.trains
def test_the_inputs_of_a_keras_exercise_can_be_a_model(learner):
    text = (REPOSITORY / "solutions" / "05_dense.py").read_text("utf-8")
    text += "\n\ndef train_model(model, *arguments, **keywords):\n    return model.nothing\n"
    learner.exercise.with_name("05_dense.py").write_text(text, "utf-8")
    tried = learner.digits("try", "dense", typed="type(model).__name__\nq\n")
    assert "'Sequential'" in tried.out or "'Functional'" in tried.out
    assert "oneDNN" not in tried.out + tried.err
