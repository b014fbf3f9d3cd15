"""`digits predict` as people and programs meet it: photographs, files that are none, models of one's own."""

import contextlib
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from grader.authoring.photographs import FOLDER, photograph, read_labels
from grader.authoring.preparation import PREPARATION_PATH, preparation
from grader.course import REPOSITORY
from grader.data import load_mnist
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.wire.requests import OpenPicture, Picture
from grader.handwriting.network import Reader, choose_model
from grader.handwriting.pictures import Pictures, Unreadable

DIGITS = Path(sys.executable).with_name("digits")
REFERENCE = REPOSITORY / "grader" / "data" / "reference.keras"
KEYS = ["path", "digit", "confidence", "probabilities"]
SOON = 240  # seconds until a test that hangs fails instead
STEERING = re.compile(r"(PYTEST|DIGITS|COLUMNS$|LINES$|NO_COLOR$|FORCE_COLOR$|TTY_|PYTHONIOENCODING$|TERM$|TF_)")
SEQUENCES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[2:]).returncode
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""  # beside a large process, such as this one: a child's peak begins with what its parent holds
MOST_MEMORY = 700  # MB; a picture of 20 million pixels takes 60 by itself, the libraries about 150


class Finished:
    """How a command ended, what it printed, and how much memory it had at its peak, in MB."""

    def __init__(self, folder: Path, *arguments: str | Path, **variables: str) -> None:
        environment = {key: value for key, value in os.environ.items() if not STEERING.match(key)}
        files, peak = (folder / "stdout", folder / "stderr"), folder / "peak"
        with files[0].open("wb") as out, files[1].open("wb") as err:
            self.status = subprocess.run(
                [sys.executable, "-c", MEASURED, peak, DIGITS, *arguments],
                cwd=folder,
                env=environment | {"PYTHONIOENCODING": "utf-8"} | variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                check=False,
            ).returncode
        self.out, self.err = (path.read_text("utf-8") for path in files)
        self.megabytes = int(peak.read_text()) / (1024 * 1024 if sys.platform == "darwin" else 1024)
        peak.unlink()
        assert "Traceback" not in self.out + self.err

    @property
    def entries(self) -> dict[str, dict]:
        return {entry["path"]: entry for entry in json.loads(self.out)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's folder, in which there is nothing but an exercise."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "01_pixels.py").write_text("", "utf-8")
    return tmp_path


def upright(name: str) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(FOLDER / name))


def save(folder: Path, name: str, image: Image.Image, **options) -> str:
    image.save(folder / name, **options)
    return name


# What is on a photograph


@pytest.mark.thorough
def test_photographs_are_read(folder):
    """The kept photographs, and a hundred others: at least 97 of 100 right."""
    images, labels = load_mnist()[1]
    written = {str(FOLDER / name): digit for name, digit in read_labels().items()}
    for seed, row in enumerate(np.random.default_rng(28).permutation(len(images))[:100]):
        taken = photograph(images[row], 1000 + seed)
        path = folder / f"{seed}{taken.suffix}"
        path.write_bytes(taken.to_bytes())
        written[str(path)] = int(labels[row])
    finished = Finished(folder, "predict", *written, "--json")
    assert (finished.status, finished.err) == (0, "")
    assert list(finished.entries) == list(written)
    right = [finished.entries[path]["digit"] == digit for path, digit in written.items()]
    kept = len(read_labels())
    assert np.mean(right[:kept]) >= 0.97
    assert np.mean(right[kept:]) >= 0.97


def unusual(folder: Path) -> list[str]:
    """The same photograph of a three in many kinds of files."""
    three = upright("03_digit3.jpg").convert("RGB")
    gray = np.asarray(three.convert("L"))
    deep = gray.astype(np.uint16) * 256 + 77
    sideways = Image.Exif()
    sideways[0x0112] = 6
    see_through = Image.fromarray(np.dstack([np.zeros_like(gray)] * 3 + [255 - gray.astype(np.uint8)]))
    return [
        save(folder, "color.png", three),
        save(folder, "20 megapixels.jpg", three.resize((4500, 4500)), quality=80),
        save(folder, "20 megapixels.png", three.resize((4500, 4500))),
        save(folder, "cmyk.jpg", three.convert("CMYK")),
        save(folder, "16 bits.png", Image.fromarray(deep)),
        save(folder, "16 bits.tif", Image.fromarray(deep)),
        save(folder, "32 bits.tif", Image.fromarray((deep / 65535).astype(np.float32))),
        save(folder, "palette.gif", three.quantize(32)),
        save(folder, "transparent.png", see_through),
        save(folder, "transparent palette.png", see_through.quantize(32)),
        save(folder, "sideways.jpg", three.rotate(90, expand=True), exif=sideways),
        save(folder, "a name\x1b[31m.webp", three),
        save(
            folder,
            "animation.gif",
            three.convert("P"),
            save_all=True,
            append_images=[Image.new("P", three.size, shade) for shade in (1, 2)],
        ),
    ]


@pytest.mark.thorough
def test_any_kind_of_picture_is_read_and_a_bad_one_does_not_stop_the_others(folder):
    names = unusual(folder)
    finished = Finished(folder, "predict", "nothing.png", *names, "--json")
    assert (finished.status, finished.err) == (1, "")
    assert list(finished.entries) == ["nothing.png", *names]
    nothing, *entries = finished.entries.values()
    assert list(nothing) == [*KEYS, "error"]
    assert [nothing[key] for key in KEYS[1:]] == [None, None, None]
    for entry in entries:
        assert list(entry) == KEYS
        assert entry["digit"] == 3, entry["path"]
        assert len(entry["probabilities"]) == 10
        assert sum(entry["probabilities"]) == pytest.approx(1)
        assert entry["confidence"] == max(entry["probabilities"]) == entry["probabilities"][3]


# What is no picture, or has no digit on it


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def white_png(width: int, height: int) -> bytes:
    """Many white pixels in few bytes. Of more than a hundred million the file only claims that they are there."""
    line, packer = b"\0" + b"\xff" * ((width + 7) // 8), zlib.compressobj(9)
    lines = height if width * height < 10**8 else 1
    packed = b"".join(packer.compress(line) for _ in range(lines)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def hopeless(folder: Path) -> dict[str, str]:
    """Files from which nothing can be read, and a word of what must be said of each."""
    photo = (FOLDER / "03_digit3.jpg").read_bytes()
    large = io.BytesIO()
    Image.new("L", (5000, 4000), 255).save(large, "JPEG")
    contents = {
        "truncated.jpg": (photo[: len(photo) // 2], "damaged"),
        "nearly nothing.jpg": (photo[:100], "damaged"),
        "text.png": (b"Dear reader,\n" * 20, "not a picture"),
        "empty.png": (b"", "empty"),
        "phone.heic": (b"\0\0\0\x18ftypheic" + b"\0" * 40, "JPEG"),
        "bomb.png": (white_png(40_000, 30_000), "million pixels"),
        "bomb below the limit of Pillow.png": (white_png(12_000, 8_000), "million pixels"),
        "smaller bomb.png": (white_png(7900, 8000), "no ink"),
        "blank.jpg": (large.getvalue(), "no ink"),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    save(folder, "one pixel.png", Image.new("L", (1, 1), 30))
    save(folder, "one line.png", Image.new("L", (1, 2000), 30))
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    (folder / "unreadable.png").symlink_to("/proc/self/mem")  # an ordinary file, that fails when it is read
    words = {name: word for name, (_, word) in contents.items()}
    others = {"one pixel.png": "no ink", "one line.png": "no ink", "folder.png": "folder", "pipe.png": "ordinary"}
    others["unreadable.png"] = "cannot be read"
    return words | others | {"missing.png": "no such file"}


def test_what_cannot_be_read_gets_a_sentence_and_little_memory(folder):
    words = hopeless(folder)
    finished = Finished(folder, "predict", *words, "--json")
    assert (finished.status, finished.err) == (1, "")
    for name, word in words.items():
        entry = finished.entries[name]
        assert list(entry) == [*KEYS, "error"]
        assert word in entry["error"], name
        assert re.fullmatch(r"[A-Z][^\n]*\.", entry["error"])
    assert finished.megabytes < MOST_MEMORY


def greedy(folder: Path) -> dict[str, str]:
    """Files with little in them that ask a decoder for much memory or time, and what is said of each."""
    size = (8000, 7900)
    save(folder, "deep.tif", Image.new("F", size, 1), compression="tiff_deflate")
    save(folder, "canvases.webp", Image.new("RGBA", size, (0, 0, 0, 5)), lossless=True, method=0)
    jpeg = io.BytesIO()
    Image.new("L", size, 200).save(jpeg, "JPEG", progressive=True)
    whole = jpeg.getvalue()
    last = whole[whole.rindex(b"\xff\xda") : -2]
    (folder / "scans.jpg").write_bytes(whole[:-2] + 5000 * last)
    with (folder / "blocks.gif").open("wb") as file:
        file.write(b"GIF89a" + struct.pack("<HHBBB", 100, 100, 0, 0, 0))
        file.truncate(99_000_000)
    with (folder / "endless.bmp").open("wb") as file:
        file.truncate(10**11)
    return {
        "deep.tif": "no ink|too much memory",
        "canvases.webp": "no ink|too much memory",
        "scans.jpg": "longer than 10 s",
        "blocks.gif": "longer than 10 s|not a picture",
        "endless.bmp": "larger than 100 MB",
    }


@pytest.mark.thorough
def test_a_picture_cannot_ask_for_much_memory_or_time(folder):
    said = greedy(folder)
    started = time.monotonic()
    finished = Finished(folder, "predict", *said, "--json")
    assert time.monotonic() - started < 120
    assert (finished.status, finished.err) == (1, "")
    for name, words in said.items():
        assert re.search(words, finished.entries[name]["error"]), name
    assert finished.megabytes < MOST_MEMORY


def test_what_a_decoder_prints_is_not_shown(folder):
    image = Image.effect_noise((300, 300), 50)
    image.save(folder / "whole.tif", compression="tiff_lzw")
    whole = (folder / "whole.tif").read_bytes()
    (folder / "bits.tif").write_bytes(whole[:60] + b"\xff" * (len(whole) - 460) + whole[-400:])
    finished = Finished(folder, "predict", "bits.tif", "--json")
    assert "damaged" in finished.entries["bits.tif"]["error"]
    assert finished.err == ""


class Decoder:
    """Stands in for an engine, its runner and their client: a decoder that somebody has taken over."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.pixels = pixels

    def ask(self, request: OpenPicture) -> Picture:
        return Picture(self.pixels, False)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((1025, 4), "uint8"),
        ((0, 4), "uint8"),
        ((4,), "uint8"),
        ((4, 4, 2), "uint8"),
        ((1, 4, 4, 3), "uint8"),
        ((4, 4), "float32"),
    ],
)
def test_what_a_decoder_answers_is_checked(folder, shape, dtype):
    pictures = Pictures(Engine())
    pictures._client = Decoder(np.zeros(shape, dtype))
    with pytest.raises(Unreadable):
        pictures.open(FOLDER / "14_digit4.jpg")


def test_the_sentences_fit_a_terminal_and_names_cannot_steer_it(folder):
    (folder / "evil\x1b[2J\n.png").write_text("no picture")
    finished = Finished(folder, "predict", *hopeless(folder), "evil\x1b[2J\n.png", PYTHONIOENCODING="ascii")
    assert (finished.status, finished.err) == (1, "")
    assert "\x1b" not in finished.out
    assert "evil?[2J?.png" in finished.out
    assert max(map(len, finished.out.splitlines())) <= 80
    assert "0 of 16 read" in finished.out


# What a person sees


@pytest.mark.thorough
def test_a_person_sees_digit_runner_up_and_what_the_network_saw(folder):
    photo = FOLDER / "14_digit4.jpg"
    shown = Finished(folder, "predict", photo)
    assert (shown.status, shown.err) == (0, "")
    accuracy = float(re.search(r"gets ([\d.]+)% of 500 test digits right", " ".join(shown.out.split()))[1])
    assert accuracy >= 99
    assert "the course's own" in shown.out
    assert "models/capstone.keras" in shown.out
    assert re.search(r"a 4, probability (over 99.9|[\d.]+)%", shown.out)
    assert re.search(r"then \d, probability", shown.out)
    assert "100.0" not in shown.out  # nobody is that sure
    drawing = [line[2:30] for line in shown.out.splitlines() if set(line[2:30]) <= set(" ░▒▓█") and len(line) >= 30]
    assert len(drawing) >= 10
    assert "█" in "".join(drawing)
    assert max(map(len, shown.out.splitlines())) <= 80
    in_ascii = Finished(folder, "predict", photo, PYTHONIOENCODING="ascii")
    assert in_ascii.out.isascii()
    assert "?" not in in_ascii.out
    assert "##" in in_ascii.out


@pytest.mark.thorough
def test_a_terminal_with_colors_shows_every_gray_level(folder):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [DIGITS, "predict", FOLDER / "14_digit4.jpg"],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if not STEERING.match(key)}
        | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONIOENCODING": "utf-8"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    try:
        while part := os.read(ours, 65536):
            printed += part
    except OSError:  # what Linux says when the other end is closed
        pass
    os.close(ours)
    assert process.wait(SOON) == 0
    text = printed.decode()
    lines = [SEQUENCES.sub("", line) for line in text.splitlines() if "▀" in line]
    assert len(lines) == 14
    assert all(line[2:30] == "▀" * 28 for line in lines)
    assert len(set(re.findall(r"38;2;(\d+);\1;\1", text))) > 20


# Whose network reads

MODELS = """
import keras
import numpy as np
from keras import layers
from grader.data import load_mnist

def save(name, shape, *middle):
    keras.Sequential([keras.Input(shape), layers.Flatten(), *middle]).save(name)

seven = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, kernel_initializer="zeros")])
seven.layers[-1].bias.assign([0, 0, 0, 0, 0, 0, 0, 5, 0, 0])
seven.save("seven.keras")
images, labels = load_mnist()[0]
x = images.reshape(-1, 784) / np.float32(255)
means = np.stack([x[labels == digit].mean(axis=0) for digit in range(10)])
nearest = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)])
nearest.layers[-1].set_weights([means.T, -(means**2).sum(axis=1) / 2])
nearest.save("nearest mean.keras")
nearest.layers[-1].bias.assign([float("nan")] * 10)
nearest.save("nan.keras")
save("large.keras", (32, 32, 3), layers.Dense(10))
save("lambda.keras", (28, 28), layers.Dense(10), layers.Lambda(lambda x: x * 2))
save("greedy.keras", (28, 28, 1), layers.Reshape((28, 28, 1)), layers.ZeroPadding2D(6000), layers.Flatten())
huge = keras.Sequential([keras.Input((28, 28), dtype="float64"), layers.Flatten(dtype="float64")])
huge.add(layers.Dense(10, kernel_initializer="zeros", dtype="float64"))
huge.layers[-1].bias.assign([-1.7e308, 1.7e308] * 5)
huge.save("huge numbers.keras")
"""
DRAWS = {  # a layer in which Keras's safe mode finds nothing wrong, since it names one of Keras's own functions
    "module": "keras.layers",
    "class_name": "Lambda",
    "registered_name": None,
    "config": {
        "name": "draws",
        "function": {
            "module": "keras.visualization",
            "class_name": "function",
            "config": "plot_image_gallery",
            "registered_name": "plot_image_gallery",
        },
        "output_shape": [28, 28, 1],
        "arguments": {"rows": 2, "cols": 2},
    },
}
RELU = {"module": "keras.layers", "class_name": "ReLU", "registered_name": None}


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """A folder with models: one that answers 7 to everything, the nearest mean, and others that cannot be used."""
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([sys.executable, "-c", MODELS], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.thorough
def test_the_learners_own_network_reads_where_there_is_one_and_what_it_is_worth_is_told(folder, models):
    (folder / "models").mkdir()
    (folder / "models" / "capstone.keras").write_bytes((models / "seven.keras").read_bytes())
    shown = Finished(folder, "predict", FOLDER / "14_digit4.jpg")
    assert shown.status == 0
    text = " ".join(shown.out.split())
    assert "models/capstone.keras, your own" in text
    assert "Do not trust it" in text
    assert "a 7, probability 94.3%" in text  # e^5 / (e^5 + 9): logits become probabilities


@pytest.mark.thorough
def test_a_network_gets_its_pixels_as_it_was_trained_on_them(folder, models):
    shown = Finished(folder, "predict", FOLDER / "14_digit4.jpg", "--model", models / "nearest mean.keras")
    text = " ".join(shown.out.split())
    assert (shown.status, shown.err) == (0, "")
    assert "with pixels from 0 to 1." in text
    assert 78 < float(re.search(r"gets ([\d.]+)% of 500", text)[1]) < 86
    assert "Do not" not in text


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("large.keras", ["(None, 32, 32, 3)", "28, 28"]),
        ("nan.keras", ["ten finite numbers"]),
        ("greedy.keras", ["fails on a digit"]),
        ("lambda.keras", ["cannot be loaded"]),
        ("text.keras", ["cannot be loaded"]),
        ("text.txt", [".keras"]),
        ("missing.keras", ["no model"]),
    ],
)
def test_a_model_that_does_not_fit_is_wrong_usage(folder, models, name, words):
    for text in ("text.keras", "text.txt"):
        (models / text).write_text("weights")
    finished = Finished(folder, "predict", FOLDER / "14_digit4.jpg", "--model", models / name)
    assert (finished.status, finished.out) == (2, "")
    assert re.fullmatch(r"digits: [^\n]+\.\n", finished.err)
    for word in words:
        assert word in finished.err


def changed(model: Path, name: str, contents: dict[str, bytes] | None = None, *added: dict) -> Path:
    """A copy of a model's file in which parts have other contents, or layers are added after the first."""
    path = model.with_name(name)
    with zipfile.ZipFile(model) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after:
        parts = {part: before.read(part) for part in before.namelist()}
        config = json.loads(parts["config.json"])
        config["config"]["layers"][1:1] = added
        for part, content in (parts | {"config.json": json.dumps(config).encode()} | (contents or {})).items():
            after.writestr(part, content)
    return path


def refused(folder: Path, *arguments: str | Path) -> str:
    """The one sentence that says why a model cannot be used."""
    finished = Finished(folder, "predict", FOLDER / "14_digit4.jpg", "--model", *arguments)
    assert (finished.status, finished.out) == (2, "")
    assert re.fullmatch(r"digits: [^\n]+\.\n", finished.err)
    assert finished.megabytes < MOST_MEMORY
    return finished.err


def test_a_model_that_calls_functions_reaches_none_of_ones_files(folder, models):
    with Engine() as engine:
        if engine.tier("numpy") == "none":
            pytest.skip("nothing isolates a runner here")
    layer = DRAWS | {
        "config": DRAWS["config"] | {"arguments": {"rows": 2, "cols": 2, "path": str(folder / "evil.png")}}
    }
    assert "fails on a digit" in refused(folder, changed(models / "seven.keras", "draws.keras", None, layer))
    assert not (folder / "evil.png").exists()


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(300_000_000), "larger than 200 MB"),
        ("config.json", b" " * 11_000_000, "larger than 10 MB"),
        ("config.json", b"[]", "does not describe a model"),
        ("config.json", b"[" * 1_000_000, "cannot be loaded"),
        ("config.json", json.dumps(RELU | {"config": {}}).encode(), "holds no model"),
    ],
    ids=["huge weights", "huge config", "a list", "nested", "a layer"],
)
def test_a_model_file_of_any_content_gets_a_sentence(folder, models, part, content, words):
    assert words in refused(folder, changed(models / "seven.keras", "changed.keras", {part: content}))


@pytest.mark.thorough
def test_a_model_of_thousands_of_layers_gets_a_sentence_in_time(folder, models):
    layers = [RELU | {"config": {"name": f"relu{index}"}} for index in range(6000)]
    assert "longer than 20 s" in refused(folder, changed(models / "seven.keras", "layers.keras", None, *layers))


def test_a_file_that_is_far_too_large_is_not_read(folder):
    with (folder / "zeros.keras").open("wb") as file:
        file.truncate(3 * 1024**3)
    assert "larger than 120 MB" in refused(folder, "zeros.keras")


@pytest.mark.thorough
def test_numbers_may_be_as_large_as_a_model_likes(folder, models):
    finished = Finished(folder, "predict", FOLDER / "14_digit4.jpg", "--model", models / "huge numbers.keras", "--json")
    assert (finished.status, finished.err) == (0, "")
    assert finished.entries[str(FOLDER / "14_digit4.jpg")]["confidence"] == pytest.approx(1 / 5)


def test_a_model_file_is_tried_on_test_digits_only_once(engine, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    choice = choose_model(None, tmp_path)
    first = Reader(choice, engine, lambda: load_mnist()[1])
    second = Reader(choice, engine, lambda: pytest.fail("it was tried again"))
    assert (second.pixels, second.accuracy) == (first.pixels, first.accuracy)
    assert second.probabilities(load_mnist()[1][0][:1]).argmax() == 7
    (memory,) = tmp_path.glob("*/trials.json")
    memory.write_text('{"damaged": [')
    assert Reader(choice, engine, lambda: load_mnist()[1]).accuracy == first.accuracy


@pytest.mark.thorough
def test_the_second_prediction_finds_the_libraries_loaded(folder, monkeypatch, request):
    runtime_folder = tempfile.TemporaryDirectory(prefix="d-")  # a socket's path must be short
    request.addfinalizer(runtime_folder.cleanup)
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime_folder.name)
    zygotes = set()
    for _ in range(2):
        assert Finished(folder, "predict", FOLDER / "01_digit1.jpg", "--json").status == 0
        assert "tensorflow" in background.running()
        with contextlib.closing(background.connect("tensorflow")) as zygote:
            zygotes.add(zygote.pid)
    assert len(zygotes) == 1
    for runtime in background.running():
        with contextlib.closing(background.connect(runtime)) as zygote:
            os.kill(zygote.pid, signal.SIGKILL)


def test_no_image_is_wrong_usage(folder):
    assert Finished(folder, "predict").status == 2


# Every stage


@pytest.mark.thorough
def test_every_stage_is_drawn_and_a_drawing_may_be_drawn_again(folder):
    for photo in ("14_digit4.jpg", "08_digit8.png"):
        shown = Finished(folder, "predict", FOLDER / photo, "missing.png", "--explain", "stages.png")
        assert shown.status == 1
        assert "stages.png" in shown.out
        with Image.open(folder / "stages.png") as drawing:
            assert drawing.width > 900
            assert np.count_nonzero(drawing.convert("L").histogram()) > 100
    assert {path.name for path in folder.iterdir()} == {"exercises", "stages.png", "stdout", "stderr"}


@pytest.mark.thorough
def test_no_drawing_takes_the_place_of_somebodys_file(folder):
    photo = folder / "four.png"
    upright("14_digit4.jpg").save(photo)
    before = photo.read_bytes()
    for target in ("four.png", "four.jpg", "nowhere/four.png", "exercises"):
        finished = Finished(folder, "predict", "four.png", "--explain", target)
        assert (finished.status, finished.out) == (2, "")
        assert re.fullmatch(r"digits: [^\n]+\.\n", finished.err)
    finished = Finished(folder, "predict", *["four.png"] * 9, "--explain", "new.png")
    assert finished.status == 2
    assert photo.read_bytes() == before


# What the package brings along


def test_the_copy_of_the_preparation_is_in_step_with_the_solution():
    assert PREPARATION_PATH.read_text("utf-8") == preparation(), "run ./digits dev build"


def test_the_reference_network_is_small():
    assert REFERENCE.stat().st_size <= 400_000


def test_nobody_waits_for_a_pipe(folder):
    os.mkfifo(folder / "pipe.keras")
    os.mkfifo(folder / "pipe.png")
    save(folder, "one.png", Image.new("L", (20, 20), 30))
    for arguments in (("--model", "pipe.keras"), ("--explain", "pipe.png")):
        assert Finished(folder, "predict", "one.png", *arguments).status == 2
