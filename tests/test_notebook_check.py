"""`check()` as a learner meets it in a notebook: in a real kernel, with cells, saves and interrupts."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from conftest import READY, REPOSITORY, solution
from nbclient import NotebookClient

from grader.api.pictures import pictures
from grader.course import CourseError, find_lesson
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.judge.processors import descendants
from grader.engine.session import functions_of
from grader.notebook import check
from grader.progress.record import read_progress

PIXELS = find_lesson("pixels")
STUB = PIXELS.exercise_path(REPOSITORY)
MISTAKES = Path(__file__).parent / "mistakes"
IMPORT = "from grader.notebook import check"
CELL = """
import numpy as np

LARGEST = np.float32({largest})

def scale_pixels(images):
    return images / LARGEST
"""
HELPER = """
from grader.data import load_mnist

(x_train, _), _ = load_mnist()  # which no runner can see

def show_digit(index):
    return x_train[index]
"""
ENDLESS = "def label_counts(labels, num_classes=10):\n    while True:\n        pass\n"
SOON = 120  # seconds until a test that hangs fails instead


class Notebook:
    """A notebook with a kernel of its own, run cell by cell in a learner's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cells = nbformat.v4.new_notebook()
        self.client = NotebookClient(
            self.cells,
            kernel_name="python3",
            timeout=SOON,
            allow_errors=True,
            resources={"metadata": {"path": str(folder / "lessons")}},
        )

    @property
    def exercise(self) -> Path:
        return self.folder / "exercises" / "01_pixels.py"

    def run(self, code: str) -> nbformat.NotebookNode:
        """Run a cell; returns its outputs."""
        self.cells.cells.append(nbformat.v4.new_code_cell(code))
        return self.client.execute_cell(self.cells.cells[-1], len(self.cells.cells) - 1).outputs

    def check(self, arguments: str = "") -> dict[str, str]:
        """What a check shows in the end, by format."""
        (shown,) = self.run(f"{IMPORT}\ncheck({arguments})")
        return shown["data"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "lessons").mkdir()
    shutil.copy(STUB, tmp_path / "exercises")
    return tmp_path


@pytest.fixture
def zygote(monkeypatch) -> Iterator[int]:
    """The process that starts the runners of this test, and of no other."""
    with tempfile.TemporaryDirectory(prefix="dg") as name:  # a short path, for a socket
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        with Engine(background.connect) as engine:
            pid = engine.zygote_pid("numpy")
        yield pid
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def notebook(folder: Path, zygote: int) -> Iterator[Notebook]:
    opened = Notebook(folder)
    with opened.client.setup_kernel():
        yield opened


def runners(zygote: int) -> list[int]:
    return list(descendants(zygote))[1:]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# What is shown


def test_stub_mistake_and_solution_saved_while_the_kernel_runs(notebook):
    shown = notebook.check('"pixels"')["text/plain"]
    assert "from exercises/01_pixels.py" in shown
    assert "scale_pixels is not written yet." in shown
    assert "0 of 10 points" in shown
    shutil.copy(MISTAKES / "01_pixels" / "divided-by-256.py", notebook.exercise)
    shown = notebook.check()["text/plain"]
    assert "divided-by-256" in shown
    assert "8 of 10 points" in shown
    shutil.copy(solution(PIXELS), notebook.exercise)
    assert "10 of 10 points" in notebook.check()["text/plain"]
    record = read_progress(notebook.folder).of(PIXELS)
    assert (record.latest, record.solves(PIXELS)) == (10, True)


@pytest.mark.thorough
def test_it_says_what_the_terminal_says(notebook):
    shutil.copy(MISTAKES / "01_pixels" / "divided-by-256.py", notebook.exercise)
    digits = Path(sys.executable).with_name("digits")
    printed = subprocess.run(
        [digits, "check", "pixels"], cwd=notebook.folder, capture_output=True, text=True, timeout=SOON, check=True
    ).stdout
    shown = notebook.check('"pixels"')["text/plain"]
    feedback = [line for line in printed.splitlines() if line.startswith(("   ", " ✓", " ✗"))]
    assert len(feedback) > 8
    assert [line for line in shown.splitlines()[2:] if line.startswith(("   ", " ✓", " ✗"))] == feedback


def test_the_html_is_one_table_with_both_pictures_and_nobodys_markup(notebook):
    shutil.copy(MISTAKES / "01_pixels" / "reshape-as-transpose.py", notebook.exercise)
    shown = notebook.check('"pixels"')["text/html"]
    assert shown.count("<table") == 1
    assert shown.count("<tr>") == 7  # six checks and the sum
    assert shown.index("your output") < shown.index("expected: 28 by 28")
    notebook.exercise.write_text("raise ValueError('<script>alert(1)</script>')\n")
    shown = notebook.check()["text/html"]
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.thorough
def test_wrong_names_and_damage_end_in_a_sentence(notebook):
    (outputs,) = notebook.run(f"{IMPORT}\ncheck()")
    assert outputs["text"].startswith("Which exercise?")
    (outputs,) = notebook.run("check('nonesuch')")
    assert outputs["text"].startswith("There is no exercise called 'nonesuch'.")
    notebook.exercise.rename(notebook.exercise.with_name("02_baseline.py"))
    (outputs,) = notebook.run("check('pixels')")
    assert outputs["text"].startswith("There is no file ../exercises/01_pixels.py")


# Which work is taken


def test_cells_are_taken_where_they_define_a_function_of_the_exercise(notebook):
    shutil.copy(solution(PIXELS), notebook.exercise)
    notebook.run("import missing_in_action")  # what fails is left out, and so is what the lesson defines
    notebook.run(HELPER)
    assert "from exercises/01_pixels.py" in notebook.check('"pixels"')["text/plain"]
    notebook.run(CELL.format(largest=256))
    shown = notebook.check()["text/plain"]
    assert "from this notebook's cells (scale_pixels)" in shown
    assert "divided-by-256" in shown
    assert "one_hot is not written yet." in shown
    notebook.run(CELL.format(largest=255))
    assert "3 of 10 points" in notebook.check()["text/plain"]
    assert "10 of 10 points" in notebook.check('"exercises/01_pixels.py"')["text/plain"]


@pytest.mark.thorough
def test_the_learners_file_borrowed_into_a_cell_is_still_the_file(notebook):
    notebook.run("from grader.lesson import exercise\n\nscale_pixels = exercise('pixels').scale_pixels")
    assert "from exercises/01_pixels.py" in notebook.check('"pixels"')["text/plain"]


@pytest.mark.sampled
@pytest.mark.parametrize("name", ["JPY_SESSION_NAME", "__vsc_ipynb_file__"])
def test_a_notebook_called_after_a_lesson_needs_no_name(notebook, name):
    notebook.run(f"import os; os.environ['{name}'] = {name} = '/somewhere/lessons/01_pixels.md'")
    assert notebook.check()["text/plain"].startswith(" 1  Pixels")


@pytest.mark.parametrize("lesson", READY, ids=lambda lesson: lesson.slug)
def test_the_functions_of_an_exercise_are_those_of_its_stub(lesson):
    lines = lesson.exercise_path(REPOSITORY).read_text("utf-8").splitlines()
    assert functions_of(lesson) == {line[4:].partition("(")[0] for line in lines if line.startswith("def ")}


@pytest.mark.thorough
def test_a_file_saved_twice_within_a_second_is_loaded_as_it_is(notebook):
    notebook.run("from grader.lesson import exercise")
    notebook.exercise.write_text("ANSWER = 1\n")
    notebook.run("import sys; sys.dont_write_bytecode = False; exercise('pixels')")
    notebook.exercise.write_text("ANSWER = 2\n")
    (output,) = notebook.run("print(exercise('pixels').ANSWER)")
    assert output["text"] == "2\n"


@pytest.mark.sampled
@pytest.mark.parametrize("exercise", ["1", '["pixels"]', "True", 'b"pixels"'])
def test_what_is_no_name_is_answered_with_a_sentence(monkeypatch, capsys, exercise):
    check(eval(exercise))
    assert capsys.readouterr().out.startswith("Give the exercise's name or number in quotes, as in check(")


def test_a_warning_of_the_graders_is_no_error_wherever_it_is_given(monkeypatch, capsys):
    def warn() -> None:
        warnings.warn("something will change", DeprecationWarning, stacklevel=1)
        raise CourseError("got as far as this")

    monkeypatch.setattr(sys.modules["grader.notebook.check"], "use_choices_here", warn)
    with warnings.catch_warnings(action="error"):
        check("pixels")
    assert capsys.readouterr().out == "got as far as this\n"


# How it ends


STEPS = ("is_autograding", "use_choices_here", "find_workspace", "choose_work", "view_of", "record_verdict")


@pytest.mark.sampled
@pytest.mark.parametrize("step", STEPS)
def test_an_interrupt_at_any_step_is_one_sentence(folder, step):
    program = (
        "from grader.notebook import check; import sys; module = sys.modules['grader.notebook.check']\n"
        "def interrupted(*arguments): raise KeyboardInterrupt\n"
        f"module.{step} = interrupted; check('pixels'); print('goes on')"
    )

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *options, "-c", program]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SOON, check=False)

    plain = run()
    assert (plain.returncode, plain.stderr) == (130, "")
    assert plain.stdout.splitlines()[-1].startswith("The check was stopped")
    shown = run("-m", "IPython", "--no-banner", "--colors=NoColor")
    assert "Traceback" not in shown.stdout + shown.stderr
    assert "The check was stopped" in shown.stdout
    assert "goes on" not in shown.stdout


@pytest.mark.thorough
def test_an_interrupted_check_says_so_and_leaves_no_process(notebook, zygote):
    notebook.exercise.write_text(ENDLESS)

    def interrupt_when_it_runs() -> None:
        wait_until(lambda: runners(zygote))
        notebook.client.km.provisioner.process.send_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt_when_it_runs)
    thread.start()
    shown = notebook.run(f"{IMPORT}\ncheck('pixels')")
    thread.join()
    assert "\n".join(shown[-1]["traceback"]) == "The check was stopped. Nothing was recorded."
    assert "points" not in shown[0]["data"]["text/plain"]
    wait_until(lambda: not runners(zygote))
    assert read_progress(notebook.folder).of(PIXELS).latest is None
    shutil.copy(solution(PIXELS), notebook.exercise)
    assert "10 of 10 points" in notebook.check()["text/plain"]


def test_a_kernel_that_dies_leaves_no_runner(folder, zygote):
    (folder / "exercises" / "01_pixels.py").write_text(ENDLESS)
    kernel = subprocess.Popen([sys.executable, "-c", f"{IMPORT}\ncheck('pixels')"], cwd=folder)
    wait_until(lambda: runners(zygote))
    kernel.kill()
    kernel.wait()
    wait_until(lambda: not runners(zygote))


@pytest.mark.sampled
@pytest.mark.parametrize("program", [["-c"], ["-m", "IPython", "--no-banner", "-c"]], ids=["python", "ipython"])
def test_a_console_prints_every_line_once(folder, zygote, program):
    command = [sys.executable, *program, f"{IMPORT}\ncheck('pixels')"]
    printed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SOON, check=True).stdout
    assert printed.count("scale_pixels maps 0..255 to 0..1") == 1
    assert printed.splitlines()[-1].startswith(" 0 of 10 points")


# Pictures


def test_pictures_show_what_an_eye_can_tell_apart(grade):
    path = MISTAKES / "01_pixels" / "reshape-as-transpose.py"
    verdict, again = grade(PIXELS, path), grade(PIXELS, path)
    (failed,) = (result for result in verdict.checks if result.outcome == "failed")
    ours, wanted = failed.pictures
    assert (ours.title, wanted.title) == ("your output", "expected")
    for picture in failed.pictures:
        ink = np.array(picture.values)
        assert ink.shape == (28, 28)
        assert (ink.min(), ink.max()) == (0, 1)
        assert np.array_equal(ink, ink.round(3))
    assert ours.values != wanted.values
    assert [result.pictures for result in again.checks] == [result.pictures for result in verdict.checks]
    assert not any("pictures" in check for check in verdict.to_json()["checks"])
    verdict = grade(PIXELS, MISTAKES / "01_pixels" / "divided-by-256.py")
    assert not any(result.pictures for result in verdict.checks)


@pytest.mark.parametrize(
    ("value", "expected", "sizes"),
    [
        (np.eye(6), np.zeros((6, 6)), [6, 6]),
        (np.ones((8, 12)), np.eye(10, 12), [8, 10]),
        (np.zeros((3, 28, 28)), np.eye(28)[np.newaxis], [28, 28]),
        (np.zeros((2, 28, 28, 1), "uint8"), np.ones((2, 28, 28, 1), "uint8"), [28, 28]),
        (np.zeros((2, 784)), np.eye(2, 784), [28, 28]),
        (np.eye(5), np.eye(5) + 0.04, []),
        (np.eye(5), 200 * np.eye(5), []),
        (np.eye(4), np.zeros((4, 4)), []),
        (np.eye(65), np.zeros((65, 65)), []),
        (np.full((6, 6), np.nan), np.eye(6), []),
        (np.eye(6) * 1j, np.eye(6), []),
        (np.eye(6) * 1.7e308 - 1e308, np.eye(6)[::-1], [6, 6]),
        (np.zeros((0, 28, 28)), np.zeros((2, 28, 28)), []),
        (None, np.eye(6), []),
        (np.eye(6), None, []),
    ],
)
def test_pictures_are_small_and_finite_and_of_images_only(value, expected, sizes):
    drawn = pictures(value, expected)
    assert [len(rows) for _, rows in drawn] == sizes
    assert all(0 <= ink <= 1 for _, rows in drawn for row in rows for ink in row)
