"""The boxes of a lesson: a prediction becomes a question that can be answered, a task of the exercise stands out."""

import json
import tomllib
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from grader.authoring.quiz import ANSWERS_PATH, answered, lesson_text
from grader.course import CourseError, Lesson, ready_lessons
from grader.site.pictures import is_picture

KINDS = {"Predict.": "predict", "Your turn": "your-turn", "Draw it.": "draw-it"}  # how a box begins, and its class
DRAW = """\
<p><a href="../draw/index.html">Draw here</a>, with the networks of the course.
<code>./digits draw</code> has yours, too.</p>
"""
ANSWER = '<script type="application/json" class="predict-answer">{}</script>'


def mark_boxes(app: Sphinx, doctree: nodes.document) -> None:
    """Give the quotes of a lesson that are boxes their class, and each prediction its answer."""
    stem = app.env.docname.removeprefix("lessons/")
    lesson = next((lesson for lesson in ready_lessons() if lesson.stem == stem), None)
    if lesson is None:
        return
    answers = answers_of(lesson)
    for quote in list(doctree.findall(nodes.block_quote)):
        kind = kind_of(quote)
        if not kind:
            continue
        box = nodes.container("", *quote.children, classes=["box", kind])
        if kind == "predict":
            known = json.dumps(next(answers), ensure_ascii=False)
            box += nodes.raw("", ANSWER.format(known.replace("<", "\\u003c")), format="html")
        if kind == "draw-it":
            box += nodes.raw("", DRAW, format="html")
        quote.replace_self(box)


def cover_results(app: Sphinx, doctree: nodes.document) -> None:
    """Put what a prediction is about, up to its folded answer, into one place, which a script covers until somebody has
    predicted."""
    for box in list(doctree.findall(nodes.container)):
        if "predict" not in box["classes"]:
            continue
        siblings = box.parent.children
        below = siblings[siblings.index(box) + 1 :]
        until = next((at for at, node in enumerate(below) if node.astext().startswith("<details>")), 0)
        results = [node for node in below[:until] if is_result(node)]
        if not results:
            asked = " ".join(box.astext().split())[:60]
            raise CourseError(f"{app.env.docname}: no cell shows anything between {asked!r} and its folded answer.")
        first, last = below.index(results[0]), below.index(results[-1])
        place = siblings.index(results[0])
        covered = nodes.container("", *below[first : last + 1], classes=["results"])
        box.parent[place : place + last - first + 1] = [covered]


def is_result(node: nodes.Node) -> bool:
    """Whether a cell has printed or drawn it."""
    return is_picture(node) or "output" in node.get("classes", ())


def kind_of(quote: nodes.block_quote) -> str:
    """The class of a box; empty for a quote that is none."""
    strong = next(iter(quote.findall(nodes.strong)), None)
    words = strong.astext() if strong else ""
    return next((kind for begins, kind in KINDS.items() if words.startswith(begins)), "")


def answers_of(lesson: Lesson) -> Iterator[dict[str, str]]:
    """Of each prediction of a lesson, in order: its key, the right letter, and why that is right."""
    tables = tomllib.loads(ANSWERS_PATH.read_text("utf-8"))
    for answer, _ in answered(lesson, tables.get(lesson.slug, []), lesson_text(lesson)):
        yield {"key": answer.key, "answer": answer.answer, "reason": " ".join(answer.reason.split())}
