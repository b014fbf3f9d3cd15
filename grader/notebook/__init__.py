"""What a notebook calls: the checks of an exercise, on what has been written in its cells."""

from grader.notebook.check import check as check
from grader.notebook.scoring import points as points
