"""`solution()`: the reference beside your own work, in a notebook."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import CourseError, Lesson
from grader.engine.pieces import pieces
from grader.feedback.html import quiet_html as quiet
from grader.feedback.html import text_html
from grader.notebook.check import find_work, grade, in_sentences, running_shell
from grader.notebook.choice import STUB, Choice
from grader.notebook.hint import show
from grader.progress.record import read_progress

COLORS = {  # kinds of Pygments tokens: the editor's own colors in JupyterLab, light or dark; elsewhere the page's
    "Token.Keyword": "keyword",
    "Token.Operator.Word": "keyword",
    "Token.Name.Builtin": "builtin",
    "Token.Literal.String": "string",
    "Token.Literal.Number": "number",
    "Token.Comment": "comment",
}
GRID = "display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26em), 1fr)); gap: 4px 24px"
WRAPPED = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere"  # JupyterLab would break within a word
CODE = f"margin: 2px 0 10px; background: transparent; color: inherit; line-height: 1.4; {WRAPPED}"


def solution(exercise: str | None = None, spoil: bool = False) -> None:
    """Show the reference beside your own work, function by function, once all checks pass.

    Args:
        exercise: its name or number, "dense" or "5". By default, the one you checked last in this notebook, or the
            one the notebook is named after.
        spoil: show it although your work does not pass yet.
    """
    in_sentences(lambda: show_solution(*find_work(exercise, running_shell()), spoil))


def show_solution(lesson: Lesson, choice: Choice, workspace: Path, spoil: bool) -> None:
    """Show both if the exercise is solved, passes now, or the learner insists.

    Raises:
        CourseError: this copy has no solutions.
    """
    if not lesson.solution_path.is_file():
        raise CourseError(
            "This copy of the course comes without solutions/, so there is no reference to show. Ask your instructor "
            f'for it, or use the hints: hint("{lesson.slug}")'
        )
    if not spoil and not is_solved(lesson, workspace):
        grade(lesson, choice, workspace, running_shell())  # it may be right but unchecked so far
        if not is_solved(lesson, workspace):
            print(
                f'You can see the reference once all checks pass. Until then, hint("{lesson.slug}") gives the next '
                f'hint, and solution("{lesson.slug}", spoil=True) shows the reference now.'
            )
            return
    show(Comparison(lesson, choice.origin, tuple(compared(lesson, choice))))


def is_solved(lesson: Lesson, workspace: Path) -> bool:
    return read_progress(workspace).of(lesson).solves(lesson)


@dataclass(frozen=True)
class Pair:
    """A definition by its name: the reference's code and the learner's, either of which may be missing."""

    name: str
    theirs: str | None
    mine: str | None


def compared(lesson: Lesson, choice: Choice) -> Iterator[Pair]:
    """The definitions of the reference in order, then the learner's others."""
    theirs = {piece.name: piece.code for piece in pieces(lesson.solution_path.read_text("utf-8"))}
    own = pieces(choice.source.code.decode("utf-8", "replace"))
    mine = {piece.name: piece.code for piece in own if f"{piece.code}\n" != STUB.format(piece.name)}
    if "" in mine:  # it cannot be parsed
        yield Pair("", "\n\n".join(theirs.values()), mine[""])
        return
    for name in dict.fromkeys([*theirs, *mine]):
        yield Pair(name, theirs.get(name), mine.get(name))


@dataclass(frozen=True)
class Comparison:
    """What IPython displays: both versions of each definition, beside each other if there is room."""

    lesson: Lesson
    origin: str
    pairs: tuple[Pair, ...]

    def sides(self, pair: Pair) -> list[tuple[str, str]]:
        """The titles and codes to show for a definition: once, if both are the same."""
        if pair.mine == pair.theirs:
            return [("the reference, the same as yours", pair.theirs or "")]
        theirs = ("the reference", pair.theirs) if pair.theirs is not None else ("not in the reference", "")
        mine = ("yours", pair.mine) if pair.mine is not None else ("not in yours", "")
        return [theirs, mine]

    def text(self) -> str:
        lines = [f" {self.lesson.number}  {self.lesson.title}", f"    {self.origin}"]
        for pair in self.pairs:
            lines += ["", f" {pair.name}"]
            for title, code in self.sides(pair):
                lines += [f" -- {title}", *(f"    {line}" for line in code.split("\n") if code)]
        return "\n".join(lines)

    def html(self) -> str:
        rows = [f"<b>{text_html(f'{self.lesson.number}  {self.lesson.title}')}</b><br>{quiet(self.origin)}"]
        for pair in self.pairs:
            sides = "".join(side_html(*side) for side in self.sides(pair))
            rows.append(f'<b>{text_html(pair.name)}</b><div style="{GRID}">{sides}</div>')
        return "".join(f'<div style="margin: 8px 0">{row}</div>' for row in rows)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}


def side_html(title: str, code: str) -> str:
    shown = f'<pre style="{CODE}">{code_html(code)}</pre>' if code else ""
    return f'<div style="min-width: 0">{quiet(title)}{shown}</div>'


def code_html(code: str) -> str:
    """Python code in the colors of the editor around it."""
    from pygments.lexers import PythonLexer  # it comes with IPython

    return "".join(token_html(str(kind), text) for kind, text in PythonLexer().get_tokens(code)).rstrip("\n")


def token_html(kind: str, text: str) -> str:
    color = next((name for begin, name in COLORS.items() if kind.startswith(begin)), "")
    shown = text_html(text)
    return f'<span style="color: var(--jp-mirror-editor-{color}-color, inherit)">{shown}</span>' if color else shown
