"""Grades what has no result yet, several submissions at a time. Each result is saved as soon as it is there."""

import hashlib
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypedDict

from grader.classroom.attempts import result_path
from grader.classroom.collect.notes import read_note
from grader.classroom.collect.submissions import Contents, Submission, open_submission
from grader.classroom.folder import CourseFolder
from grader.classroom.grade.workers import AnyGrader, Work, failed
from grader.classroom.records import Record, read_record, record_path, write_record
from grader.course import PACKAGE, Lesson, calibrations
from grader.data import MNIST_SHA256
from grader.engine.judge.source import InvalidSubmission, as_source
from grader.verdict import Verdict

CHECKS = PACKAGE / "checks"


def forget(folder: CourseFolder, submissions: Iterable[Submission]) -> None:
    """Have these graded again, even if the run is stopped and another one goes on. Until then, their results stay."""
    for submission in submissions:
        newest = record_path(folder, submission.lesson.slug, submission.student)
        for path in (newest, *(result_path(folder, each) for each in submission.earlier)):
            try:
                write_record(folder, replace(read_record(path), fingerprint=""), path)
            except (OSError, ValueError):
                continue


class About(TypedDict):
    """The fields of a record that do not come from grading."""

    submitted: str | None
    marked_late: bool
    doubt: str


def kept_record(folder: CourseFolder, submission: Submission, seed: bytes) -> Record | None:
    """The record of a submission that need not be graded again. What else is known by now is entered into it."""
    attempts = [(each, open_submission(each)) for each in (*submission.earlier, submission)]
    own = [fingerprint(submission.lesson, contents, seed) for _, contents in attempts]
    record = _unchanged(record_path(folder, submission.lesson.slug, submission.student), _together(own))
    if record is None:
        return None
    counts, contents = next((pair for pair in attempts if pair[0].number == record.attempt), attempts[-1])
    told = replace(record, **about(folder, counts, contents))
    if told != record:
        write_record(folder, told)
    return told


def _unchanged(path: Path, fingerprint: str) -> Record | None:
    """A record, if all that decided its verdict is as it was."""
    try:
        record = read_record(path)
    except (OSError, ValueError):
        return None
    return record if record.fingerprint == fingerprint and record.verdict.outcome != "grader_error" else None


def about(folder: CourseFolder, submission: Submission, contents: Contents) -> About:
    """What a record says of a submission besides its verdict, and what may change without grading it again."""
    note = read_note(folder, submission.lesson, submission.student, submission.number)
    marked_late = note is not None and note.marked_late
    return {"submitted": contents.submitted, "marked_late": marked_late, "doubt": contents.doubt}


def grade_all(
    folder: CourseFolder, submissions: list[Submission], seed: bytes, jobs: int, grader: AnyGrader
) -> Generator[tuple[Submission, Record], None, None]:
    """Grade submissions and save their records; yields each as soon as it is saved, in the order in which they finish.

    If iteration stops early, the gradings that are still running are interrupted.

    Raises:
        EngineError: a record could not be written. Those before it are safe.
    """
    with ThreadPoolExecutor(jobs) as pool:
        waiting: set[Future[tuple[Submission, Record]]] = set()
        try:
            for submission in submissions:
                if len(waiting) >= 2 * jobs:  # a class may be large: read only what is needed soon
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
                waiting.add(pool.submit(grade_one, folder, submission, seed, grader))
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            grader.stop()
            raise


def grade_one(
    folder: CourseFolder, submission: Submission, seed: bytes, grader: AnyGrader
) -> tuple[Submission, Record]:
    """Grade one submission and save its record. If earlier attempts count, too, it is the record of the best one."""
    attempts = [_grade_earlier(folder, each, seed, grader) for each in submission.earlier]
    attempts.append(_grade(folder, submission, seed, grader))
    together = _together([record.fingerprint for record in attempts])
    record = replace(_best(attempts), fingerprint=together, attempts=len(attempts))
    write_record(folder, record)
    return submission, record


def _grade_earlier(folder: CourseFolder, attempt: Submission, seed: bytes, grader: AnyGrader) -> Record:
    """The record of an earlier attempt, which is graded once."""
    path, contents = result_path(folder, attempt), open_submission(attempt)
    record = _unchanged(path, fingerprint(attempt.lesson, contents, seed))
    if record is None:
        record = _grade(folder, attempt, seed, grader)
        write_record(folder, record, path)
    return replace(record, **about(folder, attempt, contents))


def _best(attempts: list[Record]) -> Record:
    """The attempt with the most points; of several, the first, which is the least late. While the grader has failed in
    one that might be better, nothing is certain."""
    best = max(attempts, key=lambda record: record.verdict.score)
    failures = [record for record in attempts if record.verdict.outcome == "grader_error"]
    return failures[-1] if failures and best.verdict.score < best.verdict.max_score else best


def _grade(folder: CourseFolder, submission: Submission, seed: bytes, grader: AnyGrader) -> Record:
    contents = open_submission(submission)
    return Record(
        student=submission.student,
        exercise=submission.lesson.slug,
        file=contents.file,
        graded=datetime.now(UTC).isoformat(timespec="seconds"),
        fingerprint=fingerprint(submission.lesson, contents, seed),
        verdict=grade_contents(submission, contents, seed, grader),
        attempt=submission.number,
        **about(folder, submission, contents),
    )


def grade_contents(submission: Submission, contents: Contents, seed: bytes, grader: AnyGrader) -> Verdict:
    """Grade what was read; without running anything if it cannot be read as Python."""
    if contents.problem:
        return failed(submission.lesson, contents.outcome_of_problem, contents.problem)
    try:
        source = as_source(contents.raw, contents.file)
    except InvalidSubmission as error:
        return failed(submission.lesson, "invalid", str(error))
    return grader.grade(Work(submission.lesson, source, seed))


def fingerprint(lesson: Lesson, contents: Contents, seed: bytes) -> str:
    """A hash of all that decides the verdict: submission, checks, data and seed. It does not reveal the seed."""
    parts = [contents.file.encode(), contents.raw, contents.problem.encode(), checks_fingerprint(lesson), seed]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _together(fingerprints: list[str]) -> str:
    """The fingerprint of all attempts that count."""
    return fingerprints[0] if len(fingerprints) == 1 else hashlib.sha256("".join(fingerprints).encode()).hexdigest()


@cache
def checks_fingerprint(lesson: Lesson) -> bytes:
    """A hash of an exercise's checks and all that they use: shared modules, limits, threshold and digits."""
    shared = [
        path
        for path in (*CHECKS.rglob("*.py"), *(PACKAGE / "api").glob("*.py"))
        if not path.name.startswith("test_")  # the checks of one exercise
    ]
    files = [path.read_bytes() for path in (lesson.checks_path, *sorted(shared))]
    settings = repr((lesson.limits, lesson.runtime, lesson.bar, calibrations().get(lesson.slug), MNIST_SHA256)).encode()
    return b"".join(hashlib.sha256(part).digest() for part in (*files, settings))
