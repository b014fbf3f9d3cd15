"""Pages from templates. All text is escaped, no page loads anything from the network, and none may run a script."""

import hashlib
import os
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.feedback.html import visible

TEMPLATES = Path(__file__).parents[1] / "templates"
PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")  # file names that Windows does not allow


def render(template: str, **values: Any) -> str:
    """A page: a template of ``templates/``, filled in."""
    return _environment().get_template(template).render(values)


def file_stem(name: str) -> str:
    """A file name without its suffix for any name: safe on every system, and different for different names."""
    if PLAIN.fullmatch(name) and not DEVICES.fullmatch(name):
        return name
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].rstrip("-") or "student"
    return f"{readable}.{hashlib.sha256(os.fsencode(name)).hexdigest()[:10]}"  # a plain name has no dot


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
