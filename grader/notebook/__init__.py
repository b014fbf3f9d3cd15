"""The functions that a notebook calls to check an exercise written in its cells."""

from grader.notebook.check import check as check
from grader.notebook.scoring import points as points
