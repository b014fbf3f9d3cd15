"""`digits export` as a learner meets it: files that need no Keras, and a folder for a container."""

import ast
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jupytext
import numpy as np
import pytest
from conftest import solution

from grader.authoring.stubs import stub
from grader.cli.commands import export
from grader.course import REPOSITORY, CourseError, manifest
from grader.deployment.container import FILES, as_module
from grader.deployment.exporting import Trial, expect_same
from grader.deployment.formats import IN_TRAINING_ONLY
from grader.engine.judge.source import read_source

DIGITS = Path(sys.executable).with_name("digits")
SOON = 300  # seconds until a test that hangs fails instead
STEERING = re.compile(r"(PYTEST|DIGITS|COLUMNS$|LINES$|NO_COLOR$|FORCE_COLOR$|TTY_|PYTHONIOENCODING$|TERM$|TF_)")
LESSON = next(lesson for lesson in manifest() if lesson.slug == "deployment")
BUILD = """
import runpy, sys
for solution, function, target in zip(*[iter(sys.argv[1:])] * 3):
    runpy.run_path(solution)[function]().save(target)
"""
BUILDERS = {
    "dense": "build_model",
    "learning_curves": "build_model",
    "regularization": "build_regularized_model",
    "cnn": "build_cnn",
    "augmentation": "build_augmented_cnn",
    "capstone": "build_model",
}


@pytest.fixture(scope="session")
def networks(tmp_path_factory) -> Path:
    """The networks of the references, with random weights."""
    folder = tmp_path_factory.mktemp("networks")
    arguments = []
    for lesson in manifest():
        if function := BUILDERS.get(lesson.slug):
            arguments += [solution(lesson), function, folder / f"{lesson.slug}.keras"]
    command = [sys.executable, "-c", BUILD, *map(str, arguments)]
    subprocess.run(command, env=environment(), check=True, capture_output=True, timeout=SOON)
    return folder


@pytest.fixture
def folder(tmp_path: Path, networks: Path) -> Path:
    """A learner's folder, with lesson 15 solved and one network, that of lesson 5."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "models").mkdir()
    shutil.copy(solution(LESSON), LESSON.exercise_path(tmp_path))
    shutil.copy(networks / "dense.keras", tmp_path / "models")
    return tmp_path


@pytest.fixture(scope="session")
def container(tmp_path_factory, networks: Path) -> Path:
    """The folder of a container, which is not to be changed."""
    folder = tmp_path_factory.mktemp("container") / "digits"
    network = networks / "dense.keras"
    digits(networks, "export", network, "--format", "container", "--reference", "--output", folder)
    return folder


def environment(**variables: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not STEERING.match(key)} | variables


def digits(folder: Path, *arguments: object, status: int = 0) -> str:
    """What a command prints, blanks and line breaks made single blanks."""
    finished = subprocess.run(
        [DIGITS, *map(str, arguments)],
        cwd=folder,
        env=environment(PYTHONIOENCODING="utf-8"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SOON,
        check=False,
    )
    said = finished.stdout + finished.stderr
    assert finished.returncode == status, said
    assert "Traceback" not in said
    return " ".join(said.split())


def change(folder: Path, old: str, new: str) -> None:
    path = LESSON.exercise_path(folder)
    text = solution(LESSON).read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "models").iterdir()}


# files


def test_the_newest_network_is_written_by_ones_own_code(folder, networks):
    shutil.copy(networks / "regularization.keras", folder / "models" / "mine.keras")
    os.utime(folder / "models" / "mine.keras", (1, 1))
    change(folder, "    steps, arrays = [], {}", '    print("hello \x1b[2J")\n    steps, arrays = [], {}')
    said = digits(folder, "export")
    assert said.startswith("hello")
    assert "\x1b" not in said
    size, before = ((folder / "models" / name).stat().st_size for name in ("dense.npz", "dense.keras"))
    assert f"models/dense.npz: {size:,} bytes, {size / before:.0%} of dense.keras ({before:,})." in said
    assert size < 0.3 * before
    assert int(re.search(r"Of 10,000 test digits, (\d+) gets? another label", said)[1]) < 100
    assert re.search(r"accuracy [\d.]+% of these digits, [\d.]+% in Keras\.", said)
    with np.load(folder / "models" / "dense.npz", allow_pickle=False) as file:
        assert "steps" in file
    assert files(folder) == {"dense.keras", "mine.keras", "dense.npz"}


IN_RUNTIMES = [  # the form of the weights and that of the layers are separate steps: int8 is tried with few networks
    ("augmentation", "onnx"),
    ("dense", "litert-int8"),
    *((slug, "onnx") for slug in BUILDERS if slug != "augmentation"),
    *((slug, "litert") for slug in ("regularization", "augmentation", "capstone")),
    ("cnn", "litert-int8"),
]


@pytest.mark.parametrize(
    ("slug", "form"),
    [pytest.param(*case, marks=[pytest.mark.thorough] * (number > 1)) for number, case in enumerate(IN_RUNTIMES)],
)
def test_a_runtime_gives_the_answers_of_keras(folder, networks, slug, form):
    shutil.copy(networks / f"{slug}.keras", folder / "models" / "mine.keras")
    said = digits(folder, "export", "mine", "--format", form)
    name = {"onnx": "mine.onnx", "litert": "mine.tflite", "litert-int8": "mine-int8.tflite"}[form]
    assert f"models/{name}: " in said
    assert files(folder) == {"dense.keras", "mine.keras", name}
    assert float(re.search(r"off by more than ([\d.e-]+)\.", said)[1]) < (0.1 if form == "litert-int8" else 1e-5)
    shape = (28, 28, 1) if slug in {"cnn", "augmentation"} else (28, 28)
    assert input_shape(folder / "models" / name)[1:] == shape
    share = (folder / "models" / name).stat().st_size / (folder / "models" / "mine.keras").stat().st_size
    assert share < (0.3 if form == "litert-int8" else 1)


def input_shape(path: Path) -> tuple:
    if path.suffix == ".onnx":
        import onnxruntime

        return tuple(onnxruntime.InferenceSession(path).get_inputs()[0].shape)
    from ai_edge_litert.interpreter import Interpreter

    return tuple(Interpreter(str(path)).get_input_details()[0]["shape"])


@pytest.mark.thorough
def test_a_layer_for_training_would_make_an_invalid_onnx_file(networks, tmp_path):
    """If this fails, Keras or tf2onnx can do it now, and `inference_network` may no longer be needed."""
    program = """
import sys, keras, onnxruntime
network = keras.models.load_model(sys.argv[1])
network.predict(keras.ops.zeros((1, 28, 28, 1)), verbose=0)
network.export(sys.argv[2], format="onnx", verbose=False)
try:
    onnxruntime.InferenceSession(sys.argv[2])
except onnxruntime.capi.onnxruntime_pybind11_state.InvalidGraph as error:
    print(error)
"""
    command = [sys.executable, "-c", program, networks / "augmentation.keras", tmp_path / "network.onnx"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=SOON, check=True)
    assert "StatelessRandomUniformV2" in finished.stdout


@pytest.mark.thorough
def test_keras_has_all_layers_that_act_only_in_training():
    program = "import keras, sys; print([name for name in sys.argv[1:] if not hasattr(keras.layers, name)])"
    command = [sys.executable, "-c", program, *IN_TRAINING_ONLY]
    assert subprocess.run(command, capture_output=True, text=True, timeout=SOON, check=True).stdout == "[]\n"


def test_a_file_that_differs_is_not_kept():
    before = np.eye(10)[np.arange(1000) % 10]
    labels = before.argmax(axis=1)
    rounded, wrong = before.copy(), before.copy()
    rounded[:, 0] += 0.01
    wrong[:50] = wrong[:50, ::-1]
    for form in ("onnx", "litert", "litert-int8"):
        expect_same(Trial(before, before + 1e-6, labels), form)
        with pytest.raises(CourseError, match="50 of 1,000 test digits get another label"):
            expect_same(Trial(before, wrong, labels), form)
    expect_same(Trial(before, rounded, labels), "litert-int8")
    with pytest.raises(CourseError, match=r"off by 0\.01"):
        expect_same(Trial(before, rounded, labels), "onnx")


# what cannot be exported


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", None, r"export_network in exercises/15_deployment.py is not written yet. Check your code: ./digits"),
        *(
            pytest.param(old, new, told, marks=pytest.mark.thorough)
            for old, new, told in [
                ("    steps, arrays = [], {}", "    1 / 0", r"15_deployment.py:\d+ in export_network raised Zero"),
                ("    steps, arrays = [], {}", "    return", "wrote no file at the path that it was given. Check"),
                ("    steps, arrays = [], {}", "    np.zeros(2).reshape(3)", "raised ValueError: cannot reshape"),
                ("    steps, arrays = [], {}", "    import os; os._exit(3)", r"without a result \(exit status 3\)"),
                ("def export_network(", "def export_it(", "There is no function export_network in exercises/15"),
                ("import json", "import json (", r"15_deployment.py:\d+ is not Python"),
            ]
        ),
    ],
)  # fmt: skip
def test_an_exercise_that_fails_is_told_and_the_old_file_stays(folder, old, new, told):
    old_file = folder / "models" / "dense.npz"
    old_file.write_bytes(b"old")
    if new is None:
        LESSON.exercise_path(folder).write_text(stub(LESSON), "utf-8")
    else:
        change(folder, old, new)
    assert re.search(told, digits(folder, "export", "dense", status=2))
    assert old_file.read_bytes() == b"old"
    assert files(folder) == {"dense.keras", "dense.npz"}


def test_a_layer_that_the_exercise_refuses_is_told(folder, networks):
    shutil.copy(networks / "capstone.keras", folder / "models")
    said = digits(folder, "export", "capstone", "--reference", status=2)
    assert "export_network refused this network: Rescaling cannot be exported" in said
    assert "Check your code" not in said
    assert files(folder) == {"dense.keras", "capstone.keras"}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    values = images[..., ", "    raise NotImplementedError\n    images[..., ", "is not written yet"),
        ("import json\n", "import json\nimport keras\n", "No module named 'keras' where exported networks run"),
        ("    return values\n", "    return values[:1]\n", "did not return ten finite numbers for each of 100 images"),
    ],
)  # fmt: skip
def test_a_file_that_the_exercise_cannot_read_yet_is_kept(folder, old, new, told):
    change(folder, old, new)
    said = digits(folder, "export", "dense")
    assert "It was not tried." in said
    assert told in said
    assert files(folder) == {"dense.keras", "dense.npz"}
    assert told in digits(folder, "export", "dense", "--format", "container", status=2)
    assert files(folder) == {"dense.keras", "dense.npz"}


@pytest.mark.parametrize("form", ["npz", pytest.param("onnx", marks=pytest.mark.thorough)])
def test_a_damaged_network_is_told(folder, form):
    network = folder / "models" / "dense.keras"
    network.write_bytes(network.read_bytes()[:100_000])
    assert "dense.keras cannot be loaded (" in digits(folder, "export", "dense", "--format", form, status=2)
    assert files(folder) == {"dense.keras"}


def test_wrong_usage_gets_a_sentence(folder, monkeypatch):
    monkeypatch.setattr(export, "require", lambda *_: pytest.fail("It was fetched."))
    monkeypatch.chdir(folder)
    own = folder / "own"
    own.mkdir()
    (own / "README.md").touch()
    for arguments, told in {
        (None, "pb", None, False): r"There is no format pb. There are npz, onnx, litert, litert-int8 and container\.",
        (None, "onnx", None, True): "Leave out --reference",
        ("cnn", "onnx", None, False): r"Train it first: \./digits train cnn",
        ("densest", "onnx", None, False): "Check the name",
        ("nowhere/dense.keras", "onnx", None, False): "There is no file nowhere/dense.keras",
        ("exercises/15_deployment.py", "npz", None, False): "is no network",
        (None, "onnx", "dense.tflite", False): r"must end in \.onnx",
        (None, "container", "own", False): "own holds other files",
        (None, "container", "models/dense.keras", False): "is a file",
    }.items():
        named, form, output, reference = arguments
        with pytest.raises(CourseError, match=told):
            export.export_network(named, form, Path(output) if output else None, reference)
    (folder / "models" / "dense.keras").unlink()
    with pytest.raises(
        CourseError, match=r"There is no network in the folder models yet. Train one first: \./digits train cnn"
    ):
        export.export_network(None, "npz", None, False)


def test_a_place_that_cannot_be_written_is_told_at_once(folder):
    said = digits(folder, "export", "dense", "--output", "/proc/dense.npz", status=2)
    assert said.startswith("digits: /proc/dense.npz cannot be written (")


def test_packages_that_are_missing_are_named_with_the_command(folder, monkeypatch):
    monkeypatch.setattr("grader.cli.environment.find_spec", lambda name: None)
    monkeypatch.setattr("grader.cli.environment.is_the_launchers", lambda: False)
    monkeypatch.chdir(folder)
    with pytest.raises(CourseError, match=r"run \./digits export --format onnx in the course folder .*\.\[deploy\]"):
        export.export_network("dense", "onnx", None, False)


def test_control_c_stops_it_and_leaves_nothing(folder):
    change(folder, "    steps, arrays = [], {}", '    import time\n    print("ready", flush=True)\n    time.sleep(600)')
    command = [DIGITS, "export", "dense"]
    variables = environment(PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert "ready" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith(" Stopped. Nothing was written.\n")
        assert process.wait(SOON) == 130
    assert files(folder) == {"dense.keras"}


# the container


def test_a_container_is_a_folder_with_all_it_needs(container):
    assert {path.name for path in container.iterdir()} == FILES
    assert {path.stat().st_mode & 0o777 for path in container.iterdir()} == {0o644}
    assert (container / "deployment.py").read_bytes() == solution(LESSON).read_bytes()
    imported = set()
    for path in container.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module.partition(".")[0])
    assert imported <= sys.stdlib_module_names | {"numpy", "deployment", "no_new_connections"}
    version = re.search(r"^numpy==(\S+)$", (REPOSITORY / "constraints.txt").read_text("utf-8"), re.MULTILINE)[1]
    dockerfile = (container / "Dockerfile").read_text("utf-8")
    assert steps(dockerfile)["RUN"] == ["pip", "install", "--no-cache-dir", f"numpy=={version}"]
    assert "$" not in dockerfile + (container / "README.md").read_text("utf-8")


@pytest.mark.thorough
def test_of_a_notebook_a_container_gets_the_functions(folder):
    path = LESSON.exercise_path(folder)
    notebook = jupytext.reads(path.read_text("utf-8"), "py:percent")
    notebook.cells += jupytext.reads("# %%\nimport keras\nkeras.Model()\n\n# %%\n1 / 0\n", "py:percent").cells
    jupytext.write(notebook, path.with_suffix(".ipynb"))
    path.unlink()
    said = digits(folder, "export", "dense", "--format", "container", "--output", folder / "new")
    assert "docker build -t digits new" in said
    assert "keras.Model" not in (folder / "new" / "deployment.py").read_text("utf-8")
    again = digits(folder, "export", "dense", "--format", "container", "--output", folder / "new")
    assert again == said  # an older one is replaced


def test_a_notebook_becomes_a_module(tmp_path):
    cells = ["# %%\nimport json, os\nimport functools", "# %%\nfunctools.cache(1)\nplot(", "# %%\nLIMIT = 3  # why\n"]
    cells += ["# %%\n@functools.cache\ndef respond(body, network):\n    # here\n    return json, LIMIT\n"]
    jupytext.write(jupytext.reads("\n".join(cells), "py:percent"), tmp_path / "deployment.ipynb")
    text = as_module(read_source(tmp_path / "deployment.ipynb")).decode()
    assert text.endswith("@functools.cache\ndef respond(body, network):\n    # here\n    return json, LIMIT\n")
    assert "plot" not in text
    space: dict = {}
    exec(text, space)
    assert space["respond"](1, 2) == (json, 3)


class Served:
    """The server of a container, started with a Python in the folder."""

    def __init__(self, folder: Path, command: list[str], **variables: str) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(PORT="0", PYTHONUNBUFFERED="1", PYTHONDONTWRITEBYTECODE="1", **variables),
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stderr.readline()
        assert line.startswith("Ready on port"), line + self.process.stderr.read()
        self.port = int(re.search(r"\d+", line)[0])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SOON)

    def end(self) -> int:
        self.process.terminate()
        return self.status()

    def status(self) -> int:
        """Wait until it has ended."""
        self.said()
        return self.process.returncode

    def said(self) -> str:
        """Wait until it has ended; returns what it has written."""
        try:
            return self.process.communicate(timeout=SOON)[1]
        finally:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def served(container: Path) -> Iterator[Served]:
    server = Served(container, [sys.executable, "server.py"])
    yield server
    assert server.end() == 0


def ask(port: int, path: str = "/predict", body: bytes | None = None, **headers: str) -> tuple[int, dict]:
    """Status and answer of a request; with a body it is a POST."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    connection.request("GET" if body is None else "POST", path, body, headers)
    response = connection.getresponse()
    assert response.getheader("Content-Type") == "application/json"
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


def raw(served: Served, request: bytes) -> bytes:
    """What comes back for some bytes, after which nothing more comes."""
    with served.connect() as connection:
        connection.sendall(request)
        return connection.makefile("rb").read()


def test_the_server_answers_requests_and_refuses_others(served, container):
    body = (container / "digit.json").read_bytes()
    status, answer = ask(served.port, body=body)
    assert status == 200
    assert answer["digit"] == np.argmax(answer["probabilities"])
    assert ask(served.port, "/healthz") == (200, {"status": "ok"})
    for expected, path, sent in [
        (400, "/predict", b"hello"),
        (400, "/predict", b""),
        (413, "/predict", b" " * 20_001),
        (413, "/predict", b" " * 900_000),
        (404, "/elsewhere", body),
        (404, "/", None),
        (405, "/predict", None),
    ]:
        status, answer = ask(served.port, path, sent)
        assert (status, list(answer)) == (expected, ["error"])
    start = b"POST /predict HTTP/1.1\r\n"
    for expected, request in [
        (411, start + b"\r\n"),
        (411, start + b"Content-Length: -1\r\n\r\n"),
        (411, start + b"Content-Length: \xb2\r\n\r\n"),
        (501, b"DELETE /predict HTTP/1.1\r\n\r\n"),
        (400, b"GET two words HTTP/1.1\r\n\r\n"),
        (414, b"GET /" + b"a" * 65_532),
        (431, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 101),
    ]:
        head, _, answer = raw(served, request).partition(b"\r\n\r\n")
        assert head.split()[1] == str(expected).encode(), head
        assert list(json.loads(answer)) == ["error"]
        assert b"Python" not in head


def test_the_server_answers_many_at_once(served, container):
    body = (container / "digit.json").read_bytes()
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: ask(served.port, body=body)[0], range(200)))
    assert answers == [200] * 200


def test_the_server_does_not_wait_for_long(served):
    """Neither for a body that never comes, nor for a request that comes byte by byte."""
    began = time.monotonic()
    with served.connect() as slow, served.connect() as silent:
        slow.sendall(b"POST /predict HTTP/1.1\r\nContent-Length: 5000\r\n\r\n")
        silent.sendall(b"GET /heal")
        while time.monotonic() - began < 4:
            slow.sendall(b" ")
            time.sleep(0.5)
        assert b" 408 " in slow.makefile("rb").readline()
        assert silent.recv(1) == b""
    assert time.monotonic() - began < 60
    assert ask(served.port, "/healthz")[0] == 200


def test_sigterm_lets_a_request_under_way_finish(container):
    served = Served(container, [sys.executable, "server.py"])
    body = (container / "digit.json").read_bytes()
    with served.connect() as connection:
        connection.sendall(b"POST /predict HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:100])
        assert ask(served.port, "/healthz")[0] == 200  # connections are accepted in order: the first one is, too
        served.process.terminate()
        wait_until_refused(served.port)
        served.process.terminate()  # again, now that it waits for its threads
        assert served.process.poll() is None
        connection.sendall(body[100:])
        assert b" 200 " in connection.makefile("rb").readline()
    assert served.status() == 0


def test_sigterm_loses_no_request_of_many(container):
    """Each connection that was made gets its answer, however many others come while the server ends."""
    served = Served(container, [sys.executable, "server.py"])
    body = (container / "digit.json").read_bytes()
    request = b"POST /predict HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    answered, lost, stop = [], [], threading.Event()

    def ask_again_and_again() -> None:
        while not stop.is_set():
            try:
                connection = socket.create_connection(("127.0.0.1", served.port), timeout=1)
            except OSError:
                continue  # not accepted, so not lost
            connection.settimeout(SOON)
            with connection:
                try:
                    connection.sendall(request)
                    (answered if b" 200 " in connection.makefile("rb").readline() else lost).append(1)
                except OSError as error:
                    lost.append(error)

    with ThreadPoolExecutor(32) as pool:
        for _ in range(32):
            pool.submit(ask_again_and_again)
        deadline = time.monotonic() + SOON
        while len(answered) < 200 and time.monotonic() < deadline:
            time.sleep(0.01)
        served.process.terminate()
        assert served.status() == 0
        stop.set()
    assert len(answered) >= 200
    assert lost == []


@pytest.mark.parametrize(
    "code", ["time.sleep(1000)", "concurrent.futures.ThreadPoolExecutor(1).submit(time.sleep, 1000).result()"]
)
def test_a_respond_that_hangs_does_not_keep_the_server(code, container, tmp_path):
    folder = copy_with(container, tmp_path, f"import concurrent.futures, time\n    {code}")
    served = Served(folder, [sys.executable, "server.py"])
    hanging = [served.connect() for _ in range(70)]  # more than may be open at a time
    for connection in hanging:
        connection.sendall(b"POST /predict HTTP/1.1\r\nContent-Length: 1\r\n\r\n1")
    served.process.terminate()
    assert served.status() == 0
    for connection in hanging:
        connection.close()


def test_the_server_answers_though_nobody_reads_its_log(container):
    served = Served(container, [sys.executable, "server.py"])
    served.process.stderr.close()
    body = (container / "digit.json").read_bytes()
    assert [ask(served.port, body=body)[0] for _ in range(3)] == [200] * 3
    served.process.terminate()
    assert served.process.wait(SOON) == 0


def test_threads_that_cannot_be_started_take_no_places(container, tmp_path):
    folder = copy_with(container, tmp_path, "return 200, {}")
    with (folder / "deployment.py").open("a") as module:
        module.write(FEW_THREADS)
    served = Served(folder, [sys.executable, "server.py"])
    for _ in range(100):
        with served.connect() as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                assert connection.recv(100) == b""
    assert ask(served.port, "/healthz")[0] == 200
    assert served.end() == 0


FEW_THREADS = """

import threading

start, refused = threading.Thread.start, iter(range(100))

def start_or_not(thread):
    if next(refused, None) is not None:
        raise RuntimeError("can't start new thread")
    start(thread)

threading.Thread.start = start_or_not
"""


def test_a_port_that_is_none_is_told(container):
    for port in ("abc", "99999", "0" * 12 + "99999", "-1", ""):
        command, variables = [sys.executable, "server.py"], environment(PORT=port)
        ended = subprocess.run(
            command, cwd=container, env=variables, capture_output=True, text=True, timeout=SOON, check=False
        )
        assert (ended.returncode, ended.stderr) == (1, f"PORT is {port!r}. Use a number from 0 to 65535.\n")


def copy_with(container: Path, tmp_path: Path, code: str) -> Path:
    """The folder of a container whose respond does something else."""
    folder = tmp_path / "copy"
    shutil.copytree(container, folder)
    with (folder / "deployment.py").open("a") as module:
        module.write(f"\n\ndef respond(body, network):\n    {code}\n")
    return folder


def wait_until_refused(port: int) -> None:
    """Wait until the server takes no new connections."""
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=SOON).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    raise AssertionError


def test_code_that_fails_is_an_answer_as_well(container, tmp_path):
    answers = "1 / 0", "('200', object())", "(object(), {})", "(999, {})", "(100, {})", "(204, {})", "(True, {})"
    answers += "(200, {'a': float('nan')})", "[200, {}]", "(200, {}, {})", "exit('\\x1b[31mred\\u202e')"
    folder = copy_with(container, tmp_path, f"return [{', '.join(f'lambda: {one}' for one in answers)}][int(body)]()")
    served = Served(folder, [sys.executable, "server.py"])
    for number in range(len(answers)):
        body = str(number).encode()
        assert ask(served.port, body=body) == (500, {"error": "The server failed at this request."}), answers[number]
    served.process.terminate()
    said = served.said()
    assert served.process.returncode == 0
    assert "\\x1b[31mred\\u202e" in said
    assert all(character.isprintable() or character == "\n" for character in said)


def steps(dockerfile: str) -> dict[str, list[str]]:
    """The words of each instruction; of CMD and HEALTHCHECK the list."""
    instructions = re.findall(r"^([A-Z]+) (.+)$", dockerfile.replace("\\\n", ""), re.MULTILINE)
    found = {name: text.split() for name, text in instructions}
    for name, text in instructions:
        if name in {"CMD", "HEALTHCHECK"}:
            found[name] = json.loads(text[text.index("[") :])
    return found


@pytest.mark.install
def test_the_image_is_built_runs_answers_and_stops(container, tmp_path):
    """With Docker where its engine answers; elsewhere, its steps are carried out in an environment of their own."""
    has_docker = (
        shutil.which("docker")
        and not subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=SOON).returncode
    )
    (in_docker if has_docker else in_an_environment)(container, tmp_path)


def in_docker(container: Path, tmp_path: Path) -> None:
    def docker(*arguments: object) -> str:
        command = ["docker", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=SOON).stdout.strip()

    name = f"digits-test-{os.getpid()}"
    docker("build", "-t", name, container)
    try:
        docker("run", "-d", "--read-only", "--name", name, "-p", "127.0.0.1::8000", name)
        port = int(docker("port", name, "8000").rpartition(":")[2])
        expect_seven_is_read(port, container)
        assert docker("exec", name, "id", "-u") == "10001"
        docker("stop", name)
        assert docker("inspect", "-f", "{{.State.ExitCode}}", name) == "0"
    finally:
        subprocess.run(["docker", "rm", "-f", name], capture_output=True, check=False, timeout=SOON)
        subprocess.run(["docker", "rmi", name], capture_output=True, check=False, timeout=SOON)


def in_an_environment(container: Path, tmp_path: Path) -> None:
    asked = steps((container / "Dockerfile").read_text("utf-8"))
    assert asked["FROM"] == [f"python:{sys.version_info.major}.{sys.version_info.minor}-slim"]
    scripts = tmp_path / "environment" / "bin"
    subprocess.run([sys._base_executable, "-m", "venv", scripts.parent], check=True, timeout=SOON)
    pip, *rest = asked["RUN"]
    subprocess.run([scripts / pip, *rest], check=True, timeout=SOON)
    app = tmp_path / "app"
    app.mkdir()
    *copied, _ = asked["COPY"]
    for name in copied:
        shutil.copy(container / name, app)
    without = "import importlib.util as u; print([n for n in ('tensorflow', 'keras') if u.find_spec(n)])"
    assert subprocess.check_output([scripts / "python", "-c", without], text=True) == "[]\n"
    python, *rest = asked["CMD"]
    served = Served(app, [str(scripts / python), *rest])
    expect_seven_is_read(served.port, container)
    python, *rest = asked["HEALTHCHECK"]
    health = [argument.replace("8000", str(served.port)) for argument in rest]
    subprocess.run([scripts / python, *health], check=True, timeout=SOON)
    assert served.end() == 0
    assert {path.name for path in app.iterdir()} == set(copied)


def expect_seven_is_read(port: int, container: Path) -> None:
    deadline = time.monotonic() + SOON
    while True:
        try:
            assert ask(port, "/healthz") == (200, {"status": "ok"})
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    status, answer = ask(port, body=(container / "digit.json").read_bytes())
    assert status == 200
    assert len(answer["probabilities"]) == 10
