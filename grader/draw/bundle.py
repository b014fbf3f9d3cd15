"""The page's modules as one, for places that can load no others: a notebook's widget, a page opened from a folder."""

import re
from pathlib import Path

PAGE = Path(__file__).parent / "page"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.MULTILINE)
EXPORTED_LIST = re.compile(r"^export \{[^}]*\};\n", re.MULTILINE)
COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
INDENTED = re.compile(r"^[ ]+", re.MULTILINE)


def bundled(entry: str) -> str:
    """A module of the page with all that it imports, in one: no name is used twice among them."""
    return "".join(plain(name) for name in in_order(entry))


def in_order(entry: str) -> list[str]:
    """The names of a module and of those that it imports, each after the ones that it needs."""
    found = list[str]()

    def visit(name: str) -> None:
        if name not in found:
            for needed in IMPORT.findall((PAGE / name).read_text("utf-8")):
                visit(needed)
            if name not in found:
                found.append(name)

    visit(entry)
    return found


def plain(name: str) -> str:
    """A module's text without imports, exports, comments on lines of their own, and indentation."""
    text = (PAGE / name).read_text("utf-8")
    for pattern in (IMPORT, EXPORTED_LIST, EXPORT, COMMENT, INDENTED):
        text = pattern.sub("", text)
    return text
