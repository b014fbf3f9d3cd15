"""The lessons as notebooks that run anywhere: with what they have printed and drawn, a cell that installs the grader,
and one that holds the exercise."""

import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

from grader.authoring.outputs import fences, recorded_cells
from grader.authoring.stubs import stub
from grader.course import REPOSITORY, Lesson, ready_lessons
from grader.site.pictures import Sources
from grader.site.sources import COMMENT, NEIGHBORS

BRANCH = "notebooks"  # of the repository: a workflow writes them there
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
PICTURE = re.compile(r"\s*<picture>.*?</picture>", re.DOTALL)
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)(\.\./)?([^)\s]+)(?=\))")
INSTALL = """\
# Run this cell first. It installs the course's grader if it is not there yet.
try:
    import grader
except ModuleNotFoundError:
    %pip install --quiet {source}"""
NOTHING_TO_INSTALL = """\
# Run this cell first. If it fails, the course is not installed here: `./digits lab` in its folder starts a JupyterLab
# that has it.
import grader"""
SAVE = """\
%%writefile exercises/{name}
{stub}"""
EXERCISE = """\
The first of the next two cells makes a folder for your work, `digits-notebooks`, in your home folder. The second holds
the exercise: write your functions in it as you read, and run it to save them. To grade them, run
`from grader.notebook import check` and then `check("{slug}")`."""
FOLDER = """\
import os
from pathlib import Path

home = Path.home() / "digits-notebooks"
(home / "exercises").mkdir(parents=True, exist_ok=True)
os.chdir(home)"""


def write_notebooks(folder: Path, repository: str = "", source: str = "", ref: str = "") -> None:
    """Write all lessons into a folder.

    Args:
        repository: where it is on the web, for the links of a lesson; without it, they stay as they are.
        source: of the grader, as pip takes it; by default the repository.
        ref: the branch or tag of the repository; by default the newest commit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in ready_lessons():
        text = writes(notebook(lesson, repository, source, ref))
        (folder / f"{lesson.stem}.ipynb").write_text(f"{text}\n", "utf-8")


def notebook(lesson: Lesson, repository: str = "", source: str = "", ref: str = "") -> NotebookNode:
    """A lesson as a notebook. Its first cell installs the grader, or says where it is."""
    version = f"@{ref}" if ref else ""
    source = source or (f"git+{repository}{version}" if repository else "")
    text = (REPOSITORY / "lessons" / f"{lesson.stem}.md").read_text("utf-8")
    title, *rest = cells_of(text, f"{repository}/blob/{ref or 'HEAD'}/" if repository else "")
    first = new_code_cell(INSTALL.format(source=source) if source else NOTHING_TO_INSTALL)
    exercise = [
        new_markdown_cell(EXERCISE.format(slug=lesson.slug)),
        new_code_cell(FOLDER),
        new_code_cell(SAVE.format(name=f"{lesson.stem}.py", stub=stub(lesson).rstrip("\n"))),
    ]
    cells = [title, first, *exercise, *rest]
    for number, cell in enumerate(cells):
        cell["id"] = f"{lesson.slug.replace('_', '-')}-{number}"
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def cells_of(markdown: str, repository: str) -> Iterator[NotebookNode]:
    """The cells of a lesson. What a code cell has printed and drawn are its outputs."""
    lines, begin = markdown.split("\n"), 0
    code = [fence for fence in fences(markdown) if fence.info.partition(" ")[0] == "python"]
    for fence, cell in zip(code, recorded_cells(markdown), strict=True):
        yield from words("\n".join(lines[begin : fence.first]), repository)
        below, drawn = "\n".join(lines[cell.end :]), []
        while match := PICTURE.match(below):
            drawn.append(picture(match[0]))
            below = below[match.end() :]
        begin = len(lines) - below.count("\n") - 1
        printed = [] if cell.written is None else [new_output("stream", name="stdout", text=f"{cell.written}\n")]
        yield new_code_cell(cell.code, outputs=[*printed, *drawn])
    yield from words("\n".join(lines[begin:]), repository)


def words(markdown: str, repository: str) -> Iterator[NotebookNode]:
    """A cell of text, without what only the repository needs; none if nothing is left."""
    text = NEIGHBORS.sub("", COMMENT.sub("", markdown)).strip()
    if repository:
        text = LINK.sub(lambda link: f"{repository}{link[2] if link[1] else f'lessons/{link[2]}'}", text)
    if text:
        yield new_markdown_cell(text)


def picture(html: str) -> NotebookNode:
    """What a cell has drawn."""
    source = Sources(html)
    svg = (REPOSITORY / "lessons" / source.light).read_text("utf-8")
    return new_output("display_data", data={"image/svg+xml": svg, "text/plain": source.shows})
