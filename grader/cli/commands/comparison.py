"""Two files of Python beside each other, function by function: in color, with a mark at lines that differ."""

import ast
import io
import textwrap
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from pygments.token import Token
from rich.console import Group
from rich.rule import Rule
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.table import Column, Table
from rich.text import Text

from grader.cli.terminal import Terminal
from grader.engine.pieces import Piece

WIDE = 120  # from this many columns on, two pieces of code fit side by side
GAP = 2  # columns between them
MARK, PLAIN_MARK = "│ ", "| "  # at the start of a line that differs
ALIKE = 0.5  # from this share of equal lines on, marks help; below it, nearly every line would have one


def show_both(terminal: Terminal, reference: list[Piece], own: list[Piece], name: str) -> None:
    """Show the reference's pieces in order, each next to the learner's, then the learner's other pieces.

    Args:
        name: of the learner's file.
    """
    mine = {piece.name: piece.code for piece in own}
    theirs = {piece.name: piece.code for piece in reference}
    if "" in mine or "" in theirs:
        mine, theirs = {"": "\n\n".join(mine.values())}, {"": "\n\n".join(theirs.values())}
    for function in dict.fromkeys([*theirs, *mine]):
        terminal.line()
        if function:
            terminal.line((f" {function}", "heading"))
        show_pair(terminal, theirs.get(function), mine.get(function), name)


def show_reference(terminal: Terminal, reference: list[Piece]) -> None:
    """Show the reference's pieces alone: there is nothing to compare them with."""
    for piece in reference:
        terminal.line()
        if piece.name:
            terminal.line((f" {piece.name}", "heading"))
        lines = fitted(piece.code, terminal.width).splitlines()
        shown = column(terminal, terminal.width, "the reference", lines, set())
        terminal.console.print(shown, soft_wrap=False, width=terminal.width)


def show_pair(terminal: Terminal, left: str | None, right: str | None, name: str) -> None:
    """Show one piece of both files; once, if it is the same in both."""
    room = terminal.console.width if terminal.console.is_terminal else terminal.width
    if left is not None and right is not None and is_same(left, right):
        more = "" if left == right else " except for comments and layout"
        title = f"the reference; yours is the same{more}"
        both = column(terminal, terminal.width, title, fitted(left, terminal.width).splitlines(), set())
        terminal.console.print(both, soft_wrap=False, width=terminal.width)
        return
    beside = room >= WIDE
    width = (room - GAP) // 2 if beside else terminal.width
    codes = [None if code is None else fitted(code, width - len(MARK)).splitlines() for code in (left, right)]
    marked = differing(codes[0] or [], codes[1] or [])
    one = column(terminal, width, "the reference", codes[0], marked[0], "not in the reference")
    other = column(terminal, width, f"yours, {name}", codes[1], marked[1], "not in yours")
    if beside:
        table = Table.grid(Column(width=width), Column(width=width), padding=(0, GAP))
        table.add_row(one, other)
        terminal.console.print(table, soft_wrap=False)
    else:
        terminal.console.print(Group(one, Text(), other), soft_wrap=False, width=width)


def is_same(left: str, right: str) -> bool:
    """Whether two pieces differ in nothing but comments and layout."""
    if left == right:
        return True
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.dump(ast.parse(left)) == ast.dump(ast.parse(right))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def differing(left: list[str], right: list[str]) -> tuple[set[int], set[int]]:
    """The numbers of the lines that each side has and the other has not; none if they have little in common."""
    matcher = SequenceMatcher(None, [line.strip() for line in left], [line.strip() for line in right], autojunk=False)
    if matcher.ratio() < ALIKE:
        return set(), set()
    same = list(matcher.get_matching_blocks())
    return (
        set(range(len(left))) - {block.a + step for block in same for step in range(block.size)},
        set(range(len(right))) - {block.b + step for block in same for step in range(block.size)},
    )


def column(
    terminal: Terminal, width: int, title: str, lines: list[str] | None, marked: set[int], missing: str = ""
) -> Group:
    """One side: its title, a rule, and the code in color."""
    rule = Rule(terminal.plain(title), align="left", style="quiet", characters="─" if terminal.unicode else "-")
    if lines is None:
        return Group(rule, Text(missing, "quiet"))
    syntax = Syntax("", "python", theme=syntax_theme(terminal.colors), background_color="default")
    code = syntax.highlight(terminal.plain("\n".join(lines)))
    code.rstrip()
    return Group(rule, *rows(terminal, code.split("\n", allow_blank=True), marked))


def syntax_theme(colors: Mapping[str, str]) -> ANSISyntaxTheme:
    chosen = {
        Token.Comment: colors["gray"],
        Token.Keyword: colors["purple"],
        Token.Literal.Number: colors["blue"],
        Token.Literal.String: colors["green"],
        Token.Name.Builtin: colors["blue"],
        Token.Name.Function: "bold",
        Token.Operator.Word: colors["purple"],
    }
    return ANSISyntaxTheme({Token: Style(), **{token: Style.parse(style) for token, style in chosen.items()}})


def rows(terminal: Terminal, lines: Iterable[Text], marked: set[int]) -> Iterator[Text]:
    mark = MARK if terminal.unicode else PLAIN_MARK
    for number, line in enumerate(lines):
        yield Text.assemble((mark, "name") if number in marked else "  ", line) if marked else line


def fitted(code: str, width: int) -> str:
    """The code in lines that fit: a trailing comment that is too long moves above its line, and the rest is wrapped."""
    lines, comments = code.splitlines(), {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                comments[token.start[0] - 1] = token.start[1]
    except (tokenize.TokenError, SyntaxError):
        pass  # not valid Python (yet): use the comments found so far
    fitting = []
    for number, line in enumerate(lines):
        indent = " " * (len(line) - len(line.lstrip()))
        start = comments.get(number, len(line)) if len(line) > width else len(line)
        fitting += wrapped(line[start:].lstrip("# "), width, f"{indent}# ", f"{indent}# ")
        fitting += wrapped(line[:start].strip(), width, indent, f"{indent}        ") or [""] * (start == len(line))
    return "\n".join(fitting)


def wrapped(text: str, width: int, first: str, others: str) -> list[str]:
    room = max(width, len(others) + 20)
    return textwrap.wrap(text, room, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
