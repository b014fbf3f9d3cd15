"""`digits board`: one's own networks beside the course's, by accuracy, size and time."""

from dataclasses import replace

from grader.board.measuring import measuring
from grader.board.rows import Row, read_board
from grader.cli.commands.board_page import remark, table
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_workspace
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.feedback.text import paragraph
from grader.handwriting.network import saved, trained
from grader.training.record import read_record

HEAD = "The board: accuracy on the 10,000 test digits, and what it costs"
UNITS = "Training and reading: the time, as a multiple of what the capstone reference takes on the same computer."
UNKNOWN = "?: nobody has measured its training. ./digits train does."
NONE_YET = "You have no network yet. Train one: ./digits train dense"


def show_board(names: list[str]) -> int:
    """Measure the learner's networks, all or those that are named, and show them among the course's.

    Returns:
        The exit status: 1 if one of them could not be measured, else 0.

    Raises:
        CourseError: there is no network of that name.
    """
    terminal, workspace = Terminal(), find_workspace()
    paths = [trained(name, workspace) for name in names] or saved(workspace)
    course, reference_steps = read_board()
    own, problems = list[Row](), list[str]()
    if paths:
        with Engine(background.connect) as engine, progress(terminal) as shown:
            shown.begin("starting")
            with measuring(engine) as measure:
                for path in paths:
                    shown.begin(f"measuring {path.stem}")
                    try:
                        row, record = measure.row(f"my {path.stem}", path), read_record(path)
                    except CourseError as error:
                        problems.append(str(error))
                    else:
                        own.append(replace(row, training=record.steps / reference_steps) if record else row)
    terminal.line((f" {HEAD}", "heading"))
    terminal.line()
    terminal.lines(table([*course, *own], own, terminal.width, terminal.unicode))
    terminal.line()
    for row in own:
        terminal.lines(paragraph("", remark(row, course), terminal.width))
    for problem in problems:
        terminal.lines(paragraph("note", problem, terminal.width, "question"))
    unknown = f" {UNKNOWN}" if any(row.training is None for row in own) else ""
    terminal.lines(paragraph("units", UNITS + unknown, terminal.width, "quiet"))
    if not paths:
        terminal.lines(paragraph("next", NONE_YET, terminal.width, "quiet"))
    return 1 if problems else 0
