"""Writes the pages of a class: one for each student, to give to them, and one for the instructor."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from markupsafe import Markup

from grader.classroom.folder import CourseFolder, write_output
from grader.classroom.publish.charts import histogram, strip
from grader.classroom.publish.overview import Overview, meaning
from grader.classroom.publish.pages import file_stem, render
from grader.classroom.records import Record, read_record, read_records, record_path
from grader.classroom.students import Person, read_roster, safe_for_display
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
HOW_MANY_MISTAKES = 12


@dataclass(frozen=True)
class Pages:
    """Where the pages are."""

    instructor: Path
    students: Path
    count: int


def write_pages(folder: CourseFolder) -> Pages:
    """Write all pages again from the records.

    Raises:
        CourseError: there are no results, or the pages cannot be written.
    """
    overview = Overview()
    roster = read_roster(folder.roster)
    for record in read_records(folder):
        overview.add(record)
    if not overview.exercises:
        raise CourseError(
            f"There are no results in {safe_for_display(str(folder.graded))}. Run `digits class grade` first."
        )
    students = folder.reports / "students"
    order = _in_order(overview)
    for student in overview.students:
        page = student_page(roster.get(student, Person(student)), list(_records_of(folder, student, order)))
        write_output(students / f"{file_stem(student)}.html", page)
    instructor = write_output(folder.reports / "class.html", instructor_page(overview, roster, order))
    return Pages(instructor, students, len(overview.students))


def student_page(person: Person, records: list[Record]) -> str:
    """What a student may see of their results: no seed, no path, no flag, no other student."""
    graded = [record.verdict for record in records if record.verdict.outcome != "grader_error"]
    return render(
        "student.html",
        person=person,
        submissions=[_submission(record) for record in records],
        score=sum(verdict.score for verdict in graded),
        max_score=sum(verdict.max_score for verdict in graded),
        left_out=len(records) - len(graded),
    )


def instructor_page(overview: Overview, roster: dict[str, Person], order: list[str]) -> str:
    """All results, with the names of all students."""
    known = calibrations()
    exercises = [overview.exercises[slug] for slug in order]
    titles = {lesson.slug: lesson.title for lesson in lessons()}
    return render(
        "class.html",
        overview=overview,
        exercises=exercises,
        titles={slug: titles.get(slug, slug) for slug in order},
        people={student: roster.get(student, Person(student)) for student in overview.students},
        places=overview.by_place(),
        histograms={one.slug: histogram(one.scores, one.max_score) for one in exercises if one.scores},
        strips={
            one.slug: strip(one.accuracies, known[one.slug])
            for one in exercises
            if one.accuracies and one.slug in known
        },
        file_stem=file_stem,
        meaning=meaning,
        stops_not={tier: f"{text[0].lower()}{text[1:]}" for tier, text in STOPS_NOT.items()},
        how_many=HOW_MANY_MISTAKES,
    )


def _submission(record: Record) -> dict[str, object]:
    """One exercise on a student's page."""
    verdict = record.verdict
    failed = verdict.outcome == "grader_error"
    titles = {lesson.slug: lesson.title for lesson in lessons()}
    open_checks = [result for result in verdict.checks if result.outcome not in {"passed", "skipped", "grader_error"}]
    return {
        "slug": record.exercise,
        "title": titles.get(record.exercise, record.exercise),
        "verdict": verdict,
        "failed": failed,
        "ours": OUR_FAULT,
        "ended": ENDED.get(verdict.outcome, ""),
        "submitted": _moment(record.submitted),
        "file": record.file,
        "next": open_checks[0] if open_checks else None,
        "checks": [Markup(check_html(_for_student(result))) for result in verdict.checks],
    }


def _for_student(result: CheckResult) -> CheckResult:
    """A check as its student may see it. An error of the grader could name the grader's files, so it is left out."""
    return replace(result, message=OUR_FAULT, called="", printed="") if result.outcome == "grader_error" else result


def _records_of(folder: CourseFolder, student: str, order: list[str]) -> Iterator[Record]:
    for slug in order:
        try:
            yield read_record(record_path(folder, slug, student))
        except (OSError, ValueError):
            continue  # not submitted, or damaged: the next run grades it again


def _in_order(overview: Overview) -> list[str]:
    """The exercises in the order of the course."""
    known = [lesson.slug for lesson in lessons()]
    return sorted(overview.exercises, key=lambda slug: (known.index(slug) if slug in known else len(known), slug))


def _moment(submitted: str | None) -> str:
    try:
        return datetime.fromisoformat(submitted or "").strftime("%d %B %Y, %H:%M %Z").strip()
    except ValueError:
        return ""
