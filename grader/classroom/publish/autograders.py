"""Autograders for other services: a ZIP file for Gradescope, a workflow for GitHub Classroom.

Gradescope reads ``results.json``, which is made from the output of ``digits grade --json``. If the grader itself fails
there is no results.json: Gradescope then says that the autograder failed, and records no score.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.api import Check
from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.students import safe_for_display
from grader.course import PACKAGE, REPOSITORY, CourseError, Lesson
from grader.engine.session import load_checks

TEMPLATES = Path(__file__).parents[1] / "templates"
POINTS_PROGRAM = TEMPLATES.relative_to(REPOSITORY) / "github" / "points.py"
PROJECT = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")  # which pip needs besides the package
EXECUTABLE = ("setup.sh", "run_autograder")
OWNER_AND_NAME = re.compile(r"[\w.-]+/[\w.-]+")
OUTCOMES = {"not_attempted": "Not written yet.", "skipped": "Not checked yet."}


@dataclass(frozen=True)
class Exercise:
    """An exercise and its checks, for the workflow."""

    lesson: Lesson
    checks: Sequence[Check]


def write_gradescope(folder: CourseFolder, lesson: Lesson) -> Path:
    """Write the ZIP file for Gradescope's autograder of an exercise. The course is in it, solutions are not.

    Raises:
        CourseError: this copy of the course is incomplete, or the file cannot be written.
    """
    missing = [name for name in PROJECT if not (REPOSITORY / name).is_file()]
    if missing:
        raise CourseError(
            f"An autograder contains the whole course, but {REPOSITORY} has no {', '.join(missing)}. Run this command "
            "in a complete copy of the course."
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content, mode in _gradescope_files(lesson):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return write_output(folder.reports / "gradescope" / f"{lesson.slug}.zip", file.getvalue())


def write_workflow(folder: CourseFolder, lessons: list[Lesson], repository: str) -> Path:
    """Write the workflow that grades exercises on GitHub, each check worth its points.

    Args:
        repository: OWNER/NAME of the course on GitHub; students must not be able to change it.

    Raises:
        CourseError: this is not the name of a repository, or the file cannot be written.
    """
    if not OWNER_AND_NAME.fullmatch(repository):
        raise CourseError(f"{safe_for_display(repository)!r} is not the name of a repository. Write it as OWNER/NAME.")
    exercises = [Exercise(lesson, load_checks(lesson.checks_path)) for lesson in lessons]
    are_whole = all(check.points == int(check.points) for exercise in exercises for check in exercise.checks)
    text = _text(
        "github/classroom.yml",
        exercises=exercises,
        repository=repository,
        scale=1 if are_whole else 2,  # GitHub Classroom has whole points only
        points_program=POINTS_PROGRAM.as_posix(),
    )
    return write_output(folder.reports / "github" / "classroom.yml", text)


def _gradescope_files(lesson: Lesson) -> Iterator[tuple[str, bytes, int]]:
    """Name, content and mode of every file of the archive."""
    for path in sorted((TEMPLATES / "gradescope").iterdir()):
        if path.is_file():
            mode = 0o755 if path.name in EXECUTABLE else 0o644
            yield path.name, _text(f"gradescope/{path.name}", slug=lesson.slug).encode(), mode
    for name in PROJECT:
        yield f"course/{name}", (REPOSITORY / name).read_bytes(), 0o644
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"course/{path.relative_to(REPOSITORY).as_posix()}", path.read_bytes(), 0o644


def _text(template: str, **values: object) -> str:
    """A filled-in template. The result is a program, so nothing is escaped as HTML."""
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template(template).render(values)


def gradescope_results(verdict: dict[str, Any]) -> dict[str, Any]:
    """The content of results.json, as Gradescope's documentation describes it.

    Args:
        verdict: the object that ``digits grade --json`` prints; its outcome is not ``grader_error``.
    """
    ended = verdict["outcome"] != "graded"
    said = f"{verdict['outcome']}: {verdict['message']}" if ended else verdict["message"]
    return {
        "score": verdict["score"],
        "output": said,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [*map(_test, verdict["checks"]), *_flags(verdict["flags"])],
    }


def gradescope_problem(problem: str) -> dict[str, Any]:
    """The content of results.json if there is nothing to grade."""
    return {"score": 0, "output": problem, "output_format": "text", "visibility": "visible", "tests": []}


def _test(check: dict[str, Any]) -> dict[str, Any]:
    mistake = f"Mistake: {check['mistake']}" if check["mistake"] else ""
    said = filter(None, (OUTCOMES.get(check["outcome"], ""), check["message"], mistake, check["hint"]))
    return {
        "name": check["title"],
        "score": check["points"],
        "max_score": check["max_points"],
        "status": "passed" if check["outcome"] == "passed" else "failed",
        "output": "\n".join(said),
        "output_format": "text",
        "visibility": "visible",
    }


def _flags(flags: list[str]) -> list[dict[str, Any]]:
    if not flags:
        return []
    from grader.classroom.publish.overview import meaning

    said = "\n".join(f"{flag}: {meaning(flag)}" for flag in flags)
    shown = {"output": said, "output_format": "text", "visibility": "hidden"}
    return [{"name": "To review (for instructors)", "score": 0, "max_score": 0, **shown}]
