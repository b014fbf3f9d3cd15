"""The documents of the repository as Sphinx reads them: one page for each, in the same folders, so that links hold."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Template

from grader.course import REPOSITORY, ready_lessons
from grader.draw.static import drawing_place
from grader.site.results import results

PAGES = ("lessons/*.md", "docs/*.md", "docs/teaching/*.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
PICTURES = ("docs/*.svg",)
API = """\
# The API for checks

```{eval-rst}
.. automodule:: grader.api
   :members:
   :imported-members:
```
"""
HOME = Path(__file__).parent / "home.md"
COMMENT = re.compile(r"[ \t]*<!--.*?-->", re.DOTALL)
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
NEIGHBORS = re.compile(r"^\[← .*\n?|^\[All lessons\].*\n?", re.MULTILINE)  # the theme has its own way on
TO_TEACHING = re.compile(r"(?<=\]\()((?:docs/)?teaching)(?=\))")
TO_README = re.compile(r"(?<=\]\()((?:\.\./)*)README\.md")


def documents() -> Iterator[Path]:
    """The Markdown files that become pages, relative to the repository."""
    for pattern in PAGES:
        yield from (path.relative_to(REPOSITORY) for path in sorted(REPOSITORY.glob(pattern)))


def write_sources(folder: Path, repository: str) -> None:
    """Write all that Sphinx reads into an empty folder."""
    texts = {path: as_source((REPOSITORY / path).read_text("utf-8"), repository) for path in documents()}
    texts |= {Path("index.md"): home(repository), Path("docs/teaching/index.md"): teaching(), Path("docs/api.md"): API}
    texts[Path("docs/results.md")] = results()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    for pattern in PICTURES:
        for picture in sorted(REPOSITORY.glob(pattern)):
            (folder / picture.relative_to(REPOSITORY)).write_bytes(picture.read_bytes())


def home(repository: str) -> str:
    """The first page."""
    known = list(ready_lessons())
    rows = [f"| {lesson.number} | [{lesson.title}](lessons/{lesson.stem}.md) | {lesson.minutes} |" for lesson in known]
    return Template(HOME.read_text("utf-8")).substitute(
        address=repository or "…",
        draw=drawing_place(),
        lessons="\n".join(["| | lesson | minutes |", "| ---: | --- | ---: |", *rows]),
        toctree="\n".join(f"{lesson.number}. {lesson.title} <lessons/{lesson.stem}>" for lesson in known),
    )


def teaching() -> str:
    """The page that the notes for instructors begin with."""
    stems = [lesson.stem for lesson in ready_lessons()]
    listed = "\n".join(stems)
    return f"# Teaching notes\n\nTiming, pitfalls and discussion, lesson by lesson.\n\n```{{toctree}}\n{listed}\n```\n"


def as_source(text: str, repository: str = "") -> str:
    """A document without what only the repository needs, and with the address of the repository if it has one. Other
    code stays as it is."""
    parts, end = [], 0
    text = text.replace("git clone …", f"git clone {repository or '…'}")
    for fence in FENCE.finditer(text):
        parts += [without_marks(text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, without_marks(text[end:])])


def without_marks(text: str) -> str:
    text = NEIGHBORS.sub("", COMMENT.sub("", text))
    return TO_TEACHING.sub(r"\1/index.md", TO_README.sub(r"\1index.md", text))


def address() -> str:
    """Where the repository is on the web, without a slash at the end; empty if pyproject.toml does not say."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    told: str = settings["tool"]["digits"]["repository"]
    return told.rstrip("/")
