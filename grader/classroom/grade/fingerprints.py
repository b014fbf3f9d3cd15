"""Tells whether a submission would get the same verdict again: everything that decides on it, in one hash."""

import hashlib
from functools import cache

from grader.classroom.collect.contents import Contents
from grader.course import PACKAGE, Lesson, calibrations
from grader.data import MNIST_SHA256

CHECKS = PACKAGE / "checks"


def fingerprint(lesson: Lesson, contents: Contents, seed: bytes) -> str:
    """Of the bytes handed in, the checks, the data and the seed. The seed cannot be computed from it."""
    parts = [contents.file.encode(), contents.raw, contents.problem.encode(), checks_fingerprint(lesson), seed]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@cache
def checks_fingerprint(lesson: Lesson) -> bytes:
    """Of an exercise's checks and what they use: the modules that checks share, limits, threshold and digits."""
    modules = (*CHECKS.rglob("*.py"), *(PACKAGE / "api").glob("*.py"))
    shared = [path for path in modules if not is_of_one_exercise(path.name)]
    files = [path.read_bytes() for path in (lesson.checks_path, *sorted(shared))]
    settings = repr((lesson.limits, lesson.runtime, calibrations().get(lesson.slug), MNIST_SHA256)).encode()
    return b"".join(hashlib.sha256(part).digest() for part in (*files, settings))


def is_of_one_exercise(name: str) -> bool:
    """True for the file of one exercise's checks, and for pytest's door, which decides on nothing."""
    return name.startswith("test_") or name == "conftest.py"
