"""The form of a lesson: each rule notices what is broken in a small lesson, and finds nothing in the real ones."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import READY

from grader.authoring import course_check
from grader.authoring.glossary import entries, glossary
from grader.authoring.lesson_form import RULES, Page, problems
from grader.authoring.lesson_form.frame import HEADER
from grader.authoring.lesson_form.words import bold_words, forms, plain_word
from grader.course import REPOSITORY, CourseError, find_lesson

LESSON, BEFORE, AFTER = map(find_lesson, ("baseline", "pixels", "softmax_regression"))
NAME, STEM = f"lessons/{LESSON.stem}.md", LESSON.stem
NEIGHBORS = "[← Lesson 1](01_pixels.md) · [All lessons](../README.md#lessons) · [Lesson 3 →](03_softmax_regression.md)"


def folded(text: str, indent: str = "") -> str:
    return "\n".join(
        [f"{indent}<details>", f"{indent}<summary>Answer</summary>", "", indent + text, "", f"{indent}</details>"]
    )


def picture(name: str, description: str = "Ten gray digits, of which the 1 is the narrowest.") -> str:
    path = f"images/{STEM}/{name}"
    return (
        f'<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="{path}-dark.svg">\n'
        f'  <img alt="{description}" src="{path}.svg">\n</picture>\n'
    )


REVIEW = "\n\n".join(f"{number}. Why?\n\n{folded('So.', '   ')}" for number in range(1, 6))
SMALL = f"""\
{HEADER}
# Lesson 2. A baseline

{NEIGHBORS}

Some words.

**You will build** two functions. The exercise is [exercises/{STEM}.py](../exercises/{STEM}.py), after
[Means](#means).

**Questions**

- One?
- Two?
- Three?

**Time:** 60 minutes. **You need:** [lesson 1](01_pixels.md).

**Afterwards you can** do it.

```python
show(pictures.means(), "{STEM}/means")
```

{picture("means")}
## Means

The **mean** is a word, and so are **nearest neighbors**. The first is 0.5. <!-- true: mean = 0.5 +- 0.1 -->

> **Predict.** What comes?
>
> - a) nothing
> - b) something

```python
print(1)
```

```text +-0.1
1
```

{folded("Answer: (b). It prints.")}

> **Your turn: `class_means`.** Write it.

> **Predict.** And now?
>
> - a) nothing
> - b) something

{folded("Answer: (a). It has ended.")}

> **Your turn: `accuracy` and `predict_nearest_mean`.** Write them.

## Your functions on real digits

{picture("real")}
{picture("errors")}
## What goes wrong in practice

Two of them: `mistake-1` and `mistake-2`.

<details>
<summary>More</summary>

- `mistake-3`, `mistake-4`, `mistake-5`, `mistake-6`, `mistake-7`, `mistake-8`, `mistake-9`

</details>

## In short

- One.
- Two.
- Three.
- Four.
- Five.

## Check yourself

{REVIEW}

## Closing task

Do it.

{folded("Done.")}

## Words to look up

- [mean](GLOSSARY.md#mean): the sum, divided by
  the count.
- [nearest neighbor (NN)](GLOSSARY.md#nearest-neighbor-nn): the closest of all.

## Read on

- Book: [one](https://example.org/1)
- Video: [two](https://example.org/2)
- Paper: [three](https://example.org/3)
- Documentation: [four](https://example.org/4)

{NEIGHBORS}
"""
PICTURES = [f"{name}{ending}.svg" for name in ("means", "real", "errors") for ending in ("", "-dark")]


@pytest.fixture
def page(tmp_path) -> Page:
    """A small lesson that has the form, in a course of its own."""
    files = {
        "README.md": "## Lessons\n",
        NAME: SMALL,
        "lessons/01_pixels.md": "",
        "lessons/03_softmax_regression.md": "",
        f"exercises/{STEM}.py": "",
        f"docs/teaching/{STEM}.md": "",
        **{f"lessons/images/{STEM}/{name}": "<svg/>" for name in PICTURES},
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return Page(
        lesson=LESSON,
        text=SMALL,
        root=tmp_path,
        neighbors=(BEFORE, AFTER),
        functions=("class_means", "predict_nearest_mean", "accuracy"),
        mistakes=frozenset(f"mistake-{number}" for number in range(20)),
        answers=("b", "a"),
        bold_elsewhere={"median": "01_pixels"},
    )


def swap(old: str, new: str, count: int = 1) -> Callable[[Page], Page]:
    """Break the text of the lesson."""

    def change(page: Page) -> Page:
        assert old in page.text
        return replace(page, text=page.text.replace(old, new, count))

    return change


def last(old: str, new: str) -> Callable[[Page], Page]:
    def change(page: Page) -> Page:
        before, _, after = page.text.rpartition(old)
        return replace(page, text=before + new + after)

    return change


def file(name: str, text: str | None) -> Callable[[Page], Page]:
    """Write a file of the course, or delete it."""

    def change(page: Page) -> Page:
        if text is None:
            (page.root / name).unlink()
        else:
            (page.root / name).write_text(text, "utf-8")
        return page

    return change


def known(**changes: object) -> Callable[[Page], Page]:
    return lambda page: replace(page, **changes)


ANSWER_B, ANSWER_A = folded("Answer: (b). It prints."), folded("Answer: (a). It has ended.")
CELL = "```python\nprint(1)\n```\n\n```text +-0.1\n1\n```\n"
BROKEN = [  # the rule that notices it, what is broken, and what the rule says
    ("wrong_header", swap("hide_notebook_metadata: true", "hide_notebook_metadata: false"), "the hidden header."),
    ("wrong_header", swap(HEADER, ""), "does not begin with the hidden header. Copy its first lines"),
    ("wrong_title", swap("# Lesson 2. A", "# A"), "needs one title. Write: # Lesson 2. "),
    ("wrong_title", swap("## Means", "# Means"), "needs one title."),
    ("wrong_sections", swap("## In short", "## Summary"), 'has no section "In short". Write it under the heading: ##'),
    ("wrong_sections", swap("## Closing task", "### Closing task"), 'has no section "Closing task".'),
    ("wrong_sections", last("## Read on", "## More\n\n## Read on"), "are not these, in this order: Your functions on"),
    ("wrong_sections", swap("## Means", "### Means"), "has no section about its subject."),
    ("wrong_neighbors", swap(NEIGHBORS, ""), f"right below the title. Write there: {NEIGHBORS}"),
    ("wrong_neighbors", last(NEIGHBORS, ""), f"as its last line. Write there: {NEIGHBORS}"),
    (
        "wrong_neighbors",
        swap("[← Lesson 1](01_pixels.md)", "[← Lesson 1](03_softmax_regression.md)"),
        "below the title.",
    ),
    (
        "wrong_neighbors",
        known(neighbors=(BEFORE, None)),
        "as its last line. Write there: [← Lesson 1](01_pixels.md) · ",
    ),
    ("wrong_opening", swap("**Time:**", "Time:"), "does not say **Time:** before its first section."),
    ("wrong_opening", swap(f"](../exercises/{STEM}.py)", "](01_pixels.md)"), "does not link to its exercise before"),
    ("wrong_opening", swap("- Two?\n", ""), "begins with 2 questions. Write 3 to 5 of them, as the first list."),
    (
        "dead_links",
        swap("(#means)", "(#medians)"),
        "links to #medians, but there is no such heading. Correct the link.",
    ),
    ("dead_links", file("README.md", "## Other\n"), "links to ../README.md#lessons, but there is no such heading."),
    (
        "dead_links",
        swap("## Means\n", "## Means\n\n[Mode](GLOSSARY.md#mode)\n"),
        "GLOSSARY.md#mode, which does not exist.",
    ),
    ("wrong_turns", known(functions=("class_means", "accuracy", "median")), "has 0 blocks for the function median"),
    ("wrong_turns", known(functions=("class_means", "accuracy")), "`predict_nearest_mean`.**, but the exercise has no"),
    (
        "wrong_turns",
        swap("`accuracy` and", "`accuracy`, `class_means` and"),
        "has 2 blocks for the function class_means",
    ),
    (
        "too_many_mistakes",
        swap("Two of them:", ", ".join(f"`mistake-{number}`" for number in range(9))),
        "names 9 mistakes outside of its fold, and 8 are the most.",
    ),
    (
        "wrong_predictions",
        swap("> - a) nothing\n> - b)", "> a) nothing\n> b)"),
        "The choices of the prediction 'What comes?'",
    ),
    (
        "wrong_predictions",
        swap("> - b) some", "> - c) some"),
        "in lessons/02_baseline.md are no list. Write them as > - a)",
    ),
    ("wrong_predictions", swap(ANSWER_B, ""), "has 0 folded answers before the next"),
    (
        "wrong_predictions",
        swap("Answer: (b). It", "It is b. It"),
        "has 0 folded answers before the next one and needs 1.",
    ),
    ("wrong_predictions", swap(ANSWER_B, f"{ANSWER_B}\n\n{ANSWER_B}"), "has 2 folded answers before the next one"),
    (
        "wrong_predictions",
        known(answers=("b", "b")),
        "with (a), but solutions/quiz.toml with (b). Correct one of them.",
    ),
    ("open_answers", swap(ANSWER_B, "Answer: (b). It prints."), "gives an answer outside of a fold. Put it between"),
    ("wrong_review", swap("5. Why?", "Why?"), "has 4 questions and 5 folded answers. Write 5 numbered questions,"),
    (
        "wrong_review",
        swap(f"1. Why?\n\n{folded('So.', '   ')}\n", "1. Why?\n"),
        "has 5 questions and 4 folded answers.",
    ),
    ("wrong_closing", swap(folded("Done."), ""), '"Closing task" of lessons/02_baseline.md has 0 folded answers.'),
    ("wrong_lists", swap("- Four.\n", ""), '"In short" of lessons/02_baseline.md has 4 entries and needs 5.'),
    ("wrong_lists", swap("[four](https://example.org/4)", "four"), "has 3 entries with a link and needs 4."),
    (
        "wrong_folds",
        swap("It prints.", "It prints.\n\n```python\nprint(2)\n```"),
        "has a Python fence in a fold, which would",
    ),
    (
        "wrong_folds",
        swap("<summary>More</summary>\n", "<summary>More</summary>"),
        "needs its summary in the next line, then",
    ),
    ("wrong_folds", swap("Done.\n", "Done."), "</details>, needs an empty line before it."),
    (
        "wrong_cells",
        swap("print(1)", "\n".join(["figure.x()", "axes.x()", "panels.x()", "a = panel", "plt.x()", "show(1)"])),
        "The cell 'figure.x()' of lessons/02_baseline.md has 6 lines about a picture, and 5 are the most.",
    ),
    (
        "wrong_cells",
        swap("print(1)", "import numpy\nimport matplotlib.pyplot"),
        "imports matplotlib. Move what draws to",
    ),
    ("wrong_cells", swap("```python\nprint(1)\n```\n", ""), "is not right below a cell. Move or delete it."),
    ("wrong_cells", swap("+-0.1", "roughly"), "'roughly' is no tolerance. Write +-0.02"),
    ("comments_that_end_a_paragraph", swap(" <!-- true", "\n<!-- true"), "begins with a comment, which ends the parag"),
    ("broken_formulas", swap("Some words.", r"Some $2\,x$ words."), r"The formula $2\,x$ of lessons/02_baseline.md is"),
    ("broken_formulas", swap("Some words.", "Half, $f(a)_{1}$ and $f(b)_{2}$."), "is changed by Markdown. Leave out"),
    ("wrong_pictures", swap(picture("errors"), ""), "has 2 pictures and needs at least 3. Draw the idea."),
    ("wrong_pictures", swap(picture("errors"), ""), f"images/{STEM}/errors-dark.svg is not shown in the lesson."),
    (
        "wrong_pictures",
        swap(picture("errors"), f"![A description of it all.](images/{STEM}/errors.svg)"),
        "shows a picture that is light on a dark page, too. Run ./digits dev lessons baseline.",
    ),
    (
        "wrong_pictures",
        swap(f'srcset="images/{STEM}/real-dark', f'srcset="images/{STEM}/real'),
        "without its dark variant.",
    ),
    ("wrong_pictures", swap(picture("real"), picture("real", "Ten digits")), "real.svg in too few words. Say what"),
    (
        "wrong_pictures",
        file(f"lessons/images/{STEM}/real-dark.svg", None),
        "real-dark.svg, which does not exist. Run ./dig",
    ),
    (
        "wrong_pictures",
        file(f"lessons/images/{STEM}/real.svg", "x" * 200_001),
        "is larger than 200 kB. Draw fewer details.",
    ),
    (
        "wrong_pictures",
        file(f"lessons/images/{STEM}/more.svg", ""),
        "more.svg is not shown in the lesson. Show it or del",
    ),
    (
        "words_that_cannot_be_read",
        swap("[mean](GLOSSARY.md#mean): the", "**mean**: the"),
        "has the entry '**mean**: the sum",
    ),
    ("words_that_cannot_be_read", swap("GLOSSARY.md#mean)", "GLOSSARY.md#means)"), "for mean. Write: #mean"),
    (
        "words_that_cannot_be_read",
        swap("- [mean](GLOSSARY.md#mean): the sum, divided by\n  the count.\n- [near", "* [near"),
        "has 1 entries, of which 0 are words.",
    ),
    ("words_in_bold", swap("The **mean**", "The mean"), "has 'mean' in bold 0 times. Write it in bold once,"),
    (
        "words_in_bold",
        swap("**nearest neighbors**", "**Nearest neighbor** or **nearest neighbors**"),
        "in bold 2 times.",
    ),
    (
        "words_in_bold",
        known(bold_elsewhere={"means": "01_pixels"}),
        "is in bold in lessons/02_baseline.md and in lessons/01",
    ),
    ("accidental_lists", swap("Some words.", "The answer is\n1. That is all."), "begins a list in the middle of a"),
    ("accidental_lists", swap("Some words.", "> We take one\n> - or two."), "begins a list in the middle of a"),
    ("missing_notes", file(f"docs/teaching/{STEM}.md", None), f"docs/teaching/{STEM}.md is missing. Write there what"),
]


def test_a_lesson_that_has_the_form_has_no_problems(page):
    assert list(problems(page)) == []


@pytest.mark.parametrize(("rule", "break_it", "sentence"), BROKEN)
def test_what_is_broken_is_said(rule, break_it, sentence, page):
    broken = break_it(page)
    (function,) = [function for function in RULES if function.__name__ == rule]
    said = list(function(broken))
    assert [text for text in said if sentence in text], said
    assert set(said) <= set(problems(broken))


def test_every_rule_is_tried():
    assert {rule for rule, _, _ in BROKEN} == {rule.__name__ for rule in RULES}


def test_the_first_and_the_last_lesson_have_one_neighbor(page):
    for neighbors, line in (
        ((None, AFTER), NEIGHBORS.removeprefix("[← Lesson 1](01_pixels.md) · ")),
        ((BEFORE, None), NEIGHBORS.removesuffix(" · [Lesson 3 →](03_softmax_regression.md)")),
    ):
        alone = replace(page, neighbors=neighbors, text=page.text.replace(NEIGHBORS, line))
        assert list(problems(alone)) == []


@pytest.mark.parametrize("lesson", READY, ids=lambda lesson: lesson.slug)
def test_the_real_lessons_have_the_form(lesson):
    assert list(course_check.wrong_form(lesson)) == []


# Words


def lesson_with(words: str, number: int, root: Path) -> None:
    (root / "lessons").mkdir(exist_ok=True)
    (root / "lessons" / f"{READY[number - 1].stem}.md").write_text(
        f"## Words to look up\n\n{words}\n## Read on\n", "utf-8"
    )


def test_the_glossary_holds_the_words_of_all_lessons_in_order(tmp_path):
    lesson_with(
        "- [zoom](GLOSSARY.md#zoom): brings\n  nearer.\n- [ReLU](GLOSSARY.md#relu): `max(0, x)`.\n", 1, tmp_path
    )
    lesson_with("- [a word](GLOSSARY.md#a-word): means *it*.\n", 3, tmp_path)
    head, *parts = glossary(READY, tmp_path).split("\n## ")
    assert "Generated by `./digits dev build`" in head
    assert parts == [
        "a word\n\nMeans *it*. ([Lesson 3](03_softmax_regression.md))\n",
        "ReLU\n\n`max(0, x)`. ([Lesson 1](01_pixels.md))\n",
        "zoom\n\nBrings nearer. ([Lesson 1](01_pixels.md))\n",
    ]


def test_a_word_belongs_to_one_lesson(tmp_path):
    for number, word in enumerate(("Zoom", "zoom"), start=1):
        lesson_with(f"- [{word}](GLOSSARY.md#zoom): brings nearer.\n", number, tmp_path)
    with pytest.raises(CourseError, match=r"^01_pixels.md and 02_baseline.md both list 'zoom'\. Keep it in the lesson"):
        glossary(READY, tmp_path)


STANDARD_TERMS = {  # the words of the field that a reader expects, by the lesson that introduces them
    "pixels": "training set, test set, model, loss",
    "baseline": "decision boundary, k-nearest neighbors",
    "softmax_regression": "softmax, logits, probability, cross-entropy, numerically stable, log-sum-exp trick, "
    "gradient descent, learning rate, epoch, mini-batch, stochastic gradient descent (SGD), finite differences",
    "backpropagation": "active, inactive, activation, activation function, computational graph, "
    "automatic differentiation, symmetry breaking, dying ReLU, He initialization, Glorot initialization",
    "learning_curves": "generalization, generalization gap, overfitting, underfitting, hyperparameter, Adam, "
    "momentum, RMSProp",
    "regularization": "L2 regularization, penalty, weight decay, AdamW, early stopping, dropout, co-adaptation, "
    "Monte Carlo dropout",
    "evaluation": "calibration, overconfidence, temperature, ROC curve, threshold, McNemar's test",
    "convolution": "filter, feature detector, response, weight sharing, local connectivity, translation, equivariance, "
    "invariance, max pooling, average pooling, global average pooling",
    "cnn": "LeNet, receptive field",
    "augmentation": "rotation",
    "looking_inside": "Grad-CAM",
    "own_handwriting": "connected component, background estimation, opening, distribution shift, training–serving skew",
    "capstone": "multiply–accumulate (MAC), FLOP, model selection, overfitting the test set, batch normalization, "
    "1cycle policy, super-convergence, learning-rate schedule, warm-up, cosine decay",
}


@pytest.mark.parametrize("slug", STANDARD_TERMS)
def test_the_standard_terms_are_listed_where_they_are_introduced(slug):
    text = (REPOSITORY / "lessons" / f"{find_lesson(slug).stem}.md").read_text("utf-8")
    listed = {plain_word(entry.name) for entry in entries(text)}
    assert [term for term in STANDARD_TERMS[slug].split(", ") if not forms(term) & listed] == []


def test_words_in_bold_are_compared_in_any_case_and_number():
    assert bold_words("A **Mini-batches:** and **stochastic gradient descent (SGD)**.") == {
        "mini-batches",
        "stochastic gradient descent",
    }
    assert "mini-batches" in forms("mini-batch")
    assert "probabilities" in forms("Probability")
    assert "filter" in forms("filters")
