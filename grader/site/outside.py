"""Links to files of the repository that are not pages: they lead to the repository on the web, if it has an address."""

from pathlib import PurePosixPath

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from grader.course import REPOSITORY


def lead_outside(app: Sphinx, doctree: nodes.document) -> None:
    """Point the links of a page that lead to no other page to the file on the web; without an address, leave only their
    words. An exercise is found beside the pages. A link to what the repository does not hold stays as it is, and Sphinx
    warns of it."""
    for link in list(doctree.findall(pending_xref)):
        place, _, _ = link["reftarget"].partition("#")
        path = within(PurePosixPath(app.env.docname).parent / place)
        if link["reftype"] != "myst" or link["refdomain"] or not path or not (REPOSITORY / path).exists():
            continue
        if path.startswith("exercises/"):
            up = "../" * app.env.docname.count("/")
            link.replace_self(nodes.reference("", "", *link.children, refuri=f"{up}{path}", internal=True))
            continue
        address, ref = app.config.digits_repository, app.config.digits_ref or "HEAD"
        kind = "tree" if (REPOSITORY / path).is_dir() else "blob"
        goal = nodes.reference(refuri=f"{address}/{kind}/{ref}/{path}", internal=False) if address else nodes.inline()
        goal += link.children
        link.replace_self(goal)


def within(path: PurePosixPath) -> str:
    """A path without ``..``; empty if it leaves the repository."""
    parts: list[str] = []
    for part in path.parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return ""
    return "/".join(parts)
