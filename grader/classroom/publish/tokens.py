"""Reduces Python code to what a copy cannot change by renaming: one pass, whatever the code looks like.

Neither a lexer nor Python's `tokenize`: both fail on broken code, or take quadratic time over code made for that.
"""

import ast
import keyword
import re
from typing import NamedTuple

# Nothing here tries again from where it has begun: a quote that is never closed reaches to the end.
TOKEN = re.compile(
    r"""
    (?P<nothing> \s++ | \#[^\n]*+ | \\\n )
  | (?P<string> [rRbBuUfFtT]{0,2}+ (?:
        '''(?: [^'\\] | \\.?+ | '(?!'') )*+ (?:'''|\Z)
      | \"""(?: [^"\\] | \\.?+ | "(?!"") )*+ (?:\"""|\Z)
      | ' (?: [^'\\\n] | \\.?+ )*+ '?
      | " (?: [^"\\\n] | \\.?+ )*+ "? ) )
  | (?P<number> \.?\d (?: [eE][+-](?=\d) | [\w.] )*+ )
  | (?P<word> (?: [^\W\d] | [^\x00-\x7f] ) (?: \w | [^\x00-\x7f] )*+ )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
NAMED = (ast.Name, ast.arg, ast.Attribute, ast.FunctionDef, ast.ClassDef)
SHORT = {"string": "S", "number": "N"}


class Tokens(NamedTuple):
    """The code without its names, numbers, texts and layout, and for each character of that where it came from."""

    text: str
    starts: list[int]
    end: int  # of the last token in the code


def hides_code(code: str, tokens: Tokens) -> bool:
    """True if most of the names that Python sees are in none of the tokens, because a text seems to hold them: new
    versions of Python know texts that are not told from code here."""
    try:
        module = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False  # then there is nothing that it could earn
    names = sum(isinstance(node, NAMED) for node in ast.walk(module))
    return tokens.text.count("V") < names / 2


def tokens_of(code: str) -> Tokens:
    """Reduce code to its tokens: V for a name, N for a number, S for a string, and all else as it is."""
    parts, starts, end = [], [], 0
    for token in TOKEN.finditer(code):
        kind, text = token.lastgroup, token.group()
        if kind == "nothing":
            continue
        if kind == "word":
            text = text if keyword.iskeyword(text) else "V"
        short = SHORT.get(kind or "", text)
        parts.append(short)
        starts += [token.start()] * len(short)
        end = token.end()
    return Tokens("".join(parts), starts, end)
