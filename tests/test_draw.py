"""`digits draw`: the page in a real browser, and its server as programs ask it."""

import base64
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import REPOSITORY
from PIL import Image
from playwright.sync_api import expect

from grader.authoring.draw_networks import computed_elsewhere
from grader.data import load_mnist
from grader.draw.course_networks import FAMILIAR, course_networks
from grader.draw.drawings import SIDE, load_drawings
from grader.draw.packing import unpack
from grader.draw.server.app import FILES
from grader.handwriting.preparation import prepare_image, to_grayscale

DIGITS = Path(sys.executable).with_name("digits")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]{32}/")
NETWORKS = course_networks()
SEVEN = [(0.3, 0.25), (0.7, 0.25), (0.62, 0.45), (0.5, 0.8)]
PHOTOGRAPHS = sorted((REPOSITORY / "grader" / "data" / "photographs").glob("[0-9]*"))


class Draw:
    """A running `digits draw` in a learner's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [DIGITS, "draw", "--no-browser"],
            cwd=folder,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.printed = ""
        while not (found := ADDRESS.search(self.printed)):
            line = self.process.stdout.readline()
            assert line, self.printed
            self.printed += line
        self.address = found[0]

    def ask(self, path: str, body: bytes | None = None, method: str | None = None, **headers: str) -> tuple[int, str]:
        """The status and the text of an answer; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, body, named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self) -> str:
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        return self.printed + rest


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
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", lambda request: check_host(request.url, draw.address, problems))
    opened.goto(draw.address)
    until_loaded(opened)
    yield opened
    opened.close()
    assert problems == []


def until_loaded(page) -> None:
    expect(page.locator(".digits-note").nth(1)).to_have_text(re.compile("test digits"), timeout=30_000)


def check_host(url: str, address: str, problems: list[str]) -> None:
    if not url.startswith((address, "data:", "blob:")):
        problems.append(f"asked {url}")


def stroke(page, points=SEVEN, steps=10) -> None:
    """Draw with the mouse, through points in 0..1 of the paper."""
    box = page.locator(".digits-paper canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=steps)
    page.mouse.up()


def answer(page, side=0) -> str:
    return page.locator(".digits-answer").nth(side).inner_text()


def text_of_bytes(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


# The same numbers


@pytest.mark.browser
@pytest.mark.trains
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.id)
def test_the_page_computes_what_keras_computes(network, page):
    """On 1,000 test digits, each probability within 1e-5."""
    (_, _), (images, _) = load_mnist()
    digits = images[::10]
    computed = page.evaluate(
        """async ([id, text]) => {
            const { Network } = await import("./network.js");
            const network = await Network.read(await (await fetch(`networks/${id}`)).arrayBuffer());
            const digits = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
            const rows = [];
            for (let at = 0; at < digits.length; at += 784) rows.push([...network.run(digits.subarray(at, at + 784))]);
            return rows;
        }""",
        [network.id, text_of_bytes(digits)],
    )
    expected = computed_elsewhere(unpack(network.path.read_bytes())[0], digits)
    assert np.abs(np.array(computed) - expected).max() < 1e-5


def drawings(count: int) -> list[np.ndarray]:
    """Pages with test digits of many sizes in many places, as a canvas has them."""
    (_, _), (images, _) = load_mnist()
    rng = np.random.default_rng(17)
    pages = []
    for digit in images[rng.choice(len(images), count, replace=False)]:
        side = int(rng.integers(50, 200))
        large = np.array(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC))
        page = np.zeros((SIDE, SIDE), np.uint8)
        top, left = rng.integers(0, SIDE - side, 2)
        page[top : top + side, left : left + side] = large
        pages.append(255 - page)
    return pages


@pytest.mark.browser
def test_the_page_prepares_as_the_reference_does(page):
    """200 drawings and the simulated photographs: each of the 784 levels within two."""
    pictures = drawings(200) + [to_grayscale(np.array(Image.open(path))) for path in PHOTOGRAPHS]
    assert len(pictures) > 230
    prepared = page.evaluate(
        """async (pictures) => {
            const { prepare } = await import("./preparation.js");
            return pictures.map(([height, width, text]) => {
                const values = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
                return [...prepare({ height, width, values }).digit.values];
            });
        }""",
        [[*picture.shape, text_of_bytes(picture)] for picture in pictures],
    )
    for picture, levels in zip(pictures, prepared, strict=True):
        assert np.abs(prepare_image(picture).ravel().astype(int) - levels).max() <= 2


# What one sees


@pytest.mark.browser
def test_a_digit_is_read_while_it_is_drawn(page):
    assert answer(page) == ""
    assert page.locator(".digits-message").inner_text() == "Draw a digit."
    stroke(page)
    assert re.fullmatch(r"7 \((> )?\d+\.\d%\)", answer(page))
    assert answer(page, side=1).startswith("7 ")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".digits-answer").first).to_have_text("")


@pytest.mark.browser
def test_an_empty_page_has_no_answer_and_a_scribble_is_doubted(page):
    rng = np.random.default_rng(3)
    for _ in range(3):
        stroke(page, [tuple(point) for point in rng.uniform(0.1, 0.9, (9, 2))], steps=4)
    assert answer(page).startswith("Probably no digit")
    assert page.locator(".digits-message").inner_text().endswith((".", "!"))


@pytest.mark.browser
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


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_everyone_can_use_the_page(width, scheme, browser, draw):
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    page.goto(draw.address)
    until_loaded(page)
    for summary in page.locator("summary").all():
        if not summary.evaluate("(one) => one.parentNode.open"):
            summary.click()
    stroke(page)
    page.wait_for_timeout(500)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.browser
def test_breaking_it_asks_for_a_prediction_first(page):
    stroke(page)
    page.get_by_text("Break it").click()
    page.get_by_text("Rounded weights").click()
    part = page.locator(".digits-breaking details", has_text="Rounded weights")
    assert not part.locator("select").is_visible()
    part.get_by_text("It changes.").click()
    part.locator("select").wait_for()
    told = part.locator(".digits-result").inner_text()
    assert told.startswith(("You were right: ", "Not this time: "))
    assert "Rounded weights" in page.locator(".digits-broken").inner_text()
    before = answer(page)
    page.get_by_role("button", name="Undo all changes").click()
    expect(page.locator(".digits-answer").first).not_to_have_text(before)
    assert page.locator(".digits-broken").inner_text() == ""


@pytest.mark.browser
def test_drawings_are_kept_with_their_labels(page, draw):
    stroke(page)
    page.get_by_text("Your own test set").click()
    page.get_by_label("That was a 7").click()
    expect(page.locator(".digits-message")).to_have_text("Kept as a 7. You have 1.")
    pictures, labels = load_drawings(draw.folder)
    assert labels.tolist() == [7]
    assert pictures.shape == (1, SIDE, SIDE)
    assert pictures.min() < 30
    assert np.median(pictures) > 220
    expect(page.locator(".digits-collection")).to_contain_text("1 of your 1")
    page.reload()
    until_loaded(page)
    page.get_by_text("Your own test set").click()
    expect(page.locator(".digits-collection")).to_contain_text("1 of your 1")
    shutil.rmtree(draw.folder / ".digits" / "drawings")


# The server


def test_it_answers_to_nobody_else(draw):
    port = draw.address.split(":")[2].split("/")[0]
    own = f"http://127.0.0.1:{port}"
    assert draw.ask("start", Host=f"localhost:{port}")[0] == 200
    assert draw.ask("start", Origin=own)[0] == 200
    for headers in ({"Host": f"evil.example:{port}"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        status, sentence = draw.ask("start", **headers)
        assert status == 403, headers
        assert re.fullmatch(r"[A-Z][^.]+\.", sentence)
    for path in ("", "start", "x" * 32 + "/start", "../etc/passwd"):
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{own}/{path}", timeout=60)
        assert raised.value.code == 403
        assert "holds a key" in raised.value.read().decode()


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


def test_page_module_and_networks_are_small():
    files = [*FILES.values(), FAMILIAR, *(network.path for network in NETWORKS)]
    assert sum(path.stat().st_size for path in files) <= 400_000


def test_ctrl_c_ends_it_with_a_line(tmp_path):
    running = Draw(tmp_path)
    assert "Traceback" not in running.stop()
    assert running.process.returncode == 0
