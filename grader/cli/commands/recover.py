"""Opens the progress file for a command. If it was damaged, says so and rebuilds the records from the work."""

from pathlib import Path

from grader.cli.live.progress_line import progress as progress_line
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, ready_lessons
from grader.feedback.text import paragraph
from grader.progress.record import Progress, read_progress, record_check, record_unknown


def open_progress(terminal: Terminal, workspace: Path) -> Progress:
    """Read the learner's progress.

    If records were lost, NumPy exercises are graded again at once, which takes a second each. Training every Keras
    exercise would take minutes, so those that may have been solved are marked unknown until their next check.
    """
    found = read_progress(workspace)
    if not found.damage:
        return found
    terminal.lines(paragraph("note", found.damage, terminal.width))
    lost = [lesson for lesson in ready_lessons() if found.has_lost(lesson) and lesson.work_path(workspace).is_file()]
    try:
        record_unknown(workspace, [lesson.slug for lesson in lost if is_finished(lesson.work_path(workspace))])
        grade_again(terminal, workspace, [lesson for lesson in lost if lesson.runtime == "numpy"])
    except OSError:
        return found  # nothing can be written there; the note above says so
    found = read_progress(workspace)
    unknown = [lesson.slug for lesson in lost if found.of(lesson).unknown]
    sentence = "Your NumPy exercises were graded again."
    if unknown:
        sentence += f" These need a new check: {', '.join(unknown)}."
    terminal.lines(paragraph("note", sentence, terminal.width))
    terminal.line()
    return found


def is_finished(path: Path) -> bool:
    """Whether every function in the file has been written; otherwise it cannot have been solved."""
    return b"raise NotImplementedError" not in path.read_bytes()


def grade_again(terminal: Terminal, workspace: Path, lessons: list[Lesson]) -> None:
    from grader.engine.judge import background
    from grader.engine.judge.processes import Engine
    from grader.engine.judge.source import InvalidSubmission, read_source
    from grader.engine.session import Session

    with Engine(background.connect) as engine, progress_line(terminal) as shown:
        for lesson in lessons:
            shown.begin(f"grading {lesson.slug} again")
            try:
                source = read_source(lesson.work_path(workspace), follow_links=True)
            except (InvalidSubmission, CourseError):
                continue  # its next check reports the problem
            with Session(lesson, source, engine) as session:
                verdict = session.verdict()
            if verdict.outcome != "grader_error":
                record_check(workspace, lesson.slug, verdict.score, verdict.max_score)
