"""Works around a bug in nbgrader 0.9: it fails on a copied test cell when it restores deleted ones."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor


class UnmarkCopies(NbGraderPreprocessor):
    """Turns copies of marked cells into ordinary ones. `DeduplicateIds`, which runs first, leaves an empty mark."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        if not cell.metadata.get("nbgrader", True):
            del cell.metadata["nbgrader"]
        return cell, resources
