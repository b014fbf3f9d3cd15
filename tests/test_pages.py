"""`digits predict` and pictures with several digits, folders of pictures, and pictures of something else."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from grader.authoring.photographs import FOLDER
from grader.cli.commands.prediction_page import heading
from grader.data import load_mnist
from grader.handwriting.familiarity import FAMILIAR, doubts_about, ink_is_too_thick
from grader.handwriting.pages import find_digits
from grader.handwriting.preparation import invert_if_needed, prepare_image, to_grayscale
from grader.handwriting.recognition import Reading

DIGITS = Path(sys.executable).with_name("digits")
SOON = 240  # seconds until a test that hangs fails instead
KEYS = ["path", "digit", "confidence", "probabilities"]


def page(numbers: list[str], seed: int = 3, size: int = 60) -> np.ndarray:
    """Test digits in lines, on paper whose light falls off to the right: uint8 (h, w)."""
    rng, (images, labels) = np.random.default_rng(seed), load_mnist()[1]
    height, width = (size + 40) * len(numbers) + 60, (size + 20) * max(map(len, numbers)) + 80
    ink = np.zeros((height, width), np.float32)
    for line, number in enumerate(numbers):
        left = 40
        for digit in number:
            image = images[rng.choice(np.flatnonzero(labels == int(digit)))]
            rows, columns = (np.flatnonzero((image > 60).any(axis=axis)) for axis in (1, 0))
            tight = Image.fromarray(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
            scale = size * rng.uniform(0.9, 1.1) / 20
            drawn = np.asarray(tight.resize((max(3, int(tight.width * scale)), int(tight.height * scale))))
            top = 30 + line * (size + 40) + rng.integers(-6, 7)
            place = ink[top : top + drawn.shape[0], left : left + drawn.shape[1]]
            np.maximum(place, drawn, out=place)
            left += drawn.shape[1] + rng.integers(size // 6, size // 3)
    paper = np.linspace(245, 190, width) * (1 - 0.85 * ink / 255) + rng.normal(0, 2, ink.shape)
    return paper.clip(0, 255).astype(np.uint8)


def predict(folder: Path, *arguments: object, status: int = 0) -> str:
    finished = subprocess.run(
        [DIGITS, "predict", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SOON,
        check=False,
    )
    assert (finished.returncode, finished.stderr) == (status, "")
    return finished.stdout


def upright(path: Path) -> np.ndarray:
    return np.asarray(ImageOps.exif_transpose(Image.open(path)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's folder, in which there is nothing but an exercise."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "01_pixels.py").write_text("", "utf-8")
    return tmp_path


# Several digits


def test_a_page_is_read_line_by_line(folder):
    Image.fromarray(page(["3142", "907", "58"])).save(folder / "page.png")
    shown = predict(folder, "page.png", "--explain", "drawing.png")
    assert [line.strip() for line in shown.splitlines() if line.strip().isdecimal()] == ["3142", "907", "58"]
    assert shown.count("%") >= 9 + 1
    with Image.open(folder / "drawing.png") as drawing:
        assert drawing.width > 900
        pixels = np.asarray(drawing.convert("RGB"))
    assert np.count_nonzero((pixels == (0, 0x72, 0xB2)).all(axis=2)) > 100  # the boxes around the digits
    entries = json.loads(predict(folder, "page.png", "--json"))
    assert "".join(str(entry["digit"]) for entry in entries) == "314290758"
    assert [(entry["line"], entry["position"]) for entry in entries[2:6]] == [(1, 3), (1, 4), (2, 1), (2, 2)]
    for entry in entries:
        assert list(entry) == [*KEYS, "line", "position", "box"]
        left, top, right, bottom = entry["box"]
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1


def test_the_doubtful_digit_of_a_page_is_named(folder):
    paper = Image.fromarray(page(["31", "42"]))
    ImageDraw.Draw(paper).rectangle((50, 132, 78, 188), fill=15)  # over the first digit of the second line
    paper.save(folder / "page.png")
    shown = " ".join(predict(folder, "page.png").split())
    assert "doubt digit 1 of line 2:" in shown
    (entry,) = [entry for entry in json.loads(predict(folder, "page.png", "--json")) if entry["line"] == 2][:1]
    assert entry["doubt"]


def test_pages_are_divided_into_their_digits():
    """Of a hundred random pages with up to 24 digits, at least nine in ten without any error."""
    right = 0
    for seed in range(100):
        rng = np.random.default_rng(1000 + seed)
        numbers = ["".join(rng.choice(list("0123456789"), rng.integers(2, 7))) for _ in range(rng.integers(1, 5))]
        found = find_digits(invert_if_needed(page(numbers, seed)))
        right += [len(line) for line in found.lines] == [len(number) for number in numbers]
    assert right >= 90


def test_one_digit_stays_one():
    """Of the test digits, some of which are broken, at most 1 in 100 is taken for several; of photographs, none."""
    images = load_mnist()[1][0][::5]
    assert np.mean([find_digits(np.pad(image, 4)).count > 1 for image in images]) <= 0.01
    for path in FOLDER.glob("*.[jp][pn]g"):
        assert find_digits(invert_if_needed(to_grayscale(upright(path)))).count == 1, path.name


# Folders


def test_a_folder_is_read_in_order_and_what_is_skipped_is_said(folder):
    photos = folder / "photos"
    photos.mkdir()
    for name, photo in (("b.jpg", "03_digit3.jpg"), ("a.jpg", "14_digit4.jpg")):
        (photos / name).write_bytes((FOLDER / photo).read_bytes())
    (photos / "notes.txt").write_text("mine")
    (photos / ".hidden.png").write_text("no picture")
    shown = predict(folder, "photos")
    assert shown.index("photos/a.jpg") < shown.index("photos/b.jpg")
    assert "skipped  In photos: notes.txt, which is not a picture." in shown
    assert "hidden" not in shown
    assert [entry["digit"] for entry in json.loads(predict(folder, "photos", "--json"))] == [4, 3]
    (folder / "empty").mkdir()
    assert "no picture in this folder" in predict(folder, "empty", status=1)


# Pictures of something else


def noise(size: int, seed: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size, size), np.uint8))


def scribble(seed: int) -> np.ndarray:
    from scipy.interpolate import CubicSpline

    paper = Image.new("L", (240, 240), 240)
    points = np.random.default_rng(seed).uniform(30, 210, (15, 2))
    curve = CubicSpline(np.arange(15), points)(np.linspace(0, 14, 400))
    ImageDraw.Draw(paper).line([tuple(point) for point in curve], fill=20, width=8)
    return np.asarray(paper)


def test_a_network_that_is_sure_of_nonsense_is_not_believed(folder):
    noise(200).save(folder / "noise.png")
    shown = predict(folder, "noise.png")
    assert "probably not a digit" in shown
    assert "doubt  It shows no single connected stroke" in shown
    (entry,) = json.loads(predict(folder, "noise.png", "--json"))
    assert list(entry) == [*KEYS, "doubt"]


def test_few_digits_are_doubted_and_most_of_what_is_none():
    assert np.mean([bool(doubt) for doubt in doubts_about(load_mnist()[1][0])]) <= 0.01
    photographs = [prepare_image(upright(path)) for path in FOLDER.glob("*.[jp][pn]g")]
    assert not any(doubts_about(np.stack(photographs)))
    scribbles = np.stack([prepare_image(scribble(seed)) for seed in range(40)])
    assert np.mean([bool(doubt) for doubt in doubts_about(scribbles)]) >= 0.7
    assert FAMILIAR.stat().st_size < 300_000


def test_strokes_that_are_too_thick_are_noted(folder):
    three = Image.new("L", (300, 300), 240)
    drawing = ImageDraw.Draw(three)
    for top in (30, 130, 230):
        drawing.line((60, top, 220, top), fill=20, width=85)
    drawing.line((200, 30, 200, 230), fill=20, width=90)
    three.save(folder / "fat.png")
    assert "Move the camera back" in " ".join(predict(folder, "fat.png").split())
    for path in FOLDER.glob("*.[jp][pn]g"):
        assert not ink_is_too_thick(invert_if_needed(to_grayscale(upright(path)))), path.name


# Other files


def test_avif_is_read_and_heic_video_and_addresses_get_a_sentence(folder):
    Image.open(FOLDER / "14_digit4.jpg").save(folder / "four.avif")
    clear = Image.new("RGBA", (200, 200), (255, 255, 255, 0))
    ImageDraw.Draw(clear).line((100, 20, 100, 180), fill=(255, 255, 255, 255), width=10)
    clear.save(folder / "white.png")
    (folder / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    (folder / "film.mp4").write_bytes(b"\0\0\0\x18ftypisom" + b"\0" * 40)
    address = "https://example.org/four.png"
    entries = json.loads(
        predict(folder, "four.avif", "white.png", "phone.heic", "film.mp4", address, "--json", status=1)
    )
    assert entries[0]["digit"] == 4
    assert entries[4]["path"] == address
    words = ["transparency counts as white paper", "HEIC", "video", "Download"]
    for entry, word in zip(entries[1:], words, strict=True):
        assert word in entry["error"]


@pytest.mark.parametrize(
    ("confidence", "said"),
    [(0.99, "probability 99.0%"), (0.6, "probability 60.0%: not sure"), (0.4, "40.0%: little better than a guess")],
)
def test_an_answer_that_is_not_sure_is_said_to_be_so(confidence, said):
    probabilities = np.full(10, (1 - confidence) / 9)
    probabilities[3] = confidence
    shown = "".join(text for text, _ in heading(Reading(probabilities)))
    assert shown.startswith("a 3")
    assert shown.endswith(said)
