"""The few names that every lesson's code uses: the learner's work, pictures, and predictions to answer.

Beside them, ``drawing`` holds what several lessons draw, and a module with a lesson's slug holds its own pictures.
"""

from grader.lesson.pictures import show, show_svg
from grader.lesson.questions import answer
from grader.lesson.work import exercise

__all__ = ["answer", "exercise", "show", "show_svg"]
