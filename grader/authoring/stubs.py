"""Derives exercises from solutions with nbgrader's own preprocessor, so stubs and release notebooks cannot differ."""

from pathlib import Path

from grader.course import REPOSITORY, Lesson

NOTICE = (
    "# Generated from solutions/{stem}.py by `./digits dev build`. Edit it here: `./digits check {slug}` grades it.\n"
)


def solution_path(lesson: Lesson) -> Path:
    if lesson.home:
        return lesson.home / "solution.py"
    return REPOSITORY / "solutions" / f"{lesson.stem}.py"


def stub(lesson: Lesson) -> str:
    """The text of an exercise: its solution, with NotImplementedError in place of the code between the markers.

    Raises:
        ValueError: the solution has no markers, or one without its end.
    """
    import jupytext  # imported here because both take seconds, and most callers need only the path
    from nbgrader.preprocessors import ClearSolutions

    path = solution_path(lesson)
    source = path.read_text("utf-8")
    notebook = jupytext.reads(source, fmt="py:percent")
    try:
        cleared, _ = ClearSolutions(enforce_metadata=False).preprocess(notebook, {})
    except RuntimeError as error:
        raise ValueError(f"{path.name}: {error}") from None
    cleared.metadata["jupytext"] = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "-all"}
    text = jupytext.writes(cleared, fmt="py:percent")
    if text.count("NotImplementedError") <= source.count("NotImplementedError"):
        raise ValueError(f"{path.name} has no region between ### BEGIN SOLUTION and ### END SOLUTION.")
    return NOTICE.format(stem=lesson.stem, slug=lesson.slug) + text
