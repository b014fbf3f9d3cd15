"""Writes the pages of a class: one for each student, to give to them, and one for the instructor."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import mean, median

from markupsafe import Markup

from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.publish.charts import histogram, strip
from grader.classroom.publish.grades import Grade, Grades, collect_grades
from grader.classroom.publish.overview import Overview, meaning
from grader.classroom.publish.pages import file_stem, render
from grader.classroom.publish.submitted_code import Line, code_of_submission
from grader.classroom.records import Record, read_record, read_records, record_path
from grader.classroom.students import Person
from grader.course import CourseError, calibrations, lessons
from grader.engine.isolation import STOPS_NOT
from grader.feedback.html import check_html
from grader.verdict import CheckResult

OUR_FAULT = "The grader itself failed here. This is not your fault, and costs no points."  # students get no details
ENDED = {
    "invalid": "This submission could not be read.",
    "timeout": "It ran out of time.",
    "memory": "It used too much memory.",
    "crashed": "Your code stopped with an error before any check could run.",
}
TRY_AGAIN = (
    "To find out why, run everything from the top: in Jupyter with Kernel, Restart Kernel and Run All Cells; a Python "
    "file with python. Mend or delete the line that fails, and submit again."
)
HOW_MANY_MISTAKES = 12


@dataclass(frozen=True)
class Pages:
    """Where the pages are."""

    instructor: Path
    students: Path
    count: int


@dataclass(frozen=True)
class Matter:
    """Something that needs the instructor: how many there are, in words, and where on the page they stand."""

    words: str
    anchor: str


def write_pages(folder: CourseFolder) -> Pages:
    """Write all pages again from the results, and remove those of students who are no longer in the class.

    Raises:
        CourseError: there are no results, or the pages cannot be written.
    """
    grades, overview = collect_grades(folder), Overview()
    for record in read_records(folder):
        if (record.student, record.exercise) in grades.cells:
            overview.add(record)
    students, written = folder.reports / "students", set()
    for student in grades.people:
        path = students / f"{file_stem(student)}.html"
        written.add(write_output(path, student_page(folder, student, grades)))
    try:
        for path in set(students.glob("*.html")) - written:
            path.unlink()
    except OSError as error:
        raise CourseError(f"A page in {students} cannot be removed ({error.strerror}).") from None
    instructor = write_output(folder.reports / "class.html", instructor_page(overview, grades))
    return Pages(instructor, students, len(written))


def student_page(folder: CourseFolder, student: str, grades: Grades) -> str:
    """What a student may see of their results: no seed, no path, no flag, no other student."""
    own = grades.of_student(student)
    counted = [grade for slug, grade in own.items() if (student, slug) not in grades.ungraded]
    submissions = [_submission(folder, student, slug, grade) for slug, grade in own.items()]
    return render(
        "student.html",
        person=grades.people[student],
        submissions=submissions,
        score=sum(grade.score or 0.0 for grade in counted),
        max_score=sum(grade.max_score for grade in counted),
        left_out=len(own) - len(counted),
        names_mistakes=any(submission["names_mistakes"] for submission in submissions),
    )


def instructor_page(overview: Overview, grades: Grades) -> str:
    """All results, with the names of all students. What needs the instructor comes first."""
    known = calibrations()
    exercises = [overview.exercises[slug] for slug in grades.exercises if slug in overview.exercises]
    titles = {lesson.slug: lesson.title for lesson in lessons()}
    scores = {
        slug: [grade.score for (_, other), grade in grades.cells.items() if other == slug and grade.score is not None]
        for slug in grades.exercises
    }
    totals = {student: sum(g.score or 0.0 for g in grades.of_student(student).values()) for student in grades.people}
    return render(
        "class.html",
        overview=overview,
        exercises=exercises,
        grades=grades,
        matters=_matters(overview, grades),
        titles={slug: titles.get(slug, slug) for slug in grades.exercises},
        people=_told_apart(grades.people),
        submitters=len({student for student, _ in grades.cells}),
        totals=totals,
        scores=scores,
        medians={slug: median(points) for slug, points in scores.items() if points},
        means={slug: mean(points) for slug, points in scores.items() if points},
        median_total=median(totals.values()),
        max_total=sum(grades.exercises.values()),
        histograms={slug: histogram(points, grades.exercises[slug]) for slug, points in scores.items() if points},
        strips={
            one.slug: strip(one.accuracies, known[one.slug])
            for one in exercises
            if one.accuracies and one.slug in known
        },
        file_stem=file_stem,
        meaning=meaning,
        lateness=lateness,
        stops_not={tier: f"{text[0].lower()}{text[1:]}" for tier, text in STOPS_NOT.items()},
        how_many=HOW_MANY_MISTAKES,
    )


def lateness(grade: Grade) -> str:
    """How late a submission is, in words; empty if it is in time, or if that is not known."""
    if not grade.late:
        return ""
    days, hours = divmod(grade.seconds_late / 3600, 24)
    for amount, unit in ((int(days), "day"), (int(hours), "hour"), (int(grade.seconds_late // 60), "minute")):
        if amount:
            return f"{amount} {unit}{'s' * (amount != 1)} late"
    return "late"


def _matters(overview: Overview, grades: Grades) -> list[Matter]:
    """What needs the instructor, most urgent first."""
    found: list[Matter] = []
    for slug in grades.exercises:
        own = {student: grade for (student, other), grade in grades.cells.items() if other == slug}
        one = overview.exercises.get(slug)
        counts = {
            "the grader failed": len(one.rows_with("grader_error")) if one else 0,
            "could not be read": len(one.rows_with("invalid")) if one else 0,
            "flagged": len({student for students in one.flags.values() for student in students}) if one else 0,
            "to look at": len(one.to_look_at) if one else 0,
            "to grade by hand": sum(grade.waits for grade in own.values()),
            "late": sum(bool(grade.late) for grade in own.values()),
            "not submitted": sum((student, slug) not in grades.cells for student in grades.people),
        }
        found += [Matter(f"{slug}: {count} {what}", slug) for what, count in counts.items() if count]
    return found


def _told_apart(people: dict[str, Person]) -> dict[str, tuple[str, str]]:
    """The full name of each student; for those who share one, also the name of their folder."""
    names = Counter(person.full_name for person in people.values())
    return {
        student: (person.full_name, student if names[person.full_name] > 1 else "")
        for student, person in people.items()
    }


def _submission(folder: CourseFolder, student: str, slug: str, grade: Grade) -> dict[str, object]:
    """One exercise on a student's page."""
    record = _record(folder, student, slug)
    verdict = record.verdict if record else None
    results = verdict.checks if verdict else []
    open_checks = [result for result in results if result.outcome not in {"passed", "skipped", "grader_error"}]
    titles = {result.name: result.title for result in results}
    return {
        "slug": slug,
        "title": next((lesson.title for lesson in lessons() if lesson.slug == slug), slug),
        "grade": grade,
        "failed": grade.outcome == "grader_error" and grade.score is None,
        "ours": OUR_FAULT,
        "ended": ENDED.get(grade.outcome, ""),
        "try_again": TRY_AGAIN if grade.outcome in {"crashed", "timeout", "memory"} else "",
        "message": verdict.message if verdict and grade.outcome != "grader_error" else "",
        "submitted": _moment(grade.submitted),
        "lateness": lateness(grade),
        "changes": [(titles.get(change.name, change.name), change) for change in grade.changes],
        "comments": [(name.removeprefix("answer_"), text) for name, text in grade.comments],
        "file": record.file if record else "",
        "next": open_checks[0] if open_checks else None,
        "is_complete": bool(results) and all(result.outcome == "passed" for result in results),
        "checks": [Markup(check_html(_for_student(result))) for result in results if result.outcome != "passed"],
        "passed": [Markup(check_html(result)) for result in results if result.outcome == "passed"],
        "count": len(results),
        "names_mistakes": any(result.mistake for result in results),
        "code": _code(folder, record) if record else [],
    }


def _code(folder: CourseFolder, record: Record) -> list[Line]:
    """The submitted code, if it is still the one that was graded."""
    places = [(result.line, result.code) for result in record.verdict.checks if result.line and result.code]
    return code_of_submission(folder, record, places)


def _for_student(result: CheckResult) -> CheckResult:
    """A check as its student may see it. An error of the grader could name the grader's files, so it is left out."""
    return replace(result, message=OUR_FAULT, called="", printed="") if result.outcome == "grader_error" else result


def _record(folder: CourseFolder, student: str, slug: str) -> Record | None:
    try:
        return read_record(record_path(folder, slug, student))
    except (OSError, ValueError):
        return None  # not submitted, or damaged: the next run grades it again


def _moment(submitted: str) -> str:
    try:
        return datetime.fromisoformat(submitted).strftime("%B %d, %Y, %H:%M %Z").replace(" 0", " ").strip()
    except ValueError:
        return ""
