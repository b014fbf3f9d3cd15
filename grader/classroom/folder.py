"""An instructor's course folder: where everything is, one command at a time, and what to say if it cannot be written.

The layout is nbgrader's own; what Digits adds is named here.


course/
  nbgrader_config.py               the settings of nbgrader's commands
  gradebook.db                     nbgrader's gradebook
  source/dense/dense.ipynb         the instructor's version of an assignment, named by its slug
  release/dense/dense.ipynb        the student's version
  downloaded/dense/                ZIP files from Canvas or Moodle, which `digits class collect` unpacks
  submitted/<student>/dense/       a submission: .py or .ipynb, perhaps timestamp.txt
  autograded/<student>/dense/      the same for nbgrader's tools, with the feedback of the checks
  graded/dense/<student>.json      one record for each submission, saved as soon as it is graded
  roster.csv                       optional, names as in the LMS: student,first_name,last_name,email,lms_id
  reports/                         pages and tables made from the records
  .digits/seed                     the course's secret, made once; students never get this folder
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader import files
from grader.classroom.students import safe_for_display
from grader.course import CourseError
from grader.engine.judge.processes import EngineError

INCOMING = "incoming-"  # prefix of the folders in .digits in which submissions are put together


@dataclass(frozen=True)
class CourseFolder:
    """The paths in a course folder. Nothing is read or made here."""

    root: Path

    @property
    def name(self) -> str:
        """What the folder is called, even if it is the current one."""
        return f"{self.root.resolve().name}/"

    @property
    def is_begun(self) -> bool:
        """Whether anything of a course is there. `digits class init` need not have made it: submissions are enough."""
        begun = (self.config, self.settings, self.submitted, self.graded, self.downloaded, self.gradebook, self.roster)
        return any(map(os.path.lexists, begun))

    @property
    def config(self) -> Path:
        return self.root / "nbgrader_config.py"

    @property
    def settings(self) -> Path:
        return self.root / "course.toml"

    @property
    def gradebook(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def source(self) -> Path:
        return self.root / "source"

    @property
    def release(self) -> Path:
        return self.root / "release"

    @property
    def downloaded(self) -> Path:
        return self.root / "downloaded"

    @property
    def submitted(self) -> Path:
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        return self.root / "autograded"

    @property
    def graded(self) -> Path:
        return self.root / "graded"

    @property
    def roster(self) -> Path:
        return self.root / "roster.csv"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def private(self) -> Path:
        return self.root / ".digits"

    @property
    def seed(self) -> Path:
        return self.private / "seed"


def no_course(root: Path) -> str:
    """What to say of a folder that is no course."""
    shown = safe_for_display(str(root))
    return f"There is no course in {shown}: make one with `digits class init {shown}`."


@contextmanager
def locked(folder: CourseFolder) -> Iterator[None]:
    """Keep other commands from changing the records, and remove what a killed command has left unfinished.

    Raises:
        CourseError: another command holds the lock.
        EngineError: the folder cannot be written.
    """
    with ExitStack() as stack:
        try:
            folder.private.mkdir(mode=0o700, exist_ok=True)
            stack.enter_context(files.locked(folder.private / "lock", wait=False))
        except BlockingIOError:
            raise CourseError(
                f"Another `digits class` command is running in {safe_for_display(folder.name)}. Wait until it has "
                "finished, then run this one again."
            ) from None
        except OSError as error:
            raise unwritable(folder.private, error) from None
        for draft in (*folder.graded.glob("*/.*.draft"), *folder.private.glob(".*.draft")):
            draft.unlink(missing_ok=True)
        for incoming in folder.private.glob(f"{INCOMING}*"):
            shutil.rmtree(incoming, ignore_errors=True)
        yield


def write_output(path: Path, content: str | bytes) -> Path:
    """Write a page, a table or another generated file; an earlier one is replaced.

    Raises:
        CourseError: the disk is full, or the folder cannot be written.
    """
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(path, raw, mode=0o644)
    except OSError as error:
        raise CourseError(f"{safe_for_display(str(path))} cannot be written ({error.strerror}).") from None
    return path


def unwritable(path: Path, error: OSError) -> EngineError:
    """What to say if a grading or a collection cannot go on: the disk is full, or something is in the way."""
    return EngineError(
        f"{safe_for_display(str(path))} cannot be written ({error.strerror}). All results so far are "
        "safe. Fix this and run the command again; it continues where it stopped."
    )
