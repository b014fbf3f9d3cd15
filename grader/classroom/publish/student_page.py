"""A student's page: what they may see of their results. No seed, no path, no flag, no other student."""

from dataclasses import replace
from pathlib import PurePath

from markupsafe import Markup

from grader.classroom.folder import CourseFolder
from grader.classroom.publish.grades import Grade, Grades
from grader.classroom.publish.pages import render
from grader.classroom.publish.submitted_code import Line, code_of_submission
from grader.classroom.publish.times import lateness, moment
from grader.classroom.records import Record, read_record, record_path
from grader.course import lessons
from grader.feedback.html import check_html
from grader.verdict import CheckResult

OUR_FAULT = "The grader itself failed here. This is not your fault, and costs no points."  # students get no details
ENDED = {
    "invalid": "This submission could not be read.",
    "timeout": "It ran out of time.",
    "memory": "It used too much memory.",
    "crashed": "Your code stopped with an error before any check could run.",
}
FIND_OUT_WHY = {  # by the suffix of the submitted file
    ".ipynb": "To find out why, run your notebook from the top: Kernel, Restart Kernel and Run All Cells. Fix or "
    "delete the cell that fails, and submit again.",
    ".py": "To find out why, run your file with python. Fix or delete the line that fails, and submit again.",
}


def student_page(folder: CourseFolder, student: str, grades: Grades, course: str = "") -> str:
    """The page as HTML."""
    own = grades.of_student(student)
    counted = [grade for slug, grade in own.items() if (student, slug) not in grades.ungraded]
    submissions = [_submission(folder, student, slug, grade) for slug, grade in own.items()]
    return render(
        "student.html",
        course=course,
        person=grades.people[student],
        submissions=submissions,
        score=sum(grade.score or 0.0 for grade in counted),
        max_score=sum(grade.max_score for grade in counted),
        total=grades.total(student) if grades.weights else None,
        left_out=len(own) - len(counted),
        names_mistakes=any(submission["names_mistakes"] for submission in submissions),
        suffixes={submission["suffix"] for submission in submissions if not submission["is_unreadable"]},
    )


def _submission(folder: CourseFolder, student: str, slug: str, grade: Grade) -> dict[str, object]:
    """One exercise on a student's page."""
    record = _record(folder, student, slug)
    suffix = PurePath(record.file).suffix if record else ""
    verdict = record.verdict if record else None
    shows = not grade.withheld or grade.outcome != "graded"  # a file that cannot be read is told at once
    results = verdict.checks if verdict and shows else []
    open_checks = [result for result in results if result.outcome not in {"passed", "skipped", "grader_error"}]
    titles = {result.name: result.title for result in results}
    return {
        "slug": slug,
        "title": next((lesson.title for lesson in lessons() if lesson.slug == slug), slug),
        "grade": grade,
        "failed": grade.outcome == "grader_error" and grade.score is None,
        "ours": OUR_FAULT,
        "is_unreadable": grade.outcome == "invalid",
        "ended": ENDED.get(grade.outcome, ""),
        "why": FIND_OUT_WHY.get(suffix, "") if grade.outcome in {"crashed", "timeout", "memory"} else "",
        "message": verdict.message if verdict and shows and grade.outcome != "grader_error" else "",
        "withheld": "" if shows else grade.withheld,
        "submitted": moment(grade.submitted),
        "lateness": lateness(grade),
        "changes": [(titles.get(change.name, change.name), change) for change in grade.changes],
        "comments": [(name.removeprefix("answer_"), text) for name, text in grade.comments],
        "graded": moment(record.graded) if record else "",
        "file": record.file if record else "",
        "suffix": suffix,
        "next": open_checks[0] if open_checks else None,
        "is_complete": bool(results) and all(result.outcome == "passed" for result in results),
        "checks": [Markup(check_html(_for_student(result))) for result in results if result.outcome != "passed"],
        "passed": [Markup(check_html(result)) for result in results if result.outcome == "passed"],
        "count": len(results),
        "names_mistakes": any(result.mistake for result in results),
        "code": _code(folder, record, results) if record else [],
    }


def _code(folder: CourseFolder, record: Record, results: list[CheckResult]) -> list[Line]:
    """The submitted code, if it is still the one that was graded."""
    places = [(result.line, result.code) for result in results if result.line and result.code]
    return code_of_submission(folder, record, places)


def _for_student(result: CheckResult) -> CheckResult:
    """A check as its student may see it. An error of the grader could name the grader's files, so it is left out."""
    return replace(result, message=OUR_FAULT, called="", printed="") if result.outcome == "grader_error" else result


def _record(folder: CourseFolder, student: str, slug: str) -> Record | None:
    try:
        return read_record(record_path(folder, slug, student))
    except (OSError, ValueError):
        return None  # not submitted, or damaged: the next run grades it again
