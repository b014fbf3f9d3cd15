"""What Sphinx has to know of this course."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from grader.site import boxes, outside, pictures, playgrounds, starts, terms


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the parts of the site to the steps of a build."""
    app.add_config_value("digits_repository", "", "html")
    app.add_config_value("digits_ref", "", "html")
    app.connect("doctree-read", boxes.mark_boxes)
    app.connect("doctree-read", pictures.show_pictures)
    app.connect("doctree-read", pictures.tell_sizes)
    app.connect("doctree-read", playgrounds.place_playgrounds)
    app.connect("doctree-read", starts.offer_starts)
    app.connect("doctree-read", mark_outputs)
    app.connect("doctree-read", boxes.cover_results)
    app.connect("html-page-context", style_first_page)
    app.connect("doctree-resolved", terms.explain_terms)
    app.connect("doctree-read", outside.lead_outside)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def mark_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """What a cell prints gets a class of its own."""
    for block in doctree.findall(nodes.literal_block):
        before = block.parent[block.parent.index(block) - 1] if block.parent.index(block) else None
        if block.get("language") == "text" and isinstance(before, nodes.literal_block):
            block["classes"].append("output")


def style_first_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """The first page has the paper to draw on."""
    if page == app.config.root_doc:
        app.add_css_file("../draw/style.css")
