"""Runs Sphinx. The same documents give the same site, byte for byte."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from grader.authoring.stubs import stub
from grader.course import REPOSITORY, CourseError, ready_lessons
from grader.draw.bundle import PAGE, bundled
from grader.draw.static import as_script, write_page
from grader.site.accessible import make_accessible
from grader.site.mathfont import write_font
from grader.site.notebooks import write_notebooks
from grader.site.pictures import copy_pictures
from grader.site.playgrounds import data
from grader.site.sources import address, write_sources

HERE = Path(__file__).parent
SCRIPT = "site.js"
SETTINGS: dict[str, Any] = {
    "project": "Digits",
    "extensions": [
        "myst_parser",
        "sphinx.ext.autodoc",
        "sphinx.ext.napoleon",
        "grader.site.mathml",
        "grader.site.extension",
    ],
    "root_doc": "index",
    "myst_enable_extensions": ["dollarmath"],
    "myst_heading_anchors": 4,
    "html_theme": "furo",
    "html_title": "Digits",
    "html_math_renderer": "mathml",
    "html_static_path": [str(HERE / "static")],
    "html_css_files": ["site.css"],
    "html_js_files": [(SCRIPT, {"defer": "defer"})],
    "html_favicon": str(HERE / "static" / "icon.svg"),
    "html_show_search_summary": False,  # scripts/site.js shows it where it can
    "highlight_language": "none",
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_copyright": False,
    "html_show_sphinx": False,
    "language": "en",
}


def build_site(folder: Path, repository: str = "", ref: str = "") -> None:
    """Write the site into a folder, in place of an earlier one.

    Args:
        repository: where the repository is on the web; as pyproject.toml says if it is empty.
        ref: the branch or tag of it that links and notebooks lead to; by default the newest commit.

    Raises:
        CourseError: the folder holds something else, a link leads nowhere, or Sphinx has another warning; the message
            says which.
    """
    if folder.exists() and not is_replaceable(folder):
        raise CourseError(
            f"{folder} contains something other than a site. Choose an empty folder, or one that does not exist yet."
        )
    settings = SETTINGS | {"digits_repository": repository.rstrip("/") or address(), "digits_ref": ref}
    with TemporaryDirectory(prefix="digits-site-") as place, same_time_always():
        sources, made, warnings = Path(place, "sources"), Path(place, "site"), Path(place, "warnings")
        sources.mkdir()
        write_sources(sources, settings["digits_repository"])
        with warnings.open("w") as log:
            try:
                app = Sphinx(sources, None, made, Path(place, "doctrees"), "html", settings, status=None, warning=log)
                app.build()
            except ExtensionError as error:
                raise error.orig_exc if isinstance(error.orig_exc, CourseError) else error from error
        if told := warnings.read_text("utf-8").strip():
            raise CourseError(f"Sphinx warns:\n{told.replace(str(sources) + os.sep, '')}")
        make_accessible(made)
        copy_pictures(made)
        write_font(made)
        add_others(made, settings["digits_repository"], ref)
        for unneeded in (".buildinfo", "_sources", "objects.inv"):
            delete(made / unneeded)
        stamp(made)
        if others := sorted({path.name for path in folder.glob("*")} - {path.name for path in made.iterdir()}):
            raise CourseError(f"{folder} also contains {', '.join(others)}. Move that away, or choose another folder.")
        if folder.is_dir():
            shutil.rmtree(folder)
        shutil.copytree(made, folder)


def is_replaceable(folder: Path) -> bool:
    """Whether it is an empty folder, or a site that an earlier build has written."""
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / "_static" / SCRIPT).is_file())


def add_others(site: Path, repository: str, ref: str) -> None:
    """Write what Sphinx does not know: scripts and their data, the page for drawing, notebooks and exercises."""
    write_page(site / "draw", home="../index.html")
    shutil.copy(REPOSITORY / "docs" / "draw.gif", site / "docs")  # where scripts are off
    (site / "exercises").mkdir()
    for lesson in ready_lessons():
        (site / "exercises" / f"{lesson.stem}.py").write_text(stub(lesson), "utf-8")
    write_notebooks(site / "notebooks", repository, ref=ref)
    for name in (SCRIPT, "playgrounds.js"):
        script = bundled(name, [HERE / "scripts", PAGE])
        (site / "_static" / name).write_text(f"(() => {{\n{script}}})();\n", "utf-8")
    (site / "_static" / "digits.js").write_bytes(as_script("digits", data()))


def stamp(site: Path) -> None:
    """Give the addresses of files that Sphinx does not know a checksum, so that no browser takes an older one."""
    for name in (f"_static/{SCRIPT}", "draw/style.css"):
        checksum = hashlib.sha256((site / name).read_bytes()).hexdigest()[:8]
        for path in site.rglob("*.html"):
            text = path.read_text("utf-8")
            path.write_text(text.replace(f'{name}"', f'{name}?v={checksum}"'), "utf-8")


def delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def same_time_always() -> Iterator[None]:
    """Sphinx writes no date of today."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
