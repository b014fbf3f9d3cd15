"""Modules of JavaScript as one script, for places that can load no modules: a widget, a page opened from a folder."""

import re
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parent / "page"
IMPORT = re.compile(r'^import (\{[^}]*\}|\* as \w+) from "\./([\w.]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
EXPORTED_LIST = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
INDENTED = re.compile(r"^[ ]+", re.MULTILINE)


def bundled(entry: str, folders: Sequence[Path] = (PAGE,)) -> str:
    """A module with all that it imports, in one. Each of these stays in a scope of its own.

    Args:
        entry: its file name.
        folders: where it and the others are looked for, in order.
    """
    *needed, last = in_order(entry, folders)
    return "".join(map(enclosed, needed)) + plain(last)


def in_order(entry: str, folders: Sequence[Path]) -> list[Path]:
    """A module and those that it imports, each after the ones that it needs."""
    found = list[Path]()

    def visit(name: str) -> None:
        path = next(folder / name for folder in folders if (folder / name).is_file())
        if path not in found:
            for _, needed in IMPORT.findall(path.read_text("utf-8")):
                visit(needed)
            if path not in found:
                found.append(path)

    visit(entry)
    return found


def enclosed(path: Path) -> str:
    """A module as a function that is called at once and returns what the module exports."""
    text = path.read_text("utf-8")
    names = [name for _, name in EXPORT.findall(text)]
    names += [name.strip() for names in EXPORTED_LIST.findall(text) for name in names.split(",")]
    return f"const {scope_of(path.name)} = (() => {{\n{plain(path)}return {{ {', '.join(names)} }};\n}})();\n"


def plain(path: Path) -> str:
    """A module's text without exports, comments on lines of their own, and indentation. What it imports is taken from
    the scopes of others."""
    text = IMPORT.sub(lambda found: f"const {wanted(found[1])} = {scope_of(found[2])};\n", path.read_text("utf-8"))
    text = EXPORT.sub(r"\1", EXPORTED_LIST.sub("", text))
    return INDENTED.sub("", COMMENT.sub("", text))


def wanted(words: str) -> str:
    """The names of an import, as an assignment has them."""
    return words.removeprefix("* as ") if words.startswith("*") else words.replace(" as ", ": ")


def scope_of(name: str) -> str:
    """What the exports of a module are called."""
    return f"in_{name.removesuffix('.js').replace('-', '_').replace('.', '_')}"
