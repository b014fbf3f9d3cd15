"""Works around a fault of nbgrader 0.9: it fails on a copied test cell when it is to put back deleted ones."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor


class UnmarkCopies(NbGraderPreprocessor):
    """Makes a copy of a marked cell an ordinary one; `DeduplicateIds` before it has left nothing but an empty mark."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        if not cell.metadata.get("nbgrader", True):
            del cell.metadata["nbgrader"]
        return cell, resources
