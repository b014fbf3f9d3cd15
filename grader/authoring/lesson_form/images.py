"""Pictures: enough of them, described, light and dark, not too large, and none that the lesson does not show."""

import re
from collections.abc import Iterator

from grader.authoring.lesson_form.page import Page
from grader.authoring.pictures import DARK

FEWEST_PICTURES, SHORTEST_DESCRIPTION, MOST_BYTES = 3, 20, 200_000
DARK_PAGE = "(prefers-color-scheme: dark)"


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


RULES = (wrong_pictures,)
