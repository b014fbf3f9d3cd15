"""What the theme leaves out for those who read with their ears or with the keyboard."""

import re
from pathlib import Path

ADDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<aside class="toc-drawer no-toc">': '<aside class="toc-drawer no-toc" aria-label="On this page">',
    "<pre>": '<pre tabindex="0">',  # it scrolls where the screen is narrow
    '<div class="formula">': '<div class="formula" tabindex="0">',
    '<div id="search-results"></div>': '<h1>Search</h1><div id="search-results"></div>',
}
WIDE = re.compile(r'<div class="(table-wrapper[^"]*)">')
EMPTY_HEAD = re.compile(r'<th class="([^"]*)"><p></p></th>')


def make_accessible(site: Path) -> None:
    """Add it to all pages."""
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        for without, addition in ADDED.items():
            text = text.replace(without, addition)
        text = WIDE.sub(r'<div class="\1" tabindex="0">', text)
        path.write_text(EMPTY_HEAD.sub(r'<td class="\1"></td>', text), "utf-8")
