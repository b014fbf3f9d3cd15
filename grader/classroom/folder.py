"""Where things lie in an instructor's course folder. The layout is nbgrader's own; what Digits adds is named here.

course/
  nbgrader_config.py               the settings of nbgrader's commands
  gradebook.db                     nbgrader's gradebook
  source/dense/dense.ipynb         the instructor's version of an assignment, named by its slug
  release/dense/dense.ipynb        the student's version
  downloaded/dense/                ZIP files from Canvas or Moodle, which `digits class collect` unpacks
  submitted/<student>/dense/       what a student handed in: .py or .ipynb, perhaps timestamp.txt
  autograded/<student>/dense/      how nbgrader's tools see it, with the feedback of the checks
  graded/dense/<student>.json      one record for each submission, written as its grading ends
  roster.csv                       names as the LMS has them, if you like: student,first_name,last_name,email,lms_id
  reports/                         pages and tables made from the records
  .digits/seed                     the course's secret, made once; students never get this folder
"""

from dataclasses import dataclass
from pathlib import Path

INCOMING = "incoming-"  # how folders in .digits begin in which a submission is put together


@dataclass(frozen=True)
class CourseFolder:
    """A course folder; nothing is read or made until it is asked for."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "nbgrader_config.py"

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
