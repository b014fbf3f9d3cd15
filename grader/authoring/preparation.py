"""Copies the reference of lesson 13 into the package, so `digits predict` works in a course without solutions."""

import re

from grader.authoring.stubs import solution_path
from grader.course import PACKAGE, find_lesson

PREPARATION_PATH = PACKAGE / "handwriting" / "preparation.py"
DOCSTRING = '''"""Turns the picture of a digit into one like those of MNIST.

Generated from solutions/{stem}.py by `./digits dev build`; change it there.
"""

'''


def preparation() -> str:
    """The text of the copy: the solution's code without markers and Markdown cells."""
    lesson = find_lesson("own_handwriting")
    cells = re.split(r"^# %%", solution_path(lesson).read_text("utf-8"), flags=re.MULTILINE)
    code = "\n\n\n".join(cell.strip() for cell in cells[1:] if not cell.startswith(" [markdown]"))
    code = re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", code, flags=re.MULTILINE)
    return DOCSTRING.format(stem=lesson.stem) + code.rstrip() + "\n"
