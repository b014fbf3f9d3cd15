"""One rule for what is graded of a notebook: every way to grade it gives the same points."""

import json
import subprocess
from pathlib import Path

import nbformat
import pytest
from a_class import Class
from conftest import REPOSITORY, solution
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from stray_cells import CELLS, LABEL_COUNTS, NOT_IN_A_KERNEL
from test_cli import DIGITS
from test_exports import autograder, grade_as_gradescope  # noqa: F401  (a fixture)
from test_nbgrader import Course, course, filled_in, marked, worth  # noqa: F401  (a fixture)

from grader.course import find_lesson
from grader.engine.judge.source import Source, read_source
from grader.engine.session import Session, functions_of, load_checks
from grader.notebook.cells import source_of
from grader.notebook.choice import work_in_cells

PIXELS = find_lesson("pixels")
CHECKS = load_checks(PIXELS.checks_path)
FULL = {check.name: check.points for check in CHECKS}
SOLUTION = solution(PIXELS)
MISTAKE = REPOSITORY / "tests" / "mistakes" / "01_pixels" / "scaled-twice.py"
PLACES = ("first", "between", "last")  # before all other cells, among the answers, behind them


def with_cells(strays: list[str], place: str) -> list[str]:
    """The cells of a notebook that holds the solution, one cell for each part, and stray cells at one place."""
    parts = [part for part in SOLUTION.read_text("utf-8").split("\n\n\n") if part.strip()]
    position = {"first": 0, "between": len(parts) - 2, "last": len(parts)}[place]
    return [*parts[:position], *strays, *parts[position:]]


def notebook_of(cells: list[str]) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell(cell) for cell in cells])


class Ran:
    """An IPython in which cells have run, as far as its history tells."""

    def __init__(self, cells: list[str]) -> None:
        self.history_manager = self
        self.input_hist_raw = ["", *cells]


@pytest.mark.sampled("place")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("cell", CELLS)
def test_a_stray_cell_costs_nothing_in_a_file_and_in_a_kernel(cell, place, engine, tmp_path):
    cells, path = with_cells([CELLS[cell]], place), tmp_path / "pixels.ipynb"
    nbformat.write(notebook_of(cells), path)

    def points(source: Source) -> dict[str, float]:
        with Session(PIXELS, source, engine, b"0") as session:
            return {result.name: result.points for result in session.verdict().checks}

    assert points(read_source(path)) == FULL
    assert points(source_of(Ran(cells), functions_of(PIXELS))) == FULL


@pytest.mark.parametrize(
    "before", [[], ["label_counts = None"], ["def label_counts(:"], ["def label_counts(a): return a"]]
)
@pytest.mark.parametrize("way", LABEL_COUNTS)
def test_a_function_counts_however_it_is_written(way, before, engine, tmp_path):
    """In a file, in a kernel, and in check(), which puts stubs for the other functions."""
    cells, path = ["import numpy as np", *before, LABEL_COUNTS[way]], tmp_path / "pixels.ipynb"
    nbformat.write(notebook_of(cells), path)
    choice = work_in_cells(PIXELS, tmp_path, Ran(cells))
    assert choice is not None
    assert "cells (label_counts)" in choice.origin
    for source in (read_source(path), source_of(Ran(cells), functions_of(PIXELS)), choice.source):
        with Session(PIXELS, source, engine, b"0") as session:
            results = session.verdict().checks
        assert {result.name for result in results if result.points} == {"label_counts"}
    assert {result.outcome for result in results[1:]} == {"not_attempted"}


@pytest.mark.parametrize("cell", ["1/0\n\n", "#\n" * 20])
def test_a_message_names_the_place_in_the_learners_cells(cell, engine, tmp_path):
    cells = ["import numpy as np", cell, "\ndef scale_pixels(images):\n    return images / nothing", "def one_hot(:"]
    choice = work_in_cells(PIXELS, tmp_path, Ran(cells))
    with Session(PIXELS, choice.source, engine, b"0") as session:
        verdict = session.verdict()
    by_name = {result.name: result.message for result in verdict.checks}
    assert "(code cell 3, line 3 in scale_pixels: return images / nothing)" in by_name["scale_pixels"]
    assert "one_hot is not defined. Code cell 4 is not Python" in by_name["one_hot"]


def test_a_cell_that_holds_no_text_is_left_out_alone_and_in_the_same_words(engine, tmp_path):
    """A NUL byte, or half of a character, which only a notebook can hold."""
    path = tmp_path / "pixels.ipynb"
    for odd in ("\0", "\ud83d"):
        cells = with_cells([f"x = 1\ny = '{odd}'", f"def one_hot(labels):\n    return '{odd}'"], "last")
        path.write_text(json.dumps(notebook_of(cells)), "ascii")
        for source in (read_source(path), source_of(Ran(cells), functions_of(PIXELS))):
            with Session(PIXELS, source, engine, b"0") as session:
                verdict = session.verdict()
            assert verdict.score == 10
            why = "is not Python (it holds a character that is no text, line 2) and was left out."
            assert f"Code cell {len(cells)} {why}" in verdict.message


@pytest.mark.thorough
@pytest.mark.classroom
def test_a_class_loses_nothing_by_any_stray_cell_at_any_place(tmp_path):
    a_class = Class(tmp_path)
    for cell in CELLS:
        for place in PLACES:
            notebook = nbformat.writes(notebook_of(with_cells([CELLS[cell]], place)))
            a_class.submit(f"{cell}-{place}", notebook.encode(), name="pixels.ipynb")
    a_class.digits("init", ".")
    a_class.grade()
    scores = {student: a_class.score(student) for _, student in a_class.records()}
    assert scores == {f"{cell}-{place}": 10 for cell in CELLS for place in PLACES}


# One notebook with nearly all of these cells, at one of the places, and one with mistakes in it, too


def littered(released: nbformat.NotebookNode, place: str, code: Path) -> nbformat.NotebookNode:
    """A student's notebook: the released one, filled in, with all stray cells that do not end or stop a kernel."""
    notebook = filled_in(released, code.read_text("utf-8"))
    strays = [new_code_cell(text) for name, text in CELLS.items() if name not in NOT_IN_A_KERNEL]
    answers = [number for number, cell in enumerate(notebook.cells) if cell in marked(notebook, "solution")]
    last_test = max(number for number, cell in enumerate(notebook.cells) if cell in marked(notebook, "grade"))
    position = {"first": 0, "between": answers[2], "last": last_test}[place]
    notebook.cells[position:position] = strays
    return notebook


@pytest.fixture(scope="module")
def submitted(course: Course) -> dict[str, Path]:  # noqa: F811
    """Notebooks by student, where students of the course have submitted them."""
    course.run("digits", "class", "release", "pixels")
    paths = {}
    for student, place, code in [*((place, place, SOLUTION) for place in PLACES), ("mistaken", "between", MISTAKE)]:
        paths[student] = course.submission(student, code)
        released = course.notebook("release", "pixels", "pixels.ipynb")
        nbformat.write(littered(released, place, code), paths[student])
    return paths


@pytest.fixture(scope="module")
def deserved(submitted: dict[str, Path]) -> dict[str, dict[str, float]]:
    """What everybody deserves: full points, and for the mistake those that its file earns."""
    return {student: graded_alone(MISTAKE) if student == "mistaken" else FULL for student in submitted}


def graded_alone(path: Path) -> dict[str, float]:
    """The points of `digits grade FILE`."""
    command = [DIGITS, "grade", path, "--exercise", "pixels", "--json"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return {check["name"]: check["points"] for check in json.loads(done.stdout)["checks"]}


@pytest.mark.thorough
@pytest.mark.classroom
class TestEveryDoor:
    def test_the_points_are_neither_all_nor_none(self, deserved):
        assert 0 < sum(deserved["mistaken"].values()) < 10

    def test_digits_grade(self, submitted, deserved):
        assert {student: graded_alone(path) for student, path in submitted.items()} == deserved

    @pytest.fixture
    def folder(self, tmp_path):
        """A learner's folder: what is checked there is noted there, and not in this course's own."""
        (tmp_path / "exercises").mkdir()
        return tmp_path

    def test_digits_check(self, submitted, deserved, folder):
        for student, path in submitted.items():
            command = [DIGITS, "check", path]
            done = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=120)
            printed = done.stdout.decode()
            assert f"{sum(deserved[student].values()):g} of 10 points" in printed, student

    def test_digits_class_grade(self, course, submitted, deserved):  # noqa: F811
        course.run("digits", "class", "grade", ".")
        found = {}
        for student in submitted:
            record = json.loads((course.root / "graded" / "pixels" / f"{student}.json").read_text("utf-8"))
            found[student] = {check["name"]: check["points"] for check in record["verdict"]["checks"]}
        assert found == deserved

    def test_gradescope(self, autograder, submitted, deserved):  # noqa: F811
        for student, path in submitted.items():
            place = autograder / "submission" / "pixels.ipynb"
            place.write_bytes(path.read_bytes())
            results = grade_as_gradescope(autograder)
            place.unlink()
            assert results is not None, student
            assert [test["score"] for test in results["tests"]] == list(deserved[student].values()), student

    def test_the_test_cells_and_check_in_a_kernel(self, submitted, deserved, folder):
        for student, path in submitted.items():
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.append(new_code_cell('from grader.notebook import check\ncheck("pixels")'))
            client = NotebookClient(
                notebook,
                timeout=120,
                kernel_name="python3",
                allow_errors=True,
                resources={"metadata": {"path": str(folder)}},
            )
            client.execute()
            tests = marked(notebook, "grade")
            assert {cell.metadata.nbgrader.grade_id: worth(cell) for cell in tests} == deserved[student], student
            (shown,) = notebook.cells[-1].outputs
            assert f"{sum(deserved[student].values()):g} of 10 points" in shown["data"]["text/plain"], student

    def test_nbgrader_autograde(self, course, submitted, deserved):  # noqa: F811
        course.run("nbgrader", "autograde", "pixels", "--force")
        for student in submitted:
            tests = marked(course.notebook("autograded", student, "pixels", "pixels.ipynb"), "grade")
            assert {cell.metadata.nbgrader.grade_id: worth(cell) for cell in tests} == deserved[student], student
