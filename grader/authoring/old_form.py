"""What holds for lessons that have not been rewritten yet.

When all of them have the new form, delete this module and every use of it: two in ``course_check.py``, the others in
``tests/test_lessons.py`` and ``tests/test_lesson_form.py``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.lesson_form import FEWEST_PICTURES, MOST_BYTES, SHORTEST_DESCRIPTION
from grader.course import Lesson

NEW_HEADING = re.compile(r"^## In short[ \t]*$", re.MULTILINE)
PICTURE = re.compile(r"!\[([^\]]*)\]\((images/[^)]+)\)")


def is_in_old_form(markdown: str) -> bool:
    return not NEW_HEADING.search(markdown)


def problems(lesson: Lesson, text: str, root: Path) -> Iterator[str]:
    """What a lesson in the old form lacks."""
    name, step = f"lessons/{lesson.stem}.md", f"Run ./digits dev lessons {lesson.slug}."
    if "Notes for the instructor" not in text:
        yield f"{name} does not say what an instructor should know. Write: Notes for the instructor"
    pictures = PICTURE.findall(text)
    if len(pictures) < FEWEST_PICTURES:
        yield f"{name} has {len(pictures)} pictures and needs at least {FEWEST_PICTURES}. Draw the idea."
    for description, target in pictures:
        path = root / "lessons" / target
        if len(description) <= SHORTEST_DESCRIPTION:
            yield f"{name} describes {target} in too few words. Say what one sees in it."
        if not path.is_file():
            yield f"{name} shows {target}, which does not exist. {step}"
        elif path.stat().st_size > MOST_BYTES:
            yield f"lessons/{target} is larger than {MOST_BYTES // 1000} kB. Draw fewer details."
    folder = root / "lessons" / "images" / lesson.stem
    drawn = {f"images/{lesson.stem}/{path.name}" for path in folder.glob("*") if not path.stem.endswith("-dark")}
    for unused in sorted(drawn - {target for _, target in pictures}):
        yield f"lessons/{unused} is not shown in the lesson. Show it or delete it."
