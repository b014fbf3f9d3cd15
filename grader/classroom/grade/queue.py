"""Grades a class: what has no verdict yet, several at a time, each result kept as soon as it is there."""

import fcntl
import shutil
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from grader.classroom.collect.contents import Contents, open_submission
from grader.classroom.collect.submissions import Submission
from grader.classroom.disk import unwritable
from grader.classroom.folder import INCOMING, CourseFolder
from grader.classroom.grade.fingerprints import fingerprint
from grader.classroom.grade.workers import AnyGrader, Work, failed
from grader.classroom.records import Record, read_record, record_path, write_record
from grader.classroom.students import safe_for_display
from grader.course import CourseError
from grader.engine.judge.source import InvalidSubmission, as_source
from grader.verdict import Verdict


@contextmanager
def locked(folder: CourseFolder) -> Iterator[None]:
    """Hold a course folder, so that no other command changes its records meanwhile; and clear up after one that was
    killed.

    Raises:
        CourseError: another one holds it.
    """
    try:
        folder.private.mkdir(mode=0o700, exist_ok=True)
        lock = (folder.private / "lock").open("w")
    except OSError as error:
        raise unwritable(folder.private, error) from None
    with lock:  # let go of by the system, however this process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                f"Another digits class is at work in {safe_for_display(str(folder.root))}; wait for it."
            ) from None
        for draft in (*folder.graded.glob("*/.*.draft"), *folder.private.glob(".seed-*")):
            draft.unlink(missing_ok=True)
        for incoming in folder.private.glob(f"{INCOMING}*"):
            shutil.rmtree(incoming, ignore_errors=True)
        yield


def kept_record(folder: CourseFolder, submission: Submission, seed: bytes) -> Record | None:
    """The record of a submission, if its verdict would come out the same again; a new time of submission is entered."""
    try:
        record = read_record(record_path(folder, submission.lesson.slug, submission.student))
    except (OSError, ValueError):
        return None
    contents = open_submission(submission)
    same = record.fingerprint == fingerprint(submission.lesson, contents, seed)
    if not same or record.verdict.outcome == "grader_error":
        return None
    if record.submitted != contents.submitted:
        record = replace(record, submitted=contents.submitted)
        keep(folder, record)
    return record


def grade_all(
    folder: CourseFolder, submissions: list[Submission], seed: bytes, jobs: int, grader: AnyGrader
) -> Iterator[tuple[Submission, Record]]:
    """Grade submissions and write their records; yields each as it is kept, in whichever order they end.

    Whatever ends it before its end, an exception or a reader who wants no more, breaks off what is in flight.

    Raises:
        EngineError: a record could not be written. Those before it are kept.
    """
    with ThreadPoolExecutor(jobs) as pool:
        waiting: set[Future[tuple[Submission, Record]]] = set()
        try:
            for submission in submissions:
                if len(waiting) >= 2 * jobs:  # no more are opened than are soon needed: a class may be large
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
    """Grade one submission and keep its record."""
    contents = open_submission(submission)
    verdict = judge(submission, contents, seed, grader)
    record = Record(
        student=submission.student,
        exercise=submission.lesson.slug,
        file=contents.file,
        submitted=contents.submitted,
        graded=datetime.now(UTC).isoformat(timespec="seconds"),
        fingerprint=fingerprint(submission.lesson, contents, seed),
        verdict=verdict,
    )
    keep(folder, record)
    return submission, record


def keep(folder: CourseFolder, record: Record) -> None:
    try:
        write_record(folder, record)
    except OSError as error:
        raise unwritable(folder.graded, error) from None


def judge(submission: Submission, contents: Contents, seed: bytes, grader: AnyGrader) -> Verdict:
    if contents.problem:
        return failed(submission.lesson, "invalid", contents.problem)
    try:
        source = as_source(contents.raw, contents.file)
    except InvalidSubmission as error:
        return failed(submission.lesson, "invalid", str(error))
    return grader.grade(Work(submission.lesson.slug, source, seed))
