"""Similar submissions: a copy is found under other names and in a notebook, and the code of the stub is no copy."""

import re
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest
from class_of_records import TESTS, digits

from grader.course import REPOSITORY

pytestmark = pytest.mark.classroom

SOLUTION = REPOSITORY / "solutions" / "08_evaluation.py"
STUB = REPOSITORY / "exercises" / "08_evaluation.py"
HONEST = sorted((TESTS / "alternatives" / "08_evaluation").glob("*.py"))


def submit(course: Path, student: str, code: str, name: str = "evaluation.py") -> None:
    folder = course / "submitted" / student / "evaluation"
    folder.mkdir(parents=True)
    (folder / name).write_text(code, "utf-8")


def renamed(code: str) -> str:
    """A copy that should not look like one."""
    for name in ("matrix", "y_true", "y_pred", "num_classes", "counts", "precision", "recall"):
        code = re.sub(rf"\b{name}\b", f"my_{name}", code)
    return "# All my own work.\n\n" + re.sub(r'"""[\s\S]*?"""', '"""Done."""', code)


@pytest.fixture
def course(tmp_path) -> Path:
    for number, path in enumerate(HONEST):
        submit(tmp_path, f"honest{number}", path.read_text("utf-8"))
    return tmp_path


def similar(course: Path, *options: str) -> str:
    finished = digits("class", "similar", course, *options)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


@pytest.mark.thorough
def test_honest_solutions_are_not_similar(course):
    assert "0 pairs share 60% or more" in similar(course)
    assert "No pair is as similar as that." in (course / "reports" / "similar.html").read_text("utf-8")


def test_a_copy_is_found_under_other_names_and_in_a_notebook(course):
    code = SOLUTION.read_text("utf-8")
    submit(course, "ada", code)
    submit(course, "bo", renamed(code))
    notebook = jupytext.writes(jupytext.reads(code, fmt="py:percent"), fmt="ipynb")
    submit(course, "cy", notebook, "evaluation.ipynb")
    said = similar(course, "--exercise", "evaluation")
    assert "3 pairs share 60% or more" in said
    pairs = re.findall(r"^\s+(\d+)%\s+evaluation\s+(\w+)\s+(\w+)\s*$", said, re.M)
    assert {pair[1:] for pair in pairs} == {("ada", "bo"), ("ada", "cy"), ("bo", "cy")}
    assert all(int(share) > 80 for share, *_ in pairs)


def test_what_the_stub_gave_is_no_copy(course):
    for student in ("ada", "bo"):
        submit(course, student, STUB.read_text("utf-8"))
    assert "0 pairs share 60% or more" in similar(course)


def test_what_cannot_be_compared_is_named_and_stops_nothing(course):
    submit(course, "ada", "x = 1\n" * 50_000)
    submit(course, "bo", "no notebook", "evaluation.ipynb")
    submit(course, "cy", "def broken(:\n")
    said = similar(course)
    assert "evaluation.py is too large to be compared." in said
    assert "evaluation.ipynb is no notebook" in said
    assert f"{len(HONEST) + 1} submissions compared" in said


def test_no_code_or_name_becomes_part_of_the_page(course):
    hostile = SOLUTION.read_text("utf-8") + "\n# <script>alert(1)</script><img src=x onerror=alert(2)>\n"
    for student in ("<script>alert(3)<script>", "<b>x"):
        submit(course, student, hostile)
    similar(course, "--threshold", "1")
    page = (course / "reports" / "similar.html").read_text("utf-8")
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
    assert not re.search(r"<(script|img|b)\b", page)
    assert "http" not in page.partition("<body>")[0].replace("http-equiv", "")


def test_without_copydetect_a_sentence_says_what_to_install(course):
    """The command in an interpreter that cannot find the package."""
    program = (
        "import sys; sys.modules['copydetect'] = None; from grader.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, "class", "similar", course], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 2
    assert finished.stderr == (
        "digits: Finding similar submissions needs the package copydetect. Install it with: pip install copydetect\n"
    )
    assert not (course / "reports").exists()
