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
from grader.notebook import check, hint
from grader.notebook import solution as reference
from grader.notebook.check import find_work
from grader.notebook.choice import checks_of
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
    assert "5 to write: label_counts, scale_pixels, flatten_images, add_channel_axis, one_hot" in " ".join(
        shown.split()
    )
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
    assert shown.count("<tr ") == shown.count('<tr style="background: transparent">') == 7  # six checks and the sum
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


# One function, hints, the reference


def said(outputs: list[nbformat.NotebookNode]) -> str:
    """What a cell printed."""
    return "".join(output.get("text", "") for output in outputs)


def test_one_function_is_checked_alone_and_nothing_is_recorded(notebook):
    shutil.copy(MISTAKES / "01_pixels" / "divided-by-256.py", notebook.exercise)
    shown = notebook.check('"pixels", "scale_pixels"')["text/plain"]
    assert "divided-by-256" in shown
    assert "one_hot" not in shown
    assert shown.splitlines()[-1] == " 1 of 3 points for scale_pixels, not recorded"
    assert "2 of 2 points for one_hot, not recorded" in notebook.check('"pixels", "one_hot"')["text/html"]
    assert read_progress(notebook.folder).of(PIXELS).latest is None
    assert said(notebook.run("check('pixels', 'one_hott')")).startswith(
        "The exercise pixels has no function called one_hott. Did you mean one_hot?"
    )
    assert said(notebook.run("check('pixels', 'zzz')")).strip().endswith("one_hot, scale_pixels.")
    assert said(notebook.run("check('pixels', 3)")).startswith("Give the function's name in quotes, as in check(")
    notebook.exercise.write_text("def broken(:\n")
    assert "exercises/01_pixels.py:1: def broken(:" in notebook.check('"pixels", "one_hot"')["text/plain"]


def test_every_function_of_the_course_can_be_checked_alone():
    for lesson in READY:
        for function in functions_of(lesson):
            assert checks_of(lesson, function)
    names = [one.name for one in checks_of(find_lesson("dense"), "train_model")]
    assert names == ["training_call", "accuracy"]
    assert [one.name for one in checks_of(find_lesson("convolution"), "output_size")] == [
        "output_size_valid",
        "output_size_same",
    ]


def test_hints_share_their_memory_with_the_terminal(notebook):
    shutil.copy(MISTAKES / "01_pixels" / "divided-by-256.py", notebook.exercise)
    (first,) = notebook.run("from grader.notebook import hint, solution\nhint('pixels')")
    assert "hint 1 of 3: question" in first["data"]["text/plain"]
    assert "hint 2 of 3" not in first["data"]["text/html"]
    digits = Path(sys.executable).with_name("digits")
    command = [digits, "hint", "pixels"]
    printed = subprocess.run(command, cwd=notebook.folder, capture_output=True, text=True, timeout=SOON, check=True)
    assert "hint 2 of 3: concept" in printed.stdout
    (third,) = notebook.run("hint()")
    assert "hint 3 of 3: worked hint" in third["data"]["text/html"]
    assert 'That was the last hint. Check your work: check("pixels")' in third["data"]["text/plain"]
    assert read_progress(notebook.folder).of(PIXELS).hints_shown == {"scale_pixels": 3}
    shutil.copy(solution(PIXELS), notebook.exercise)
    assert "All checks of pixels pass." in said(notebook.run("hint()"))
    assert read_progress(notebook.folder).of(PIXELS).solves(PIXELS)
    notebook.exercise.write_text("def broken(:\n")
    assert "exercises/01_pixels.py:1: " in said(notebook.run("hint()"))
    assert said(notebook.run("hint('nonesuch')")).startswith("There is no exercise called 'nonesuch'.")


def test_the_reference_is_shown_once_all_checks_pass(notebook):
    shutil.copy(MISTAKES / "01_pixels" / "divided-by-256.py", notebook.exercise)
    shown = notebook.run("from grader.notebook import solution\nsolution('pixels')")
    assert "8 of 10 points" in shown[0]["data"]["text/plain"]
    assert "You can see the reference once all checks pass." in said(shown)
    assert "the reference" not in str(shown[0])
    (spoiled,) = notebook.run("solution(spoil=True)")
    text = spoiled["data"]["text/plain"]
    assert text.count(" -- the reference") == text.count(" -- yours") - 1 == 5
    assert " GREY_LEVELS\n -- not in the reference\n -- yours" in text
    notebook.exercise.write_text(solution(PIXELS).read_text("utf-8") + "\nMINE = '<b>'\n", "utf-8")
    shown = notebook.run("solution('pixels')")
    html = shown[-1]["data"]["text/html"]
    assert html.count("the same as yours") == 5
    assert "not in the reference" in html
    assert "&lt;b&gt;" in html
    assert "<b>'" not in html
    assert "var(--jp-mirror-editor-keyword-color, inherit)" in html


def test_an_unwritten_function_ends_its_cell_in_one_line(notebook):
    (shown,) = notebook.run("from grader.lesson import exercise\nmine = exercise('pixels')\nmine.scale_pixels(1)")
    assert shown["output_type"] == "error"  # so `Run All` stops here
    assert shown["traceback"] == ["Write scale_pixels in exercises/01_pixels.py first, then run this cell again."]
    notebook.run("def own():\n    raise NotImplementedError")
    (shown,) = notebook.run("own()")
    assert "Traceback" in "".join(shown["traceback"])
    notebook.exercise.write_text("def helper():\n    return 1 / 0\n")
    (shown,) = notebook.run("exercise('pixels').helper()")
    assert "ZeroDivisionError" in "".join(shown["traceback"])


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
    assert "4 more to write: label_counts, flatten_images, add_channel_axis, one_hot" in " ".join(shown.split())
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


@pytest.mark.parametrize("ask", [check, hint, reference])
def test_another_file_is_refused_and_nothing_is_recorded(folder, monkeypatch, capsys, ask):
    other = folder / "lessons" / "elsewhere" / "01_pixels.py"
    other.parent.mkdir()
    shutil.copy(solution(PIXELS), other)
    monkeypatch.chdir(folder / "lessons")
    for name in ("elsewhere/01_pixels.py", str(other), "../lessons/elsewhere/01_pixels.py"):
        ask(name)
        said = capsys.readouterr().out
        assert said.startswith("elsewhere/01_pixels.py is not your file for pixels, which is ../exercises/01_pixels.py")
    ask("nowhere/01_pixels.py")
    assert capsys.readouterr().out == "There is no file nowhere/01_pixels.py.\n"
    assert read_progress(folder).of(PIXELS).latest is None


def test_ones_own_file_may_be_named_in_any_way(folder, monkeypatch):
    own, text = folder / "exercises" / "01_pixels.py", folder / "lessons" / "01_pixels.md"
    text.write_text("# Pixels\n", "utf-8")
    shutil.copy(find_lesson("baseline").exercise_path(REPOSITORY), folder / "exercises")
    monkeypatch.chdir(folder / "lessons")
    ways = ("exercises/01_pixels.py", "../exercises/01_pixels.py", str(own), "01_pixels.py", "01_pixels.md")
    for name in (*ways, "lessons/01_pixels.md", "pixels", "1"):
        assert find_work(name, None)[1].source.code == own.read_bytes()
    own.unlink()
    own.symlink_to(own.name)
    with pytest.raises(CourseError, match=r"^There is no file \.\./exercises/01_pixels\.py"):
        find_work("exercises/01_pixels.py", None)


@pytest.mark.parametrize("ask", [check, hint, reference])
@pytest.mark.parametrize("name", ["pixels", "exercises/01_pixels.py"])
def test_a_deleted_exercise_comes_with_a_way_out(folder, monkeypatch, capsys, ask, name):
    shutil.copy(find_lesson("baseline").exercise_path(REPOSITORY), folder / "exercises")
    (folder / "exercises" / "01_pixels.py").unlink()
    monkeypatch.chdir(folder / "lessons")
    ask(name)
    way_out = "For a fresh one, run this in a terminal: ./digits reset pixels"
    assert capsys.readouterr().out == f"There is no file ../exercises/01_pixels.py. {way_out}\n"


@pytest.mark.parametrize("ask", [check, hint, reference])
@pytest.mark.parametrize(("here", "named"), [(".py", ".ipynb"), (".ipynb", ".py")])
def test_where_the_other_file_exists_it_is_named(folder, monkeypatch, capsys, ask, here, named):
    own = folder / "exercises" / "01_pixels.py"
    own.rename(own.with_suffix(here))
    monkeypatch.chdir(folder)
    ask(f"exercises/01_pixels{named}")
    there = f"Your exercise is exercises/01_pixels{here}."
    assert capsys.readouterr().out == f"There is no file exercises/01_pixels{named}. {there}\n"


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
    assert printed.count("5 to write: label_counts, scale_pixels") == 1
    shutil.copy(MISTAKES / "01_pixels" / "divided-by-256.py", folder / "exercises" / "01_pixels.py")
    printed += subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SOON, check=True).stdout
    assert printed.count("scale_pixels maps 0..255 to 0..1") == 1
    assert printed.splitlines()[-1].startswith(" 8 of 10 points")
    assert " 0 of 10 points" in printed


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
