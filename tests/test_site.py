"""`digits dev site`: what is built, and how it behaves in a real browser, opened from a disk and from a server."""

import filecmp
import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin
from zipfile import ZipFile

import nbformat
import pytest
from bare_kernel import without_the_grader
from drawing import stroke
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from playwright.sync_api import Route, expect
from servers import DIGITS

from grader.benchmarks.site import WIDTHS, serving, size, visit
from grader.cli.commands.dev import write_notebooks
from grader.course import REPOSITORY, CourseError, lessons
from grader.site.building import build_site
from grader.site.mathml import formula
from grader.site.notebooks import notebook
from grader.site.playgrounds import PLACES
from grader.site.sources import as_source

ADDRESS = "https://forge.invalid/someone/digits"
PARTS = 4  # of the pages, for tests that look at each
SHIFTS = """() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => resolve(sum), 300));
})"""

SEEN = "() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))"


def built(folder: Path, repository: str = ADDRESS, expected: int = 0, ref: str = "") -> str:
    command = [DIGITS, "dev", "site", str(folder), "--repository", repository, "--ref", ref]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == expected, ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "site"
    built(folder)
    return folder


@pytest.fixture(scope="module")
def pages(site) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 40
    return found


class Page(HTMLParser):
    """The anchors of a page, and where it leads: links, pictures, scripts and styles."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.without_size: list[str] = []  # pictures
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.anchors |= {value for name, value in attrs if name in ("id", "name") and value}
        self.links += [known[name] for name in ("href", "src") if known.get(name)]
        if tag == "img" and not {"width", "height"} <= known.keys():
            self.without_size.append(known["src"])


# The files


@pytest.mark.thorough
def test_the_same_documents_give_the_same_site(site, tmp_path):
    built(tmp_path / "again")
    assert differences(filecmp.dircmp(site, tmp_path / "again")) == []


def differences(compared: filecmp.dircmp) -> list[str]:
    _, unequal, unread = filecmp.cmpfiles(compared.left, compared.right, compared.common_files, shallow=False)
    found = [*compared.left_only, *compared.right_only, *unequal, *unread]
    return found + [name for folder in compared.subdirs.values() for name in differences(folder)]


def test_every_link_leads_somewhere(site, pages):
    known = {path: Page(path) for path in pages}
    broken = []
    for path, page in known.items():
        for link in page.links:
            if link.startswith(("https://", "http://", "data:", "mailto:")):
                continue
            place, anchor = urldefrag(link.split("?v=")[0])
            target = Path(unquote(urljoin(path.as_uri(), place)).removeprefix("file://")) if place else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (anchor and target in known and unquote(anchor) not in known[target].anchors):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_every_picture_says_its_size(site, pages):
    for path in pages:
        assert [source for source in Page(path).without_size if "_static/" not in source] == [], path


def test_links_to_other_files_of_the_repository_lead_to_the_forge(site):
    text = (site / "docs" / "architecture.html").read_text("utf-8")
    assert f'href="{ADDRESS}/blob/HEAD/grader/verdict.py"' in text
    assert f'href="{ADDRESS}/tree/HEAD/grader/feedback"' in text


@pytest.mark.thorough
def test_the_site_of_a_release_leads_to_that_release(tmp_path):
    built(tmp_path / "site", ref="v9.9.9")
    assert f"{ADDRESS}/blob/v9.9.9/grader/verdict.py" in (tmp_path / "site" / "docs" / "architecture.html").read_text()
    first = nbformat.read(tmp_path / "site" / "notebooks" / "02_baseline.ipynb", 4)
    assert f"git+{ADDRESS}@v9.9.9" in first.cells[1].source
    assert f"({ADDRESS}/blob/v9.9.9/" in str(first.cells)
    for path in (tmp_path / "site").rglob("*.html"):
        assert "/HEAD/" not in path.read_text("utf-8"), path


def test_without_an_address_only_the_words_of_such_links_remain(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.site.building.address", lambda: "")
    build_site(tmp_path / "site")
    text = (tmp_path / "site" / "docs" / "architecture.html").read_text("utf-8")
    assert "verdict.py" in text
    assert "blob/HEAD" not in text


def test_every_lesson_has_its_page_and_its_notebook(site):
    for lesson in lessons():
        text = (site / "lessons" / f"{lesson.stem}.html").read_text("utf-8")
        assert f"Lesson {lesson.number}." in text
        assert "<!-- true" not in text
        assert "jupytext" not in text
        assert f'href="../notebooks/{lesson.stem}.ipynb"' in text
        nbformat.validate(nbformat.read(site / "notebooks" / f"{lesson.stem}.ipynb", 4))


def test_what_somebody_has_put_into_a_site_is_never_deleted(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "site.js").touch()
    (tmp_path / "CNAME").write_text("digits.example.org", "utf-8")
    assert "also contains CNAME" in " ".join(built(tmp_path, expected=2).split())
    assert (tmp_path / "CNAME").is_file()


def test_what_a_prediction_is_about_is_covered_and_every_playground_has_a_place(site):
    texts = [path.read_text("utf-8") for path in sorted((site / "lessons").glob("[0-9]*.html"))]
    for text in texts:
        assert text.count('class="results docutils') == text.count('class="box predict docutils') > 0
    placed = re.findall(r'data-playground="(\w+)"', "".join(texts))
    assert sorted(placed) == sorted(PLACES.values())


def test_another_folder_is_never_replaced(tmp_path):
    (tmp_path / "mine.txt").write_text("precious", "utf-8")
    assert "contains something other than a site" in built(tmp_path, expected=2)
    assert (tmp_path / "mine.txt").read_text("utf-8") == "precious"


def test_code_stays_as_it_is_and_marks_go():
    text = "a <!-- true: 1 = 1 -->\n\n```python\nx = '<!-- no comment -->'\n```\n\n[b](../README.md#lessons)\n"
    assert as_source(text) == "a\n\n```python\nx = '<!-- no comment -->'\n```\n\n[b](../index.md#lessons)\n"


def test_a_formula_is_drawn_by_the_browser_with_space_after_a_name():
    made = formula(r"\log p_c = \exp(x)", "block")
    assert made.startswith("<math")
    assert 'display="block"' in made
    assert '<mi>log</mi><mspace width="0.17em"/><msub>' in made
    assert "mspace" not in formula(r"\log_2 x", "inline")
    assert "<mi>exp</mi><mo" in made


# The notebooks


def test_a_notebook_installs_the_grader_and_holds_the_exercise():
    lesson = lessons()[4]
    made = notebook(lesson, ADDRESS, "https://forge.invalid/digits.whl")
    code = [cell.source for cell in made.cells if cell.cell_type == "code"]
    assert "%pip install --quiet https://forge.invalid/digits.whl" in code[0]
    stub = (REPOSITORY / "exercises" / f"{lesson.stem}.py").read_text("utf-8")
    assert code[2] == f"%%writefile exercises/{lesson.stem}.py\n{stub.rstrip()}"
    assert f"%pip install --quiet git+{ADDRESS}" in notebook(lesson, ADDRESS).cells[1].source
    assert not any("%pip" in cell.source for cell in notebook(lesson).cells)
    assert "./digits lab" in notebook(lesson).cells[1].source
    assert len({cell.id for cell in made.cells}) == len(made.cells)


def test_what_somebody_has_written_into_an_exercise_is_not_published(tmp_path, monkeypatch):
    (tmp_path / "lessons").symlink_to(REPOSITORY / "lessons")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "01_pixels.py").write_text("my_solution = 1\n", "utf-8")
    monkeypatch.setattr("grader.site.notebooks.REPOSITORY", tmp_path)
    assert not any("my_solution" in cell.source for cell in notebook(lessons()[0]).cells)


def test_a_notebook_shows_what_the_lesson_has_recorded():
    made = notebook(lessons()[2], ADDRESS)
    outputs = [output for cell in made.cells for output in cell.get("outputs", [])]
    assert any(output.output_type == "stream" and "(2, 3) @ (3, 4) gives (2, 4)" in output.text for output in outputs)
    assert any("<svg" in output.get("data", {}).get("image/svg+xml", "") for output in outputs)
    text = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    assert "<picture>" not in text
    assert "```text" not in text
    assert f"({ADDRESS}/blob/HEAD/lessons/02_baseline.md)" in text
    assert f"({ADDRESS}/blob/HEAD/exercises/03_softmax_regression.py)" in text


def test_notebooks_are_written_with_the_grader_that_they_install(tmp_path):
    command = [DIGITS, "dev", "notebooks", str(tmp_path / "made")]
    assert subprocess.run([*command, "--repository", ADDRESS], check=False).returncode == 0
    (wheel,) = (tmp_path / "made").glob("digits_course-*.whl")
    made = nbformat.read(tmp_path / "made" / "01_pixels.ipynb", 4)
    assert f"%pip install --quiet {ADDRESS}/raw/notebooks/{wheel.name}" in made.cells[1].source
    names = ZipFile(wheel).namelist()
    assert "grader/checks/test_01_pixels.py" in names
    assert not any(name.startswith("solutions") for name in names)


def test_notebooks_need_an_address(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.site.sources.address", lambda: "")
    with pytest.raises(CourseError, match="--repository ADDRESS"):
        write_notebooks(tmp_path, "")


@pytest.mark.thorough
def test_a_notebook_runs_where_nothing_is_installed_but_packages(tmp_path, monkeypatch):
    """Its first cell fetches the grader from the repository's branch, and the exercise is checked."""
    made, target = tmp_path / "raw" / "notebooks", tmp_path / "packages"
    with serving(tmp_path) as address:
        command = [DIGITS, "dev", "notebooks", str(made), "--repository", address.rstrip("/")]
        assert subprocess.run(command, check=False).returncode == 0
        hide = without_the_grader(target, monkeypatch)
        (tmp_path / "home").mkdir()
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        notebook = nbformat.read(made / "01_pixels.ipynb", 4)
        (save,) = (cell for cell in notebook.cells if cell.source.startswith("%%writefile"))
        save.source = f"{save.source.splitlines()[0]}\n{(REPOSITORY / 'solutions' / '01_pixels.py').read_text('utf-8')}"
        notebook.cells.insert(0, new_code_cell(hide))
        notebook.cells.append(new_code_cell("from grader.notebook import check\n\ncheck('pixels')"))
        NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert (target / "grader").is_dir()
    assert "10 of 10 points" in str(notebook.cells[-1].outputs)
    assert (tmp_path / "home" / "digits-notebooks" / "exercises" / "01_pixels.py").is_file()


# In a browser


@pytest.fixture(scope="module")
def served(site) -> Iterator[str]:
    with serving(site) as address:
        yield address


def opened_slowly(browser, address: str, problems: list[str], **options):
    """A page whose pictures, fonts and scripts arrive after the reader has seen its text."""
    waiting: list[Route] = []
    seen = False

    def arrive(route: Route) -> None:
        if seen:
            route.continue_()
        else:
            waiting.append(route)

    page = watched(browser, address, problems, **options)
    page.route(re.compile(r"\.(png|svg|gif|woff2?|js)\b"), arrive)
    page.goto(address, wait_until="commit")
    page.wait_for_selector("footer, main", state="attached")
    page.evaluate(SEEN)
    seen = True
    for route in waiting:
        route.continue_()
    page.wait_for_load_state()
    return page


def opened(browser, address: str, problems: list[str], **options):
    page = watched(browser, address, problems, **options)
    page.goto(address)
    return page


def watched(browser, address: str, problems: list[str], **options):
    """A page to open this address in. Problems are requests to another place, and errors."""
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}} | options)
    home = address.split("/site/", maxsplit=1)[0] if address.startswith("file") else "/".join(address.split("/")[:3])
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda asked: problems.append(asked.url) if not allowed(asked.url, home) else None)
    return page


def allowed(url: str, home: str) -> bool:
    return url.startswith((home, "data:", "blob:"))


@pytest.mark.browser
@pytest.mark.thorough
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_calm_local_and_accessible(browser, site, pages, served, part, width):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), {}
    for path in pages[part::PARTS]:
        problems: list[str] = []
        address = served + path.relative_to(site).as_posix()
        page = opened_slowly(browser, address, problems, viewport={"width": width, "height": 900})
        if (shift := page.evaluate(SHIFTS)) > 0.02:
            problems.append(f"the page moves by {shift:.3f}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append("wider than the screen")
        problems += [f"{each['id']}: {each['nodes'][0]['html']}" for each in axe.run(page).response["violations"]]
        page.close()
        if problems:
            found[path.relative_to(site).as_posix()] = problems
    assert found == {}


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["file", "http"])
def test_a_digit_is_read_on_the_first_page(browser, site, served, kind):
    problems: list[str] = []
    page = opened(browser, (site / "index.html").as_uri() if kind == "file" else served, problems)
    stroke(page)
    expect(page.locator(".digits-row.is-best .digits-label").first).to_have_text("7")
    page.close()
    assert problems == []


@pytest.mark.browser
def test_commands_and_code_can_be_copied_but_no_output(browser, served):
    page = browser.new_page()
    page.goto(served)
    expect(page.locator(".highlight:has-text('git clone') .copy")).to_have_count(1)
    page.goto(f"{served}lessons/05_dense.html")
    expect(page.locator(".highlight-python .copy").first).to_be_attached()
    expect(page.locator(".output .copy")).to_have_count(0)
    page.close()


@pytest.mark.browser
def test_the_first_page_is_small(browser, served):
    assert 100_000 < size(browser, served) <= 300_000


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_the_first_page_reads_a_stroke_of_the_keyboard(browser, served, width):
    assert visit(browser, served, width) > 0


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["file", "http"])
def test_the_search_finds_a_lesson(browser, site, served, kind):
    problems: list[str] = []
    start = (site / "search.html").as_uri() if kind == "file" else f"{served}search.html"
    page = opened(browser, f"{start}?q=softmax", problems)
    expect(page.locator("#search-results a", has_text="Softmax regression from scratch").first).to_be_visible()
    if kind == "http":
        expect(page.locator("#search-results .context").first).to_contain_text("softmax")
    page.close()
    assert problems == []


@pytest.mark.browser
def test_a_prediction_is_answered_explained_and_remembered(browser, site, served):
    problems: list[str] = []
    address = f"{served}lessons/01_pixels.html"
    page = opened(browser, address, problems)
    known = json.loads(page.locator(".predict-answer").first.text_content())
    box = page.locator(".box.predict").first
    results = page.locator(".results").first
    expect(results).to_have_class(re.compile("is-covered"))
    wrong = next(letter for letter in "abc" if letter != known["answer"])
    box.locator(f"input[value={wrong}]").focus()
    page.keyboard.press("Space")
    expect(box.locator(".predict-verdict")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told = f"Not quite. The answer is ({known['answer']}). {known['reason']}"
    expect(box.locator(".predict-verdict")).to_have_text(told)
    expect(results).not_to_have_class(re.compile("is-covered"))
    expect(box.locator("input").first).to_be_disabled()
    page.reload()
    expect(page.locator(".box.predict").first.locator(".predict-verdict")).to_have_text(told)
    second = page.locator(".box.predict").nth(1)
    known = json.loads(page.locator(".predict-answer").nth(1).text_content())
    second.locator(f"input[value={known['answer']}]").check()
    second.get_by_role("button", name="Check").click()
    expect(second.locator(".predict-verdict")).to_have_text(f"Right. {known['reason']}")
    expect(page.locator(".box.predict").nth(2).locator(".predict-verdict")).to_be_hidden()
    page.close()
    assert problems == []


@pytest.mark.browser
def test_what_a_cell_shows_can_be_seen_without_a_prediction(browser, served):
    page = browser.new_page()
    page.goto(f"{served}lessons/02_baseline.html")
    covered = page.locator(".is-covered")
    count = covered.count()
    assert count >= 3
    covered.first.get_by_role("button").click()
    expect(covered).to_have_count(count - 1)
    page.close()


@pytest.mark.browser
def test_a_finished_lesson_is_marked_in_the_list(browser, site, served):
    page = browser.new_page()
    page.goto(f"{served}lessons/02_baseline.html")
    page.get_by_label("I have finished this lesson").check()
    page.goto(f"{served}lessons/03_softmax_regression.html")
    expect(page.locator(".sidebar-tree a.is-done")).to_have_count(1)
    expect(page.locator(".sidebar-tree a.is-done")).to_contain_text("2. A baseline")
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("picture", PLACES)
def test_a_playground_answers_to_the_keyboard(browser, site, picture):
    problems: list[str] = []
    lesson, module = picture.split("/")[1], PLACES[picture]
    page = opened(browser, (site / "lessons" / f"{lesson}.html").as_uri(), problems)
    place = page.locator(f"[data-playground={module}]")
    place.scroll_into_view_if_needed()
    expect(place.locator(".play-result")).not_to_be_empty()
    before = place.locator(".play-result").text_content()
    place.locator("input").first.focus()
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    expect(place.locator(".play-result")).not_to_have_text(before)
    page.close()
    assert problems == []


@pytest.mark.browser
def test_the_valley_gives_the_losses_of_the_lesson(browser, site):
    page = opened(browser, (site / "lessons" / "03_softmax_regression.html").as_uri(), [])
    place = page.locator("[data-playground=valley]")
    place.scroll_into_view_if_needed()
    lesson = (REPOSITORY / "lessons" / "03_softmax_regression.md").read_text("utf-8")
    said = re.search(r"learning rate    4: loss (\d\.\d+) after 8 steps", lesson)[1]
    expect(place.locator(".play-result")).to_contain_text(f"After 8 steps it is {said}")
    place.locator("input").first.fill("1.6")  # a rate of 40
    said = re.search(r"learning rate   40: loss (\d\.\d+) after 8 steps", lesson)[1]
    reached = float(re.search(r"After 8 steps it is (\d\.\d+)", place.locator(".play-result").text_content())[1])
    assert abs(reached - float(said)) < 0.05
    page.close()


@pytest.mark.browser
def test_scores_that_all_grow_by_as_much_keep_their_probabilities(browser, site):
    page = opened(browser, (site / "lessons" / "03_softmax_regression.html").as_uri(), [])
    place = page.locator("[data-playground=softmax]")
    place.scroll_into_view_if_needed()
    told, more = place.locator(".play-result"), place.get_by_role("button", name="Add 5 to each")
    probabilities = re.search("Probabilities: .*", told.text_content())[0]
    presses = 0
    while more.is_enabled():
        more.click()
        presses += 1
        expect(told).to_contain_text(probabilities)
    assert presses >= 2
    page.close()


@pytest.mark.browser
def test_the_paper_of_the_first_page_follows_the_switch_for_dark_pages(browser, served):
    page = browser.new_page(color_scheme="dark")
    page.goto(served)
    paper = page.locator("article .digits-draw")
    color = "(element) => getComputedStyle(element).color"
    seen = set()
    for theme in ("light", "dark"):
        page.evaluate("(theme) => (document.body.dataset.theme = theme)", theme)
        seen.add(paper.evaluate(color))
        assert paper.evaluate("(element) => getComputedStyle(element).colorScheme") == theme
    assert len(seen) == 2
    page.close()


@pytest.mark.browser
def test_a_tap_on_a_term_shows_what_it_means(browser, served):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{served}lessons/05_dense.html")
    term, meaning = page.locator("a.term").first, page.locator(".term-meaning").first
    expect(meaning).to_be_hidden()
    term.tap()
    expect(meaning).to_have_text(term.get_attribute("title"))
    term.tap()
    page.wait_for_url("**/GLOSSARY.html#*")
    context.close()


@pytest.mark.browser
def test_without_scripts_pictures_questions_and_answers_are_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "lessons" / "03_softmax_regression.html").as_uri())
    assert page.locator(".playground").count() == 0
    assert page.locator('img[src="images/03_softmax_regression/shifted.svg"]').is_visible()
    assert page.locator(".box.predict li").first.is_visible()
    assert page.locator("summary", has_text="Answer").first.is_visible()
    context.close()
