"""Makes a course folder: nbgrader's settings, a README for the instructor, and the course's secret."""

from collections.abc import Iterator
from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.secret import new_seed
from grader.classroom.students import safe_for_display
from grader.course import CourseError, lessons

SPARE_SECONDS = 180  # on top of the checks: importing TensorFlow from a slow disk, a busy machine
CONFIG = '''\
"""nbgrader's settings for this course. Add your own below."""

import os
import sys
from pathlib import Path

from sqlalchemy.engine import URL

c = get_config()  # noqa: F821: nbgrader gives it
root = Path(__file__).resolve().parent

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = {course_id!r}

# The gradebook. A command waits up to a minute while another one is writing to it.
# For PostgreSQL: "postgresql://user:password@host/database"
c.CourseDirectory.db_url = URL.create(
    "sqlite", database=str(root / "gradebook.db"), query={{"timeout": "60"}}
).render_as_string()

# The first test cell of a notebook runs all checks of the exercise, and some of them train a network.
c.ExecutePreprocessor.timeout = {seconds}
c.ExecutePreprocessor.iopub_timeout = 60
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# nbgrader runs other programs by name. They are in the same folder as Python, even if its environment is not active.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

# nbgrader restores test cells that a student has deleted.
c.OverwriteCells.add_missing_cells = True
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "grader.notebook.copies.UnmarkCopies",  # without it, the line above makes nbgrader fail on a copied test cell
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# How `nbgrader zip_collect` reads the names of submitted files: ada_pixels.ipynb, or, as Canvas names a download,
# lovelaceada_12345_67890_pixels.ipynb.
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/_]+)_(?:LATE_)?(?:\\d+_\\d+_)?(?P<file_id>[a-z_]+?)(?:-\\d+)?\\.(?:ipynb|py)$"
)
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".py"]
'''
IGNORED = """\
# The secret of the course, and what students have submitted and reached: not for a repository that others can read.
/.digits/
/downloaded/
/submitted/
/autograded/
/feedback/
/graded/
/reports/
/gradebook.db*
/grades.csv
/roster.csv
"""
CHOICES = """\
# The settings of this course. Remove the # from a line to set it.
# docs/class.md in the folder of Digits explains each.

# exercises = ["pixels", "softmax_regression", "dense"]   # those that count, in this order; by default all of them
# attempts = 3                     # the best of a student's latest 3 attempts counts; by default the newest one does
# feedback = "after-deadline"      # student pages say what was wrong only then; by default "at-once"
# anonymous = true                 # your pages have numbers in place of names
# wheel = "https://example.org/digits.whl"   # where students get what `digits class wheel` has made

# [weights]                        # in the total; 1 by default
# dense = 2

# [accuracy]                       # what a trained model must reach, in place of the course's own threshold
# dense = 0.92

# [own.ps1]                        # an exercise of your own: own/ps1/solution.py and own/ps1/checks.py
# title = "Problem set 1"
# points = 10
# runtime = "numpy"                # or "tensorflow"
"""
README = """\
# {course_id}

This folder is a course for Digits and for nbgrader. Run all commands here.

1. `digits class release pixels` makes the assignment `pixels`: your version with the answers is
   `source/pixels/pixels.ipynb`, the students' version is the folder `release/pixels`. Give that to them.
2. Put each submission into `submitted/<student>/pixels/`: the notebook `pixels.ipynb`, or a Python file. You can add
   the time of submission in a file `timestamp.txt`: `2026-03-01 12:00:00 UTC`.
3. `digits class grade` grades everything, several submissions at a time, each in a sandbox.
4. `digits class gradebook` enters the results into nbgrader's gradebook, as often as you like. It never changes scores
   that you have set by hand. The formgrader and `nbgrader generate_feedback pixels` then show every submission with
   its feedback.

nbgrader's own commands work here, too: `nbgrader validate`, `autograde`, `generate_feedback`, `export`, `zip_collect`,
and the formgrader in JupyterLab. `nbgrader autograde` gives the same points, one submission after the other, but runs
the cells of a notebook under your account: use it only for students whom you would let use your account.

| | |
| --- | --- |
| `nbgrader_config.py` | the settings of nbgrader's commands |
| `course.toml` | course settings: exercises, weights, accuracy, attempts, when feedback is shown |
| `gradebook.db` | nbgrader's gradebook |
| `graded/` | the results, one file for each submission; the gradebook can always be filled again from them |
| `.digits/` | the course's secret, and copies of what commands have replaced; never give this folder to students |
"""


def make_course(folder: CourseFolder) -> Iterator[tuple[str, bool]]:
    """Make what a course folder lacks; yields each file's name and whether it is new. Nothing is overwritten.

    Raises:
        CourseError: it cannot be made there.
    """
    shown = safe_for_display(str(folder.root))
    course_id = folder.root.resolve().name or "digits"
    if any(character in str(folder.root.resolve()) for character in "?*[]{}"):
        raise CourseError(
            f"nbgrader cannot work in {shown}, because its path has one of ? * [ ] {{ }} in it. Choose another folder."
        )
    seconds = max(lesson.limits.total_seconds for lesson in lessons()) + SPARE_SECONDS
    files = {
        folder.config: CONFIG.format(course_id=course_id, seconds=round(seconds)),
        folder.root / "README.md": README.format(course_id=safe_for_display(course_id)),
        folder.root / ".gitignore": IGNORED,
        folder.root / "course.toml": CHOICES,
    }
    try:
        folder.submitted.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            yield path.name, _write_new(path, text)
        yield str(folder.seed.relative_to(folder.root)), new_seed(folder)
    except OSError as error:
        raise CourseError(f"The course folder {shown} cannot be made ({error.strerror}).") from None


def _write_new(path: Path, text: str) -> bool:
    """Write a file if it does not exist yet; returns whether it did not."""
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:  # the next run would take half of it for all of it
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        return False
    return True
