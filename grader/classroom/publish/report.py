"""Writes the pages of a class: one for each student, to give to them, and one for the instructor."""

from dataclasses import dataclass
from pathlib import Path

from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.names import is_anonymous, names_of
from grader.classroom.publish.class_page import class_page
from grader.classroom.publish.grades import collect_grades
from grader.classroom.publish.overview import Overview
from grader.classroom.publish.pages import file_stem
from grader.classroom.publish.student_page import student_page
from grader.classroom.records import read_records
from grader.classroom.settings import course_name
from grader.course import CourseError


@dataclass(frozen=True)
class Pages:
    """Where the pages are, and which results are in none, because nothing is submitted there any more."""

    instructor: Path
    students: Path
    count: int
    stale: list[tuple[str, str]]


def write_pages(folder: CourseFolder) -> Pages:
    """Write all pages again from the results, and remove those of students who are no longer in the class.

    Raises:
        CourseError: there are no results, or the pages cannot be written.
    """
    grades, overview, course = collect_grades(folder), Overview(), course_name(folder)
    for record in read_records(folder):
        if (record.student, record.exercise) in grades.cells:
            overview.add(record)
    students, written = folder.reports / "students", set()
    for student in grades.people:
        path = students / f"{file_stem(student)}.html"
        written.add(write_output(path, student_page(folder, student, grades, course)))
    try:
        for path in set(students.glob("*.html")) - written:
            path.unlink()
    except OSError as error:
        raise CourseError(f"A page in {students} cannot be removed ({error.strerror}).") from None
    names = names_of(folder, grades.people)
    page = class_page(overview, grades, names, is_anonymous(folder), course)
    instructor = write_output(folder.reports / "class.html", page)
    return Pages(instructor, students, len(written), grades.stale)
