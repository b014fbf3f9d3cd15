"""What a class decides for itself: the settings in ``course.toml`` of its course folder.

They apply wherever its work is graded: in the course folder, and in the copy of the course that `digits class wheel`
makes for its students. Everywhere else, the course is as its manifest says.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from grader.course import PACKAGE, CourseError, Lesson, Runtime, calibrations, limits_of, manifest, use_lessons

FILE = "course.toml"
COURSE_FOLDER = "nbgrader_config.py"  # the file beside it that makes a folder a course folder
STUDENTS_COPY = PACKAGE / "class"  # where `digits class wheel` puts it
MOST_ATTEMPTS = 100

Feedback = Literal["at-once", "after-deadline"]


@dataclass(frozen=True)
class Choices:
    """The settings of a class. The defaults are those of a class that has set nothing.

    Attributes:
        exercises: the slugs of those that count, in this order; empty if all do.
        weights: of exercises in the total, by slug; one that is not named has 1.
        accuracy: the accuracy that a trained model must reach, 0..1, by slug, in place of the calibrated threshold.
        attempts: how many of a student's latest attempts are graded; the best of them counts.
        feedback: when a student's page says what was wrong.
        anonymous: whether the instructor's pages have numbers in place of names.
        wheel: where students get the wheel that `digits class wheel` has made, as pip takes it; empty if nowhere.
        own: exercises that are not in the course, by slug, with their settings.
    """

    exercises: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    accuracy: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 1
    feedback: Feedback = "at-once"
    anonymous: bool = False
    wheel: str = ""
    own: Mapping[str, Lesson] = field(default_factory=dict)


def use_choices(folder: Path) -> Choices:
    """Let the settings of a course folder hold from now on, in this process.

    Raises:
        CourseError: they cannot be read, or one of them makes no sense.
    """
    choices = read_choices(folder)
    if choices == Choices():
        use_lessons(manifest())
        return choices
    course = {lesson.slug: lesson for lesson in manifest()}
    both = course.keys() & choices.own.keys()
    if both:
        raise CourseError(f"{folder / FILE}: the course has an exercise {min(both)} already. Give yours another name.")
    every = {**course, **choices.own}
    for name, slugs in (
        ("exercises", choices.exercises),
        ("weights", choices.weights),
        ("accuracy", choices.accuracy),
    ):
        for slug in slugs:
            if slug not in every:
                raise CourseError(f"{folder / FILE}: {name} names {slug!r}. {_suggestion(slug, every, 'exercise')}")
    for slug in choices.accuracy:
        if slug not in choices.own and slug not in calibrations():
            raise CourseError(f"{folder / FILE}: accuracy names {slug!r}, in which no accuracy is asked for.")
    chosen = [every[slug] for slug in choices.exercises] if choices.exercises else list(every.values())
    if not any(choices.weights.get(lesson.slug, 1.0) for lesson in chosen):
        raise CourseError(
            f"{folder / FILE}: all weights are 0, so there is no total. Give one exercise another weight."
        )
    use_lessons([replace(lesson, bar=choices.accuracy.get(lesson.slug)) for lesson in chosen])
    return choices


def use_choices_here() -> None:
    """Let the settings hold that apply to one's own work here: those of the course folder around it, or of this copy.

    Not for the work of others, whose author could have put a course folder around it. Of several course folders the
    outermost one counts, since a student's work may hold another.
    """
    here = Path.cwd()
    around = [folder for folder in (here, *here.parents) if (folder / COURSE_FOLDER).is_file()]
    if around and (around[-1] / FILE).is_file():
        use_choices(around[-1])
    else:
        use_choices_of_copy()


def use_choices_of_copy() -> None:
    """Let the settings hold that `digits class wheel` has put into this copy of the course, if it has."""
    if (STUDENTS_COPY / FILE).is_file():
        use_choices(STUDENTS_COPY)


@cache
def read_choices(folder: Path) -> Choices:
    """The settings in a course folder; the defaults if it has none.

    Raises:
        CourseError: they cannot be read, or one of them makes no sense.
    """
    path = folder / FILE
    if not path.exists():
        return Choices()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read ({getattr(error, 'strerror', None) or 'it is not UTF-8'}).") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is not TOML: {error}.") from None
    read: dict[str, Any] = {}
    for name, value in table.items():
        if name not in READERS:
            raise CourseError(f"{path}: there is no setting {name!r}. {_suggestion(name, READERS, 'setting')}")
        try:
            read[name] = READERS[name](value, folder)
        except ValueError as error:
            raise CourseError(f"{path}: {name} {error}.") from None
    return Choices(**read)


def _slugs(value: Any, folder: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(slug, str) for slug in value):
        raise ValueError('is a list of exercises, such as ["pixels", "dense"]')
    if len(set(value)) < len(value):
        raise ValueError("names an exercise twice")
    return tuple(value)


def _numbers(what: str, low: float, high: float) -> Callable[[Any, Path], dict[str, float]]:
    def read(value: Any, folder: Path) -> dict[str, float]:
        if not isinstance(value, dict):
            raise ValueError(f"is a table with one line for each exercise: dense = {what}")
        for slug, number in value.items():
            if isinstance(number, bool) or not isinstance(number, (int, float)) or not low <= number <= high:
                raise ValueError(f"of {slug} must be a number from {low:g} to {high:g}, such as {what}")
        return {slug: float(number) for slug, number in value.items()}

    return read


def _attempts(value: Any, folder: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_ATTEMPTS:
        raise ValueError(f"must be a whole number from 1 to {MOST_ATTEMPTS}")
    return value


def _feedback(value: Any, folder: Path) -> str:
    if value not in get_args(Feedback):
        raise ValueError(f"must be one of {', '.join(map(repr, get_args(Feedback)))}")
    return str(value)


def _anonymous(value: Any, folder: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _wheel(value: Any, folder: Path) -> str:
    if not isinstance(value, str) or any(character.isspace() or character in "\"'\\;" for character in value):
        raise ValueError("must be an address or a path without spaces and quotes")
    if not re.split("[?#]", value)[0].endswith(".whl") or (
        "://" in value and not value.startswith(("https://", "http://"))
    ):
        raise ValueError("must be the address of a wheel: https://… or a path, and .whl at the end")
    return value


def _own(value: Any, folder: Path) -> dict[str, Lesson]:
    if not isinstance(value, dict) or not all(isinstance(entry, dict) for entry in value.values()):
        raise ValueError("has one table for each exercise: [own.ps1]")
    found = {}
    for number, (slug, entry) in enumerate(value.items(), start=len(manifest()) + 1):
        if not slug.isidentifier() or slug != slug.lower():
            raise ValueError(f"names {slug!r}: use lower-case letters, digits and _")
        wrong = entry.keys() - {"title", "runtime", "minutes", "points"}
        if wrong:
            raise ValueError(f"has no setting {min(wrong)!r} for {slug}. It has: title, runtime, minutes, points")
        runtime = entry.get("runtime", "numpy")
        if runtime not in get_args(Runtime):
            raise ValueError(f"of {slug}: runtime must be one of {', '.join(map(repr, get_args(Runtime)))}")
        points, minutes = entry.get("points", 10), entry.get("minutes", 60)
        if any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in (points, minutes)):
            raise ValueError(f"of {slug}: points and minutes must be whole numbers of at least 1")
        home = folder.resolve() / "own" / slug
        found[slug] = Lesson(
            number, slug, str(entry.get("title", slug)), minutes, points, runtime, limits_of(runtime), home=home
        )
        if not found[slug].is_ready:
            raise ValueError(f"names {slug}, but there is no own/{slug}/{found[slug].checks_path.name}")
    return found


def _suggestion(name: str, known: Mapping[str, object], kind: str) -> str:
    close = get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"There is no such {kind}. There are: {', '.join(known)}."


READERS: dict[str, Callable[[Any, Path], Any]] = {
    "exercises": _slugs,
    "weights": _numbers("2", 0, 1000),
    "accuracy": _numbers("0.93", 0, 1),
    "attempts": _attempts,
    "feedback": _feedback,
    "anonymous": _anonymous,
    "wheel": _wheel,
    "own": _own,
}
