"""A verdict in the formats of other services: pure functions of the object that ``digits grade --format json`` prints.

If the grader itself failed, a service must not get anything that it could take for a zero. ``document`` then returns
what the format has for this case: an error in JUnit XML, "not gradable" in PrairieLearn, nothing in the others.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from math import lcm
from typing import Any
from xml.etree import ElementTree

Verdict = dict[str, Any]
Check = dict[str, Any]

FORMATS = ("json", "junit", "gradescope", "prairielearn", "classroom50")
UNTOUCHED = {"not_attempted": "Not written yet.", "skipped": "Not checked yet."}
FAULT = "The grader failed. This says nothing about the submission, and there is no score."
CANNOT_BE_GRADED = "The submission can be graded"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PRAIRIELEARN_BYTES = 1_000_000
LENGTHS = (20_000, 2_000, 200)  # characters of a text, tried until the whole is small enough
SUMMARY_LENGTH = 2_000


def document(form: str, verdict: Verdict, scale: int = 1, environ: Mapping[str, str] | None = None) -> str | None:
    """The text of a verdict in one of ``FORMATS``; None if the format cannot say that the grader failed.

    Args:
        scale: for Classroom 50, see ``whole_points``.
        environ: for Classroom 50, the variables that its runner sets.
    """
    if form == "junit":
        return junit(verdict)
    if form == "classroom50":
        result = classroom50(verdict, scale, environ or {}, datetime.now(UTC))
    else:
        makers: dict[str, Callable[[Verdict], dict[str, Any] | None]] = {
            "json": lambda verdict: verdict,
            "gradescope": gradescope,
            "prairielearn": prairielearn,
        }
        result = makers[form](verdict)
    return None if result is None else json.dumps(result) + "\n"


def said_of(check: Check) -> str:
    """What a student should read about a check, on one or more lines."""
    mistake = f"Mistake: {check['mistake']}" if check["mistake"] else ""
    return "\n".join(filter(None, (UNTOUCHED.get(check["outcome"], ""), check["message"], mistake, check["hint"])))


def points_of(verdict: Verdict) -> str:
    """The score in words."""
    return f"{verdict['score']:g} of {verdict['max_score']:g} points"


def ending(verdict: Verdict) -> str:
    """A sentence about the submission as a whole; empty if there is nothing to say."""
    ended = verdict["outcome"] != "graded"
    return f"{verdict['outcome']}: {verdict['message']}" if ended else str(verdict["message"])


# JUnit XML


def junit(verdict: Verdict) -> str:
    """JUnit XML: one testsuite, with one testcase for each check.

    A check that was not attempted is a failure, so that an empty file never looks like success.
    """
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", name=verdict["exercise"])
    if verdict["outcome"] == "graded":
        for check in verdict["checks"]:
            _junit_case(suite, verdict["exercise"], check)
        _properties(suite, score=verdict["score"], max_score=verdict["max_score"])
    else:
        kind = "error" if verdict["outcome"] == "grader_error" else "failure"
        case = ElementTree.SubElement(suite, "testcase", classname=verdict["exercise"], name=CANNOT_BE_GRADED)
        _add(case, kind, verdict["outcome"], ending(verdict))
    counted = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
    for name, path in {**counted, "skipped": "testcase/skipped"}.items():
        suite.set(name, str(len(suite.findall(path))))
    suite.set("time", str(verdict["seconds"]))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _junit_case(suite: ElementTree.Element, exercise: str, check: Check) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=exercise, name=_legal(check["title"]))
    _properties(case, points=check["points"], max_points=check["max_points"])
    if check["outcome"] != "passed":
        _add(case, "skipped" if check["outcome"] == "skipped" else "failure", check["outcome"], said_of(check))


def _add(case: ElementTree.Element, kind: str, outcome: str, said: str) -> None:
    text = _legal(said)
    result = ElementTree.SubElement(case, kind, message=text.partition("\n")[0])
    if kind != "skipped":
        result.set("type", outcome)
    result.text = text


def _properties(element: ElementTree.Element, **values: float) -> None:
    properties = ElementTree.Element("properties")
    element.insert(0, properties)
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", name=name, value=f"{value:g}")


def _legal(text: str) -> str:
    """Text without the characters that XML forbids."""
    return NOT_XML.sub("\ufffd", text)


# Gradescope


def gradescope(verdict: Verdict) -> dict[str, Any] | None:
    """The content of Gradescope's results.json. Without one, Gradescope says that the autograder failed."""
    if verdict["outcome"] == "grader_error":
        return None
    return {
        "score": verdict["score"],
        "output": ending(verdict),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [*map(_gradescope_test, verdict["checks"]), *_flags(verdict["flags"])],
    }


def _gradescope_test(check: Check) -> dict[str, Any]:
    return {
        "name": check["title"],
        "score": check["points"],
        "max_score": check["max_points"],
        "status": "passed" if check["outcome"] == "passed" else "failed",
        "output": said_of(check),
        "output_format": "text",
        "visibility": "visible",
    }


def _flags(flags: list[str]) -> list[dict[str, Any]]:
    if not flags:
        return []
    from grader.classroom.publish.overview import meaning

    said = "\n".join(f"{flag}: {meaning(flag)}" for flag in flags)
    shown = {"output": said, "output_format": "text", "visibility": "hidden"}
    return [{"name": "To review (for instructors)", "score": 0, "max_score": 0, **shown}]


# PrairieLearn


def prairielearn(verdict: Verdict) -> dict[str, Any]:
    """The content of PrairieLearn's results.json, of at most 1 MB.

    A submission that cannot be read is not gradable, and the student loses no attempt. The same goes for a fault of the
    grader.
    """
    if verdict["outcome"] == "grader_error":
        return {"gradable": False, "message": FAULT, "format_errors": [FAULT]}
    for length in LENGTHS:
        result = _prairielearn(verdict, length)
        if len(json.dumps(result)) < PRAIRIELEARN_BYTES:
            break
    return result


def _prairielearn(verdict: Verdict, length: int) -> dict[str, Any]:
    if verdict["outcome"] == "invalid":
        return {"gradable": False, "format_errors": [_shortened(verdict["message"], length)]}
    return {
        "gradable": True,
        "score": verdict["score"] / verdict["max_score"],
        "message": points_of(verdict),
        "output": _shortened(ending(verdict), length),
        "tests": [
            {
                "name": check["title"],
                "description": f"Mistake: {check['mistake']}" if check["mistake"] else "",
                "points": check["points"],
                "max_points": check["max_points"],
                "message": _shortened(UNTOUCHED.get(check["outcome"], check["message"]), length),
                "output": _shortened(check["hint"], length),
            }
            for check in verdict["checks"]
        ],
    }


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


# Classroom 50


def whole_points(points: list[float]) -> int:
    """What to multiply the points of checks by to make all of them whole numbers: 1, or 2 if some are halves."""
    return lcm(*(Fraction(value).limit_denominator(100).denominator for value in points))


def classroom50(
    verdict: Verdict, scale: int, environ: Mapping[str, str], moment: datetime, graded: datetime | None = None
) -> dict[str, Any] | None:
    """The content of Classroom 50's result.json, without what its runner adds; None if the grader failed.

    Args:
        scale: of all points, which must be whole numbers there.
        environ: the variables that the runner sets.
        moment: when the work was submitted.
        graded: when it was graded, if that is known.
    """
    if verdict["outcome"] == "grader_error":
        return None
    tests = [_classroom50_test(check, scale) for check in verdict["checks"]]
    if verdict["outcome"] != "graded":  # an empty list would count as a pass
        nothing = {"title": CANNOT_BE_GRADED, "outcome": verdict["outcome"], "points": 0, "mistake": None, "hint": ""}
        whole = {**nothing, "max_points": verdict["max_score"], "message": verdict["message"]}
        tests = [_classroom50_test(whole, scale)]
    return {
        "schema": "classroom50/result/v1",
        "classroom": environ.get("CLASSROOM", ""),
        "assignment": environ.get("ASSIGNMENT", ""),
        "submission": environ.get("SUBMISSION_TAG", ""),
        "commit": environ.get("COMMIT_URL", ""),
        "release": environ.get("RELEASE_URL", ""),
        "review": environ.get("REVIEW_URL") or environ.get("COMMIT_URL", ""),
        "datetime": _utc(moment),
        **({"graded_at": _utc(graded)} if graded else {}),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def _classroom50_test(check: Check, scale: int) -> dict[str, Any]:
    return {
        "test-name": check["title"],
        "passed": check["outcome"] == "passed",
        "score": round(check["points"] * scale),
        "max-score": round(check["max_points"] * scale),
        "message": said_of(check),
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# Markdown, for a summary that people read on GitHub


def markdown(verdict: Verdict, note: str = "") -> str:
    """A verdict as Markdown. What the submission may have written is text in it, never markup."""
    if verdict["outcome"] == "grader_error":
        return f"### {verdict['exercise']}: no score\n\n{FAULT}\n"
    lines = [f"### {verdict['exercise']}: {points_of(verdict)}", ""]
    if ending(verdict):
        lines += [_preformatted(ending(verdict)), ""]
    if verdict["checks"]:
        lines += ["| | Check | Points |", "| --- | --- | --- |"]
        lines += [_markdown_row(check) for check in verdict["checks"]]
    for check in verdict["checks"]:
        if check["outcome"] != "passed":
            lines += ["", f"**{check['title']}**", "", _preformatted(said_of(check))]
    return "\n".join([*lines, *(["", note] if note else []), ""])


def _markdown_row(check: Check) -> str:
    mark = "✅" if check["outcome"] == "passed" else "❌"
    title = check["title"].replace("|", r"\|")
    return f"| {mark} | {title} | {check['points']:g}/{check['max_points']:g} |"


def _preformatted(text: str) -> str:
    return f"<pre>{html.escape(_legal(_shortened(text, SUMMARY_LENGTH)))}</pre>"
