"""Answers a lesson's predictions in a notebook."""

from grader.course import CourseError, find_lesson, find_workspace


def answer(name: str, number: int, letter: str) -> None:
    """Answer a prediction of a lesson, as `digits quiz` does in a terminal. Prints whether it is right, and why.

    Your answers do not affect your points.

    Args:
        name: the lesson's slug, for instance ``"dense"``.
        number: which of its predictions, from 1 on.
        letter: your choice, for instance ``"b"``.
    """
    from grader.progress.record import record_answer
    from grader.quiz import find_question

    chosen = str(letter).strip().lower()
    try:
        lesson = find_lesson(name)
        question = find_question(lesson, number)
        if chosen not in question.choices:
            raise CourseError(f"Answer with one of {', '.join(question.choices)}, in quotes.")
        print(question.reply(chosen), question.reason, sep="\n")
    except CourseError as error:
        print(error)
        return
    try:
        record_answer(find_workspace(), lesson.slug, question.key, chosen)
    except OSError as error:
        print(f"(Your answer could not be saved: {error.strerror}.)")
