"""The page for drawing in its two other places: as files, without any server, and in a notebook."""

import re

import numpy as np
import pytest
from drawing import REFUSED, answer, check_place, open_page, open_part, stroke, until_loaded
from playwright.sync_api import expect
from test_lab import SOON, Lab, make_folder

from grader.course import CourseError
from grader.draw.drawings import SIDE, Drawings
from grader.draw.static import write_page
from grader.draw.widget import DrawWidget, network_of
from grader.notebook import draw

# As files


@pytest.fixture
def files(tmp_path):
    write_page(tmp_path / "a folder, ünd more")
    return (tmp_path / "a folder, ünd more" / "index.html").as_uri()


def test_the_page_works_from_a_folder(files, browser):
    problems: list[str] = []
    page = open_page(browser, files, problems)
    assert page.get_by_label("Network 1").get_by_role("combobox").locator("option").count() == 10
    stroke(page)
    assert answer(page).startswith("7 ")
    collection = open_part(page, "Your own test set (network 1)")
    page.get_by_label("Keep as 7").click()
    expect(collection).to_contain_text("reads 1 of your 1 drawing")
    page.reload()
    until_loaded(page)
    expect(open_part(page, "Your own test set (network 1)")).to_contain_text("reads 1 of your 1 drawing")
    page.get_by_label("Network 1").get_by_role("combobox").select_option("2: three nearest neighbors")
    expect(page.locator(".digits-note").first).to_contain_text("800 stored digits")
    page.close()
    assert problems == []


@pytest.mark.parametrize("what", ["connect-src", "img-src", "script-src-elem"])
def test_its_policy_refuses_other_places_and_other_scripts(what, files, browser):
    page = open_page(browser, files, [])
    assert page.evaluate(REFUSED, what) == what
    page.close()


# In a notebook

CELL = """
import keras
import numpy as np
from grader.notebook import draw
from keras import layers
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.LayerNormalization(), layers.Dense(10)])
draw(np.eye(10, 784), elsewhere=model, prepare=lambda page: 255 - page[::8, ::8])
"""


def run_cell(page, code: str) -> None:
    """Run code in a new cell below the first one."""
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    for key in ("Escape", "b", "Enter"):
        page.keyboard.press(key)
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


@pytest.mark.thorough
@pytest.mark.trains
def test_a_cell_shows_the_page(tmp_path, browser):
    lab = Lab(make_folder(tmp_path))
    page = browser.new_page(viewport={"width": 1280, "height": 1300})
    page.set_default_timeout(SOON * 1000)
    problems: list[str] = []
    page.on("request", lambda request: check_place(request.url, lab.address.partition("?")[0], problems))
    page.goto(lab.address)
    page.get_by_role("heading", name="Lesson 1. Pixels").wait_for()
    page.get_by_text("Python 3 | Idle").wait_for()
    page.wait_for_timeout(1000)  # until then JupyterLab may lose what is asked of the kernel
    run_cell(page, CELL)
    until_loaded(page)
    network = page.get_by_label("Network 1").get_by_role("combobox")
    network.select_option("14: the capstone network")
    stroke(page)
    expect(page.locator(".digits-answer").first).to_have_text(re.compile("^7 "))
    cells = page.locator(".jp-Cell").count()
    page.locator(".digits-paper canvas").focus()
    for key in ("Delete", "ArrowUp", "ArrowUp", "ArrowUp", "Space", *["ArrowDown"] * 9, "Space", "d", "d"):
        page.keyboard.press(key)
    expect(page.locator(".digits-answer").first).to_have_text(re.compile("^1 "))
    assert page.locator(".jp-Cell").count() == cells  # JupyterLab has not taken the keys for its own
    page.get_by_label("Keep as 1").click()
    expect(page.locator(".digits-message")).to_have_text("Kept as 1. You now have 1 drawing.")
    assert [drawing.label for drawing in Drawings(lab.folder).all()] == [1]
    stroke(page)
    network.select_option("mine")
    expect(page.locator(".digits-note").first).to_have_text("Your network.")
    network.select_option("elsewhere")  # the kernel computes it
    expect(page.locator(".digits-answer").first).to_have_text(re.compile(r"\d"))
    page.get_by_label("Use my own prepare_image").check()
    network.select_option("14: the capstone network")
    expect(page.locator(".digits-answer").first).to_have_text(re.compile(r"\d"))
    run_cell(page, "draw(np.eye(10, 783))")
    page.get_by_text("draw() can't use this model. Pass a Keras model").wait_for()
    assert page.get_by_text("Traceback").count() == 0
    page.close()
    lab.process.kill()
    lab.process.wait()
    assert problems == []


def test_what_the_learners_code_does_is_told_and_the_kernel_lives(tmp_path, monkeypatch):
    def prepare(page):
        raise SystemExit(3)

    widget, told = DrawWidget({}, prepare, tmp_path), []
    monkeypatch.setattr(widget, "send", lambda content, buffers=(): told.append(content))
    page = np.zeros((SIDE, SIDE), np.uint8).tobytes()
    questions = {
        "SystemExit: 3.": {"what": "prepare"},
        "A label is one of the digits 0 to 9.": {"what": "keep", "label": 12},
        "KeyError: 'none'.": {"what": "network", "id": "none"},
    }
    for asked in questions.values():
        widget._answer(widget, asked | {"number": 1}, [page])
    assert [each["problem"] for each in told] == list(questions)
    widget._answer(widget, "no question", [])
    assert len(told) == len(questions)


def test_arrays_are_networks_too():
    rng = np.random.default_rng(0)
    shapes = {"W1": (784, 20), "b1": (20,), "W2": (20, 10), "b2": (10,)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    network = network_of(params)
    assert [layer.settings["activation"] for layer in network.layers] == ["relu", "softmax"]
    assert np.allclose(network.layers[1].weights[0].values, params["W2"])
    for wrong in (params["W1"], (params["W1"], params["b1"]), (), "dense", 7, (params["W1"], params["b2"])):
        with pytest.raises(CourseError, match="can't use this model"):
            network_of(wrong)


def test_outside_a_notebook_a_sentence_says_where_the_page_is(capsys):
    draw()
    assert capsys.readouterr().out == "draw() shows its page in a notebook. From a terminal: ./digits draw\n"
