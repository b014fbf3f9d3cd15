"""What `digits class grade` shows: a progress bar on a terminal, lines anywhere else, and a summary at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from grader.classroom.collect.submissions import WHERE_TO_PUT, Found
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.overview import Row, scores_of
from grader.classroom.students import safe_for_display
from grader.cli.terminal import Terminal
from grader.engine.isolation import STOPS_NOT
from grader.feedback.text import paragraph

Show = Callable[[Row], None]
NAME_WIDTH, EXERCISE_WIDTH, POINTS_WIDTH = 28, 20, 10
MOST_NAMED = 10


@contextmanager
def display(terminal: Terminal, to_do: int, kept: int, jobs: int) -> Iterator[Show]:
    """Show each submission as it is graded. A terminal shows a bar, and a line only for what needs a look."""
    unchanged = f" {kept} graded before and unchanged." if kept else ""
    terminal.line(f" {count(to_do, 'submission')} to grade, {jobs} at a time.{unchanged}")
    if not terminal.console.is_terminal:
        yield lambda row: show_line(terminal, row)
        return
    columns = (MofNCompleteColumn(), BarColumn(24), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=terminal.console, transient=True) as progress:
        task, looked_at = progress.add_task("", total=to_do), 0

        def show(row: Row) -> None:
            nonlocal looked_at
            if row.to_review:
                looked_at += 1
                show_line(terminal, row)
            progress.update(task, advance=1, description=f"{looked_at} to review" if looked_at else "")

        yield show


def show_line(terminal: Terminal, row: Row) -> None:
    """One submission and its points, in red if an instructor should look at it."""
    why = f"  {row.outcome.replace('_', ' ')}" if row.outcome not in {"graded", "grader_error"} else ""
    student, exercise = fit(safe_for_display(row.student), NAME_WIDTH), fit(row.exercise, EXERCISE_WIDTH)
    terminal.line(f" {student}  {exercise}", (f"{row.points:>{POINTS_WIDTH}}{why}", "bad" if row.to_review else ""))


def sum_up(terminal: Terminal, folder: CourseFolder, rows: list[Row], found: Found) -> None:
    """Sum up the class: points, what needs attention, what was set aside, where the results are."""
    if rows:
        terminal.line()
        terminal.console.print(table_of(terminal, rows))
    errors = [row for row in rows if row.is_grader_error]
    tell_rows(terminal, "Needs attention", [row for row in rows if row.to_review and not row.is_grader_error])
    tell_rows(terminal, "The grader failed; not graded, the next run tries again", errors)
    if found.set_aside:
        terminal.line((f" Set aside, not graded: {len(found.set_aside)}", "heading"))
        for sentence in found.set_aside:
            tell(terminal, "  ", sentence)
        terminal.line()
    if found.not_ours:
        names = ", ".join(f"{safe_for_display(name)} ({few(found.not_ours[name])})" for name in sorted(found.not_ours))
        tell(terminal, "note", f"Not exercises of this course, so ignored: {names}.")
    used = {row.isolation for row in rows if row.isolation != "none" or row.outcome == "graded"}
    for tier, text in STOPS_NOT.items():
        if tier in used:
            weaker = f" {text}" if tier != "namespaces" else ""
            tell(terminal, "isolation", f"{tier}.{weaker}")
    if not rows:
        tell(terminal, "results", f"There is nothing to grade. {WHERE_TO_PUT}")
        return
    tell(terminal, "results", f"One file for each submission: {safe_for_display(str(folder.graded))}/")
    tell(terminal, "next", "digits class report makes pages of them, digits class gradebook enters them.")


def table_of(terminal: Terminal, rows: list[Row]) -> Table:
    """The points of each exercise."""
    table = Table(box=box.SIMPLE_HEAD if terminal.unicode else box.ASCII2, header_style="bold")
    for name in ("exercise", "submissions", "mean", "of", "full marks", "no points"):
        table.add_column(name, justify="left" if name == "exercise" else "right")
    for one in scores_of(rows):
        figures = (f"{one.mean:.1f}", f"{one.max_score:g}", str(one.full), str(one.none))
        table.add_row(one.exercise, str(one.count), *figures)
    return table


def tell_rows(terminal: Terminal, heading: str, rows: list[Row]) -> None:
    """Print submissions under a heading, each with the reasons to look at it."""
    if not rows:
        return
    terminal.line((f" {heading}: {len(rows)}", "heading"))
    for row in rows:
        show_line(terminal, row)
        if cell_len(safe_for_display(row.student)) > NAME_WIDTH:
            tell(terminal, "  ", safe_for_display(row.student))
        for remark in row.to_review:
            tell(terminal, "  ", remark)
    terminal.line()


def tell(terminal: Terminal, label: str, sentence: str) -> None:
    """Print a wrapped sentence after a quiet label."""
    terminal.lines(paragraph(label, sentence, terminal.width, "quiet"))


def tell_some(terminal: Terminal, label: str, one: str, many: str, shown: list[str]) -> None:
    """Say what holds for one or many, then name the first of them."""
    if not shown:
        return
    tell(terminal, label, f"{one if len(shown) == 1 else f'{len(shown)} {many}'}:")
    for each in shown[:MOST_NAMED]:
        tell(terminal, "        ", safe_for_display(each))
    if len(shown) > MOST_NAMED:
        tell(terminal, "        ", f"and {len(shown) - MOST_NAMED} more")


def tell_stale(terminal: Terminal, stale: list[tuple[str, str]], can_keep: bool = False) -> None:
    """Say which results were left out, because nothing is submitted there any more."""
    one, many = (" (to keep it: --keep)", " (to keep them: --keep)") if can_keep else ("", "")
    one, many = f"1 result belongs to no submission{one}", f"results belong to no submission{many}"
    tell_some(terminal, "left out", one, many, [f"{student}, {slug}" for student, slug in stale])


def few(names: list[str]) -> str:
    """The first names of many, and how many more there are."""
    more = [f"and {len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return ", ".join([*map(safe_for_display, names[:MOST_NAMED]), *more])


def fit(text: str, width: int) -> str:
    """Text of exactly this width on a terminal, padded or cut off."""
    cut = set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…" if cell_len(text) > width else cut


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
