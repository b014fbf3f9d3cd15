"""The term that docs/class.md walks through: its commands, in their order, with a class of three."""

import csv
import re
import shlex
import subprocess
import zipfile
from pathlib import Path

import pytest
from a_class import DIGITS, ENVIRONMENT, MISTAKES, SOLUTION
from conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "class.md").read_text("utf-8")
ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,pixels (4711)
"Lovelace, Ada",12345,s1,lovelaceada,A,
"Hopper, Grace",12346,s2,hoppergrace,A,
"Noether, Emmy",12347,s3,noetheremmy,A,
"""


def commands() -> list[str]:
    """The commands of the section about one term."""
    term = PAGE[PAGE.index("## One term") : PAGE.index("## What is graded")]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", term, re.DOTALL | re.MULTILINE)
    return [line for language, block in blocks if not language for line in block.splitlines()]


def submissions(path: Path) -> None:
    """What Canvas exports: Ada was right, Grace was not, and Emmy has submitted nothing."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in (("lovelaceada_12345_1", SOLUTION), ("hoppergrace_12346_2", MISTAKES / "scaled-twice.py")):
            archive.write(source, f"{name}_pixels.py")


@pytest.mark.thorough
@pytest.mark.classroom
def test_the_term_of_the_page_ends_with_grades(tmp_path):
    folder = tmp_path
    assert len(commands()) > 12
    for command in commands():
        program, *arguments = shlex.split(command)
        if program == "cd":
            folder = folder / arguments[0]
            (folder / "roster.csv").write_text(ROSTER, "utf-8")
            submissions(folder / "submissions.zip")
            continue
        assert program == "digits"
        done = subprocess.run(
            [DIGITS, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    totals = {
        row["student"]: row for row in csv.DictReader((folder / "reports" / "totals.csv").open("r", -1, "utf-8-sig"))
    }
    assert {student: row["pixels"] for student, row in totals.items()} == {
        "lovelaceada": "10",
        "hoppergrace": totals["hoppergrace"]["pixels"],
        "noetheremmy": "",
    }
    assert 0 < float(totals["hoppergrace"]["total_percent"]) < 100
    assert [totals[student]["total_percent"] for student in ("lovelaceada", "noetheremmy")] == ["100", "0"]
    canvas = list(csv.reader((folder / "reports" / "canvas.csv").open(encoding="utf-8", newline="")))
    assert canvas[0][-1] == "pixels (4711)"
    assert [row[1] for row in canvas[2:]] == ["12346", "12345", "12347"]
    with zipfile.ZipFile(folder / "reports" / "feedback" / "canvas-pixels.zip") as pages:
        assert sorted(pages.namelist()) == ["hoppergrace_12346_2_pixels.html", "lovelaceada_12345_1_pixels.html"]
    assert list((folder / "reports").glob("*.whl"))
