"""The form that every lesson has: its sections, its questions with folded answers, its pictures and its words.

Each rule is a function that yields one sentence per problem: what is missing, and what to do. Where the promise is
about what a reader sees, a rule looks at the rendered page.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

from grader.authoring.anchors import anchors
from grader.authoring.glossary import SECTION as WORDS
from grader.authoring.glossary import Entry, entries
from grader.authoring.outputs import recorded_cells
from grader.authoring.pictures import DARK
from grader.authoring.rendered import Node, nodes, render, text_of
from grader.course import CourseError, Lesson

HEADER = """\
<!--

---
jupyter:
  jupytext:
    hide_notebook_metadata: true
    notebook_metadata_filter: -jupytext.text_representation
  kernelspec:
    display_name: Python 3
    language: python
    name: python3
---

-->
"""
LABELS = ("You will build", "Questions", "Time:", "You need:", "Afterwards you can")
MISTAKES, SUMMARY, REVIEW, CLOSING, READING = (
    "What goes wrong in practice",
    "In short",
    "Check yourself",
    "Closing task",
    "Read on",
)
LAST_SECTIONS = ("Your functions on real digits", MISTAKES, SUMMARY, REVIEW, CLOSING, WORDS, READING)
FEWEST_QUESTIONS, MOST_QUESTIONS = 3, 5
SENTENCES, REVIEW_QUESTIONS, SOURCES = 5, 5, 4  # in three of the last sections
MOST_MISTAKES = 8  # named outside of a fold
FEWEST_PICTURES, SHORTEST_DESCRIPTION, MOST_BYTES = 3, 20, 200_000
MOST_DRAWING_LINES = 5
DRAWS = re.compile(r"\b(?:figure|axes|panels?|plt)\b|\bshow\(")
IMPORTS_MATPLOTLIB = re.compile(r"^\s*(?:import|from) matplotlib\b", re.MULTILINE)
ANSWER = re.compile(r"Answer: \(([a-z])\)\.")
DARK_PAGE = "(prefers-color-scheme: dark)"


@dataclass(frozen=True)
class Page:
    """A lesson, and what the rules have to know beside it.

    Args:
        root: the folder of the course.
        neighbors: the lessons before and after it; None where there is none.
        functions: those that the learner writes in the exercise.
        mistakes: the names of all known mistakes of the exercise.
        answers: the right letter of each prediction.
        bold_elsewhere: for each word in bold in another lesson, as `plain_word` gives it, that lesson's stem.
    """

    lesson: Lesson
    text: str
    root: Path
    neighbors: tuple[Lesson | None, Lesson | None] = (None, None)
    functions: Sequence[str] = ()
    mistakes: frozenset[str] = frozenset()
    answers: Sequence[str] = ()
    bold_elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"lessons/{self.lesson.stem}.md"

    @cached_property
    def top(self) -> Element:
        return render(self.text)

    @cached_property
    def nodes(self) -> list[Node]:
        return nodes(self.top)

    @property
    def opening(self) -> list[Node]:
        """What comes before the first section."""
        return [node for node in self.nodes if not node.section]

    def of(self, section: str, tag: str) -> list[Node]:
        return [node for node in self.nodes if node.section == section and node.tag == tag]

    def entries(self) -> list[Entry]:
        """The words to look up; none if they cannot be read, which is `words_that_cannot_be_read`'s to say."""
        try:
            return entries(self.text)
        except CourseError:
            return []


Rule = Callable[[Page], Iterator[str]]


def problems(page: Page) -> Iterator[str]:
    """What a lesson's text lacks, one sentence each; nothing if it has the form."""
    for rule in RULES:
        yield from rule(page)


# The frame


def wrong_header(page: Page) -> Iterator[str]:
    if not page.text.startswith(HEADER):
        yield f"{page.name} does not begin with the hidden header. Copy its first lines from another lesson."


def wrong_title(page: Page) -> Iterator[str]:
    titles = [node.text for node in page.nodes if node.tag == "h1"]
    wanted = f"Lesson {page.lesson.number}. "
    if len(titles) != 1 or not titles[0].startswith(wanted):
        yield f"{page.name} needs one title. Write: # {wanted}{page.lesson.title}"


def wrong_sections(page: Page) -> Iterator[str]:
    found = [node.text for node in page.nodes if node.tag == "h2"]
    missing = [heading for heading in LAST_SECTIONS if heading not in found]
    for heading in missing:
        yield f'{page.name} has no section "{heading}". Write it under the heading: ## {heading}'
    if not missing and tuple(found[-len(LAST_SECTIONS) :]) != LAST_SECTIONS:
        yield f"The last sections of {page.name} are not these, in this order: {', '.join(LAST_SECTIONS)}. Move them."
    if not set(found) - set(LAST_SECTIONS):
        yield f"{page.name} has no section about its subject. Write one before the first of the closing sections."


def wrong_neighbors(page: Page) -> Iterator[str]:
    wanted = neighbor_links(page)
    line = " · ".join(f"[{words}]({target})" for words, target in wanted)
    blocks = [node for node in page.nodes if not node.inside]
    titles = [number for number, node in enumerate(blocks) if node.tag == "h1"]
    below = blocks[titles[0] + 1 : titles[0] + 2] if titles else []
    for node, place in ((below, "right below the title"), (blocks[-1:], "as its last line")):
        if not node or links_in(node[0]) != wanted:
            yield f"{page.name} does not link to its neighbors {place}. Write there: {line}"


def neighbor_links(page: Page) -> list[tuple[str, str]]:
    """The words and targets of the links to the lessons before and after."""
    before, after = page.neighbors
    links = [("All lessons", "../README.md#lessons")]
    if before:
        links.insert(0, (f"← Lesson {before.number}", f"{before.stem}.md"))
    if after:
        links.append((f"Lesson {after.number} →", f"{after.stem}.md"))
    return links


def links_in(node: Node) -> list[tuple[str, str]]:
    return [(text_of(link), link.get("href", "")) for link in node.element.iter("a")]


def wrong_opening(page: Page) -> Iterator[str]:
    bold = [node.text for node in page.opening if node.tag == "strong"]
    for label in LABELS:
        if label not in bold:
            yield f"{page.name} does not say **{label}** before its first section. Write a paragraph that begins so."
    exercise = f"../exercises/{page.lesson.stem}.py"
    if exercise not in {node.element.get("href") for node in page.opening}:
        yield f"{page.name} does not link to its exercise before the first section. Write there: [...]({exercise})"
    lists = [node.element for node in page.opening if node.tag == "ul"]
    count = len(lists[0].findall("li")) if lists else 0
    if not FEWEST_QUESTIONS <= count <= MOST_QUESTIONS:
        yield (
            f"{page.name} begins with {count} questions. Write {FEWEST_QUESTIONS} to {MOST_QUESTIONS} of them, "
            "as the first list."
        )


def dead_links(page: Page) -> Iterator[str]:
    """Links within the course, those to the page's own words aside: the glossary is made from them."""
    own = {f"GLOSSARY.md#{entry.right_anchor}" for entry in page.entries()}
    for target in dict.fromkeys(node.element.get("href", "") for node in page.nodes if node.tag == "a"):
        name, _, anchor = target.partition("#")
        path = page.root / "lessons" / name if name else None
        if target in own or re.match(r"\w+:", target):
            continue
        if path and not path.exists():
            yield f"{page.name} links to {target}, which does not exist. Correct the link."
        elif anchor and anchor not in anchors(path.read_text("utf-8") if path else page.text):
            yield f"{page.name} links to {target}, but there is no such heading. Correct the link."


# The exercise


def wrong_turns(page: Page) -> Iterator[str]:
    named = [text_of(code) for node in labels(page, "Your turn:") for code in node.element.iter("code")]
    for function in page.functions:
        if named.count(function) != 1:
            yield (
                f"{page.name} has {named.count(function)} blocks for the function {function} and needs 1. "
                f"Write one that begins so: > **Your turn: `{function}`.**"
            )
    for other in sorted(set(named) - set(page.functions)):
        yield f"{page.name} has a block **Your turn: `{other}`.**, but the exercise has no such function. Correct it."


def labels(page: Page, beginning: str) -> list[Node]:
    """The words in bold at the beginning of quoted blocks, of those that begin in a certain way."""
    quotes = [node.element for node in page.nodes if node.tag == "blockquote"]
    first = [quote.find("./p/strong[1]") for quote in quotes if text_of(quote).startswith(beginning)]
    return [node for node in page.nodes if any(node.element is element for element in first)]


def too_many_mistakes(page: Page) -> Iterator[str]:
    named = {node.text for node in page.of(MISTAKES, "code") if not node.is_folded} & page.mistakes
    if len(named) > MOST_MISTAKES:
        yield (
            f'"{MISTAKES}" of {page.name} names {len(named)} mistakes outside of its fold, and {MOST_MISTAKES} are the '
            "most. Move the rarer ones into the fold."
        )


# Questions and answers


def wrong_predictions(page: Page) -> Iterator[str]:
    asked = [number for number, node in enumerate(page.nodes) if is_prediction(node)]
    for count, (begin, end) in enumerate(zip(asked, [*asked[1:], None], strict=True)):
        node = page.nodes[begin]
        words = text_of(node.element[0]).removeprefix("Predict.").strip()[:40]
        choices = [text_of(choice)[:3] for choice in node.element.iterfind("./ul/li")]
        if len(choices) < 2 or any(
            choice != f"{letter}) " for choice, letter in zip(choices, "abcdefgh", strict=False)
        ):
            yield f"The choices of the prediction {words!r} in {page.name} are no list. Write them as > - a) …"
        folds = [later for later in page.nodes[begin:end] if later.tag == "details"]
        given = [match[1] for fold in folds if (match := ANSWER.match(content_of(fold)))]
        if len(given) != 1:
            yield (
                f"The prediction {words!r} in {page.name} has {len(given)} folded answers before the next one and "
                "needs 1. Begin it with exactly this: Answer: (b)."
            )
        elif count < len(page.answers) and given[0] != page.answers[count]:
            yield (
                f"{page.name} answers the prediction {words!r} with ({given[0]}), but solutions/quiz.toml with "
                f"({page.answers[count]}). Correct one of them."
            )


def is_prediction(node: Node) -> bool:
    return node.tag == "blockquote" and node.text.startswith("Predict.")


def content_of(fold: Node) -> str:
    """The words of a fold, its summary aside."""
    return text_of(fold.element, without="summary")


def open_answers(page: Page) -> Iterator[str]:
    if "Answer: (" in text_of(page.top, without="details"):
        yield f"{page.name} gives an answer outside of a fold. Put it between <details> and </details>."


def wrong_review(page: Page) -> Iterator[str]:
    parts = [
        node.tag
        for node in page.nodes
        if node.section == REVIEW and node.tag in {"li", "details"} and not node.is_folded and "ul" not in node.inside
    ]
    if parts != ["li", "details"] * REVIEW_QUESTIONS:
        yield (
            f'"{REVIEW}" of {page.name} has {parts.count("li")} questions and {parts.count("details")} folded answers. '
            f"Write {REVIEW_QUESTIONS} numbered questions, each followed by its folded answer."
        )


def wrong_closing(page: Page) -> Iterator[str]:
    count = len(page.of(CLOSING, "details"))
    if count != 1:
        yield f'"{CLOSING}" of {page.name} has {count} folded answers. Write one task and its one answer.'


def wrong_lists(page: Page) -> Iterator[str]:
    sentences = [node for node in page.of(SUMMARY, "li") if node.inside in {("ul",), ("ol",)}]
    if len(sentences) != SENTENCES:
        yield f'"{SUMMARY}" of {page.name} has {len(sentences)} entries and needs {SENTENCES}. Write a list.'
    sources = [node for node in page.of(READING, "li") if any(to.startswith("http") for _, to in links_in(node))]
    if len(sources) != SOURCES or len(page.of(READING, "li")) != SOURCES:
        yield f'"{READING}" of {page.name} has {len(sources)} entries with a link and needs {SOURCES}. Write a list.'


# Folds and cells


def wrong_folds(page: Page) -> Iterator[str]:
    if any(
        node.tag == "code" and node.is_folded and "language-python" in node.element.get("class", "")
        for node in page.nodes
    ):
        yield f"{page.name} has a Python fence in a fold, which would run as a cell. Move it out of the fold."
    lines = [line.strip() for line in [*page.text.split("\n"), "", ""]]
    for number, (line, summary, after) in enumerate(zip(lines, lines[1:], lines[2:], strict=False), start=1):
        is_complete = line == "<details>" and summary.startswith("<summary>") and not after
        if line.startswith("<details>") and not is_complete:
            yield f"The fold in line {number} of {page.name} needs its summary in the next line, then an empty line."
        if line.startswith("</details>") and lines[number - 2]:
            yield f"Line {number} of {page.name}, </details>, needs an empty line before it."


def wrong_cells(page: Page) -> Iterator[str]:
    try:
        cells = recorded_cells(page.text)
    except CourseError as error:
        yield f"{page.name}: {error}"
        return
    for cell in cells:
        drawing = sum(bool(DRAWS.search(line)) for line in cell.code.split("\n"))
        if drawing > MOST_DRAWING_LINES:
            yield (
                f"The cell {cell.first_line!r} of {page.name} has {drawing} lines about a picture, and "
                f"{MOST_DRAWING_LINES} are the most. Move the drawing to grader/lesson/{page.lesson.slug}.py."
            )
        if IMPORTS_MATPLOTLIB.search(cell.code):
            yield f"{page.name} imports matplotlib. Move what draws to grader/lesson/{page.lesson.slug}.py."


def comments_that_end_a_paragraph(page: Page) -> Iterator[str]:
    for number, (before, line) in enumerate(pairwise(page.text.split("\n")), start=2):
        if before.strip() and line.startswith("<!--"):
            yield f"Line {number} of {page.name} begins with a comment, which ends the paragraph. Move it up a line."


# Pictures


def wrong_pictures(page: Page) -> Iterator[str]:
    step = f"Run ./digits dev lessons {page.lesson.slug}."
    pictures = [node.element for node in page.nodes if node.tag == "picture"]
    if len(pictures) < FEWEST_PICTURES:
        yield f"{page.name} has {len(pictures)} pictures and needs at least {FEWEST_PICTURES}. Draw the idea."
    if any(node.tag == "img" and "picture" not in node.inside for node in page.nodes):
        yield f"{page.name} shows a picture that is light on a dark page, too. {step}"
    shown = set()
    for picture in pictures:
        image, source = picture.find("img"), picture.find("source")
        target = image.get("src", "") if image is not None else ""
        dark = source.get("srcset", "") if source is not None and source.get("media") == DARK_PAGE else ""
        if not target or dark != re.sub(r"(?=\.\w+$)", DARK, target):
            yield f"{page.name} shows {target or 'a picture'} without its dark variant. Delete the block's source line."
        if image is not None and len(image.get("alt", "")) <= SHORTEST_DESCRIPTION:
            yield f"{page.name} describes {target} in too few words. Say what one sees in it."
        shown |= {target, dark} - {""}
    for target in sorted(shown):
        path = page.root / "lessons" / target
        if not path.is_file():
            yield f"{page.name} shows {target}, which does not exist. {step}"
        elif path.stat().st_size > MOST_BYTES:
            yield f"lessons/{target} is larger than {MOST_BYTES // 1000} kB. Draw fewer details."
    drawn = {
        f"images/{page.lesson.stem}/{path.name}" for path in (page.root / "lessons/images" / page.lesson.stem).glob("*")
    }
    for unused in sorted(drawn - shown):
        yield f"lessons/{unused} is not shown in the lesson. Show it or delete it."


# Words


def words_that_cannot_be_read(page: Page) -> Iterator[str]:
    try:
        found = entries(page.text)
    except CourseError as error:
        yield f"{page.name}: {error}"
        return
    if len(found) != len(page.of(WORDS, "li")) or not found:
        yield (
            f'"{WORDS}" of {page.name} has {len(page.of(WORDS, "li"))} entries, of which {len(found)} are words. '
            "Write each as - [term](GLOSSARY.md#anchor): what it means."
        )
    for entry in found:
        if entry.anchor != entry.right_anchor:
            yield f"{page.name} links to GLOSSARY.md#{entry.anchor} for {entry.term}. Write: #{entry.right_anchor}"


def words_in_bold(page: Page) -> Iterator[str]:
    bold = [plain_word(node.text) for node in page.nodes if node.tag == "strong"]
    for entry in page.entries():
        wanted = forms(entry.name)
        count = sum(word in wanted for word in bold)
        if count != 1:
            yield (
                f"{page.name} has {entry.name!r} in bold {count} times. Write it in bold once, where it is introduced."
            )
        for stem in sorted({page.bold_elsewhere[word] for word in wanted if word in page.bold_elsewhere}):
            yield f"{entry.name!r} is in bold in {page.name} and in lessons/{stem}.md. Keep it in bold in one of them."


def bold_words(markdown: str) -> set[str]:
    """The words in bold of a lesson, as `Page.bold_elsewhere` has them."""
    return {plain_word(node.text) for node in nodes(render(markdown)) if node.tag == "strong"}


def plain_word(text: str) -> str:
    """A word regardless of case, of marks at its end, and of another form of it in parentheses or after a comma."""
    return re.split(r"\s*[(,]", text)[0].rstrip(".:;").casefold()


def forms(name: str) -> set[str]:
    """How a word may be written in bold: as it is, in the singular, or in the plural."""
    word = plain_word(name)
    plural = re.sub(r"y$", "ie", word) + "s"
    return {word, plural, f"{word}s", f"{word}es", word.removesuffix("s"), re.sub(r"ies$", "y", word)}


# Instructors


def missing_notes(page: Page) -> Iterator[str]:
    name = f"docs/teaching/{page.lesson.stem}.md"
    if not (page.root / name).is_file():
        yield f"{name} is missing. Write there what an instructor should know: timing, pitfalls, discussion."


RULES: tuple[Rule, ...] = (
    wrong_header,
    wrong_title,
    wrong_sections,
    wrong_neighbors,
    wrong_opening,
    dead_links,
    wrong_turns,
    too_many_mistakes,
    wrong_predictions,
    open_answers,
    wrong_review,
    wrong_closing,
    wrong_lists,
    wrong_folds,
    wrong_cells,
    comments_that_end_a_paragraph,
    wrong_pictures,
    words_that_cannot_be_read,
    words_in_bold,
    missing_notes,
)
