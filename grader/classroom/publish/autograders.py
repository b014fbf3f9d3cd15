"""Makes what other services grade with: an autograder for Gradescope, a workflow for GitHub Classroom."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.classroom.folder import CourseFolder
from grader.classroom.publish.output import write_output
from grader.classroom.students import safe_for_display
from grader.course import PACKAGE, REPOSITORY, CourseError, Lesson
from grader.engine.session import load_checks

TEMPLATES = Path(__file__).parents[1] / "templates"
POINTS_PROGRAM = TEMPLATES.relative_to(REPOSITORY) / "github" / "points.py"
PROJECT = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")  # what pip needs beside the package
EXECUTABLE = ("setup.sh", "run_autograder")
OWNER_AND_NAME = re.compile(r"[\w.-]+/[\w.-]+")


def write_gradescope(folder: CourseFolder, lesson: Lesson) -> Path:
    """Write the ZIP file that Gradescope takes as the autograder of an exercise; the course is in it, no solution is.

    Raises:
        CourseError: this copy of the course is not complete, or the file cannot be written.
    """
    missing = [name for name in PROJECT if not (REPOSITORY / name).is_file()]
    if missing:
        raise CourseError(f"An autograder holds the whole course, but {', '.join(missing)} is not in {REPOSITORY}.")
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
        repository: OWNER/NAME of the course on GitHub, which students must not be able to change.

    Raises:
        CourseError: that is no name of a repository, or the file cannot be written.
    """
    if not OWNER_AND_NAME.fullmatch(repository):
        raise CourseError(f"{safe_for_display(repository)!r} is no repository; write it as OWNER/NAME.")
    exercises = [{"lesson": lesson, "checks": load_checks(lesson.checks_path)} for lesson in lessons]
    are_whole = all(check.points == int(check.points) for exercise in exercises for check in exercise["checks"])
    text = _text(
        "github/classroom.yml",
        exercises=exercises,
        repository=repository,
        scale=1 if are_whole else 2,  # Classroom knows whole points only
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
    """A template that becomes a program, in which nothing is HTML."""
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template(template).render(values)
