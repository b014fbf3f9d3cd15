"""Autograders for other services: Gradescope, GitHub Actions, Classroom 50 and PrairieLearn.

All of them run ``grader.classroom.publish.harness``, which grades a file and leaves what the service reads.
"""

import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.publish.harness import places
from grader.classroom.publish.results import whole_points
from grader.classroom.publish.students_copy import files_of_copy
from grader.classroom.students import safe_for_display
from grader.course import REPOSITORY, CourseError, Lesson
from grader.engine.session import load_checks

TEMPLATES = Path(__file__).parents[1] / "templates"
PROJECT = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")  # which pip needs besides the package
OWNER_AND_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
IMAGE = "digits-grader"
QUESTIONS = uuid.UUID("b7f8a3a5-6e0c-4a52-9d0d-0f2f0a3d7c11")  # from which each question's own identifier is made
PRAIRIELEARN_SECONDS = 600  # the longest time that it gives a grader
STARTING_SECONDS = 60

File = tuple[str, bytes, int]  # name, content and mode


def write_gradescope(folder: CourseFolder, lesson: Lesson) -> Path:
    """Write the ZIP file for Gradescope's autograder of an exercise. The course is in it, solutions are not.

    Raises:
        CourseError: this copy of the course is incomplete, or the file cannot be written.
    """
    scripts = [(name, _text(f"gradescope/{name}", slug=lesson.slug)) for name in ("run_autograder", "setup.sh")]
    files = [*((name, text.encode(), 0o755) for name, text in scripts), *_course(folder, "course")]
    return write_output(folder.reports / "gradescope" / f"{lesson.slug}.zip", _zipped(files))


def write_prairielearn(folder: CourseFolder, lesson: Lesson, image: str | None) -> Path:
    """Write a ZIP file with a question for PrairieLearn, and the image that grades it. Solutions are not in it.

    Args:
        image: under which name PrairieLearn finds the image, such as OWNER/NAME.

    Raises:
        CourseError: this is no such name, this copy of the course is incomplete, or the file cannot be written.
    """
    image = _checked(image) if image else IMAGE
    question = f"questions/{lesson.slug}"
    page = _text("prairielearn/question.html", slug=lesson.slug, title=lesson.title)
    files = [
        (f"{question}/info.json", json.dumps(_question(lesson, image), indent=2).encode(), 0o644),
        (f"{question}/question.html", page.encode(), 0o644),
        ("image/Dockerfile", _text("prairielearn/Dockerfile", image=image).encode(), 0o644),
        ("image/grade", _text("prairielearn/grade").encode(), 0o755),
        *_course(folder, "image/course"),
    ]
    return write_output(folder.reports / "prairielearn" / f"{lesson.slug}.zip", _zipped(files))


def _question(lesson: Lesson, image: str) -> dict[str, object]:
    """The content of info.json."""
    return {
        "uuid": str(uuid.uuid5(QUESTIONS, lesson.slug)),
        "title": lesson.title,
        "topic": "Digits",
        "tags": [],
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": image,
            "entrypoint": f"/digits/grade {lesson.slug}",
            "timeout": min(PRAIRIELEARN_SECONDS, round(lesson.limits.total_seconds) + STARTING_SECONDS),
        },
    }


def write_classroom50(folder: CourseFolder, lesson: Lesson, repository: str) -> tuple[Path, int]:
    """Write Classroom 50's autograder of an exercise; returns also what all points are multiplied by.

    Args:
        repository: OWNER/NAME of a public copy of the course on GitHub.

    Raises:
        CourseError: this is not the name of a repository, or the file cannot be written.
    """
    scale = whole_points([check.points for check in load_checks(lesson.checks_path)])
    text = _text("classroom50/autograder.py", slug=lesson.slug, repository=_checked(repository), scale=scale)
    return write_output(folder.reports / "classroom50" / lesson.slug / "autograder.py", text), scale


def write_workflow(folder: CourseFolder, lessons: list[Lesson], repository: str) -> Path:
    """Write the workflow that grades exercises on GitHub.

    Args:
        repository: OWNER/NAME of the course on GitHub; students must not be able to change it.

    Raises:
        CourseError: this is not the name of a repository, or the file cannot be written.
    """
    text = _text("github/digits.yml", lessons=lessons, repository=_checked(repository), places=places)
    return write_output(folder.reports / "github" / "digits.yml", text)


def _checked(name: str) -> str:
    if not OWNER_AND_NAME.fullmatch(name):
        raise CourseError(f"{safe_for_display(name)!r} is not the name of a repository. Write it as OWNER/NAME.")
    return name


def _course(folder: CourseFolder, top: str) -> Iterator[File]:
    """The files of the course without solutions, in a folder of that name."""
    missing = [name for name in PROJECT if not (REPOSITORY / name).is_file()]
    if missing:
        raise CourseError(
            f"An autograder contains the whole course, but {REPOSITORY} has no {', '.join(missing)}. Run this command "
            "in a complete copy of the course."
        )
    for name in PROJECT:
        yield f"{top}/{name}", (REPOSITORY / name).read_bytes(), 0o644
    for name, content in files_of_copy(folder):
        yield f"{top}/{name}", content, 0o644


def _zipped(files: Iterable[File]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return raw.getvalue()


def _text(template: str, **values: object) -> str:
    """A filled-in template. The result is a program, so nothing is escaped as HTML."""
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template(template).render(values)
