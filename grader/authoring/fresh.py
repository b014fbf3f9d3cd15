"""A fresh stub of an exercise: from its solution, or from the git history if there is no solution."""

import re
import subprocess
from collections.abc import Iterator

from grader.authoring.stubs import solution_path, stub
from grader.course import REPOSITORY, CourseError, Lesson

LEFT_OUT = "raise NotImplementedError"


def fresh_stub(lesson: Lesson) -> str:
    """The original text of an exercise.

    Raises:
        CourseError: this copy of the course has neither a solution nor a history to make it from.
    """
    if solution_path(lesson).is_file():
        return stub(lesson)
    # Learners commit their own work, too. The stub is the version with the most functions left to write.
    best = max(committed(lesson), key=lambda text: text.count(LEFT_OUT), default="")
    if LEFT_OUT in best:
        return best
    raise CourseError(
        f"This copy of the course has neither solutions/ nor a git history to make a fresh {lesson.stem}.py from. "
        f"Download exercises/{lesson.stem}.py again from where you got the course."
    )


def holds_work(lesson: Lesson, text: str, stub: str) -> bool:
    """Whether an exercise is neither as it was committed nor without a function of its learner's own.

    Args:
        text: what the exercise holds.
        stub: what it is to hold.
    """
    is_committed = text == git("show", f"HEAD:./exercises/{lesson.stem}.py")
    return not is_committed or bool(unwritten(stub) & (functions(text).keys() - unwritten(text)))


def unwritten(text: str) -> set[str]:
    """The functions that are left to write."""
    return {name for name, code in functions(text).items() if LEFT_OUT in code}


def functions(text: str) -> dict[str, str]:
    """The code of each function by its name, from its definition to the next one. It need not be correct."""
    parts = re.split(r"^(?:def|class) +(\w+)", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def committed(lesson: Lesson) -> Iterator[str]:
    """Every version of the exercise in the git history, newest first."""
    path = f"./exercises/{lesson.stem}.py"
    for commit in git("log", "--format=%H", "--", path).split():
        yield git("show", f"{commit}:{path}")


def git(*arguments: str) -> str:
    """The output of a git command; empty without git or outside a checkout."""
    command = ["git", "-C", str(REPOSITORY), *arguments]
    try:
        finished = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return ""
    return finished.stdout.decode("utf-8", "replace").replace("\r\n", "\n") if finished.returncode == 0 else ""
