"""Today's review question, which the map and `digits next` show, and how any question looks in a terminal."""

import textwrap
from collections.abc import Iterator
from datetime import date

from grader.cli.terminal import Terminal
from grader.course import Lesson, ready_lessons
from grader.feedback.text import Line
from grader.progress.record import Progress
from grader.quiz import Question, questions

LESSONS_BACK = range(2, 6)  # long enough ago to be half forgotten, when recalling helps most


def review_question(lesson: Lesson, progress: Progress) -> tuple[Lesson, Question] | None:
    """A question from two to five lessons back, a different one each day. Those not yet answered correctly come first.

    None if no lesson is that far back, or if one was answered today: one a day is enough.
    """
    if progress.recalled_on == date.today().isoformat():
        return None
    back = [before for before in ready_lessons() if lesson.number - before.number in LESSONS_BACK]
    of_all = [(before, question) for before in back for question in questions(before)]
    still_open = [(before, question) for before, question in of_all if not is_known(before, question, progress)]
    chosen = still_open or of_all
    return chosen[date.today().toordinal() % len(chosen)] if chosen else None


def is_known(lesson: Lesson, question: Question, progress: Progress) -> bool:
    return question.is_right(progress.answers.get(lesson.slug, {}).get(question.key, ""))


def show_review_question(terminal: Terminal, lesson: Lesson, progress: Progress) -> None:
    """Show today's review question, if there is one, and how to answer it."""
    review = review_question(lesson, progress)
    if review is None:
        return
    terminal.line()
    terminal.line(*recall_heading(review[0]))
    terminal.lines(question_lines(review[1], terminal.width))
    terminal.line(("   answer ", "quiet"), ("./digits quiz", "title"))


def recall_heading(lesson: Lesson) -> Line:
    return [(" Do you remember?", "question"), (f"  from lesson {lesson.number}, {lesson.slug}", "quiet")]


def question_lines(question: Question, width: int) -> Iterator[Line]:
    """The question with its scene, and one or more lines for each choice."""
    for line in wrapped(question.told, width - 3):
        yield [(f"   {line}", "")]
    for letter, choice in question.choices.items():
        first, *others = wrapped(choice, width - 9)
        yield [(f"     {letter})", "title"), (f" {first}", "")]
        yield from ([(f"        {line}", "")] for line in others)


def wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(20, width), break_on_hyphens=False)
