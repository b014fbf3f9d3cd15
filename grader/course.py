"""Reads the manifest, ``course.toml``, and knows where the files of a lesson are."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).parent
REPOSITORY = PACKAGE.parent
CALIBRATION_PATH = PACKAGE / "calibration.toml"
SPREAD, ALTERNATIVE_SPREAD = 5, 3  # standard deviations between a mean accuracy and the threshold below it
CALLED = re.compile(r"\b(?:submission|elsewhere|where|deployed|kept)\.([a-z]\w*)\(")  # in the source of checks
SUFFIXES = (".py", ".ipynb", ".md")  # of the files by which a lesson can be named

Runtime = Literal["numpy", "tensorflow"]


class CourseError(Exception):
    """Something that the user asked for does not exist or is not possible; the message is for that user."""


@dataclass(frozen=True)
class Limits:
    """Limits for a submission, in seconds of processor time and sleep."""

    seconds: float
    training_seconds: float
    total_seconds: float


@dataclass(frozen=True)
class Lesson:
    """One lesson of the manifest. ``stem`` is its file name in every folder."""

    number: int
    slug: str
    title: str
    minutes: int
    points: int
    runtime: Runtime
    limits: Limits
    has_network: bool = False  # one that `digits train` can train on all digits
    bar: float | None = None  # the accuracy that a class asks for, 0..1, in place of the calibrated threshold
    home: Path | None = None  # the folder of an exercise that is an instructor's own, and not in the course

    @property
    def stem(self) -> str:
        return self.slug if self.home else f"{self.number:02d}_{self.slug}"

    @property
    def checks_path(self) -> Path:
        if self.home:
            return self.home / "checks.py"
        return PACKAGE / "checks" / f"test_{self.stem}.py"

    @property
    def solution_path(self) -> Path:
        """The reference. A learner's copy of the course may come without it."""
        return self.home / "solution.py" if self.home else REPOSITORY / "solutions" / f"{self.stem}.py"

    @property
    def is_ready(self) -> bool:
        """False while the lesson is "coming": named in the manifest, without checks yet."""
        return self.checks_path.is_file()

    @property
    def training_offer(self) -> str:
        """How to get a network to keep, once the exercise is solved; empty if it has none.

        Those of the checks see renamed classes and are thrown away.
        """
        return f"Train it on all digits and keep it: ./digits train {self.slug}" if self.has_network else ""

    def exercise_path(self, workspace: Path) -> Path:
        return workspace / "exercises" / f"{self.stem}.py"

    def work_path(self, workspace: Path, named: str = "") -> Path:
        """The learner's own file: the one that they name, else the exercise, or the notebook beside it if that is all
        they have."""
        exercise = self.exercise_path(workspace)
        notebook = exercise.with_suffix(".ipynb")
        for file in (exercise, notebook):
            if named.lower().endswith(file.suffix):
                return file
        return notebook if notebook.is_file() and not exercise.exists() else exercise


@cache
def manifest() -> tuple[Lesson, ...]:
    """All lessons of the manifest in order, including those that are still coming."""
    entries = tomllib.loads((PACKAGE / "course.toml").read_text("utf-8"))["lesson"]
    return tuple(
        Lesson(number=number, limits=limits_of(entry["runtime"], **entry.pop("limits", {})), **entry)
        for number, entry in enumerate(entries, start=1)
    )


def limits_of(runtime: Runtime, **own: float) -> Limits:
    """The limits of exercises with a runtime, some of them perhaps the exercise's own."""
    common = tomllib.loads((PACKAGE / "course.toml").read_text("utf-8"))["limits"]
    return Limits(**{**common[runtime], **own})


_of_class: list[tuple[Lesson, ...]] = []  # what `use_lessons` has set


def use_lessons(chosen: Sequence[Lesson]) -> None:
    """Work with these lessons from now on, in this process: those of a class, in place of the manifest's."""
    _of_class[:] = [tuple(chosen)]


def lessons() -> tuple[Lesson, ...]:
    """All lessons in order, including those that are still coming; in a class, those of the class."""
    return _of_class[0] if _of_class else manifest()


def ready_lessons() -> Iterator[Lesson]:
    return (lesson for lesson in lessons() if lesson.is_ready)


def find_lesson(name: str) -> Lesson:
    """Find a ready lesson by slug, number, stem or file: dense, 5, 05_dense, exercises/05_dense.py.

    Raises:
        CourseError: no lesson has that name, or it is still coming.
    """
    wanted = as_name(name)
    for lesson in lessons():
        if wanted in {lesson.slug, lesson.stem} or (wanted.isdecimal() and int(wanted) == lesson.number):
            if lesson.is_ready:
                return lesson
            raise CourseError(f"Lesson {lesson.number}, {lesson.slug}, is still coming.")
    choices = ", ".join(lesson.slug for lesson in ready_lessons())
    close = closest(name)
    suggestion = f" Did you mean {close}?" if close else ""
    raise CourseError(f"There is no exercise called {name!r}.{suggestion} The exercises are: {choices}.")


def find_exercise(name: str) -> Lesson:
    """Find a ready lesson as `find_lesson` does, or by the beginning of its name or of a word in it: conv, curves.

    Raises:
        CourseError: no lesson has that name, several may be meant, or it is still coming.
    """
    beginning = as_name(name)
    found = [] if beginning.isdecimal() else with_beginning(beginning)
    try:
        return find_lesson(name)
    except CourseError:
        if len(found) == 1:
            return found[0]
        if found:
            slugs = [lesson.slug for lesson in found]
            choices = f"{', '.join(slugs[:-1])} or {slugs[-1]}"
            raise CourseError(f"{name!r} can mean several exercises: {choices}.") from None
        if known := what_else(beginning):
            raise CourseError(known) from None
        if close := closest(name):
            raise CourseError(f"There is no exercise called {name!r}. Did you mean {close}?") from None
        raise


def what_else(name: str) -> str:
    """What a name that is no exercise's is instead: a number that is too large, or a function; empty if neither."""
    if name.isdecimal():
        numbers = sorted(lesson.number for lesson in ready_lessons())
        has_gaps = len(numbers) < 2 or numbers[-1] - numbers[0] >= len(numbers)  # of those that a class has chosen
        known = ", ".join(map(str, numbers)) if has_gaps else f"{numbers[0]} to {numbers[-1]}"
        return f"There is no exercise {name}. The exercises have numbers {known}."
    owner = next((lesson.slug for lesson in ready_lessons() if has_function(lesson, name)), "")
    return f"{name} is a function of {owner}: name the exercise, as in ./digits check {owner}" if owner else ""


def has_function(lesson: Lesson, name: str) -> bool:
    """Whether a lesson's checks call a function of that name."""
    return name in functions_of(lesson)


@cache
def functions_of(lesson: Lesson) -> frozenset[str]:
    """The functions that an exercise asks for: those that its checks call."""
    return frozenset(CALLED.findall(lesson.checks_path.read_text("utf-8")))


def with_beginning(text: str) -> list[Lesson]:
    """The ready lessons whose name begins with a text, or else those of which a later word does."""
    ready = list(ready_lessons()) if text else []
    starts = [lesson for lesson in ready if lesson.slug.startswith(text)]
    return starts or [lesson for lesson in ready if any(word.startswith(text) for word in lesson.slug.split("_"))]


def as_name(typed: str) -> str:
    """What was typed, without the folder and the suffix of a file, in small letters."""
    name = Path(typed).name.lower().replace("-", "_").removeprefix("test_")
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def closest(name: str) -> str:
    """The slug of the ready lesson that is spelled most like a name; empty if none is."""
    slugs = [lesson.slug for lesson in ready_lessons()]
    return next(iter(get_close_matches(as_name(name), slugs, n=1)), "")


def find_workspace() -> Path:
    """The folder whose ``exercises/`` the learner edits: the current folder or one above it, else the course's own.

    A folder without any exercise still counts if it has a learner's progress, or the current one if it has a folder
    ``exercises``: its last exercise may have been deleted.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        has_exercise = any(lesson.work_path(folder).exists() for lesson in lessons())
        if has_exercise or (folder / ".digits" / "progress.json").is_file():
            return folder
    return here if (here / "exercises").is_dir() else REPOSITORY


@dataclass(frozen=True)
class Calibration:
    """The accuracies that right solutions reach under grading conditions, and the threshold derived from them.

    Attributes:
        seeds: how many times the reference solution was trained.
        mean, standard_deviation, worst: of the accuracies that it reached.
        threshold: the accuracy that the exercise asks for.
        weakest_alternative: the other right solution that holds the threshold lowest, by the name of its file.
        weakest_mean, weakest_standard_deviation: of the accuracies that this one reached.
        nearest_mistake, nearest_accuracy: the most accurate known mistake that no other check would catch, if there is
            one, and what it reached.
    """

    seeds: int
    mean: float
    standard_deviation: float
    worst: float
    threshold: float
    weakest_alternative: str | None = None
    weakest_mean: float | None = None
    weakest_standard_deviation: float | None = None
    nearest_mistake: str | None = None
    nearest_accuracy: float | None = None


def highest_threshold(found: Calibration) -> float:
    """The highest accuracy that an exercise may ask for: `SPREAD` standard deviations below the mean of the reference,
    and `ALTERNATIVE_SPREAD` below that of the weakest alternative."""
    by_reference = found.mean - SPREAD * found.standard_deviation
    if found.weakest_mean is None or found.weakest_standard_deviation is None:
        return by_reference
    return min(by_reference, found.weakest_mean - ALTERNATIVE_SPREAD * found.weakest_standard_deviation)


@cache
def calibrations() -> dict[str, Calibration]:
    """The measured accuracies by slug, from ``calibration.toml``, which `digits dev calibrate` writes."""
    if not CALIBRATION_PATH.is_file():
        return {}
    return {slug: Calibration(**entry) for slug, entry in tomllib.loads(CALIBRATION_PATH.read_text("utf-8")).items()}
