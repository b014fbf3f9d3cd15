"""What stands around the text: the header, the title, the sections, the links, the opening, the instructor's page."""

import re
from collections.abc import Iterator
from itertools import pairwise

from grader.authoring.anchors import anchors
from grader.authoring.glossary import SECTION as WORDS
from grader.authoring.lesson_form.page import CLOSING, MISTAKES, READING, REVIEW, SUMMARY, Page, links_in
from grader.authoring.rendered import RENDERER

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
LAST_SECTIONS = ("Your functions on real digits", MISTAKES, SUMMARY, REVIEW, CLOSING, WORDS, READING)
FEWEST_QUESTIONS, MOST_QUESTIONS = 3, 5


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


def accidental_lists(page: Page) -> Iterator[str]:
    """Lines of a paragraph that begin with "1." or a dash: Markdown tears the paragraph apart there."""
    lines = page.text.splitlines()
    tokens = RENDERER.parse(page.text)
    for paragraph, following in pairwise(token for token in tokens if token.type != "inline"):
        if paragraph.type != "paragraph_close" or following.type not in ("bullet_list_open", "ordered_list_open"):
            continue
        first = following.map[0] if following.map else 0
        if following.level == paragraph.level and lines[first - 1].strip("> "):
            yield f"{page.name}:{first + 1} begins a list in the middle of a sentence. Break the lines elsewhere."


def missing_notes(page: Page) -> Iterator[str]:
    name = f"docs/teaching/{page.lesson.stem}.md"
    if not (page.root / name).is_file():
        yield f"{name} is missing. Write there what an instructor should know: timing, pitfalls, discussion."


RULES = (
    wrong_header,
    wrong_title,
    wrong_sections,
    wrong_neighbors,
    wrong_opening,
    dead_links,
    accidental_lists,
    missing_notes,
)
