"""Photographs made of digits: the same from the same seed, and lesson 13's reference turns them back into digits."""

import hashlib
import importlib.util
import io
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from grader.authoring.photographs import FOLDER, NUM_KEPT, kept_photographs, photograph, read_labels, write_photographs
from grader.course import find_lesson
from grader.data import load_mnist

NUM_TAKEN = 300
READ_AS_WELL = 0.97  # of the digits that the classifier reads on the original are read on the photograph
MAX_BYTES = 700_000


@cache
def reference():
    """The solution of lesson 13 as a module."""
    path = Path(__file__).parent.parent / "solutions" / f"{find_lesson('own_handwriting').stem}.py"
    spec = importlib.util.spec_from_file_location("reference_13", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def test_digits() -> tuple[np.ndarray, np.ndarray]:
    return load_mnist()[1]


test_digits.__test__ = False


def open_upright(file) -> np.ndarray:
    """The pixels of a picture file as a person sees it."""
    return np.asarray(ImageOps.exif_transpose(Image.open(file)))


@cache
def taken() -> tuple[np.ndarray, list[np.ndarray]]:
    """Rows of the test set, and the photographs of these digits, through a file and back."""
    rows = np.random.default_rng(5).permutation(len(test_digits()[0]))[:NUM_TAKEN]
    pictures = [photograph(test_digits()[0][row], seed) for seed, row in enumerate(rows)]
    return rows, [open_upright(io.BytesIO(picture.to_bytes())) for picture in pictures]


@cache
def prepared() -> np.ndarray:
    return np.stack([reference().prepare_image(picture) for picture in taken()[1]])


def test_the_same_seed_gives_the_same_photograph_and_another_seed_another():
    digit = test_digits()[0][0]
    assert photograph(digit, 3).to_bytes() == photograph(digit, 3).to_bytes()
    assert len({hashlib.sha256(photograph(digit, seed).to_bytes()).digest() for seed in range(8)}) == 8


@pytest.mark.parametrize("surface", ["paper", "board", "transparent"])
def test_a_surface_can_be_asked_for(surface):
    picture = photograph(test_digits()[0][7], 0, surface)
    assert picture.suffix == (".png" if surface == "transparent" else ".jpg")
    assert picture.pixels.shape[2] == (4 if surface == "transparent" else 3)
    border = np.median([picture.pixels[0, :, :3], picture.pixels[-1, :, :3]]) if surface != "transparent" else 0
    assert (border > 128) == (surface == "paper")


def test_a_photograph_that_lies_on_its_side_is_turned_upright_by_its_exif_orientation():
    turned = [picture for picture in map(picture_of_seed, range(20)) if picture.orientation != 1]
    assert {picture.orientation for picture in turned} == {3, 6, 8}
    for picture in turned:
        upright = open_upright(io.BytesIO(picture.to_bytes()))
        assert upright.shape == picture.pixels.shape
        assert np.abs(upright.astype(int) - picture.pixels).mean() < 6  # what JPEG loses


def picture_of_seed(seed: int):
    return photograph(test_digits()[0][seed], seed)


def test_the_kept_photographs_are_there_with_their_labels():
    labels = read_labels()
    files = {path.name for path in FOLDER.iterdir() if path.suffix in {".png", ".jpg"}}
    assert set(labels) == files
    assert len(files) == NUM_KEPT
    assert set(labels.values()) == set(range(10))
    assert all(f"_digit{digit}." in name for name, digit in labels.items())
    assert sum((FOLDER / name).stat().st_size for name in files) <= MAX_BYTES
    assert {name[-4:] for name in files} == {".png", ".jpg"}


def test_the_kept_photographs_are_those_that_the_command_writes(tmp_path):
    write_photographs(*test_digits(), tmp_path)
    assert read_labels(tmp_path) == read_labels()
    for name in read_labels():  # another version of the libraries may round and compress otherwise
        written, kept = (open_upright(folder / name).astype(int) for folder in (tmp_path, FOLDER))
        assert np.abs(written - kept).mean() < 3, name


@pytest.mark.thorough
def test_a_foreign_file_in_the_folder_survives(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    write_photographs(*test_digits(), tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert len(list(kept_photographs(*test_digits()))) == NUM_KEPT


@pytest.mark.thorough
def test_digits_on_photographs_are_read_as_well_as_the_originals(record_property):
    from sklearn.neighbors import KNeighborsClassifier

    (x_train, y_train), (x_test, y_test) = load_mnist()
    rows, _ = taken()
    classifier = KNeighborsClassifier(3, algorithm="brute").fit(x_train.reshape(-1, 784).astype(np.float32), y_train)

    def right(images):
        return classifier.predict(images.reshape(-1, 784).astype(np.float32)) == y_test[rows]

    on_originals, on_photographs = right(x_test[rows]), right(prepared())
    record_property("accuracy on originals", float(on_originals.mean()))
    record_property("accuracy on photographs", float(on_photographs.mean()))
    kept = on_photographs[on_originals].mean()
    report = f"originals {on_originals.mean():.4f}, photographs {on_photographs.mean():.4f}, of those known {kept:.4f}"
    print(report)
    assert kept >= READ_AS_WELL, report


def test_the_kept_photographs_are_prepared_as_mnist_is():
    for name in read_labels():
        expect_like_mnist(reference().prepare_image(open_upright(FOLDER / name)), name)


@pytest.mark.thorough
def test_every_step_keeps_to_what_is_true_of_mnist():
    solution = reference()
    for number, picture in enumerate(taken()[1][:100]):
        gray = solution.to_grayscale(picture)
        assert (gray.dtype, gray.shape) == (np.uint8, picture.shape[:2])
        bright = solution.invert_if_needed(gray)
        border = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
        assert np.median(border) < 128
        ink = solution.crop_to_ink(bright)
        assert all(side.any() for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1])), "the box is tight"
        assert ink.max() > 200
        small = solution.fit_to_box(ink)
        assert max(small.shape) == 20
        assert abs(small.shape[0] / small.shape[1] - ink.shape[0] / ink.shape[1]) < 0.1 * max(1, small.shape[0])
        expect_like_mnist(solution.center_by_mass(small), number)


def expect_like_mnist(digit: np.ndarray, name: object) -> None:
    """The invariants of the original digits: a box of 20, balanced, gray edges, black paper."""
    assert (digit.dtype, digit.shape) == (np.uint8, (28, 28)), name
    rows, columns = (np.flatnonzero((digit > 40).any(axis=axis)) for axis in (1, 0))
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20, name
    weights = digit / digit.sum()
    center = weights.sum(axis=1) @ np.arange(28), weights.sum(axis=0) @ np.arange(28)
    assert np.abs(np.array(center) - 14).max() <= 1, name
    assert digit.max() > 200, name
    assert 0.15 < ((digit > 30) & (digit < 225)).sum() / (digit > 30).sum() < 0.9, name
    assert (digit == 0).mean() > 0.4, name


def test_an_original_digit_is_prepared_into_almost_itself():
    images = test_digits()[0][:200]
    again = np.stack([reference().prepare_image(image) for image in images])
    assert np.abs(again.astype(int) - images).mean() < 12  # a shift by one pixel would make it 17
