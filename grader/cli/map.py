"""`digits`: the map of the course."""

from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, lessons
from grader.progress import read_progress


def show() -> None:
    """Every lesson with its state and points, and what to do next."""
    terminal, workspace = Terminal(), find_workspace()
    points = read_progress(workspace)
    ready = [lesson for lesson in lessons() if lesson.is_ready]
    terminal.line((" Digits", "heading"), "  from raw pixels to convolutional networks")
    terminal.line()
    for lesson in lessons():
        terminal.line(*row(terminal, lesson, points.get(lesson.slug)))
    terminal.line()
    total, most = sum(points.get(lesson.slug, 0) for lesson in ready), sum(lesson.points for lesson in ready)
    terminal.line(f" {total:g} of {most:g} points")
    following = next((lesson for lesson in ready if points.get(lesson.slug, 0) < lesson.points), None)
    if following:
        terminal.line(
            (" next  ", "quiet"),
            f"read lessons/{following.stem}.md, edit exercises/{following.stem}.py, run ",
        )
        terminal.line("       ", (f"./digits check {following.slug}", "title"))


def row(terminal: Terminal, lesson: Lesson, points: float | None) -> list[tuple[str, str]]:
    full, half, empty = ("●", "◐", "○") if terminal.unicode else ("*", "+", "-")
    if not lesson.is_ready:
        return [(f"    {lesson.number:>2}  {lesson.slug:<20}{lesson.title:<44}coming", "quiet")]
    mark, style = (full, "good") if (points or 0) >= lesson.points else (half, "") if points else (empty, "quiet")
    reached = f"{points or 0:g}/{lesson.points}"
    return [
        (f"  {mark} ", style),
        (f"{lesson.number:>2}  {lesson.slug:<20}", ""),
        (f"{lesson.title:<44}{reached:>6}", ""),
    ]
