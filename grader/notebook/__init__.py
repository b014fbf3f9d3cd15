"""The functions that a notebook calls: to check an exercise, to get unstuck, and to compare with the reference."""

from grader.notebook.check import check as check
from grader.notebook.hint import hint as hint
from grader.notebook.scoring import points as points
from grader.notebook.solution import solution as solution
