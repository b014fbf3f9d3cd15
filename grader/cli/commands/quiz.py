"""`digits quiz`: asks a lesson's predictions one after another, and explains each answer."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from grader.cli.commands.next import next_open
from grader.cli.commands.recall import question_lines, recall_heading, review_question, wrapped
from grader.cli.commands.recover import open_progress
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, ready_lessons
from grader.engine.judge.own_file import find_named
from grader.progress.record import progress_path, record_answer
from grader.quiz import Question, questions

INTRODUCTION = "Your answers do not affect your points. Guess: surprises are easy to remember."
SKIP, QUIT, CTRL_D = "s", "q", "\x04"

Answers = dict[str, str]  # letters by question key


def quiz(name: str | None, again: bool) -> None:
    """Ask the unanswered predictions of a lesson; without a name, today's review question or the next lesson's.

    Args:
        again: also ask those that were answered before.
    """
    terminal, workspace = Terminal(), find_workspace()
    progress = open_progress(terminal, workspace)
    following = next_open(progress)
    review = review_question(following, progress) if name is None and following and not again else None
    if review:
        ask_review_question(terminal, workspace, *review)
    else:
        lesson = find_named(name, workspace) if name is not None else following or list(ready_lessons())[-1]
        ask_lesson(terminal, workspace, lesson, progress.answers.get(lesson.slug, {}), again)


def ask_review_question(terminal: Terminal, workspace: Path, lesson: Lesson, question: Question) -> None:
    terminal.line(*recall_heading(lesson))
    answers: Answers = {}
    ask(terminal, workspace, lesson, [question], answers, recalled=True)
    if answers:
        terminal.line()
        terminal.line((" The next review question comes tomorrow.", "quiet"))


def ask_lesson(terminal: Terminal, workspace: Path, lesson: Lesson, before: Answers, again: bool) -> None:
    terminal.title(lesson, "quiz")
    every = questions(lesson)
    if not every:
        terminal.line(" This lesson has no questions.")
        return
    asked = [question for question in every if again or before.get(question.key) not in question.choices]
    if asked:
        terminal.line((f" {INTRODUCTION}", "quiet"))
    answers = before.copy()
    try:
        ask(terminal, workspace, lesson, asked, answers)
    except KeyboardInterrupt:
        terminal.line()  # ends the line of the prompt
        say_how_far(terminal, lesson, every, answers)
        raise
    say_how_far(terminal, lesson, every, answers)


def say_how_far(terminal: Terminal, lesson: Lesson, every: Sequence[Question], answers: Answers) -> None:
    given = [question for question in every if answers.get(question.key) in question.choices]
    right = sum(question.is_right(answers[question.key]) for question in given)
    terminal.line()
    so_far = f"{len(given)} of {len(every)} answered, {right} of them right." if given else "None answered yet."
    terminal.line(f" {so_far}")
    label, option = (" Ask them all again: ", " --again") if len(given) == len(every) else (" Continue with: ", "")
    terminal.line((label, "quiet"), (f"./digits quiz {lesson.slug}{option}", "title"))


def ask(
    terminal: Terminal,
    workspace: Path,
    lesson: Lesson,
    asked: Sequence[Question],
    answers: Answers,
    recalled: bool = False,
) -> None:
    """Ask questions until the learner quits. Each answer goes into ``answers``, and is recorded if possible."""
    is_saved = True
    with typed_keys() as typed:
        for question in asked:
            terminal.line()
            if not recalled:
                terminal.line((f" {question.number} of {len(questions(lesson))}", "quiet"))
            terminal.lines(question_lines(question, terminal.width))
            letter = choose(terminal, question, typed)
            if letter == QUIT:
                break
            if letter == SKIP:
                continue
            answers[question.key] = letter
            say(terminal, question.reply(letter), "good" if question.is_right(letter) else "bad")
            say(terminal, question.reason)
            try:
                record_answer(workspace, lesson.slug, question.key, letter, recalled)
            except OSError as error:
                if is_saved:
                    say(
                        terminal,
                        f"(Your answers could not be saved in {progress_path(workspace)}: {error.strerror}.)",
                        "quiet",
                    )
                is_saved = False


def choose(terminal: Terminal, question: Question, typed: Iterator[str]) -> str:
    """The letter of a choice, or the key for skip or quit."""
    *letters, last = question.choices
    prompt(terminal, f"   {', '.join(letters)} or {last}? ({SKIP} skips, {QUIT} quits)")
    for key in typed:
        if key in question.choices or key in {SKIP, QUIT}:
            terminal.line((key, "title"))
            return key
        terminal.line()
        prompt(terminal, f"   Please type {', '.join(letters)} or {last}. ({SKIP} skips, {QUIT} quits)")
    terminal.line()
    return QUIT


@contextmanager
def typed_keys() -> Iterator[Iterator[str]]:
    """Single keys from a terminal; elsewhere the first character of each line."""
    if not sys.stdin.isatty() or os.name == "nt":
        yield (line.strip()[:1].lower() for line in sys.stdin)
        return
    from grader.cli.live.keys import Keyboard

    pressed: SimpleQueue[str] = SimpleQueue()
    keyboard = Keyboard(pressed.put)
    keyboard.open()
    try:
        yield iter(pressed.get, CTRL_D)
    finally:
        keyboard.close()


def prompt(terminal: Terminal, text: str) -> None:
    terminal.console.print(terminal.plain(f"{text} "), style="question", end="", markup=False)
    terminal.console.file.flush()


def say(terminal: Terminal, text: str, style: str = "") -> None:
    terminal.lines([(f"   {line}", style)] for line in wrapped(text, terminal.width - 3))
