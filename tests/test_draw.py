"""`digits draw`: the page in a real browser, and its server as programs ask it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest
from conftest import REPOSITORY
from drawing import REFUSED, Draw, answer, open_page, open_part, stroke, until_loaded
from PIL import Image
from playwright.sync_api import expect
from servers import DIGITS
from test_lab import wait_until

from grader.course import CourseError
from grader.draw.drawings import SIDE, Drawings, load_drawings
from grader.draw.server.own import OwnNetworks
from grader.engine.judge.processors import descendants
from grader.handwriting.preparation import prepare_image
from grader.notebook import drawings

ANSWERED = re.compile(r"\d \(>?\d+\.\d%\)|Doubtful: \d")
PREPARATION = REPOSITORY / "solutions" / "13_own_handwriting.py"


@pytest.fixture(scope="module")
def draw(tmp_path_factory) -> Iterator[Draw]:
    folder = tmp_path_factory.mktemp("learner")
    (folder / "exercises").mkdir()
    running = Draw(folder)
    yield running
    running.stop()


@pytest.fixture
def page(browser, draw):
    """The page, loaded; it fails if it asks another host, or prints an error."""
    problems: list[str] = []
    opened = open_page(browser, draw.address, problems)
    yield opened
    opened.close()
    assert problems == []


# What one sees


def test_a_digit_is_read_while_it_is_drawn(page):
    assert answer(page) == ""
    assert page.locator(".digits-message").inner_text() == "Draw a digit."
    stroke(page)
    assert re.fullmatch(r"7 \(>?\d+\.\d%\)", answer(page))
    assert answer(page, side=1).startswith("7 ")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".digits-answer").first).to_have_text("")


def test_an_empty_page_has_no_answer_and_a_scribble_is_doubted(page):
    rng = np.random.default_rng(3)
    for _ in range(3):
        stroke(page, [tuple(point) for point in rng.uniform(0.1, 0.9, (9, 2))], steps=4)
    expect(page.locator(".digits-answer").first).to_have_text(re.compile(r"^Doubtful: \d$"))
    expect(page.locator(".digits-message")).to_have_text(re.compile(r"^(It|The) .*\.$"))


def test_where_and_how_large_one_draws_does_not_matter(page):
    small = [(x / 2.5, 0.6 + y / 2.5) for x, y in ((0.3, 0.25), (0.7, 0.25), (0.62, 0.45), (0.5, 0.8))]
    stroke(page, small)
    assert answer(page).startswith("7 ")


def test_every_network_of_the_course_can_be_chosen(page):
    stroke(page)
    network = page.get_by_label("Network 1").get_by_role("combobox")
    options = network.locator("option").all_inner_texts()
    assert [int(option.partition(":")[0]) for option in options] == [2, 2, 3, 4, 5, 6, 7, 10, 11, 14]
    for option in options:
        network.select_option(option)
        expect(page.locator(".digits-note").first).to_have_text(re.compile(r"^[\d,]+ .*, \d\d\.\d% of the test digits"))
        expect(page.locator(".digits-answer").first).to_have_text(re.compile("7 "))


def test_one_sees_the_stages_the_maps_and_the_evidence(page):
    page.get_by_label("Network 1").get_by_role("combobox").select_option("3: softmax regression")
    stroke(page)
    stages = page.locator(".digits-stages figure")
    assert stages.count() == 4
    assert stages.locator("visible=true").count() == 4
    why = open_part(page, "Why this answer? (network 1)")
    expect(why.locator("figcaption")).to_have_text(
        [
            "weights: blue for 7, orange against it",
            "what your ink adds to the score of 7",
            "cover a blue part, and 7 gets less likely; orange: more likely",
        ]
    )
    page.get_by_label("Network 1").get_by_role("combobox").select_option("10: two convolutions")
    inside = open_part(page, "Inside: how each layer responds (network 1)")
    captions = ["Conv2D, 5×5 kernels: 16 maps of 24×24", "MaxPooling2D: 16 maps of 12×12"]
    captions += ["Conv2D, 3×3 kernels: 32 maps of 10×10", "MaxPooling2D: 32 maps of 5×5"]
    captions += ["Dense: 64 units", "Dense: 10 units"]
    expect(inside.locator("figcaption")).to_have_text(captions)


def test_maps_are_silenced_by_mouse_and_by_keyboard(page):
    stroke(page)
    inside = open_part(page, "Inside: how each layer responds (network 1)")
    maps = inside.get_by_role("application").first
    maps.click(position={"x": 5, "y": 5})
    expect(page.locator(".digits-broken")).to_contain_text("1 map silenced")
    maps.press("ArrowRight")
    maps.press("Enter")
    expect(page.locator(".digits-broken")).to_contain_text("2 maps silenced")
    maps.press("Enter")
    expect(page.locator(".digits-broken")).to_contain_text("1 map silenced")
    open_part(page, "Break it").get_by_role("button", name="Undo all changes").click()
    expect(page.locator(".digits-broken")).to_have_text("")


def test_one_can_draw_with_the_keyboard_alone(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Paper: draw one digit here"
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".digits-answer").first).to_have_text(re.compile("^1 "))
    page.keyboard.press("Delete")
    expect(page.locator(".digits-answer").first).to_have_text("")


def test_a_finger_draws_and_the_page_stays_where_it_is(browser, draw):
    page = open_page(browser, draw.address, [], viewport={"width": 390, "height": 600}, has_touch=True)
    page.locator(".digits-paper canvas").scroll_into_view_if_needed()
    box, before = page.locator(".digits-paper canvas").bounding_box(), page.evaluate("scrollY")
    touches = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2
    touches.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 12):
        down = y + box["height"] * 0.05 * step
        touches.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": down}]})
    touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".digits-answer").first).to_have_text(re.compile("^1 "))
    assert page.evaluate("scrollY") == before
    page.close()


@pytest.mark.sampled
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_everyone_can_use_the_page(width, scheme, browser, draw):
    from axe_playwright_python.sync_playwright import Axe

    size = {"width": width, "height": 844}
    page = open_page(browser, draw.address, [], viewport=size, color_scheme=scheme, bypass_csp=True)
    for summary in page.locator("summary").all():
        if not summary.evaluate("(one) => one.parentNode.open"):
            summary.click()
    stroke(page)
    page.wait_for_timeout(500)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


# Break it

TEXTS = (
    "(all) => all.flatMap((one) => [...document.querySelectorAll(one)].map((found) => found.innerText)).filter(Boolean)"
)


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("title", "brief"),
    [
        ("Skip the preparation", "no preparation"),
        ("Shift the digit", "shifted digit"),
        ("Rotate the drawing", "rotated drawing"),
        ("Use a thicker pen", "other pen"),
        ("Add noise", "noise"),
        ("Round the weights", "rounded weights"),
        ("Remove the biases", "no biases"),
        ("Silence half the filters (network 1)", "half of the filters silenced"),
    ],
)
def test_breaking_it_asks_for_a_prediction_first(title, brief, page):
    part = open_part(page, "Break it").locator("details", has=page.get_by_text(title, exact=True))
    part.locator("summary").click()
    part.get_by_text("It will change").click()
    expect(part.locator(".digits-result")).to_have_text("Draw a digit first.")
    stroke(page)
    bars = page.locator(".digits-bars").first
    before = bars.get_attribute("aria-label")
    assert not part.locator(".digits-knob").is_visible()
    part.get_by_text("It will change").click()
    part.locator(".digits-knob").wait_for()
    assert part.locator(".digits-result").inner_text().startswith(("You were right: ", "Not this time: "))
    assert page.locator(".digits-broken").inner_text() == f"Broken on purpose: {brief}."
    first, second, now, *_ = page.evaluate(TEXTS, [".digits-answer", ".digits-knob + .digits-now"])  # at one moment
    assert now == f"Now: {first}; network 2: {second}"
    assert part.locator(".digits-knob").evaluate("(knob) => knob.contains(document.activeElement)")
    page.get_by_role("button", name="Undo all changes").click()
    expect(bars).to_have_attribute("aria-label", before)
    assert page.locator(".digits-broken").inner_text() == ""
    assert part.get_by_text("It will change").is_visible()


def test_a_click_draws_a_dot_and_an_empty_page_is_not_kept(page, kept):
    paper = page.locator(".digits-paper canvas")
    paper.click(position={"x": 5, "y": 5})
    expect(page.locator(".digits-answer").first).not_to_have_text("")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Keep as 3").click()
    expect(page.locator(".digits-message")).to_have_text("Draw a digit first. Then choose which digit it is.")
    assert kept.all() == []
    kept.keep(np.full((SIDE, SIDE), 255, np.uint8), 3)
    with chdir(kept.folder.parents[1]):
        assert drawings()[0].shape == (0, 28, 28)  # and no error, if one has come there otherwise


def test_each_question_is_about_one_change(page):
    stroke(page)
    breaking = open_part(page, "Break it")
    for title in ("Shift the digit", "Rotate the drawing"):
        part = breaking.locator("details", has=page.get_by_text(title, exact=True))
        part.locator("summary").click()
        part.get_by_text("It will change").click()
        part.locator(".digits-knob").wait_for()
    assert page.locator(".digits-broken").inner_text() == "Broken on purpose: rotated drawing."


def test_what_cannot_be_broken_is_said(page):
    page.get_by_label("Network 1").get_by_role("combobox").select_option("3: softmax regression")
    stroke(page)
    title = "Silence half the filters (network 1)"
    part = open_part(page, "Break it").locator("details", has=page.get_by_text(title, exact=True))
    part.locator("summary").click()
    part.get_by_text("It will change").click()
    expect(part.locator(".digits-result")).to_have_text("This network has no hidden layer to silence.")


def test_another_network_has_other_maps(page):
    stroke(page)
    open_part(page, "Inside: how each layer responds (network 1)").get_by_role("application").first.click()
    expect(page.locator(".digits-broken")).to_contain_text("1 map silenced")
    page.get_by_label("Network 1").get_by_role("combobox").select_option("10: two convolutions")
    expect(page.locator(".digits-broken")).to_have_text("")


# Keep it


@pytest.fixture
def kept(draw):
    """Nothing is kept before a test, and nothing after it."""
    drawings = Drawings(draw.folder)
    yield drawings
    shutil.rmtree(drawings.folder, ignore_errors=True)


def test_drawings_are_kept_with_their_labels(page, draw, kept):
    stroke(page)
    collection = open_part(page, "Your own test set (network 1)")
    page.get_by_label("Keep as 7").click()
    expect(page.locator(".digits-message")).to_have_text("Kept as 7. You now have 1 drawing.")
    pictures, labels = load_drawings(draw.folder)
    assert labels.tolist() == [7]
    assert pictures.shape == (1, SIDE, SIDE)
    assert pictures.min() < 30
    assert np.median(pictures) > 220
    expect(collection).to_contain_text("reads 1 of your 1 drawing correctly (100.0%).")
    stroke(page)
    page.get_by_label("Keep as 4").click()
    page.reload()
    until_loaded(page)
    collection = open_part(page, "Your own test set (network 1)")
    expect(collection).to_contain_text("reads 1 of your 2 drawings correctly (50.0%).")
    expect(collection).to_contain_text("9.5% to 90.5%")  # Wilson's interval
    collection.get_by_role("button", name="Delete your 4, read as 7").click()
    expect(collection.get_by_role("button", name="Delete your 7, read as 7")).to_be_focused()
    expect(collection).to_contain_text("reads 1 of your 1 drawing")
    assert [drawing.label for drawing in kept.all()] == [7]


def test_kept_drawings_can_be_used_in_lessons_and_predicted(page, draw, kept):
    for label in (7, 7):
        stroke(page)
        page.get_by_label(f"Keep as {label}").click()
        expect(page.locator(".digits-message")).to_contain_text(f"Kept as {label}.")
    code = (
        "from grader.notebook import drawings; digits, labels = drawings(); print(digits.shape, digits.dtype, labels)"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=draw.folder, capture_output=True, text=True, check=True)
    assert shown.stdout == "(2, 28, 28) uint8 [7 7]\n"
    shown = subprocess.run(
        [DIGITS, "predict", ".digits/drawings"], cwd=draw.folder, capture_output=True, text=True, check=True
    )
    assert len(re.findall("a 7, probability", " ".join(shown.stdout.split()))) == 2


def test_a_server_that_has_stopped_is_told_and_nothing_old_is_shown(tmp_path, browser):
    running = Draw(tmp_path)
    page = open_page(browser, running.address, [])
    stroke(page)
    running.stop()
    sentence = "The server has stopped. Run ./digits draw again and open the new address."
    page.get_by_label("Network 1").get_by_role("combobox").select_option("5: a dense network in Keras")
    expect(page.locator(".digits-note").first).to_have_text(sentence)
    expect(page.locator(".digits-answer").first).to_have_text("")
    for part in ("Inside: how each layer responds (network 1)", "Why this answer? (network 1)"):
        expect(open_part(page, part)).to_contain_text(sentence)
    page.get_by_label("Keep as 7").click()
    expect(page.locator(".digits-message")).to_have_text(sentence)
    assert answer(page, side=1).startswith("7 ")  # the drawing is still there
    page.close()


# The learner's own

NETWORKS = """
import keras
from keras import layers

def save(name, *middle):
    keras.utils.set_random_seed(0)
    keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *middle, layers.Dense(10)]).save(name)

save("dense.keras", layers.Dense(16, activation="relu"))
save("dense2.keras", layers.Dense(16, activation="relu", kernel_initializer="zeros"))
save("unknown.keras", layers.LayerNormalization())
keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(9)]).save("nine.keras")
"""


@pytest.fixture(scope="module")
def networks(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("networks")
    subprocess.run([sys.executable, "-c", NETWORKS], cwd=folder, check=True, capture_output=True)
    (folder / "text.keras").write_text("weights")
    return folder


@pytest.fixture
def models(draw):
    folder = draw.folder / "models"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.mark.trains
def test_ones_own_network_can_be_chosen_as_soon_as_it_is_saved(page, models, networks):
    stroke(page)
    shutil.copy(networks / "dense.keras", models)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    network = page.get_by_label("Network 1").get_by_role("combobox")
    expect(network.locator("option", has_text="my dense")).to_have_count(1)
    network.select_option("my dense")
    note = page.locator(".digits-note").first
    expect(note).to_have_text(re.compile(r"^Reads \d+\.\d% of 500 test digits correctly\."), timeout=60_000)
    bars = page.locator(".digits-bars").first
    first = bars.get_attribute("aria-label")
    open_part(page, "Inside: how each layer responds (network 1)").get_by_text("Dense: 16 units").wait_for()
    shutil.copy(networks / "dense2.keras", models / "dense.keras")  # it is trained and saved again
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(bars).not_to_have_attribute("aria-label", first, timeout=60_000)
    page.reload()
    expect(network).to_have_value("own:dense")
    expect(page.get_by_label("Network 2").get_by_role("combobox")).to_have_value("05_dense")


@pytest.mark.trains
def test_what_the_page_cannot_compute_the_server_answers(page, models, networks):
    shutil.copy(networks / "unknown.keras", models)
    page.reload()
    note = page.locator(".digits-note").first
    expect(note).to_have_text(re.compile("Python computes each answer"), timeout=60_000)
    stroke(page)
    expect(page.locator(".digits-answer").first).to_have_text(ANSWERED, timeout=60_000)
    inside = open_part(page, "Inside: how each layer responds (network 1)")
    expect(inside).to_contain_text("Python runs this network")


@pytest.mark.trains
@pytest.mark.parametrize(("name", "words"), [("text", "cannot be loaded"), ("nine", "ten finite numbers")])
def test_a_file_that_is_no_network_gets_a_sentence(name, words, draw, models, networks):
    shutil.copy(networks / f"{name}.keras", models)
    status, sentence = draw.ask(f"networks/own:{name}")
    assert status == 409
    assert words in sentence
    assert re.fullmatch(r"[A-Z][^\n]+\.", sentence)


@pytest.mark.trains
def test_a_network_that_has_failed_is_opened_again(tmp_path, networks, engine):
    (tmp_path / "models").mkdir()
    shutil.copy(networks / "unknown.keras", tmp_path / "models")
    own, digit = OwnNetworks(tmp_path, engine), np.zeros((28, 28), np.uint8)
    before = own.probabilities("unknown", digit)
    own._opened[1].close()  # as if the machine had ended it
    with pytest.raises(CourseError, match="fails on a digit"):
        own.probabilities("unknown", digit)
    assert np.allclose(own.probabilities("unknown", digit), before)
    own.close()


@pytest.fixture
def preparation(draw):
    """The learner's file of lesson 13."""
    path = draw.folder / "exercises" / PREPARATION.name
    yield path
    path.unlink(missing_ok=True)


def test_ones_own_preparation_replaces_the_courses(browser, draw, preparation):
    shutil.copy(PREPARATION, preparation)
    problems: list[str] = []
    page = open_page(browser, draw.address, problems)
    stroke(page)
    before = page.locator(".digits-bars").first.get_attribute("aria-label")
    own = page.get_by_label("Use my own prepare_image")
    own.check()
    page.wait_for_timeout(500)
    expect(page.locator(".digits-bars").first).to_have_attribute("aria-label", before, timeout=60_000)
    preparation.write_text("def prepare_image(image):\n    return image[::8, ::8]\n")  # saved: as it is now
    stroke(page)
    expect(page.locator(".digits-answer").first).not_to_have_text(re.compile("^7 "))
    for body, sentence in {
        "): raise NotImplementedError": "You have not written prepare_image yet. It belongs in exercises/13_own_",
        "): return 1 / 0": "Your prepare_image stopped with ZeroDivisionError: ",
        "): return image": "Your prepare_image returned uint8 (224, 224), ",
        ": return image": "exercises/13_own_handwriting.py stopped with SyntaxError: ",
    }.items():
        preparation.write_text(f"def prepare_image(image{body}\n")
        stroke(page)
        expect(page.locator(".digits-message")).to_contain_text(sentence)
        assert answer(page) == ""
    page.close()
    assert [problem for problem in problems if "409" not in problem] == []


@pytest.mark.trains
def test_what_failed_leaves_no_process_and_no_thread(draw, preparation, models, networks):
    shutil.copy(networks / "nine.keras", models)
    page, counts = bytes(SIDE * SIDE), []
    for number in range(10):
        preparation.write_text(f"def prepare_image(image):\n    return {number}\n" if number % 3 else "1 / 0\n")
        assert draw.ask("prepare", page)[0] == 409
        assert draw.ask("networks/own:nine")[0] == 409
        threads = len(list(Path(f"/proc/{draw.process.pid}/task").iterdir()))
        counts.append(threads + len(list(descendants(draw.process.pid))))
    assert max(counts) - min(counts) < 5, counts  # what leaks one for each failure has twenty more in the end


def test_the_servers_preparation_is_the_learners_own(draw, preparation):
    shutil.copy(PREPARATION, preparation)
    page = np.full((SIDE, SIDE), 255, np.uint8)
    page[40:180, 100:120] = 0
    status, text = draw.ask("prepare", page.tobytes())
    assert status == 200
    assert np.array_equal(np.array(eval(text)).reshape(28, 28), prepare_image(page))


# The server


def test_it_answers_to_nobody_else(draw):
    port = draw.address.split(":")[2].split("/")[0]
    own = f"http://127.0.0.1:{port}"
    assert draw.ask("start", Host=f"localhost:{port}")[0] == 200
    assert draw.ask("start", Origin=own)[0] == 200
    for headers in ({"Host": f"evil.example:{port}"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        status, sentence = draw.ask("start", **headers)
        assert status == 403, headers
        assert re.fullmatch(r"[A-Z][^\n]+\.", sentence)
    for path in ("", "start", "x" * 32 + "/start", "../etc/passwd"):
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{own}/{path}", timeout=60)
        assert raised.value.code == 403
        assert "has no key" in raised.value.read().decode()


@pytest.mark.parametrize("what", ["connect-src", "img-src", "script-src-elem"])
def test_its_policy_refuses_other_places_and_other_scripts(what, browser, draw):
    page = open_page(browser, draw.address, [])
    assert page.evaluate(REFUSED, what) == what
    page.close()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("drawings?label=7", b"", 400),
        ("drawings?label=7", b"x" * 50_175, 400),
        ("drawings?label=7", b"x" * 900_000, 400),
        ("drawings?label=10", b"\0" * SIDE * SIDE, 400),
        ("drawings?label=", b"\0" * SIDE * SIDE, 400),
        ("drawings?label=../7", b"\0" * SIDE * SIDE, 400),
        ("drawings/..%2F..%2Fsecret.png", None, 404),
        ("drawings/7_none.png", None, 404),
        ("networks/own:none", None, 409),
        ("networks/own:..%2F..%2Fsecret", None, 409),
        ("networks/none", None, 404),
        ("predict/own:none", b"\0" * 784, 409),
        ("predict/own:none", b"\0" * 783, 400),
        ("prepare", b"\0", 400),
        ("server.py", None, 404),
        ("..%2Fserver.py", None, 404),
    ],
)
def test_what_it_cannot_answer_gets_one_sentence(path, body, status, draw):
    answered, sentence = draw.ask(path, body)
    assert answered == status
    assert re.fullmatch(r"[A-Z0-9][^\n]{10,200}\.", sentence)
    assert not list(draw.folder.glob(".digits/drawings/*"))


def test_what_lies_among_the_drawings_stops_nobody(draw, kept, page):
    """Pipes, links to nothing, folders, huge files and damaged ones, under the names of drawings."""
    stroke(page)
    page.get_by_label("Keep as 7").click()
    expect(page.locator(".digits-message")).to_contain_text("Kept as 7.")
    os.mkfifo(kept.folder / "1_pipe.png")
    (kept.folder / "1_link.png").symlink_to("/none")
    (kept.folder / "1_secret.png").symlink_to("/etc/hostname")
    (kept.folder / "1_folder.png").mkdir()
    (kept.folder / "4_text.png").write_text("no picture")
    with (kept.folder / "1_huge.png").open("wb") as file:
        file.truncate(2 << 30)
    for name in ("pipe", "link", "secret", "folder", "huge"):
        status, sentence = draw.ask(f"drawings/1_{name}.png")
        assert (status, sentence) == (404, "This drawing no longer exists. Reload the page.")
        assert draw.ask(f"drawings/1_{name}.png", method="DELETE")[0] == 200
        assert os.path.lexists(kept.folder / f"1_{name}.png")
    page.reload()
    until_loaded(page)
    expect(open_part(page, "Your own test set (network 1)")).to_contain_text("reads 1 of your 1 drawing")
    assert load_drawings(draw.folder)[1].tolist() == [7]


def test_the_key_is_not_seen_among_the_programs_that_run(tmp_path, chromium):
    """A browser gets a file that only its owner can read; one that stays in front holds nothing up."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\nexec sleep 60 > /dev/null 2>&1\n')
    browser.chmod(0o755)
    running = Draw(tmp_path, "--browser", BROWSER=str(browser))
    wait_until((tmp_path / "opened").is_file)
    assert running.ask("start")[0] == 200
    opened = (tmp_path / "opened").read_text().strip()
    key = running.address.split("/")[3]
    assert key not in opened
    page = Path(urllib.parse.urlsplit(opened).path)
    assert page.stat().st_mode & 0o777 == 0o600
    assert f"url={running.address}" in page.read_text()
    assert "Traceback" not in running.stop()
    assert not page.exists()


def test_many_connections_use_nothing_up(draw):
    """Other programs hold as many connections as they like; the page's are answered as soon as these are closed."""
    host, port = draw.address.split("/")[2].split(":")
    held = []
    for _ in range(300):
        held.append(socket.create_connection((host, int(port)), timeout=60))
        held[-1].sendall(b"GET / HT")
    open_files = len(list(Path(f"/proc/{draw.process.pid}/fd").iterdir()))
    for each in held:
        each.close()
    assert open_files < 150
    wait_until(lambda: answers(draw))


def answers(draw: Draw) -> bool:
    try:
        return draw.ask("start")[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize(
    ("line", "status"),
    [("PUT {key}start", 405), ("GET http://evil.example/", 403), ("OPTIONS *", 403), ("GET /%zz", 403)],
)
def test_every_kind_of_request_is_answered_with_a_sentence(line, status, draw):
    place = urllib.parse.urlsplit(draw.address)
    with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
        asked = line.format(key=place.path)
        connection.sendall(f"{asked} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
        head, _, sentence = b"".join(iter(lambda: connection.recv(4096), b"")).decode().partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert "Content-Security-Policy: default-src 'none'" in head
    assert re.fullmatch(r"[A-Z][^\n<]+\.", sentence)


def test_files_that_are_no_drawings_are_left_out(tmp_path):
    drawings = Drawings(tmp_path)
    drawings.keep(np.full((SIDE, SIDE), 255, np.uint8), 3)
    Image.new("L", (10, 10)).save(drawings.folder / "4_small.png")
    (drawings.folder / "5_text.png").write_text("no picture")
    (drawings.folder / "notes.txt").write_text("mine")
    pictures, labels = load_drawings(tmp_path)
    assert pictures.shape == (1, SIDE, SIDE)
    assert labels.tolist() == [3]
    assert load_drawings(tmp_path / "elsewhere")[0].shape == (0, SIDE, SIDE)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_line(number, tmp_path):
    running = Draw(tmp_path)
    assert "Traceback" not in running.stop(number)
    assert running.process.returncode == 0
