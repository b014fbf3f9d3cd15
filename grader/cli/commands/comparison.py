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
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.table import Column, Table
from rich.text import Text

from grader.cli.terminal import Terminal
from grader.engine.pieces import Piece

WIDE = 120  # from this many columns on, two pieces of code fit side by side
GAP = 2  # columns between them
MARK, PLAIN_MARK = "│ ", "| "  # at the start of a line that differs
BROKEN = " \\"  # at the end of a line of code that goes on in the next one: what is copied is still Python
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
        lines = fitted(terminal, piece.code, terminal.width)
        put(terminal, column(terminal, terminal.width, "the reference", lines, set()))


def show_pair(terminal: Terminal, left: str | None, right: str | None, name: str) -> None:
    """Show one piece of both files; once, if it is the same in both."""
    room = terminal.console.width if terminal.console.is_terminal else terminal.width
    if left is not None and right is not None and is_same(left, right):
        more = "" if left == right else " except for comments and layout"
        title = f"the reference; yours is the same{more}"
        put(terminal, column(terminal, terminal.width, title, fitted(terminal, left, terminal.width), set()))
        return
    beside = room >= WIDE
    width = (room - GAP) // 2 if beside else terminal.width
    codes = [None if code is None else fitted(terminal, code, width - len(MARK)) for code in (left, right)]
    marked = differing(codes[0] or [], codes[1] or [])
    one = column(terminal, width, "the reference", codes[0], marked[0], "not in the reference")
    other = column(terminal, width, f"yours, {name}", codes[1], marked[1], "not in yours")
    if beside:
        table = Table.grid(Column(width=width), Column(width=width), padding=(0, GAP))
        table.add_row(Group(*one), Group(*other))
        terminal.console.print(table, soft_wrap=False)
    else:
        put(terminal, [*one, Text(), *other])


def put(terminal: Terminal, lines: Iterable[Text]) -> None:
    """Print lines as they are: of a pipe, Rich knows no width but that of the terminal at its other end."""
    for line in lines:
        terminal.console.print(line)


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
) -> list[Text]:
    """One side: its title, a rule, and the code in color."""
    heading = ruled(terminal, title, width)
    if lines is None:
        return [*heading, Text(missing, "quiet")]
    syntax = Syntax("", "python", theme=syntax_theme(terminal.colors), background_color="default")
    code = syntax.highlight(terminal.plain("\n".join(lines)))
    code.rstrip()
    return [*heading, *rows(terminal, code.split("\n", allow_blank=True), marked)]


def ruled(terminal: Terminal, title: str, width: int) -> list[Text]:
    """A title with a rule up to the width, in more lines where it is too long for one."""
    *lines, last = textwrap.wrap(terminal.plain(title), width - 4)
    rule = ("─" if terminal.unicode else "-") * (width - len(last) - 1)
    return [*map(Text, lines), Text.assemble(f"{last} ", (rule, "quiet"))]


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


def fitted(terminal: Terminal, code: str, width: int) -> list[str]:
    """The lines of code, made to fit: a trailing comment that is too long moves above its line, comments are filled
    again, and on a terminal code that is still too wide goes on in the next line."""
    lines, comments = code.splitlines(), {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                comments[token.start[0] - 1] = token.start[1]
    except (tokenize.TokenError, SyntaxError):
        pass  # not valid Python (yet): use the comments found so far
    fitting = list[str]()
    for number, line in enumerate(lines):
        if len(line) <= width:
            fitting.append(line)
            continue
        indent = " " * (len(line) - len(line.lstrip()))
        start = comments.get(number, len(line))
        fitting += wrapped(line[start:].lstrip("# "), width, f"{indent}# ", f"{indent}# ")
        own = line[:start].rstrip()
        fitting += broken(own, width, indent) if terminal.console.is_terminal else [own] * bool(own)
    return fitting


def broken(line: str, width: int, indent: str) -> list[str]:
    """A line of code that goes on in the next ones if it is too wide: further to the right if no word is too long."""
    if len(line) <= width:
        return [line] * bool(line)
    ways = [wrapped(line.strip(), width - len(BROKEN), indent, indent + " " * more) for more in (8, 4, 2)]
    *lines, last = next((way for way in ways if " ".join(way).split() == line.split()), ways[0])
    return [*(line + BROKEN for line in lines), last]


def wrapped(text: str, width: int, first: str, others: str) -> list[str]:
    room = max(width, len(others) + 20)
    return textwrap.wrap(text, room, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
