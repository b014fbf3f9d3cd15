"""Nothing in a student's notebook acts when an instructor looks at it, in the formgrader or in nbgrader's feedback."""

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from test_nbgrader import SOLUTION, Course, filled_in

from grader.classroom.publish.harmless import harmless

pytestmark = pytest.mark.classroom

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489"
        "0000000d49444154789c63f8cfc0f01f0005000 1ff89995d1d0000000049454e44ae426082".replace(" ", "")
    )
).decode()
HOSTILE = {  # each would set window.acted, ask the network, or wait for a click
    "script": "<script>window.acted = 1</script>",
    "script in a block": "<div>\n\n<script>window.acted = 1</script>\n\n</div>",
    "image": "<img src=x onerror='window.acted = 1'>",
    "svg": "<svg onload='window.acted = 1'><circle r=5></svg>",
    "frame": "<iframe srcdoc='<script>parent.acted = 1</script>'></iframe>",
    "link": "[look](javascript:window.acted=1)",
    "link in disguise": "[look](&#106;ava&#x73;cript&colon;window.acted=1)",
    "link with a tab": "<a href='java\tscript:window.acted=1'>look</a>",
    "link with a control character": "<a href='\x01javascript:window.acted=1'>look</a>",
    "link by reference": "[look][1]\n\n[1]: javascript:window.acted=1",
    "data link": "[look](data:text/html;base64,PHNjcmlwdD5wYXJlbnQuYWN0ZWQ9MTwvc2NyaXB0Pg==)",
    "twice": r"\<script>window.acted = 1\</script> &lt;script&gt;window.acted = 1&lt;/script&gt;",
    "twice as Markdown": r"\[look\]\(javascript:window.acted=1\) &#91;look&#93;&#40;javascript:window.acted=1&#41;",
    "out of the code": "```\n</code></pre><script>window.acted = 1</script>\n\n<script>window.acted = 1</script>\n```",
    "out of the picture's text": '!["><script>window.acted = 1</script>](x)',
    "out of an attribute": "<b title='\"><script>window.acted=1</script>'>b</b>",
    "style": "<style>@import url(//example.org/x.css);</style><link rel=stylesheet href=//example.org/y.css>",
    "picture from elsewhere": "![seen](https://example.org/seen.png)",
    "form": "<form action='javascript:window.acted=1'><button autofocus>Go</button></form>",
    "meta": "<meta http-equiv=refresh content='0;url=javascript:window.acted=1'><base href=//example.org>",
    "math": "<math><mtext><table><mglyph><style><img src=x onerror='window.acted=1'></style></mglyph></table>",
    "long": "<script>window.acted = 1</script>" * 1000,
    "deep": "<b>" * 3000 + "<script>window.acted = 1</script>",
    "number": "$<script>window.acted = 1</script>$ and $$\\href{javascript:window.acted=1}{x}$$",
}
HONEST = """\
# My answer

The **mean** of `x < y` is $a<b$ & more:

1. one
2. *two*, see [the page](https://example.org/a?b=c&d=e)

```python
if a < b and x["y"]:

    print("[x](y)")
```

| digit | count |
|---|---|
| 7 | 12 |

![plot](attachment:plot.png)
"""


@pytest.mark.parametrize("markdown", HOSTILE.values(), ids=HOSTILE)
def test_no_markup_that_acts_comes_through(markdown):
    from nbconvert.filters import markdown2html_mistune

    shown = markdown2html_mistune(harmless(markdown))
    assert not re.search(r"<(script|svg|iframe|style|link|form|meta|base|math|object|embed)\b", shown, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son\w+\s*=", shown)
    assert not re.search(r"""<[^>]*(?:href|src|action)=["']?(?!https?&#58;|mailto&#58;|data&#58;image)""", shown)


def test_an_honest_answer_looks_as_it_was_written():
    from bs4 import BeautifulSoup
    from nbconvert.filters import markdown2html_mistune

    attachments = {"plot.png": {"image/png": PIXEL}}
    page = BeautifulSoup(markdown2html_mistune(harmless(HONEST, attachments)), "html.parser")
    assert page.h1.get_text().startswith("My answer")
    assert page.p.get_text() == "The mean of x < y is $a<b$ & more:"
    assert [item.get_text() for item in page.find_all("li")] == ["one", "two, see the page"]
    assert page.find("a", string="the page")["href"] == "https://example.org/a?b=c&d=e"
    assert page.pre.get_text() == 'if a < b and x["y"]:\n\n    print("[x](y)")\n'
    assert [cell.get_text() for cell in page.find_all("td")] == ["7", "12"]
    assert page.img["src"] == f"data:image/png;base64,{PIXEL}"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A hostile notebook as nbgrader's own feedback shows it, and as the exporter of the formgrader does."""
    course = Course(tmp_path_factory.mktemp("classes") / "course")
    course.root.mkdir()
    course.run("digits", "class", "init", ".")
    course.run("digits", "class", "release", "pixels")
    path = course.submission("eve", SOLUTION)
    notebook = filled_in(nbformat.read(path, as_version=4), SOLUTION.read_text("utf-8"))
    attached = new_markdown_cell(HONEST, attachments={"plot.png": {"image/png": PIXEL}})
    missing = new_markdown_cell("![gone](attachment:gone.png)")
    raw = new_raw_cell(HOSTILE["script"], metadata={"raw_mimetype": "text/html"})
    code = new_code_cell(f"# {HOSTILE['script']}\nhtml = {HOSTILE['image']!r}")
    notebook.cells += [*map(new_markdown_cell, HOSTILE.values()), attached, missing, raw, code]
    nbformat.write(notebook, path)
    course.run("digits", "class", "grade", ".")
    course.run("digits", "class", "gradebook")
    course.run("nbgrader", "generate_feedback", "pixels")
    shown = course.root / "formgrader.html"
    subprocess.run([sys.executable, "-c", FORMGRADER, course.root, shown], cwd=course.root, check=True, timeout=120)
    return [course.root / "feedback" / "eve" / "pixels" / "pixels.html", shown]


FORMGRADER = """
import sys
from pathlib import Path
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from traitlets.config import Config
formgrader = FormgradeExtension()
config = formgrader.build_extra_config()
names = "assignment_id notebook_id submission_id student last_name first_name notebook_path base_url"
resources = dict.fromkeys(names.split(), "x") | {"index": 0, "total": 1}
notebook = Path(sys.argv[1], "autograded", "eve", "pixels", "pixels.ipynb")
html, _ = HTMLExporter(config=config).from_filename(str(notebook), resources=resources)
Path(sys.argv[2]).write_text(html, "utf-8")
"""


@pytest.mark.thorough
def test_nothing_of_a_student_acts_in_a_browser(pages, browser: "Browser"):
    for path in pages:
        page, asked = browser.new_page(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        page.wait_for_timeout(500)
        links = page.evaluate("[...document.querySelectorAll('a, area, form')].map(e => e.href || e.action || '')")
        assert not [link for link in links if "acted" in link or link.startswith("data:")], path.name
        for link in page.get_by_text("look", exact=True).all():
            link.click(timeout=2000, force=True, no_wait_after=True)
        assert page.evaluate("window.acted") is None, path.name
        assert not [url for url in asked if "example.org" in url], path.name
        assert page.locator("text=My answer").count() >= 1
        assert page.locator(f"img[src='data:image/png;base64,{PIXEL}']").count() == 1
        page.close()
