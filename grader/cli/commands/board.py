"""`digits board`: one's own networks beside the course's, by accuracy, size and time."""

from dataclasses import replace
from pathlib import Path

from grader.board.measuring import measuring
from grader.board.rows import Row, read_board
from grader.cli.commands.board_page import remark, table
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_workspace
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.feedback.text import paragraph
from grader.handwriting.network import choose_model, saved
from grader.training.record import read_record

HEAD = "The board: accuracy on the 10,000 test digits, and what it costs"
UNITS = "Training and reading (1,000 digits) are times, as multiples of the capstone reference's on the same computer."
UNKNOWN = "?: training time unknown. ./digits train measures it."
ROWS = "The fastest, smallest and most accurate ones are from lesson 14. Their accuracy is a mean of several trainings."
NONE_YET = "You have no network yet. Train one: ./digits train dense"


def show_board(names: list[str]) -> int:
    """Measure the learner's networks, all or those of these names or files, and show them among the course's.

    Returns:
        The exit status: 1 if one of them could not be measured, else 0.

    Raises:
        CourseError: there is no such network, or its file cannot be used.
    """
    terminal, workspace = Terminal(), find_workspace()
    paths = [choose_model(Path(name), workspace).path for name in names] or saved(workspace)
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
    terminal.lines(paragraph("rows", ROWS, terminal.width, "quiet"))
    if not paths:
        terminal.lines(paragraph("next", NONE_YET, terminal.width, "quiet"))
    return 1 if problems else 0
