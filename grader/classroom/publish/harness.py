"""What the autograders of other services run: it finds the student's file, grades it and leaves what the service reads.

    python -P -m grader.classroom.publish.harness gradescope pixels SUBMISSION RESULTS.json
    python -P -m grader.classroom.publish.harness prairielearn pixels SUBMISSION RESULTS.json
    python -P -m grader.classroom.publish.harness classroom50 pixels CHECKOUT
    python -P -m grader.classroom.publish.harness github pixels CHECKOUT JUNIT.xml

The exit status is 0 if the submission was graded; on GitHub, 1 if a check failed. Any other status is a fault of the
grader: there is no score then, and nothing that a service could read as one.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.choices import use_choices_of_copy
from grader.classroom.collect.submissions import (
    SUFFIXES,
    Contents,
    NothingToGrade,
    Submission,
    Unreadable,
    and_list,
    listing,
    open_submission,
    read_plain,
)
from grader.classroom.publish import results
from grader.classroom.students import safe_for_display
from grader.course import Lesson, find_lesson
from grader.engine.judge.source import most_bytes
from grader.engine.session import load_checks
from grader.verdict import Verdict

A_CHECK_FAILED, GRADER_ERROR = 1, 3


@dataclass(frozen=True)
class Graded:
    """The exit status of `digits grade` and what it printed."""

    status: int
    printed: str

    @property
    def verdict(self) -> dict[str, Any]:
        """What the format ``json`` says."""
        verdict: dict[str, Any] = json.loads(self.printed)
        return verdict


def grade(contents: Contents, lesson: Lesson, form: str) -> Graded:
    """Grade what was submitted, in a process of its own."""
    if contents.problem:
        points = sum(check.points for check in load_checks(lesson.checks_path))
        verdict = Verdict(lesson.slug, contents.outcome_of_problem, points, "none", [], message=contents.problem)
        if contents.is_unreadable:
            sys.stderr.write(f"{results.FAULT} {contents.problem}\n")
        return Graded(GRADER_ERROR * contents.is_unreadable, results.document(form, verdict.to_json()) or "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, contents.file)
        path.write_bytes(contents.raw)
        digits = str(Path(sys.executable).with_name("digits"))
        command = [digits, "grade", "--exercise", lesson.slug, "--format", form, "--", path.name]
        done = subprocess.run(command, stdout=subprocess.PIPE, cwd=folder, check=False)
    return Graded(done.returncode, done.stdout.decode("utf-8"))


def open_checkout(checkout: Path, lesson: Lesson) -> Contents:
    """Read the file to grade from a student's repository."""
    try:
        path = _choose(checkout, lesson)
        raw = read_plain(path, most_bytes(path.name) + 1)
    except NothingToGrade as error:
        return Contents("", b"", str(error), None, is_unreadable=isinstance(error, Unreadable))
    return Contents(safe_for_display(path.name), raw, "", None)


def places(lesson: Lesson) -> list[str]:
    """Where the file of an exercise lies in a student's repository: as it was released, or as the course has it."""
    return [f"{name}{suffix}" for name in (lesson.slug, lesson.stem, f"exercises/{lesson.stem}") for suffix in SUFFIXES]


def _choose(checkout: Path, lesson: Lesson) -> Path:
    """The one file with the name of the exercise, else the only notebook or Python file."""
    named = [place for place in places(lesson) if os.path.lexists(checkout / place)]
    if len(named) > 1:
        raise NothingToGrade(f"{and_list(named)} are both named after the exercise. Keep only one of them.")
    if named:
        path = checkout / named[0]
        if path.parent.is_symlink():
            raise NothingToGrade(f"{path.parent.name} is a link, and links are not followed. Submit the folder itself.")
        return path
    others = [entry.name for entry in listing(checkout) if entry.name.lower().endswith(SUFFIXES)]
    if len(others) != 1:
        raise NothingToGrade(f"There is no file of this exercise. Name it {lesson.slug}.ipynb or {lesson.slug}.py.")
    return checkout / others[0]


def _for_folder(form: str) -> Callable[[Lesson, Path, Path], int]:
    """A service that has put the upload into a folder and reads one document."""

    def run(lesson: Lesson, submission: Path, target: Path) -> int:
        graded = grade(open_submission(Submission("", lesson, submission)), lesson, form)
        if graded.printed:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(graded.printed, "utf-8")
        return graded.status

    return run


def for_classroom50(lesson: Lesson, checkout: Path) -> int:
    """Write result.json and release-body.md into the checkout."""
    graded = grade(open_checkout(checkout, lesson), lesson, "json")
    if graded.status:
        return graded.status
    scale = results.whole_points([check.points for check in load_checks(lesson.checks_path)])
    now = datetime.now(UTC)
    result = results.classroom50(graded.verdict, scale, os.environ, _committed(checkout) or now, now)
    note = "" if scale == 1 else f"In Classroom 50 all points are times {scale}, since they must be whole numbers."
    (checkout / "result.json").write_text(json.dumps(result, indent=1), "utf-8")
    (checkout / "release-body.md").write_text(results.markdown(graded.verdict, note), "utf-8")
    return 0


def _committed(checkout: Path) -> datetime | None:
    """When the commit was made, which grading again does not change; None if that is unknown."""
    command = ["git", "-c", "safe.directory=*", "-C", str(checkout), "log", "-1", "--format=%cI"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=True)
        return datetime.fromisoformat(asked.stdout.strip())
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def for_github(lesson: Lesson, checkout: Path, target: Path) -> int:
    """Write JUnit XML, and Markdown into the summary of the job."""
    graded = grade(open_checkout(checkout, lesson), lesson, "json")
    if not graded.printed:
        return graded.status
    verdict = graded.verdict
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as summary:
        summary.write(results.markdown(verdict) + "\n")
    target.write_text(results.junit(verdict), "utf-8")
    if graded.status:
        return graded.status
    return 0 if verdict["score"] == verdict["max_score"] else A_CHECK_FAILED


SERVICES: dict[str, Callable[..., int]] = {
    "gradescope": _for_folder("gradescope"),
    "prairielearn": _for_folder("prairielearn"),
    "classroom50": for_classroom50,
    "github": for_github,
}


def main(service: str, exercise: str, *paths: str) -> int:
    """Grade for a service."""
    use_choices_of_copy()
    status = SERVICES[service](find_lesson(exercise), *map(Path, paths))
    if status not in {0, A_CHECK_FAILED}:
        print("The grader failed; no score was recorded.", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
