"""Classes for the tests of reports and exports: records of real gradings, and hand-made ones with hostile text."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record, write_record
from grader.course import REPOSITORY, find_lesson
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import read_source
from grader.engine.session import Session
from grader.verdict import CheckResult, Picture, Verdict

TESTS = Path(__file__).parent
DIGITS = Path(sys.executable).with_name("digits")
SOON = 120  # seconds until a command that hangs fails its test
SEED = b"the secret of this course"

FILES = {  # student: their submission
    "ada": ("pixels", REPOSITORY / "solutions" / "01_pixels.py"),
    "bo": ("pixels", TESTS / "mistakes" / "01_pixels" / "divided-by-256.py"),
    "cy": ("pixels", REPOSITORY / "exercises" / "01_pixels.py"),
    "dee": ("pixels", TESTS / "attacks" / "crashes_while_it_loads" / "submission.py"),
}
NAMES = {  # names that students may choose, by what is odd about them
    "formula": "=HYPERLINK(1)",
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "spaced formula": "  =1+1",
    "apostrophe": "'=1+1",
    "comma": "Lovelace, Ada",
    "quote": 'Ada "the first" Lovelace',
    "semicolon": "a;=1+1;b",
    "newline": "Ada\nLovelace\r\n=1+1",
    "accents": "Zoë Ångström-Müller, žluťoučký 李小龍",
    "right to left": "\u202eecalevoL adA \u05d0\u05d1\u05d2",
    "html": "<img src=x onerror=alert(1)>&amp;<script>alert(2)</script>",
    "attribute": "\" onmouseover='alert(3)' x=\"",
    "template": "{{ 7 * 7 }}{% raw %}",
    "half a pair": "Ada \udc80 Lovelace",
}


def digits(*arguments: str | Path, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an instructor would."""
    finished = subprocess.run(
        [DIGITS, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SOON,
        check=False,
    )
    assert "Traceback" not in finished.stdout + finished.stderr
    return finished


def grade_files(folder: CourseFolder, engine: Engine) -> None:
    """Write the records of `FILES`."""
    for student, (slug, path) in FILES.items():
        with Session(find_lesson(slug), read_source(path), engine, SEED) as session:
            verdict = session.verdict()
        save(folder, record(student, slug, verdict, file=path.name))
        shutil.copy(path, folder.submitted / student / slug / "work.py")


def record(student: str, slug: str, verdict: Verdict, file: str = "work.py") -> Record:
    return Record(student, slug, file, "2026-03-01T12:00:00+00:00", "2026-03-02T08:00:00+00:00", "fingerprint", verdict)


def save(folder: CourseFolder, result: Record) -> None:
    """Write a record and the submission that it belongs to."""
    place = folder.submitted / result.student / result.exercise
    place.mkdir(parents=True, exist_ok=True)
    (place / "work.py").touch()
    write_record(folder, result)


def verdict(slug: str = "pixels", outcome: str = "graded", **fields: object) -> Verdict:
    """A verdict with one check of each kind, 3 of 10 points."""
    return replace(Verdict(slug, outcome, 10.0, "namespaces", checks("as it is")), **fields)


def checks(text: str) -> list[CheckResult]:
    """One check of each kind, with a text in every place that a submission can put one."""
    said = {"called": text, "returned": text, "expected": text, "message": text, "printed": text, "code": text}
    pictures = [Picture("your output", [[0.0, 0.5], [1.0, 0.2]]), Picture("expected", [[1.0] * 28] * 28)]
    return [
        CheckResult("one", "The first", "passed", 3.0, 3.0, printed=text),
        CheckResult("two", "The second", "failed", 0.0, 3.0, mistake="upside-down", **said, pictures=pictures),
        CheckResult("three", "The third", "crashed", 0.0, 2.0, message=text, hint="Why?"),
        CheckResult("four", "The fourth", "not_attempted", 0.0, 2.0, message=text),
    ]


def write_hostile_class(folder: CourseFolder) -> None:
    """One student for each of `NAMES`; their names are in the roster, since no file system takes all of them."""
    lines = ["student,first_name,last_name,email,lms_id"]
    for number, (matter, name) in enumerate(NAMES.items()):
        student = f"s{number:02d}"
        fields = (student, "", name.replace("\udc80", "\ufffd"), f"{student}@example.org", str(1000 + number))
        lines.append(",".join('"' + field.replace('"', '""') + '"' for field in fields))
        told = replace(verdict(), checks=checks(f"{matter}: {name}"), message=name)
        save(folder, record(student, "pixels", told, file=name))
    folder.roster.write_bytes("\n".join(lines).encode())
