"""The pages of a class: what they say, what they keep to themselves, and how a real browser shows them."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from class_of_records import NAMES, SEED, checks, digits, grade_files, record, save, verdict, write_hostile_class

from grader.classroom.folder import CourseFolder
from grader.classroom.records import write_record
from grader.course import calibrations
from grader.engine.isolation import STOPS_NOT
from grader.feedback.html import check_html, visible
from grader.verdict import CheckResult

pytestmark = pytest.mark.classroom

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE, DESK = 360, 1280
FAULT = "The grader failed: FileNotFoundError: /home/professor/keys"


@pytest.fixture(scope="module")
def course(engine, tmp_path_factory) -> CourseFolder:
    """A class with real verdicts and everything else that an instructor may meet, and its pages."""
    folder = CourseFolder(tmp_path_factory.mktemp("course"))
    grade_files(folder, engine)
    for number in range(12):
        reached = 0.90 + 0.005 * number
        trained = CheckResult("learns", "It learns", "passed", 10.0, 10.0, measurements={"accuracy": reached})
        flags = ["too_perfect", "self-reported"] if number == 11 else []
        save(folder, record(f"s{number}", "dense", verdict("dense", checks=[trained], flags=flags)))
    save(folder, record("eve", "dense", verdict("dense", "grader_error", checks=[], message=FAULT)))
    broken = CheckResult("learns", "It learns", "grader_error", 0.0, 10.0, message=FAULT)
    save(folder, record("flo", "dense", verdict("dense", "grader_error", checks=[broken], message=FAULT)))
    unreadable = verdict("dense", "invalid", checks=[], message="dense.py contains NUL bytes.", isolation="none")
    save(folder, record("gus", "dense", unreadable))
    for made in (digits("class", "report", folder.root), digits("class", "similar", folder.root)):
        assert (made.returncode, made.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> CourseFolder:
    """A class in which every student tries to get something into the pages."""
    folder = CourseFolder(tmp_path_factory.mktemp("hostile"))
    write_hostile_class(folder)
    assert digits("class", "report", folder.root).returncode == 0
    return folder


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Open a page; it must ask the network for nothing, run nothing, and fit the width of the screen."""
    context = browser.new_context()

    def visit(path: Path, width: int = PHONE, scheme: str = "light") -> "Page":
        page, asked, ran = context.new_page(), [], []
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: ran.append(message.text))
        page.goto(path.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert ran == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        return page

    yield visit
    context.close()


def text_of(path: Path) -> str:
    """What a page says, without its markup."""
    body = path.read_text("utf-8").partition("<body>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", body.replace("<br>", " ")))


def student(folder: CourseFolder, name: str) -> Path:
    return folder.reports / "students" / f"{name}.html"


# What a student reads


def test_a_student_reads_points_mistake_explanation_and_question(course):
    said = text_of(student(course, "bo"))
    assert "8 of 10 points" in said
    assert "divided-by-256" in said
    assert "The pixels were divided by 256, so full ink becomes 0.996 instead of 1." in said
    assert "What should full ink, 255, become?" in said
    assert re.search(r"called scale_pixels\(.*returned 0\.\d+ at .*expected 0.*mistake divided.*question What", said)
    assert "Look first at: scale_pixels maps 0..255 to 0..1 in float32" in said


def test_full_marks_an_empty_stub_and_a_crash_each_get_their_sentence(course):
    assert "All checks pass." in text_of(student(course, "ada"))
    assert "not written yet" in text_of(student(course, "cy"))
    crashed = text_of(student(course, "dee"))
    assert "Your code stopped with an error before any check could run." in crashed
    assert "0 of 10 points" in crashed


def test_a_fault_of_the_grader_is_no_zero_and_tells_a_student_no_more_than_that(course):
    for name in ("eve", "flo"):
        said = text_of(student(course, name))
        assert "Not graded yet" in said
        assert "0 of 0 points" not in said
        assert "professor" not in student(course, name).read_text("utf-8")


def test_a_students_page_knows_no_seed_no_folder_no_flag_and_nobody_else(course):
    names = {path.stem for path in (course.reports / "students").iterdir()}
    assert len(names) == 19
    for path in (course.reports / "students").iterdir():
        page = path.read_text("utf-8")
        for secret in (SEED.decode(), str(course.root), "too_perfect", "self-reported", "fingerprint"):
            assert secret not in page
        others = names - {path.stem}
        assert not set(re.findall(r"\w+", text_of(path))) & others


def test_pictures_of_what_came_and_what_was_expected_stand_in_the_page(hostile):
    page = student(hostile, "s00").read_text("utf-8")
    assert re.findall(r'<img src="data:image/png;base64,[\w+/=]+" alt="([^"]*)"', page) == [
        "your output: 2 by 2 pixels",
        "expected: 28 by 28 pixels",
    ]


@pytest.mark.parametrize(
    ("returned", "expected", "label", "is_code"),
    [
        ("returned float32 (4, 784)", "float32 (4, 784)", "returned", True),
        ("returned a model without a loss", "a Keras model", "returned", False),
        ("changed its images in place", "images as they were", "but it", False),
    ],
)
def test_what_came_of_a_call_gets_a_label_and_looks_like_code_if_it_is(returned, expected, label, is_code):
    told = CheckResult("n", "T", "failed", 0.0, 1.0, called="f(x)", returned=returned, expected=expected)
    cells = re.findall(r'<div style="[^"]*">(?:<bdi([^>]*)>)?([^<>]+)<', check_html(told))
    assert [text for _, text in cells] == [
        "called",
        "f(x)",
        label,
        returned.removeprefix("returned "),
        "expected",
        expected,
    ]
    assert ["monospace" in look for look, _ in cells] == [False, True, False, is_code, False, is_code]


def test_passed_checks_fold_into_one_line(course):
    page = student(course, "bo").read_text("utf-8")
    folded = page.partition("<summary>5 of 6 checks passed</summary>")[2].partition("</details>")[0]
    assert folded.count("✓ passed") == page.count("✓ passed") == 5


def test_a_mistake_with_a_name_is_explained_only_where_there_is_one(course):
    assert "A mistake with a name" in text_of(student(course, "bo"))
    assert "A mistake with a name" not in text_of(student(course, "ada"))
    assert "A mistake with a name" not in text_of(student(course, "dee"))


@pytest.mark.parametrize(
    ("file", "why", "again"),
    [
        ("pixels.ipynb", "Restart Kernel and Run All Cells", "run the check cells of your notebook again."),
        ("pixels.py", "run your file with python", "To try again, run digits check."),
    ],
)
def test_advice_is_for_what_was_submitted(tmp_path, file, why, again):
    folder = CourseFolder(tmp_path)
    save(folder, record("ada", "pixels", verdict(outcome="crashed", checks=[]), file=file))
    assert digits("class", "report", tmp_path).returncode == 0
    said = text_of(student(folder, "ada"))
    assert why in said
    assert again in said
    assert ("digits check" in said) == file.endswith(".py")


def test_a_page_names_the_course_and_the_day_of_grading(tmp_path):
    folder = CourseFolder(tmp_path)
    save(folder, record("ada", "pixels", verdict()))
    folder.config.write_text("c = get_config()\nc.CourseDirectory.course_id = 'ML <2026>'\n")
    assert digits("class", "report", tmp_path).returncode == 0
    for path in (student(folder, "ada"), folder.reports / "class.html"):
        assert "ML &lt;2026&gt;" in path.read_text("utf-8")
    assert "submitted on March 1, 2026, 12:00 UTC. Graded on March 2, 2026, 8:00 UTC." in text_of(
        student(folder, "ada")
    )


def test_nothing_on_a_students_page_leads_to_the_class(course):
    for path in (course.reports / "students").iterdir():
        assert "href" not in path.read_text("utf-8")


# What the instructor reads


def test_the_instructor_reads_distribution_checks_and_mistakes(course):
    page = (course.reports / "class.html").read_text("utf-8")
    said = text_of(course.reports / "class.html")
    assert "19 submissions by 19 of 19 students" in said
    assert "4 submissions: 0 to 10 points, median 4" in page
    assert re.search(r"scale_pixels maps 0\.\.255 to 0\.\.1 in float32\s*who failed it\s*bo\.\s*1 of 3", said)
    assert "divided-by-256: 1 submission." in said


def test_the_instructor_sees_accuracies_beside_the_threshold(course):
    threshold = calibrations()["dense"].threshold
    page = (course.reports / "class.html").read_text("utf-8")
    above = sum(0.90 + 0.005 * number >= threshold for number in range(12))
    assert f"{above} of 12 accuracies reach the threshold of {threshold:.0%}" in page
    assert page.count('class="dot"') == 12


def test_the_instructor_learns_what_to_review_and_why(course):
    said = text_of(course.reports / "class.html")
    assert "too_perfect: s11. The accuracy is far above what the reference solution reaches." in said
    assert "self-reported: s11. The model could not be rebuilt" in said
    assert "gus invalid: dense.py contains NUL bytes." in said
    assert re.search(r"With remarks dee crashed: ", said)
    assert f"eve grader error: {FAULT}" in said
    assert "not graded" in said


def test_the_instructor_reads_the_isolation_and_what_it_does_not_stop(course):
    tier = next(tier for tier in STOPS_NOT if f"Isolation: {tier}" in text_of(course.reports / "class.html"))
    assert STOPS_NOT[tier][1:] in text_of(course.reports / "class.html")


@pytest.mark.parametrize(("tier", "is_first"), [("namespaces", False), ("landlock", True)])
def test_the_isolation_comes_last_unless_it_is_weak(tmp_path, tier, is_first):
    folder = CourseFolder(tmp_path)
    save(folder, record("ada", "pixels", verdict(isolation=tier)))
    assert digits("class", "report", tmp_path).returncode == 0
    said = text_of(folder.reports / "class.html")
    assert (said.index(f"Isolation: {tier}") < said.index("Points")) == is_first
    assert said.count("Isolation: ") == 1


def test_what_needs_attention_is_a_line_for_each_exercise(course):
    said = text_of(course.reports / "class.html")
    attention = said.partition("Needs attention")[2].partition("Points")[0]
    assert "Pixels: what a digit is to a computer: 1 with a remark, 15 not submitted" in attention
    assert ": 2 not graded (the grader failed), 1 could not be read, 1 flagged, 4 not submitted" in attention


def test_what_did_not_run_is_told_beside_what_failed(course):
    said = text_of(course.reports / "class.html")
    assert "Checks, the hardest first 1 submission did not run and is not in these counts." in said
    assert said.index("1 submission did not run") < said.index("1 of 3")


def test_signs_have_a_legend_and_nothing_submitted_is_a_dash(course):
    page = (course.reports / "class.html").read_text("utf-8")
    legend = dict(re.findall(r"<dt>(.)</dt><dd>([^<]*)</dd>", page))
    assert legend == {"–": "not submitted", "✎": "points set by hand", "!": "needs attention, see below"}
    assert '<span class="soft">–</span>' in page
    assert "none" not in text_of(course.reports / "class.html")


def test_students_of_one_name_are_told_apart_by_their_folders_in_gray(tmp_path):
    folder = CourseFolder(tmp_path)
    for name in ("al1", "al2", "bo"):
        save(folder, record(name, "pixels", verdict()))
    folder.roster.write_text("student,first_name,last_name\nal1,Ada,Lovelace\nal2,Ada,Lovelace\nbo,Bo,Lovelace\n")
    assert digits("class", "report", tmp_path).returncode == 0
    page = (folder.reports / "class.html").read_text("utf-8")
    assert set(re.findall(r'</a> <span class="soft">\(<bdi>(\w+)</bdi>\)', page)) == {"al1", "al2"}


# In a browser


def test_pages_fit_the_screen_and_are_accessible(course, open_page):
    from axe_playwright_python.sync_playwright import Axe

    axe, looks = Axe(), product((390, DESK), ("light", "dark"))
    for (width, scheme), name in product(looks, ("class", "students/bo", "students/dee", "similar")):
        page = open_page(course.reports / f"{name}.html", width, scheme)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}, {width}, {scheme}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")
        page.close()


def test_labels_and_values_of_a_check_are_two_columns(course, open_page):
    page = open_page(student(course, "bo"))

    def left(words: str) -> float:
        return page.get_by_text(words, exact=True).first.bounding_box()["x"]

    labels = {left(label) for label in ("called", "returned", "expected", "mistake", "question")}
    values = {left("What should full ink, 255, become?"), left("scale_pixels(uint8 (4, 28, 28))")}
    assert len(labels) == len(values) == 1
    assert max(labels) < min(values)


def test_on_a_phone_the_table_scrolls_shows_so_and_breaks_no_name(tmp_path, open_page):
    folder, name = CourseFolder(tmp_path), "McQuoteface-Wolfeschlegelsteinhausen"
    for slug in ("pixels", "softmax_regression", "dense"):
        save(folder, record("ada", slug, verdict(slug)))
    folder.roster.write_text(f"student,first_name,last_name\nada,Scratchsyntaxovich,{name}\n")
    assert digits("class", "report", tmp_path).returncode == 0
    page = open_page(folder.reports / "class.html", 390)
    table = page.locator(".wide")
    assert table.evaluate("each => each.scrollWidth > each.clientWidth")
    assert table.evaluate("each => getComputedStyle(each).backgroundAttachment").split(", ") == [
        *("local", "local"),
        *("scroll", "scroll"),
    ]
    lines = """each => { const text = each.firstChild, spread = document.createRange(); spread.selectNodeContents(text);
        return [...spread.getClientRects()].length }"""
    assert page.locator("tbody th bdi").evaluate(lines) <= 3  # it may break between words and at the hyphen


def test_pages_are_printed_black_on_white(course, open_page):
    page = open_page(course.reports / "class.html", DESK, "dark")
    page.emulate_media(media="print")
    colors = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert colors == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert page.pdf().startswith(b"%PDF")


def test_links_of_the_instructor_lead_to_the_students_pages(course, open_page):
    page = open_page(course.reports / "class.html")
    page.click("tbody th >> text=bo")
    assert page.title() == "Your results, bo"


@pytest.mark.parametrize("summary", ["who failed it", "who made it"])
def test_a_check_and_a_mistake_lead_to_the_exercise_on_a_students_page(course, open_page, summary):
    page = open_page(course.reports / "class.html")
    page.click(f"text={summary} >> nth=0")
    page.click(f"details:has-text('{summary}') >> text=bo")
    assert page.title() == "Your results, bo"
    assert page.url.endswith("#pixels")
    assert page.locator(":target").count() == 1


@pytest.mark.thorough
def test_no_name_or_text_becomes_part_of_a_page(hostile, open_page):
    """Every text is there as it was written, and adds no element and no attribute that acts."""
    page = open_page(hostile.reports / "class.html")
    shown = page.evaluate("[...document.querySelectorAll('tbody th a bdi')].map(bdi => bdi.textContent)")
    assert sorted(map(str.strip, shown)) == sorted(
        name.strip().replace("\r\n", "\n") for name in map(visible, NAMES.values())
    )
    for number, (matter, name) in enumerate(NAMES.items()):
        page = open_page(student(hostile, f"s{number:02d}"))
        text = visible(f"{matter}: {name}").replace("\r\n", "\n")
        assert page.locator("bdi", has_text=matter).first.evaluate("bdi => bdi.textContent") == text
        assert page.locator("script, iframe, object, form, [onerror], [onmouseover], [x]").count() == 0
        assert page.locator("img:not([src^='data:image/png'])").count() == 0


# Files


def test_every_name_gets_a_file_of_its_own_that_any_system_can_hold(tmp_path):
    folder = CourseFolder(tmp_path)
    names = [
        "ada",
        "Ada",
        "ADA",
        "con",
        "aux",
        "ada lovelace",
        "ada-lovelace",
        "Ada Lovelace",
        "x" * 200,
        "é",
        "e",
        "李",
    ]
    names += [".hidden", "-rf", "a:b", "a?b", "a\\b", "trailing.", "trailing ", "<b>", "=1+1", "a\nb"]
    for name in names:
        write_record(folder, record(name, "pixels", verdict()))
    assert digits("class", "report", tmp_path).returncode == 0
    files = [path.name for path in (folder.reports / "students").iterdir()]
    assert len({file.lower() for file in files}) == len(names)
    for file in files:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,70}\.html", file)
        assert file.partition(".")[0] not in {"con", "aux"} or file.count(".") == 2
    page = (folder.reports / "class.html").read_text("utf-8")
    assert {link.removeprefix("students/") for link in re.findall(r'href="(students/[^"#]*)', page)} == set(files)


def test_pages_are_replaced_and_leave_no_drafts(tmp_path):
    folder = CourseFolder(tmp_path)
    for score in (3.0, 1.0):
        told = replace(verdict(), checks=[replace(checks("")[0], points=score)])
        save(folder, record("ada", "pixels", told))
        assert digits("class", "report", cwd=tmp_path).returncode == 0
        assert f"{score:g} of 10 points" in text_of(student(folder, "ada"))
    assert [path.name for path in folder.reports.rglob("*") if path.is_file()] == ["class.html", "ada.html"]


def test_a_result_without_a_submission_gets_no_page_and_is_told(tmp_path):
    folder = CourseFolder(tmp_path)
    for student in ("ada", "ben"):
        save(folder, record(student, "pixels", verdict()))
    assert "left out" not in digits("class", "report", tmp_path).stdout
    shutil.rmtree(folder.submitted / "ben")
    said = " ".join(digits("class", "report", tmp_path).stdout.split())
    assert "left out 1 result belongs to no submission: ben, pixels" in said
    assert [path.name for path in (folder.reports / "students").iterdir()] == ["ada.html"]


def test_names_come_from_the_roster(tmp_path):
    folder = CourseFolder(tmp_path)
    save(folder, record("al123", "pixels", verdict()))
    folder.roster.write_text("\ufeffstudent;first_name;last_name\nal123;Ada;Lovelace\n", "utf-8")
    assert digits("class", "report", tmp_path).returncode == 0
    assert "Ada Lovelace" in text_of(student(folder, "al123"))
    assert "al123" not in text_of(folder.reports / "class.html")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("roster", "sentence"),
    [
        (b"name,email\nada,a@b\n", "has no column student"),
        (b"student\nada\nada\n", "line 3: ada is in the file twice"),
        (b"student\n\xff\xfe\n", "is not UTF-8 text"),
    ],
)
def test_a_roster_that_cannot_be_read_is_a_sentence(tmp_path, roster, sentence):
    write_record(CourseFolder(tmp_path), record("ada", "pixels", verdict()))
    CourseFolder(tmp_path).roster.write_bytes(roster)
    finished = digits("class", "report", tmp_path)
    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert sentence in finished.stderr


def test_without_results_and_where_nothing_can_be_written_it_is_a_sentence(tmp_path):
    CourseFolder(tmp_path).submitted.mkdir()
    finished = digits("class", "report", tmp_path)
    assert finished.returncode == 2
    assert "There are no results in" in finished.stderr
    folder = CourseFolder(tmp_path)
    save(folder, record("ada", "pixels", verdict()))
    folder.reports.write_text("notes")
    finished = digits("class", "report", tmp_path)
    assert finished.returncode == 2
    assert "cannot be written" in finished.stderr
    assert folder.reports.read_text() == "notes"
