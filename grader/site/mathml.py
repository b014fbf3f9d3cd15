"""Formulas as MathML, which browsers draw by themselves: no script, and nothing that moves."""

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

BEFORE_ITS_ARGUMENT = re.compile(  # where no parenthesis follows, and no index or power
    r"(?<!<msub>)(?<!<msup>)(?<!<msubsup>)(<mi>(?:log|exp|cos|sin)</mi>)(?!<mo)"
)


def visit_inline(writer: HTML5Translator, node: nodes.math) -> None:
    writer.body.append(formula(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="formula">{formula(node.astext(), "block")}</div>\n')
    raise nodes.SkipNode


def formula(tex: str, display: str) -> str:
    """A formula with a thin space between the name of a function and what follows."""
    made: str = BEFORE_ITS_ARGUMENT.sub(r'\1<mspace width="0.17em"/>', convert(tex, display=display))
    return made


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of this way to write formulas: ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
