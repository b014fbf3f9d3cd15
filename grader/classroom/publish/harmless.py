"""Makes a student's Markdown harmless for nbgrader's pages, which show the instructor any HTML and any link in it.

It is rendered here, reduced to tags and links that cannot act, and written as HTML in which no character of the text
means anything to Markdown. Pictures that were pasted into the cell come along.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

TAGS = frozenset(
    "a abbr b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp "
    "small span strong sub sup table tbody td tfoot th thead tr u ul var".split()
)
ATTRIBUTES = {"a": ["href", "title"], "img": ["src", "alt", "title"], "td": ["align"], "th": ["align"]}
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
PICTURES = {"image/png", "image/jpeg", "image/gif"}  # which cannot hold a script
PICTURE = re.compile(rf"data:({'|'.join(PICTURES)});base64,[A-Za-z0-9+/=]*")
MOST_CHARACTERS = 20_000  # of a cell that is rendered
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
SPECIAL = re.compile(r"[^\w \n.,;-]")  # all that Markdown or HTML could take for more than text


def harmless(markdown: str, attachments: Any = None) -> str:
    """Markdown that shows what a student's cell shows, and does nothing.

    Args:
        attachments: the pictures of the cell as the notebook has them, by name and type.
    """
    try:
        if len(markdown) <= MOST_CHARACTERS:
            return _as_html(markdown, attachments)
    except Exception:  # what nobody has tried yet must not keep an instructor from a class's results
        pass
    return "\n".join(f"    {line}" for line in markdown.splitlines())  # as it is, in an indented block


def _as_html(markdown: str, attachments: Any) -> str:
    from bleach.sanitizer import Cleaner
    from bs4 import BeautifulSoup
    from bs4.formatter import HTMLFormatter
    from nbconvert.filters import markdown2html_mistune

    html = markdown2html_mistune(_with_pictures(markdown, attachments))
    clean = Cleaner(TAGS, _is_allowed, PROTOCOLS, strip=True).clean(html)
    page = BeautifulSoup(clean, "html.parser")
    for link in page.find_all("a"):
        link["rel"], link["target"] = "noopener noreferrer nofollow", "_blank"
    text = page.decode(formatter=HTMLFormatter(_entities))
    return f"<div>\n{BLANK_LINES.sub(_without_blank_lines, text.strip())}\n</div>"  # which a blank line would end


def _is_allowed(tag: str, name: str, value: str) -> bool:
    if name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "src":
        return bool(PICTURE.fullmatch(value))  # nothing from the network: it would tell who looks at it, and when
    return not (name == "href" and value.lstrip().lower().startswith("data:"))


def _with_pictures(markdown: str, attachments: Any) -> str:
    """The same with pasted pictures in place of their names."""
    for name, kinds in attachments.items() if isinstance(attachments, Mapping) else ():
        for kind, data in kinds.items() if isinstance(kinds, Mapping) else ():
            if kind in PICTURES and isinstance(data, str) and _is_base64(data):
                picture = f"data:{kind};base64,{''.join(data.split())}"
                markdown = markdown.replace(f"](attachment:{name})", f"]({picture})")
    return markdown


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _without_blank_lines(found: re.Match[str]) -> str:
    return "\n" + "&#10;" * (found[0].count("\n") - 1)


def _entities(text: str) -> str:
    return SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)
