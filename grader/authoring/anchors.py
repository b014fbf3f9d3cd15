"""What the headings of a Markdown document are called in a link, as GitHub does it."""

import re
from collections import Counter

FENCED = re.compile(r"^ *```\w*[^`\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def anchor_of(heading: str) -> str:
    """The anchor of the first heading with this text in its document."""
    words = LINKED.sub(r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def anchors(markdown: str) -> set[str]:
    """The anchors of all headings of a document. A heading that occurs again gets a number."""
    found, seen = set(), Counter[str]()
    for heading in HEADING.findall(FENCED.sub("", markdown)):
        anchor = anchor_of(heading)
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found
