"""The functions that a notebook calls: to check an exercise, get unstuck, see the reference, and draw digits."""

from grader.notebook.check import check as check
from grader.notebook.drawn import draw as draw
from grader.notebook.drawn import drawings as drawings
from grader.notebook.hint import hint as hint
from grader.notebook.scoring import points as points
from grader.notebook.solution import solution as solution
