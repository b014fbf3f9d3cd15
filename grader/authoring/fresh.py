"""A fresh stub of an exercise: from its solution, and where there is none from the history of the git checkout."""

import subprocess
from collections.abc import Iterator

from grader.authoring.stubs import solution_path, stub
from grader.course import REPOSITORY, CourseError, Lesson

LEFT_OUT = "raise NotImplementedError"


def fresh_stub(lesson: Lesson) -> str:
    """The text of an exercise as it was before anybody edited it.

    Raises:
        CourseError: this copy of the course has nothing that it could be made from.
    """
    if solution_path(lesson).is_file():
        return stub(lesson)
    # Learners commit their own work, too. Solving leaves less to be written, so a stub is what leaves most.
    best = max(committed(lesson), key=lambda text: text.count(LEFT_OUT), default="")
    if LEFT_OUT in best:
        return best
    raise CourseError(
        f"This copy of the course has neither solutions/ nor a git history to make a fresh {lesson.stem}.py from. "
        f"Get exercises/{lesson.stem}.py once more from where you got the course."
    )


def committed(lesson: Lesson) -> Iterator[str]:
    """Every version of the exercise in the history of the course's folder, the newest first."""
    path = f"./exercises/{lesson.stem}.py"
    for commit in git("log", "--format=%H", "--", path).split():
        yield git("show", f"{commit}:{path}")


def git(*arguments: str) -> str:
    """What a git command prints; nothing where there is no git, or this is no checkout."""
    command = ["git", "-C", str(REPOSITORY), *arguments]
    try:
        finished = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return ""
    return finished.stdout.decode("utf-8", "replace").replace("\r\n", "\n") if finished.returncode == 0 else ""
