"""Feedback on its way back: an archive of pages that Canvas or Moodle takes, named as the uploads were."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.collect.notes import read_note
from grader.classroom.collect.uploads import MOODLE
from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.identity import Lms
from grader.classroom.publish.grades import collect_grades
from grader.classroom.publish.student_page import student_page
from grader.classroom.settings import course_name
from grader.course import CourseError, Lesson


@dataclass(frozen=True)
class Sent:
    """The archive, how many pages are in it, and whose are not, because their submissions came from elsewhere."""

    path: Path
    count: int
    missing: list[str]


def write_feedback(folder: CourseFolder, lesson: Lesson, lms: Lms) -> Sent:
    """Write ``reports/feedback/canvas-pixels.zip``, or the same for Moodle.

    Raises:
        CourseError: there are no results, none of them came from this LMS, or the archive cannot be written.
    """
    grades, course = collect_grades(folder, lesson), course_name(folder)
    archive, missing, count = io.BytesIO(), list[str](), 0
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pages:
        for student, slug in sorted(grades.cells):
            note = read_note(folder, lesson, student)
            if note is None or bool(MOODLE.fullmatch(note.place)) != (lms == "moodle"):
                missing.append(student)
                continue
            is_folder = lms == "moodle"
            name = f"{note.place}/feedback.html" if is_folder else f"{note.place}{slug}.html"
            pages.writestr(name, student_page(folder, student, grades, course))
            count += 1
    if not count:
        raise CourseError(
            f"No submission of {lesson.slug} was collected from {lms.capitalize()}, so its students cannot be matched. "
            "Unpack its export with `digits class collect`; what you have already stays as it is."
        )
    path = write_output(folder.reports / "feedback" / f"{lms}-{lesson.slug}.zip", archive.getvalue())
    return Sent(path, count, missing)
