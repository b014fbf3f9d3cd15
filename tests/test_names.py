"""An exercise by its name or its file: what is found, what is suggested, and that it is never another file."""

import re
import shutil
from pathlib import Path

import jupytext
import pytest
from test_cli import REPOSITORY, SOLUTION, STUB, Workspace, assert_narrow
from test_loop_commands import complete, have_solved

from grader.course import CourseError, find_exercise, find_workspace, ready_lessons

COMMANDS = ("check", "hint", "solution", "reset", "quiz", "lab", "watch", "try")


@pytest.fixture
def learner(tmp_path: Path) -> Workspace:
    (tmp_path / "exercises").mkdir()
    shutil.copy(STUB, tmp_path / "exercises")
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("pix", "pixels"),
        ("conv", "convolution"),
        ("soft", "softmax_regression"),
        ("softmax-reg", "softmax_regression"),
        ("handwriting", "own_handwriting"),
        ("dense", "dense"),
        ("5", "dense"),
        ("05_dense.ipynb", "dense"),
    ],
)
def test_the_beginning_of_a_name_is_enough(typed, slug):
    assert find_exercise(typed).slug == slug


@pytest.mark.parametrize(("typed", "slug"), [("pixles", "pixels"), ("desne", "dense"), ("evalution", "evaluation")])
def test_a_typing_error_gets_a_suggestion(learner, typed, slug):
    for command in COMMANDS:
        finished = learner.digits(command, typed)
        assert finished.status == 2
        assert finished.err == f"digits: There is no exercise called {typed!r}. Did you mean {slug}?\n"


def test_several_exercises_that_may_be_meant_are_all_named():
    with pytest.raises(CourseError, match=r"can mean several exercises: convolution, cnn or capstone\.$"):
        find_exercise("c")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["check", "99"], "There is no exercise 99. The exercises have numbers 1 to 15.\n"),
        (["hint", "0"], "There is no exercise 0. The exercises have numbers 1 to 15.\n"),
        (
            ["check", "label_counts"],
            "label_counts is a function of pixels: name the exercise, as in ./digits check pixels\n",
        ),
        (["pixels"], "There is no command pixels. Did you mean {digits} check pixels? "),
        (["05_dense.py"], "There is no command 05_dense.py. Did you mean {digits} check dense? "),
        (
            ["check", "pixels", "one_hot"],
            "check takes one exercise; {digits} try pixels one_hot repeats one function's failing call. ",
        ),
        (["check", "pixels", "a[b"], "check takes one exercise, but got 2: pixels, a[b. "),
        (["lab", "--nobrowser"], "There is no option --nobrowser. Did you mean --no-browser? "),
    ],
)
def test_what_was_typed_is_said_to_be_what_it_is(learner, typed, said):
    finished = learner.digits(*typed)
    assert finished.status == 2
    assert finished.err.startswith("digits: " + said.format(digits="digits"))


def test_train_names_the_exercises_that_have_a_network(learner):
    said = learner.digits("train").err
    assert "softmax_regression, backpropagation, dense" in said
    assert "pixels" not in said


@pytest.mark.parametrize("columns", [40, 80])
def test_no_name_is_broken_at_the_end_of_a_line(learner, columns):
    shown = learner.on_terminal("check", "zzz", columns=columns, COLUMNS=str(columns))
    assert shown.status == 2
    for line in shown.out.splitlines():
        assert len(line) <= columns
    for lesson in ready_lessons():
        assert lesson.slug in shown.out
    assert_narrow(shown.out)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "check"])
def test_the_path_of_another_file_is_refused(learner, command, tmp_path):
    other = tmp_path / "elsewhere" / "01_pixels.py"
    other.parent.mkdir()
    shutil.copy(SOLUTION, other)
    finished = learner.digits(command, "elsewhere/01_pixels.py")
    assert (finished.status, finished.out) == (2, "")
    assert "elsewhere/01_pixels.py is not your file for pixels, which is exercises/01_pixels.py." in finished.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_path_where_nothing_is_means_no_exercise(learner, command):
    finished = learner.digits(command, "/no/such/folder/01_pixels.py")
    assert (finished.status, finished.out) == (2, "")
    assert finished.err == "digits: There is no file /no/such/folder/01_pixels.py.\n"


def test_check_grades_the_file_that_is_named_and_does_not_record_it(learner, tmp_path):
    other = tmp_path / "elsewhere" / "01_pixels.py"
    other.parent.mkdir()
    shutil.copy(SOLUTION, other)
    finished = learner.digits("check", "elsewhere/01_pixels.py")
    assert "10 of 10 points" in finished.out
    assert "Not recorded" in finished.out
    assert not learner.progress.exists()
    own = learner.digits("check", "01_pixels.py", cwd=learner.folder / "exercises")
    assert "0 of 10 points" in own.out
    assert learner.progress.exists()


def test_grade_takes_the_beginning_of_a_name_and_the_shell_completes_it(learner):
    assert learner.grade(SOLUTION, "--exercise", "pix")["score"] == 10
    assert complete(learner, "digits grade --exercise den") == ["dense"]
    assert complete(learner, "digits try de") == ["dense", "deployment"]


def test_a_folder_without_its_last_exercise_is_still_the_workspace(learner, monkeypatch):
    learner.exercise.unlink()
    monkeypatch.chdir(learner.folder)
    assert find_workspace() == learner.folder
    learner.exercise.parent.rmdir()
    assert find_workspace() == REPOSITORY
    have_solved(learner, "pixels")
    assert find_workspace() == learner.folder


def test_a_check_of_everything_goes_on_after_what_cannot_be_read(learner):
    (learner.folder / "exercises" / "02_baseline.py").write_bytes(b"\0")
    (learner.folder / "exercises" / "03_softmax_regression.py").mkdir()
    shutil.copy(REPOSITORY / "exercises" / "04_backpropagation.py", learner.folder / "exercises")
    have_solved(learner, "evaluation")
    finished = learner.digits("check")
    assert (finished.status, finished.err) == (2, "")
    words = " ".join(finished.out.split())
    assert "02_baseline.py contains NUL bytes" in words
    assert "03_softmax_regression.py is a folder" in words
    assert "4 A hidden layer and backpropagation" in words
    assert "There is no file exercises/08_evaluation.py. Run ./digits reset evaluation for a fresh one." in words


def test_a_deleted_exercise_comes_with_a_way_out(learner):
    learner.exercise.unlink()
    finished = learner.digits("check", "pixels")
    assert finished.status == 2
    assert "Run ./digits reset pixels for a fresh one." in finished.err
    assert "./digits reset pixels" in learner.digits("next").out
    assert learner.digits("reset", "pixels").status == 0
    assert "./digits reset pixels" not in learner.digits("next").out


@pytest.mark.parametrize("command", ["check", "hint", "solution", "try"])
@pytest.mark.parametrize(("here", "named"), [(".py", ".ipynb"), (".ipynb", ".py")])
def test_where_the_other_file_of_the_exercise_exists_it_is_named_and_no_reset_advised(learner, command, here, named):
    learner.exercise.unlink()
    jupytext.write(jupytext.read(SOLUTION), learner.exercise.with_suffix(here))
    finished = learner.digits(command, f"exercises/01_pixels{named}")
    assert (finished.status, finished.out) == (2, "")
    assert finished.err == (
        f"digits: There is no file exercises/01_pixels{named}. Your exercise is exercises/01_pixels{here}.\n"
    )


@pytest.mark.parametrize("command", ["check", "hint", "watch"])
@pytest.mark.parametrize(("file", "exercise"), [("mine.py", "EXERCISE"), ("01_pixels_backup.py", "pixels")])
def test_a_file_that_is_no_exercise_is_said_to_be_a_file(learner, command, file, exercise):
    shutil.copy(SOLUTION, learner.folder / file)
    finished = learner.digits(command, file)
    assert (finished.status, finished.out) == (2, "")
    assert finished.err == (
        f"digits: {file} is a file, but not an exercise. check grades your exercises, for example "
        f"exercises/01_pixels.py; grade grades any file: ./digits grade {file} --exercise {exercise}\n"
    )
    graded = learner.digits("grade", file, "--exercise", "pixels")
    assert (graded.status, "10 of 10 points" in graded.out) == (0, True)


def test_a_file_that_is_no_code_gets_no_advice_to_grade_it(learner):
    (learner.folder / "notes.txt").write_text("", "utf-8")
    finished = learner.digits("check", "notes.txt")
    assert finished.err == (
        "digits: notes.txt is a file, but not an exercise. check grades your exercises, for example "
        "exercises/01_pixels.py\n"
    )


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("", "is empty."),
        ("\n# I begin tomorrow.\n", "holds no code."),
        ("answer = 42\n", "has none of the functions of this exercise."),
    ],
)
def test_a_file_without_the_functions_of_its_exercise_is_told_from_a_fresh_stub(learner, code, what):
    fresh = "./digits reset pixels"
    assert fresh not in learner.digits("check", "pixels").out
    learner.exercise.write_text(code, "utf-8")
    for command in (["check", "pixels"], ["check"]):
        said = " ".join(learner.digits(*command).out.split())
        assert f"note exercises/01_pixels.py {what} For a fresh stub: {fresh}" in said
        assert "./digits lab" not in said
    learner.exercise.write_text("def one_hot(labels):\n    return labels\n", "utf-8")
    assert fresh not in learner.digits("check", "pixels").out


def test_the_next_steps_begin_with_a_fresh_stub_where_the_file_is_empty(learner):
    learner.exercise.write_text("", "utf-8")
    assert re.search(r"first +\./digits reset pixels +your file is empty", learner.digits("next").out)


def test_the_reference_of_a_solved_exercise_needs_no_file(learner):
    learner.exercise.unlink()
    assert learner.digits("solution", "pixels").status == 2
    have_solved(learner, "pixels")
    shown = learner.digits("solution", "pixels")
    assert shown.status == 0
    assert "the reference" in shown.out
    assert "def label_counts" in shown.out
    assert "yours" not in shown.out
