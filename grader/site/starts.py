"""Ways to start a lesson in one click, below its title."""

from docutils import nodes
from sphinx.application import Sphinx

from grader.course import lessons
from grader.site.notebooks import BRANCH

FORGE = "https://github.com/"  # from which Colab opens notebooks
COLAB = "https://colab.research.google.com/github/"


def offer_starts(app: Sphinx, doctree: nodes.document) -> None:
    """Link a lesson's page to its notebook: to download, and in Colab if the repository is where Colab looks."""
    stem = next((lesson.stem for lesson in lessons() if app.env.docname == f"lessons/{lesson.stem}"), "")
    title = next(iter(doctree.findall(nodes.title)), None)
    if not stem or title is None:
        return
    links = [f'<a href="../notebooks/{stem}.ipynb" download>Download the notebook</a>']
    repository = app.config.digits_repository
    if repository.startswith(FORGE):
        address = f"{COLAB}{repository.removeprefix(FORGE)}/blob/{BRANCH}/{stem}.ipynb"
        links.append(f'<a href="{address}">Open in Colab</a>')
    line = nodes.raw("", f'<p class="starts">{" · ".join(links)}</p>\n', format="html")
    title.parent.insert(title.parent.index(title) + 1, line)
