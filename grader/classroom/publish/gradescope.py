"""What Gradescope is told about a submission: its ``results.json``, from what ``digits grade --json`` has printed.

A fault of the grader has no results.json. Gradescope then says that the autograder failed, and records no score.
"""

from typing import Any

OUTCOMES = {"not_attempted": "Not written yet.", "skipped": "Not checked yet."}


def results(verdict: dict[str, Any]) -> dict[str, Any]:
    """The object that Gradescope's autograder documentation describes.

    Args:
        verdict: the object that ``digits grade --json`` prints; its outcome is not ``grader_error``.
    """
    ended = verdict["outcome"] != "graded"
    said = f"{verdict['outcome']}: {verdict['message']}" if ended else verdict["message"]
    return {
        "score": verdict["score"],
        "output": said,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [*map(_test, verdict["checks"]), *_flags(verdict["flags"])],
    }


def nothing(problem: str) -> dict[str, Any]:
    """The same where there was nothing to grade."""
    return {"score": 0, "output": problem, "output_format": "text", "visibility": "visible", "tests": []}


def _test(check: dict[str, Any]) -> dict[str, Any]:
    named = f"Mistake: {check['mistake']}" if check["mistake"] else ""
    said = filter(None, (OUTCOMES.get(check["outcome"], ""), check["message"], named, check["hint"]))
    return {
        "name": check["title"],
        "score": check["points"],
        "max_score": check["max_points"],
        "status": "passed" if check["outcome"] == "passed" else "failed",
        "output": "\n".join(said),
        "output_format": "text",
        "visibility": "visible",
    }


def _flags(flags: list[str]) -> list[dict[str, Any]]:
    if not flags:
        return []
    from grader.classroom.publish.flags import meaning

    said = "\n".join(f"{flag}: {meaning(flag)}" for flag in flags)
    shown = {"output": said, "output_format": "text", "visibility": "hidden"}
    return [{"name": "To review (for instructors)", "score": 0, "max_score": 0, **shown}]
