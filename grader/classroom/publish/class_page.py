"""The instructor's page: all results, with the names of all students. What needs the instructor comes first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import mean, median

from grader.classroom.publish.charts import histogram, strip
from grader.classroom.publish.grades import Grades
from grader.classroom.publish.overview import ExerciseOverview, Overview, meaning
from grader.classroom.publish.pages import file_stem, render
from grader.classroom.publish.times import lateness
from grader.course import calibrations, lessons
from grader.engine.isolation import STOPS_NOT, TIERS

HOW_MANY_MISTAKES = 12


@dataclass(frozen=True)
class Matter:
    """What needs the instructor in an exercise, in words, most urgent first."""

    slug: str
    words: tuple[str, ...]


def class_page(
    overview: Overview, grades: Grades, names: dict[str, tuple[str, str]], anonymous: bool = False, course: str = ""
) -> str:
    """The page as HTML.

    Args:
        names: of the students, as `names_of` gives them.
        anonymous: these are numbers, so nothing else on the page may say who somebody is.
    """
    bars = {lesson.slug: lesson.bar for lesson in lessons() if lesson.bar is not None}
    known = {slug: replace(found, threshold=bars.get(slug, found.threshold)) for slug, found in calibrations().items()}
    exercises = {slug: overview.exercises[slug] for slug in grades.exercises if slug in overview.exercises}
    titles = {lesson.slug: lesson.title for lesson in lessons()}
    scores = {
        slug: [grade.score for (_, other), grade in grades.cells.items() if other == slug and grade.score is not None]
        for slug in grades.exercises
    }
    totals = {student: sum(g.score or 0.0 for g in grades.of_student(student).values()) for student in grades.people}
    weighted = {student: grades.total(student) for student in grades.people} if grades.weights else {}
    isolations = [(tier, overview.tiers[tier], STOPS_NOT[tier]) for tier in TIERS if overview.tiers[tier]]
    return render(
        "class.html",
        course=course,
        exercises=exercises,
        grades=grades,
        matters=list(_matters(overview, grades)),
        titles={slug: titles.get(slug, slug) for slug in grades.exercises},
        people=names,
        anonymous=anonymous,
        submitters=len({student for student, _ in grades.cells}),
        totals=totals,
        weighted=weighted,
        scores=scores,
        medians={slug: median(points) for slug, points in scores.items() if points},
        means={slug: mean(points) for slug, points in scores.items() if points},
        median_total=median(totals.values()),
        max_total=sum(grades.exercises.values()),
        histograms={slug: histogram(points, grades.exercises[slug]) for slug, points in scores.items() if points},
        strips={
            slug: strip(one.accuracies, known[slug])
            for slug, one in exercises.items()
            if one.accuracies and slug in known
        },
        file_stem=file_stem,
        meaning=meaning,
        lateness=lateness,
        full=[each for each in isolations if each[0] == TIERS[0]],
        weaker=[each for each in isolations if each[0] != TIERS[0]],
        how_many=HOW_MANY_MISTAKES,
    )


def _matters(overview: Overview, grades: Grades) -> Iterator[Matter]:
    for slug in grades.exercises:
        own = [grade for (_, other), grade in grades.cells.items() if other == slug]
        one = overview.exercises.get(slug) or ExerciseOverview(slug, 0.0)
        remarks = len(one.with_remarks)
        counts = {
            "not graded (the grader failed)": len(one.rows_with("grader_error")),
            "could not be read": len(one.rows_with("invalid")),
            "flagged": len({student for students in one.flags.values() for student in students}),
            "with a remark" if remarks == 1 else "with remarks": remarks,
            "to grade by hand": sum(grade.waits for grade in own),
            "late": sum(bool(grade.late) for grade in own),
            "not submitted": sum((student, slug) not in grades.cells for student in grades.people),
        }
        words = tuple(f"{count} {what}" for what, count in counts.items() if count)
        if words:
            yield Matter(slug, words)
