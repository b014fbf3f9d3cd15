"""Notices data in a submission's code, weights perhaps. For the instructor's eye: it is no proof and costs nothing.

Compressing tells how much information there is: prose and code shrink, packed numbers do not. What could hold data is
measured by its kind, so that there is little room in any: the literals, the names, the code, and the comments with the
docstrings, of which a stub brings many along. A network of 98% fits into 2.4 kB; so each bar is well below that, and
more than any honest solution needs that we know of (196, 534 and 1393 bytes; for prose 90). Nothing here compiles or
runs the code.
"""

import io
import tokenize
import zlib
from collections.abc import Iterable

from grader.engine.judge.source import Source

MOST_BYTES = 100_000  # of a file; honest ones have a tenth of that
MOST_IN_ALL = 4500  # bytes, compressed, as are these:
MOST_IN_LITERALS, MOST_IN_NAMES, MOST_IN_CODE = 600, 1000, 2200
MOST_BEYOND_PROSE = (
    400  # bytes by which comments and docstrings are more than half of their size: prose shrinks to that
)
LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}


def has_large_constant(source: Source) -> bool:
    """True when a submission holds more information than code of this course."""
    if len(source.code) > MOST_BYTES or compressed(source.code) > MOST_IN_ALL:
        return True
    literals: list[str] = []
    names: set[str] = set()
    code: list[str] = []
    texts: list[str] = []
    for cell in cells_of(source):
        begins_statement = True
        try:
            for token in tokenize.tokenize(io.BytesIO(cell).readline):
                kind = tokenize.tok_name[token.type]
                if token.type == tokenize.COMMENT or (kind == "STRING" and begins_statement):
                    texts.append(token.string)
                elif kind == "NUMBER" or "STRING" in kind:  # parts of f-strings have kinds of their own
                    literals.append(token.string)
                    code.append(token.string)
                elif token.type not in LAYOUT:
                    code.append(token.string)
                    if token.type == tokenize.NAME:
                        names.add(token.string)
                begins_statement = token.type in LAYOUT or (begins_statement and token.type == tokenize.COMMENT)
        except (tokenize.TokenError, SyntaxError, ValueError):
            literals.append(cell.decode("utf-8", "replace"))  # not Python, but it can still be read by what is
    return (
        compressed(literals) > MOST_IN_LITERALS
        or compressed(sorted(names)) > MOST_IN_NAMES
        or compressed(code) > MOST_IN_CODE
        or compressed(texts) - len(" ".join(texts).encode("utf-8", "replace")) / 2 > MOST_BEYOND_PROSE
    )


def cells_of(source: Source) -> list[bytes]:
    """The code cells of a notebook, or the whole file."""
    if not source.cells:
        return [source.code]
    lines = source.code.splitlines(keepends=True)
    ends = [*source.cells[1:], len(lines) + 1]
    return [b"".join(lines[start - 1 : end - 1]) for start, end in zip(source.cells, ends, strict=True)]


def compressed(parts: bytes | Iterable[str]) -> int:
    """Bytes of information in some text, roughly."""
    return len(zlib.compress(parts if isinstance(parts, bytes) else " ".join(parts).encode("utf-8", "replace"), 9))
