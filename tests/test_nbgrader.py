"""nbgrader's own workflow on what `digits class` makes: its real commands, kernels and gradebook."""

import ast
import csv
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from conftest import READY, solution
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.authoring.notebooks import is_edited, source_notebook
from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record, read_records
from grader.course import REPOSITORY, find_lesson
from grader.engine.session import load_checks
from grader.verdict import Verdict

pytestmark = pytest.mark.classroom

PROGRAMS = Path(sys.executable).parent
PIXELS = find_lesson("pixels")
CHECKS = load_checks(PIXELS.checks_path)
SOLUTION = REPOSITORY / "solutions" / "01_pixels.py"
MISTAKE = REPOSITORY / "tests" / "mistakes" / "01_pixels" / "scaled-twice.py"
SEED = "5eed" * 16
SOON = 300  # seconds until a command that hangs fails instead


@dataclass
class Course:
    """A course folder in which `digits class init` and `release pixels` have been run."""

    root: Path

    def run(self, program: str, *arguments: str | Path, status: int = 0) -> str:
        """Run a program of this environment as it is run without activating that; returns what it prints."""
        done = subprocess.run(
            [PROGRAMS / program, *arguments],
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SOON,
            check=False,
        )
        printed = done.stdout.decode()
        assert done.returncode == status, printed
        return printed

    def notebook(self, *path: str) -> nbformat.NotebookNode:
        return nbformat.read(self.root.joinpath(*path), as_version=4)

    def submission(self, student: str, code: Path, slug: str = "pixels") -> Path:
        """Submit a Python file's functions, written into the students' notebook."""
        folder = self.root / "submitted" / student / slug
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{slug}.ipynb"
        nbformat.write(filled_in(self.notebook("release", slug, f"{slug}.ipynb"), code.read_text("utf-8")), path)
        return path


def filled_in(notebook: nbformat.NotebookNode, code: str) -> nbformat.NotebookNode:
    """A notebook whose answer cells hold the functions of a file; all else in the file goes into the first code cell.
    What the file does not define stays as it was."""
    answers = {cell.metadata.nbgrader.grade_id.removeprefix("answer_"): cell for cell in marked(notebook, "solution")}
    rest = []
    for statement in ast.parse(code).body:
        text = ast.get_source_segment(code, statement)
        if getattr(statement, "name", None) in answers:
            answers[statement.name].source = text
        else:
            rest.append(text)
    next(cell for cell in notebook.cells if cell.cell_type == "code").source = "\n\n".join(rest)
    return notebook


def marked(notebook: nbformat.NotebookNode, kind: str) -> list[nbformat.NotebookNode]:
    """The cells that nbgrader takes for "grade" or "solution" cells."""
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(kind)]


def printed(cell: nbformat.NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def worth(cell: nbformat.NotebookNode) -> float:
    return float(next(output for output in cell.outputs if output.output_type == "execute_result").data["text/plain"])


def points_of(verdict: Verdict) -> dict[str, float]:
    return {check.name: check.points for check in verdict.checks}


def partial(tmp_path: Path) -> Path:
    """A file in which the first two functions are right and the others not written."""
    stub = PIXELS.exercise_path(REPOSITORY)
    source, written = SOLUTION.read_text("utf-8"), stub.read_text("utf-8")
    for name in ("label_counts", "scale_pixels"):
        written = re.sub(rf"^def {name}\(.*?(?=^# %%)", lambda _, n=name: whole(source, n), written, flags=re.M | re.S)
    path = tmp_path / "partial.py"
    path.write_text(written, "utf-8")
    return path


def whole(source: str, name: str) -> str:
    return re.search(rf"^def {name}\(.*?(?=^# %%)", source, re.M | re.S)[0]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("classes") / "Deep Learning, 1"
    root.mkdir()
    made = Course(root)
    made.run("digits", "class", "init", ".")
    (root / ".digits" / "seed").write_text(f"{SEED}\n")
    made.run("digits", "class", "release", "pixels")
    return made


# A course folder and its assignments


def test_init_overwrites_nothing(tmp_path):
    config, course = tmp_path / "nbgrader_config.py", Course(tmp_path)
    config.write_text("# mine\n")
    assert "kept  nbgrader_config.py" in course.run("digits", "class", "init", ".")
    seed = (tmp_path / ".digits" / "seed").read_bytes()
    course.run("digits", "class", "init", ".")
    assert config.read_text() == "# mine\n"
    assert (tmp_path / ".digits" / "seed").read_bytes() == seed


@pytest.mark.thorough
def test_where_no_course_can_be_made_a_sentence_says_so(tmp_path):
    (tmp_path / "file").touch()
    said = Course(tmp_path).run("digits", "class", "init", "file/course", status=2)
    assert said == "digits: The course folder file/course cannot be made (Not a directory).\n"
    said = Course(tmp_path).run("digits", "class", "release", "pixels", status=2)
    assert said == "digits: There is no course in .: make one with `digits class init .`.\n"


@pytest.mark.thorough
def test_an_assignment_has_one_locked_cell_for_each_check_and_gives_nothing_away(course):
    released = course.notebook("release", "pixels", "pixels.ipynb")
    tests = marked(released, "grade")
    assert [(c.metadata.nbgrader.grade_id, c.metadata.nbgrader.points) for c in tests] == [
        (check.name, check.points) for check in CHECKS
    ]
    for cell in tests:
        assert (cell.metadata.nbgrader.locked, cell.metadata.nbgrader.solution) == (True, False)
        _, *code = cell.source.splitlines()
        assert code == [
            "from grader.notebook import points",
            "",
            f'points("pixels", "{cell.metadata.nbgrader.grade_id}")',
        ]
    answers = marked(released, "solution")
    assert [cell.source.count("NotImplementedError") for cell in answers] == [1] * 5
    assert not any(cell.metadata.nbgrader.locked or cell.metadata.nbgrader.grade for cell in answers)
    text = (course.root / "release" / "pixels" / "pixels.ipynb").read_text("utf-8")
    assert "SOLUTION" not in text
    assert SEED not in text
    assert "(01_pixels.md)" in text
    assert (course.root / "release" / "pixels" / "01_pixels.md").is_file()


@pytest.mark.thorough
def test_what_the_instructor_has_edited_is_released_so_until_a_fresh_one_is_asked_for(course):
    source = course.root / "source" / "pixels" / "pixels.ipynb"
    derived = source.read_text("utf-8")
    source.write_text(derived.replace("# Exercise 1: Pixels", "# Exercise 1: Our pixels"), "utf-8")
    assert "as you have edited it" in course.run("digits", "class", "release", "pixels")
    assert "Our pixels" in (course.root / "release" / "pixels" / "pixels.ipynb").read_text("utf-8")
    said = course.run("digits", "class", "release", "pixels", "--fresh")
    assert source.read_text("utf-8") == derived
    kept = [path.read_text("utf-8") for path in (course.root / ".digits" / "kept").rglob("pixels-pixels-*.ipynb")]
    assert ["Our pixels" in text for text in kept] == [True]
    assert said.count("is kept in") == 2  # the source, and the students' version made from it


@pytest.mark.thorough
def test_nbgrader_validates_both_versions(course):
    said = course.run("nbgrader", "validate", "source/pixels/pixels.ipynb")
    assert "Success! Your notebook passes all the tests." in said
    said = course.run("nbgrader", "validate", "--invert", "release/pixels/pixels.ipynb")
    assert "Success! The notebook does not pass any tests." in said


@pytest.mark.thorough
def test_nbgraders_own_command_releases_the_lesson_too(course):
    course.run("nbgrader", "generate_assignment", "pixels", "--force")
    assert (course.root / "release" / "pixels" / "01_pixels.md").is_file()
    assert sorted((course.root / "release" / "pixels" / "images" / "01_pixels").glob("*.svg"))


@pytest.mark.parametrize("lesson", READY, ids=lambda lesson: lesson.slug)
def test_every_exercise_makes_a_notebook_that_nbgrader_takes(lesson):
    from nbgrader.nbgraderformat import MetadataValidator

    text = source_notebook(lesson)
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert sum(cell.metadata.nbgrader.points for cell in marked(notebook, "grade")) == lesson.points
    assert len(marked(notebook, "solution")) == solution(lesson).read_text("utf-8").count("### BEGIN SOLUTION")
    assert text == source_notebook(lesson)
    assert not is_edited(text)


# Grading by nbgrader


@pytest.fixture(scope="module")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three students' files, submitted as notebooks and graded by `nbgrader autograde`."""
    files = {"ada": SOLUTION, "ben": MISTAKE, "cleo": partial(tmp_path_factory.mktemp("files"))}
    for student, code in files.items():
        course.submission(student, code)
    tamper(course.root / "submitted" / "ben" / "pixels" / "pixels.ipynb")
    (course.root / "submitted" / "cleo" / "pixels" / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    course.run("nbgrader", "autograde", "pixels")
    course.run("nbgrader", "generate_feedback", "pixels")
    course.run("nbgrader", "export")
    return files


def tamper(path: Path) -> None:
    """Do to a notebook what students do: delete a test cell, change and copy another, use what only IPython knows."""
    notebook = nbformat.read(path, as_version=4)
    tests = marked(notebook, "grade")
    notebook.cells.remove(tests[0])
    tests[1].source = "2.0"
    notebook.cells.append(new_code_cell(tests[2].source, metadata=tests[2].metadata))
    notebook.cells.insert(2, new_code_cell("%precision 3\n!true"))
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def records(course: Course, graded: dict[str, Path]) -> dict[str, Record]:
    """What `digits class grade` makes of the same submissions, entered into the gradebook that nbgrader has filled."""
    before = auto_scores(course)
    course.run("digits", "class", "grade", ".")
    course.run("digits", "class", "gradebook")
    assert auto_scores(course) == before
    return {record.student: record for record in read_records(CourseFolder(course.root))}


def auto_scores(course: Course) -> dict[tuple[str, str], float | None]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as book:
        notebooks = [n for s in book.assignment_submissions("pixels") for n in s.notebooks]
        return {(n.student.id, grade.name): grade.auto_score for n in notebooks for grade in n.grades}


@pytest.mark.thorough
@pytest.mark.parametrize("student", ["ada", "ben", "cleo"])
def test_a_notebook_gets_the_points_of_its_python_file_check_by_check(course, graded, records, grade, student):
    verdict = grade(PIXELS, graded[student], SEED)
    cells = marked(course.notebook("autograded", student, "pixels", "pixels.ipynb"), "grade")
    assert {cell.metadata.nbgrader.grade_id: worth(cell) for cell in cells} == points_of(verdict)
    assert points_of(records[student].verdict) == points_of(verdict)


@pytest.mark.thorough
def test_the_students_differ(course, graded, grade):
    scores = [grade(PIXELS, path, SEED).score for path in graded.values()]
    assert scores[0] == 10
    assert 0 < scores[1] < 10
    assert 0 < scores[2] < 10
    with (course.root / "grades.csv").open(newline="") as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    assert [float(exported[student]["score"]) for student in graded] == scores
    assert exported["cleo"]["timestamp"].startswith("2026-03-01 12:00:00")


@pytest.mark.thorough
def test_nbgraders_feedback_names_the_mistake_and_asks_the_question(course, graded, grade):
    page = (course.root / "feedback" / "ben" / "pixels" / "pixels.html").read_text("utf-8")
    result = next(check for check in grade(PIXELS, MISTAKE, SEED).checks if check.mistake)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    for words in (result.title, result.mistake, result.hint):
        assert words in said.replace("&#39;", "'").replace("&gt;", ">")
    assert "Traceback (most" not in page


@pytest.mark.thorough
def test_zip_collect_takes_notebooks_from_a_download(course, tmp_path):
    archive = course.root / "downloaded" / "pixels" / "archive"
    archive.mkdir(parents=True)
    notebook = course.root / "release" / "pixels" / "pixels.ipynb"
    for name in ("dora_pixels.ipynb", "finnemil_LATE_123_456_pixels-1.ipynb"):
        (archive / name).write_bytes(notebook.read_bytes())
    course.run("nbgrader", "zip_collect", "pixels")
    for student in ("dora", "finnemil"):
        assert (course.root / "submitted" / student / "pixels" / "pixels.ipynb").read_bytes() == notebook.read_bytes()


@pytest.mark.thorough
def test_a_keras_notebook_gets_the_points_of_its_python_file(course, tmp_path, grade):
    """Of its three functions one is right, one is mistaken and one is not written."""
    dense = find_lesson("dense")
    mistaken = (REPOSITORY / "tests" / "mistakes" / dense.stem / "sparse-vs-one-hot.py").read_text("utf-8")
    code = re.sub(
        r"^def train.*", "def train_model(*arguments):\n    raise NotImplementedError\n", mistaken, flags=re.M | re.S
    )
    file = tmp_path / "dense.py"
    file.write_text(code)
    course.run("digits", "class", "release", "dense")
    course.submission("ada", file, "dense")
    course.run("nbgrader", "autograde", "dense")
    verdict = grade(dense, file, SEED)
    cells = marked(course.notebook("autograded", "ada", "dense", "dense.ipynb"), "grade")
    assert {cell.metadata.nbgrader.grade_id: worth(cell) for cell in cells} == points_of(verdict)
    assert {check.outcome for check in verdict.checks} >= {"passed", "failed", "skipped"}


@pytest.mark.thorough
def test_where_the_grader_fails_nobody_gets_a_zero(course, tmp_path):
    broken = Course(Path(shutil.copytree(course.root, tmp_path / "course")))
    shutil.rmtree(broken.root / "submitted")
    (broken.root / "gradebook.db").unlink()
    source = broken.root / "source" / "pixels" / "pixels.ipynb"
    cells = source.read_text("utf-8").replace('points(\\"pixels\\", \\"one_hot\\")', 'points(\\"pixels\\", \\"gone\\")')
    source.write_text(cells, "utf-8")
    broken.run("digits", "class", "release", "pixels")
    broken.submission("eve", SOLUTION)
    said = broken.run("nbgrader", "autograde", "pixels", status=1)
    assert "digits: not graded: The exercise pixels has no check called gone" in said
    assert "There was an error processing assignment 'pixels' for student 'eve'" in said
    assert set(auto_scores(broken).values()) == {None}


# In a learner's own notebook


@pytest.mark.thorough
def test_cells_count_as_they_stand_now_however_they_came_about():
    """Cells are run again, fail, hold experiments; what was fixed is fixed."""
    right = "def scale_pixels(images):\n    return (images / full_ink()).astype(np.float32)"
    call = 'from grader.notebook import points\npoints("pixels", "scale_pixels")'
    cells = [
        "%matplotlib inline\nimport numpy as np",
        "def full_ink(:",
        "def full_ink():\n    return INK",
        "INK = 256",
        right,
        call,
        "raise ValueError('an experiment')",
        "INK = 255\nmodel = scale_pixels(4)",
        call,
        call.replace("scale_pixels", "one_hot"),
        call.replace("scale_pixels", "gone"),
    ]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=SOON, kernel_name="python3", allow_errors=True).execute()
    first, mended, missing, unknown = (cell for cell in notebook.cells if "points(" in cell.source)
    assert (worth(first), worth(mended), worth(missing)) == (0.0, 2.0, 0.0)
    assert "divided-by-256" in printed(first)
    assert "Your notebook defines no function one_hot" in " ".join(printed(missing).split())
    assert [output.output_type for output in unknown.outputs] == ["error"]
    assert len(unknown.outputs[0].traceback) == 1
    assert "Not graded: The exercise pixels has no check called gone" in unknown.outputs[0].traceback[0]
