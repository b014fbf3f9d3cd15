"""`digits serve`: the learner's exported network behind HTTP, as programs ask it."""

import asyncio
import contextlib
import http.client
import json
import os
import random
import re
import select
import shutil
import signal
import socket
import sys
import threading
import time
import types
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jupytext
import numpy as np
import pytest
from exported import SOLUTION, reference, write_network
from servers import start
from test_lab import wait_until

from grader.course import CourseError
from grader.deployment import listening, worker
from grader.deployment.load_test import load
from grader.deployment.networks import find_network
from grader.deployment.own_code import Reply
from grader.deployment.server import PredictionServer
from grader.deployment.started import served

ADDRESS = re.compile(r"http://\S+")
SOON = 60  # seconds until a test that hangs fails instead
SENTENCE = r"[A-Z0-9][^\n]{10,300}\."
RESPOND = "\n\ndef respond(body, network):\n"


def image(seed: int = 0) -> list[list[int]]:
    return np.random.default_rng(seed).integers(0, 256, (28, 28)).tolist()


GOOD = json.dumps({"image": image()}).encode()


class Serve:
    """A running `digits serve` in a learner's folder."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self.folder = folder
        command = ["serve", "--port", "0", *arguments]
        self.process, self.printed, self.address = start(command, folder, ADDRESS, **variables)
        self.host, self.port = self.address.removeprefix("http://").split(":")

    def ask(self, path: str = "/predict", body: bytes | None = None, method: str | None = None) -> tuple[int, dict]:
        """The status and the JSON of an answer."""
        status, text = self.text(path, body, method)
        return status, json.loads(text)

    def text(self, path: str, body: bytes | None = None, method: str | None = None) -> tuple[int, str]:
        request = urllib.request.Request(self.address + path, body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=SOON) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, int(self.port)), timeout=SOON)

    def send(self, request: bytes) -> tuple[int, dict]:
        """Send bytes on a connection of their own; returns the status and the JSON of the first answer."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_answer(connection)

    def counted(self, name: str) -> float:
        """The value of a metric."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.text("/metrics")[1], re.MULTILINE)
        return float(found[1]) if found else 0.0

    def stop(self, number: int = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=SOON)
        return self.printed + rest


def read_answer(connection: socket.socket) -> tuple[int, dict]:
    """The status and the JSON of an answer; it fails if the answer is not whole."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    contents = answer.read()
    return answer.status, json.loads(contents)


def learner(folder: Path, code: str | None = None) -> Path:
    """A learner's folder with an exported network. The code is put at the end of the solved exercise."""
    (folder / "exercises").mkdir(parents=True)
    text = SOLUTION.read_text() + (code or "")
    (folder / "exercises" / SOLUTION.name).write_text(text)
    write_network(folder / "models" / "cnn.npz")
    return folder


@contextlib.contextmanager
def running(folder: Path, *arguments: str, **variables: str) -> Iterator[Serve]:
    serve = Serve(folder, *arguments, **variables)
    try:
        yield serve
    finally:
        serve.process.kill()
        serve.process.communicate()


@pytest.fixture(scope="module")
def serve(tmp_path_factory) -> Iterator[Serve]:
    with running(learner(tmp_path_factory.mktemp("learner") / "folder")) as started:
        yield started


# Answers


@pytest.mark.parametrize("seed", range(3))
def test_a_good_request_gets_what_the_learners_functions_predict(seed, serve):
    status, answer = serve.ask(body=json.dumps({"image": image(seed)}).encode())
    network = reference().load_exported(str(serve.folder / "models" / "cnn.npz"))
    (expected,) = reference().predict_exported(network, np.array([image(seed)], np.uint8))
    assert status == 200
    assert answer["digit"] == expected.argmax()
    assert np.allclose(answer["probabilities"], expected)


def test_the_start_page_has_a_command_that_works(serve):
    status, text = serve.text("/")
    assert status == 200
    line = next(line.strip() for line in text.splitlines() if "curl" in line)
    assert line.endswith(f"{serve.address}/predict")
    printed = eval(line.partition('"print(')[2].partition(')"')[0])
    assert serve.ask(body=json.dumps(printed).encode())[0] == 200
    with serve.connect() as connection:  # whatever the client calls it: the line is there to be pasted
        connection.sendall(b"GET / HTTP/1.1\r\nHost: $(reboot)\r\nConnection: close\r\n\r\n")
        text = connection.makefile().read()
    assert f"{serve.address}/predict" in text
    assert "reboot" not in text


def test_it_says_that_it_is_ready_and_what_it_has_counted(serve):
    status, told = serve.ask("/healthz")
    assert (status, told["status"], told["network"]) == (200, "ok", "cnn")
    before = serve.counted('digits_requests_total{status="200"}'), serve.counted("digits_confidence_count")
    digit = serve.ask(body=GOOD)[1]["digit"]
    assert serve.counted('digits_requests_total{status="200"}') >= before[0] + 2
    assert serve.counted("digits_confidence_count") == before[1] + 1
    assert serve.counted(f'digits_predictions_total{{digit="{digit}"}}') >= 1
    assert serve.counted("digits_predict_seconds_count") >= 1
    assert serve.counted("digits_connections") >= 1
    status, text = serve.text("/metrics")
    assert "digits_waiting 0.0" in text


def test_tensorflow_is_not_in_its_process(serve):
    serve.ask(body=GOOD)
    mapped = Path(f"/proc/{serve.process.pid}/maps").read_text()
    assert "numpy" in mapped
    assert "tensorflow" not in mapped


@pytest.mark.parametrize(
    ("path", "method", "body", "status"),
    [
        ("/predict", None, b"hello", 400),
        ("/predict", None, b"", 400),
        ("/predict", None, b"[" * 19_000, 400),
        ("/predict", None, b" " * 20_001, 413),
        ("/predict", None, b" " * 1_000_000, 413),
        ("/predict", None, b" " * 1_000_001, 413),
        ("/predict", None, b" " * 10_000_000, 413),
        ("/predict", "GET", None, 405),
        ("/predict", "PUT", GOOD, 405),
        ("/healthz", "POST", GOOD, 405),
        ("/healthz", "FOO", None, 405),
        ("/nothing", None, None, 404),
        ("/predict/", None, GOOD, 404),
        ("/..%2Fetc", "DELETE", None, 404),
    ],
)
def test_every_error_is_json_with_one_sentence(path, method, body, status, serve):
    answered, told = serve.ask(path, body, method)
    assert answered == status
    assert list(told) == ["error"]
    assert re.fullmatch(SENTENCE, told["error"])


BROKEN = {  # what is not HTTP, or not whole: the status of the answer
    b"hello\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\n\r\n": 400,  # without a host
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n": 400,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n": 400,  # as TLS begins
    b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 100_000 + b"\r\n\r\n": 431,
    b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n": 400,
    b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab": 400,
    b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n": 413,
    b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n": 400,
    b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nzz\r\n": 400,
    b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"a" * 65535: None,
    b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort": None,
    b"GET / HT": None,
    b"": None,
}


@pytest.mark.parametrize("request_", [each for each, status in BROKEN.items() if status], ids=lambda each: each[-40:])
def test_broken_http_is_answered_with_a_sentence(request_, serve):
    status, told = serve.send(request_)
    assert status == BROKEN[request_]
    assert re.fullmatch(SENTENCE, told["error"])


def test_a_chunked_body_is_as_good_as_any_and_refused_when_it_is_too_long(serve):
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert serve.send(head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(GOOD), GOOD))[0] == 200
    assert serve.send(head + (b"10000\r\n" + b" " * 0x10000 + b"\r\n") * 20)[0] == 413


# Strangers


def pipelined(connection: socket.socket, requests: list[bytes]) -> list[int]:
    """The statuses of requests that are sent at once on one connection."""
    sender = threading.Thread(target=connection.sendall, args=[b"".join(requests)])
    sender.start()
    with connection.makefile("rb") as file:
        statuses = [read_pipelined(file) for _ in requests]
    sender.join()
    return statuses


def read_pipelined(file) -> int:
    head = b"".join(iter(file.readline, b"\r\n"))
    file.read(int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1]))
    return int(head.split()[1])


def bad_bodies(count: int, seed: int) -> Iterator[bytes]:
    """Requests in good HTTP with nothing good in them."""
    rng = random.Random(seed)
    row = [0] * 28
    for number in range(count):
        body = [
            rng.randbytes(rng.randrange(200)),
            b"[" * rng.randrange(1, 5000),
            b'{"image": ' * rng.randrange(1, 500),
            json.dumps({"image": [row] * rng.choice([0, 27, 29])}).encode(),
            json.dumps({"image": [row] * 27 + [[0] * 27 + [rng.choice([-1, 256, 1.5, "1", None, True])]]}).encode(),
            GOOD[: rng.randrange(len(GOOD) - 1)],
            b"9" * 5000,
            b'{"image": NaN}',
        ][number % 8]
        yield b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def send_broken(serve: Serve, count: int, seed: int) -> None:
    """Send broken HTTP, each on a connection of its own, and go away at any moment."""
    rng, kinds = random.Random(seed), list(BROKEN)
    for number in range(count):
        with contextlib.suppress(OSError), serve.connect() as connection:
            kind = kinds[number % len(kinds)]
            connection.sendall(kind)
            if BROKEN[kind] and rng.random() < 0.5:
                connection.recv(rng.choice([1, 1000]))
            if rng.random() < 0.2:  # closed with a reset
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_ten_thousand_bad_requests_leave_it_as_it_was(tmp_path):
    """Bad JSON, bad HTTP, bodies that end too soon, senders that take their time: then a good one is answered."""
    with running(learner(tmp_path / "learner")) as serve:
        slow = [serve.connect() for _ in range(40)]
        for number, connection in enumerate(slow):
            connection.sendall(
                [b"GET / HT", b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"][number % 2]
            )

        def send_bodies(seed: int) -> list[int]:
            with serve.connect() as connection:
                return pipelined(connection, list(bad_bodies(2000, seed)))

        with ThreadPoolExecutor(8) as pool:
            broken = [pool.submit(send_broken, serve, 500, seed) for seed in range(4)]
            answered = [status for statuses in pool.map(send_bodies, range(4)) for status in statuses]
            for each in broken:
                each.result()
        assert set(answered) == {400}
        assert len(answered) == 8000
        assert serve.ask(body=GOOD)[0] == 200
        for connection in slow:
            connection.close()
        wait_until(lambda: serve.counted("digits_connections") <= 1)
        assert serve.counted('digits_requests_total{status="500"}') == 0
        said = serve.stop()
        assert "Traceback" not in said
        assert "rror" not in said.partition("respond")[2]
        assert serve.process.returncode == 0


def test_too_many_connections_are_told_so_and_use_nothing_up(serve):
    held = [serve.connect() for _ in range(300)]
    wait_until(lambda: len(select.select(held, [], [], 0)[0]) >= 300 - 256)
    for each in select.select(held, [], [], 0)[0]:
        status, told = read_answer(each)
        assert (status, told["error"]) == (503, "The server has too many connections. Try again soon.")
    for each in held:
        each.close()
    wait_until(lambda: answers(serve))


def answers(serve: Serve) -> bool:
    try:
        return serve.ask(body=GOOD)[0] == 200
    except OSError:
        return False


# The learner's code

TRICKS = """

real = respond

def respond(body, network):
    import os
    import time
    if body == b"raise":
        return 1 / 0
    if body == b"exit":
        raise SystemExit(3)
    if body == b"hang":
        while True:
            time.sleep(0.01)
    if body == b"wait":
        open("began", "w").close()
        while not os.path.exists("go"):
            time.sleep(0.01)
        return 200, {}
    if body == b"nonsense":
        return "hello"
    if body == b"numpy":
        return 200, {"digit": np.int64(3)}
    if body == b"nan":
        return 200, {"digit": float("nan")}
    if body == b"status":
        return 99, {}
    if body == b"pair":
        return True, {}
    if body == b"huge":
        return 200, {"digit": 0, "probabilities": [10**400] * 10}
    if body.startswith(b"echo "):
        raise ValueError(body.decode())
    if body == b"other":
        return 418, ["teapot"]
    return real(body, network)
"""


@pytest.fixture(scope="module")
def tricky(tmp_path_factory) -> Iterator[Serve]:
    with running(learner(tmp_path_factory.mktemp("tricky") / "folder", TRICKS)) as started:
        yield started


def test_what_respond_raises_or_returns_wrongly_is_the_servers_error(tricky):
    for body in (b"raise", b"exit", b"nonsense", b"numpy", b"nan", b"status", b"pair", b"raise"):
        status, told = tricky.ask(body=body)
        assert (status, list(told)) == (500, ["error"]), body
        assert re.fullmatch(SENTENCE, told["error"])
        assert "respond" not in told["error"]
    assert tricky.ask(body=b"other") == (418, ["teapot"])
    assert tricky.ask(body=b"huge")[0] == 200  # what nobody can count is answered all the same
    assert tricky.ask(body=GOOD)[0] == 200


def test_the_terminal_says_once_what_went_wrong_and_where(tmp_path):
    with running(learner(tmp_path / "learner", TRICKS)) as serve:
        for body in (b"raise", b"nonsense", b"numpy", b"exit", b"status", b"pair") * 3:
            serve.ask(body=body)
        said = serve.stop()
    line = (SOLUTION.read_text() + TRICKS).splitlines().index("        return 1 / 0") + 1
    assert said.count(f"exercises/15_deployment.py:{line} in respond raised ZeroDivisionError: division by zero.") == 1
    assert said.count("respond in exercises/15_deployment.py returned str, not (status, answer).") == 1
    assert said.count("an answer that JSON cannot hold (Object of type int64 is not JSON serializable).") == 1
    assert said.count("in respond raised SystemExit: 3.") == 1
    assert said.count("returned status 99: use one from 200 to 599, and not 204 or 304.") == 1
    assert said.count("returned (bool, dict), not (status, answer).") == 1
    assert re.search(r"18 requests, \S+/s, p50 \S+ ms, p99 \S+ ms, 18 failed \(5xx\)", said)


def test_what_a_client_sends_reaches_the_terminal_without_its_power(tmp_path):
    with running(learner(tmp_path / "learner", TRICKS)) as serve:
        serve.ask(body="echo \x1b[2J\x1b]0;mine\x07\u202e\r 200 requests\x9b31m".encode())
        said = serve.stop()
    assert "raised ValueError: echo" in said
    assert all(character.isprintable() or character == "\n" for character in said)


def test_a_call_that_hangs_is_given_up_and_others_are_answered(tmp_path):
    with running(learner(tmp_path / "learner", TRICKS)) as serve, ThreadPoolExecutor(4) as pool:
        hanging = pool.submit(serve.ask, "/predict", b"hang")
        wait_until(lambda: serve.counted("digits_waiting") == 0 and serve.ask("/healthz")[0] == 200)
        others = [pool.submit(serve.ask, "/predict", GOOD) for _ in range(3)]
        assert hanging.result()[0] == 504
        assert [each.result()[0] for each in others] == [200] * 3
        assert serve.ask(body=GOOD)[0] == 200
        for _ in range(2):
            assert serve.ask(body=b"hang")[0] == 504
        status, told = serve.ask(body=GOOD)  # three threads are lost: better to say so than to start more and more
        assert status == 503
        assert re.fullmatch(SENTENCE, told["error"])
        assert serve.ask("/healthz") == (503, {"status": "stuck", "network": "cnn", "waiting": 0})
        said = serve.stop()
        assert said.count("respond has not returned after 5 seconds") == 2
        assert serve.process.returncode == 0


def test_a_queue_that_is_full_is_told(tmp_path):
    folder = learner(tmp_path / "learner", TRICKS)
    with running(folder) as serve, ThreadPoolExecutor(80) as pool:
        asked = [pool.submit(serve.ask, "/predict", b"wait") for _ in range(80)]  # one runs, 64 wait
        full = (503, {"error": "Too many requests are waiting. Try again soon."})
        wait_until(lambda: full in [each.result() for each in asked if each.done()])
        (folder / "go").touch()
        answered = [each.result()[0] for each in asked]
        assert set(answered) <= {200, 503, 504}
        begun = serve.counted("digits_predict_seconds_count")  # who is turned away in no time makes nobody look fast
        assert begun == 80 - answered.count(503)
        assert serve.ask(body=GOOD)[0] == 200


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (f"{RESPOND}    raise NotImplementedError()\n", "respond in exercises/15_deployment.py is not written yet."),
        (
            "\ndef load_exported(path):\n    raise NotImplementedError()\n",
            "digits: load_exported in exercises/15_deployment.py is not written yet. Check",
        ),
        ("\ndef load_exported(path):\n    return path.nothing\n", "in load_exported raised AttributeError: "),
        ("\ndef load_exported(path):\n    return path.nothing\n", "models/cnn.npz cannot be loaded. exercises/"),
        (f"{RESPOND}    return 400, {{}}\n", "gave status 400 to a good request."),
        (f"{RESPOND}    return 200, {{'digit': 3}}\n", """without a digit and ten probabilities: {"digit": 3}."""),
        (
            f"{RESPOND}    return 200, {{'digit': 10, 'probabilities': [0.1] * 10}}\n",
            "without a digit and ten probabilities",
        ),
        (f"{RESPOND}    return None\n", "returned NoneType, not (status, answer)."),
        (f"{RESPOND}    return (\n", "is not Python: "),
        (
            "\nimport keras\n\ndef late():\n    pass\n",
            "raised ModuleNotFoundError: No module named 'keras' where exported networks run.",
        ),
        ("\nrespond = 3\n", "There is no function respond in exercises/15_deployment.py."),
    ],
)
def test_an_unfinished_exercise_is_told_in_one_sentence(code, words, tmp_path, run_serve):
    status, said = run_serve(learner(tmp_path / "learner", code))
    assert status == 2
    assert words in said
    assert said.endswith("Check your code: ./digits check deployment\n")
    assert said.startswith("digits: ")


@pytest.fixture
def run_serve(tmp_path) -> Callable[..., tuple[int, str]]:
    """Run `digits serve` where it does not get as far as to listen; returns its status and what it says, unwrapped."""

    def run(folder: Path, *arguments: str) -> tuple[int, str]:
        import subprocess

        from servers import DIGITS

        finished = subprocess.run(
            [DIGITS, "serve", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SOON,
            check=False,
        )
        return finished.returncode, finished.stderr

    return run


def test_the_exercise_may_be_a_notebook(tmp_path):
    folder = learner(tmp_path / "learner")
    exercise = folder / "exercises" / SOLUTION.name
    jupytext.write(jupytext.read(exercise), exercise.with_suffix(".ipynb"))
    exercise.unlink()
    with running(folder) as serve:
        assert serve.ask(body=GOOD)[0] == 200
        assert "exercises/15_deployment.ipynb" in serve.printed


def test_the_reference_serves_without_an_exercise(tmp_path):
    write_network(tmp_path / "other.npz")
    with served(str(tmp_path / "other.npz"), "--reference", folder=tmp_path) as address:
        measured = load(address, GOOD, rate=20, seconds=1)
    assert (len(measured.latencies), measured.failed) == (20, 0)
    assert 0 < measured.percentile(50) <= measured.percentile(99)


# Which network, and where


def test_without_a_network_it_says_what_to_do(tmp_path, run_serve):
    folder = learner(tmp_path / "learner")
    shutil.rmtree(folder / "models")
    status, said = run_serve(folder)
    assert status == 2
    assert "./digits train cnn, then ./digits export cnn" in said
    write_network(folder / "models" / "cnn.npz")
    assert "There is no network called dense in the folder models. It has cnn." in run_serve(folder, "dense")[1]
    assert "There is no file models/none/dense.npz." in run_serve(folder, "models/none/dense.npz")[1]
    (folder / "models" / "cnn.npz").write_bytes(b"PK damaged")
    damaged = run_serve(folder)[1]
    assert damaged.startswith("digits: models/cnn.npz cannot be loaded. exercises/15_deployment.py:")
    assert damaged.endswith("If the file is damaged, export it again. Check your code: ./digits check deployment\n")
    assert "no exported network" in run_serve(folder, f"exercises/{SOLUTION.name}")[1]


@pytest.fixture
def exports(monkeypatch) -> list[str]:
    """The names of networks that were exported, by a stand-in for what needs TensorFlow."""
    done: list[str] = []

    def export_npz(network: Path, target: Path, source) -> None:
        done.append(network.name)
        target.write_text("exported")

    exporting = types.SimpleNamespace(export_npz=export_npz)
    monkeypatch.setitem(sys.modules, "grader.deployment.exporting", exporting)
    return done


def test_a_network_is_exported_if_it_was_trained_since(tmp_path, exports):
    models = tmp_path / "models"
    models.mkdir()
    with pytest.raises(CourseError, match="digits train cnn"):
        find_network(None, tmp_path, None)
    trained = models / "dense.keras"
    trained.write_text("trained")
    assert find_network(None, tmp_path, None) == models / "dense.npz"
    assert find_network("dense", tmp_path, None) == models / "dense.npz"
    assert exports == ["dense.keras"]
    os.utime(models / "dense.npz", (1, 1))
    assert find_network("dense", tmp_path, None) == models / "dense.npz"
    assert exports == ["dense.keras"] * 2
    (models / "cnn.npz").write_text("exported")
    os.utime(models / "dense.npz", (time.time() + 5, time.time() + 5))
    assert find_network(None, tmp_path, None).stem == "dense"
    os.utime(models / "cnn.npz", (time.time() + 9, time.time() + 9))
    assert find_network(None, tmp_path, None).stem == "cnn"
    assert find_network(str(models / "dense.keras"), tmp_path, None) == models / "dense.npz"
    assert len(exports) == 2


def test_a_port_that_is_taken_and_a_host_that_is_none_are_told(tmp_path, run_serve):
    folder = learner(tmp_path / "learner")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, said = run_serve(folder, "--port", str(port))
    assert status == 2
    assert (
        said == f"digits: Port {port} is taken by another program. Let the system choose one: ./digits serve --port 0\n"
    )
    status, said = run_serve(folder, "--host", "no.host.invalid", "--port", "0")
    assert (status, "There is no address no.host.invalid." in said) == (2, True)
    for strange in ("a..b", "a" * 70):
        status, said = run_serve(folder, "--host", strange, "--port", "0")
        assert (status, f"There is no address {strange}." in said) == (2, True)
    status, said = run_serve(folder, "--host", "", "--port", "0")
    assert (status, said) == (2, "digits: --host is empty. Leave it out, or use 0.0.0.0 for all networks.\n")


# The end


class Client(threading.Thread):
    """Sends request after request until the server refuses new connections.

    Attributes:
        answered: how many requests have got a whole answer.
        lost: how many have not, although their connection had been accepted.
    """

    def __init__(self, serve: Serve, keeps: bool) -> None:
        super().__init__(daemon=True)
        self.serve, self.keeps = serve, keeps
        self.answered, self.lost, self.is_over = 0, [], False

    def run(self) -> None:
        head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n" % len(GOOD)
        head += b"\r\n" if self.keeps else b"Connection: close\r\n\r\n"
        while True:
            try:
                connection = self.serve.connect()
            except OSError:
                self.is_over = True
                return
            with connection:
                is_open = True
                while is_open:
                    try:
                        connection.sendall(head + GOOD)
                        answer = http.client.HTTPResponse(connection)
                        answer.begin()
                        assert answer.status in {200, 503}, answer.status
                        json.loads(answer.read())
                        self.answered += 1
                        is_open = self.keeps and answer.headers["Connection"] != "close"
                    except (OSError, http.client.HTTPException, ValueError, AssertionError) as error:
                        self.lost.append(repr(error))
                        is_open = False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_loses_no_accepted_request(number, tmp_path):
    """Some clients keep their connections, others take a new one each time; all have a request under way."""
    with running(learner(tmp_path / "learner"), "--drain", "5") as serve:
        clients = [Client(serve, keeps=number % 2 == 0) for number in range(24)]
        for client in clients:
            client.start()
        wait_until(lambda: all(client.answered > 3 for client in clients))
        said = serve.stop(number)
        for client in clients:
            client.join(SOON)
        assert [client.lost for client in clients if client.lost] == []
        assert all(client.is_over for client in clients)
        assert serve.process.returncode == 0
        assert "Traceback" not in said
        assert said.endswith("Stopped.\n")


def test_connections_that_wait_to_be_accepted_are_answered(tmp_path):
    """The process stands still while they arrive, so all of them are still with the system when it is to stop."""
    with running(learner(tmp_path / "learner")) as serve:
        serve.process.send_signal(signal.SIGSTOP)
        waiting = [serve.connect() for _ in range(50)]
        for connection in waiting:
            connection.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(GOOD), GOOD))
        serve.process.send_signal(signal.SIGTERM)
        serve.process.send_signal(signal.SIGCONT)
        assert [read_answer(connection)[0] for connection in waiting] == [200] * 50
        assert serve.process.wait(SOON) == 0


def test_a_request_under_way_is_waited_for_when_nothing_new_is_taken_any_more(tmp_path):
    folder = learner(tmp_path / "learner", TRICKS)
    with running(folder, "--drain", "0") as serve, ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(serve.ask, "/predict", b"wait")
        wait_until(lambda: serve.counted("digits_connections") >= 2)
        serve.process.send_signal(signal.SIGTERM)
        wait_until(lambda: is_refused(serve))
        (folder / "go").touch()
        assert under_way.result() == (200, {})
        assert serve.process.wait(SOON) == 0


def is_refused(serve: Serve) -> bool:
    try:
        serve.connect().close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("has_filter", [True, False])
def test_what_the_system_has_accepted_is_taken_before_it_stops_to_listen(has_filter, monkeypatch):
    """The loop does not run between these connections and the end, so nothing has been taken yet."""
    if not has_filter:  # as on a system other than Linux
        monkeypatch.setattr(listening, "refuse_new", lambda sockets: False)

    async def stop_with_waiting(count: int) -> list[int]:
        server = PredictionServer("cnn", lambda body: Reply(200, {}, b"{}"), print, "127.0.0.1", 0)
        place = ("127.0.0.1", int(server.address.rpartition(":")[2]))
        connections = [socket.create_connection(place, timeout=SOON) for _ in range(count)]
        for connection in connections:
            connection.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
        assert await server.stop(drain=0) == 0
        return [read_answer(connection)[0] for connection in connections]

    assert asyncio.run(stop_with_waiting(60)) == [200] * 60


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such filters")
def test_the_filter_keeps_new_connections_out_and_leaves_the_others_alone():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=SOON) as before,
    ):
        assert listening.refuse_new([server])
        with pytest.raises(TimeoutError):
            socket.create_connection(server.getsockname(), timeout=0.3)
        before.sendall(b"still here")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(100) == b"still here"


def test_while_it_stops_it_is_not_healthy_and_open_connections_are_answered_once_more(tmp_path):
    folder = learner(tmp_path / "learner", TRICKS)
    with running(folder, "--drain", "5") as serve, ThreadPoolExecutor(1) as pool:
        kept = http.client.HTTPConnection(serve.host, int(serve.port), timeout=SOON)
        kept.request("GET", "/healthz")
        assert kept.getresponse().read()
        idle = serve.connect()
        under_way = pool.submit(serve.ask, "/predict", b"wait")
        wait_until(lambda: serve.counted("digits_connections") >= 4)
        serve.process.send_signal(signal.SIGTERM)
        wait_until(lambda: serve.ask("/healthz")[0] == 503)
        (folder / "go").touch()
        kept.request("POST", "/predict", GOOD)
        answer = kept.getresponse()
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        assert under_way.result()[0] == 200
        assert {serve.ask("/healthz")[0] for _ in range(50)} == {503}  # new connections are still taken
        assert idle.recv(1) == b""
        assert serve.process.wait(SOON) == 0


def test_without_open_connections_it_stops_at_once(tmp_path):
    with running(learner(tmp_path / "learner"), "--drain", "60") as serve:
        assert serve.ask(body=GOOD)[0] == 200
        assert serve.stop().endswith("Stopped.\n")
        assert serve.process.returncode == 0


def test_a_second_signal_ends_it_at_once(tmp_path):
    with running(learner(tmp_path / "learner"), "--drain", "60") as serve, serve.connect():
        wait_until(lambda: serve.counted("digits_connections") >= 2)
        serve.process.send_signal(signal.SIGTERM)
        wait_until(lambda: serve.ask("/healthz")[0] == 503)
        serve.process.send_signal(signal.SIGINT)
        assert serve.process.wait(SOON) == 130


def test_a_thread_that_respond_has_started_does_not_keep_it(tmp_path):
    code = "    import concurrent.futures as futures\n    futures.ThreadPoolExecutor(1).submit(time.sleep, 1000)\n"
    folder = learner(
        tmp_path / "learner", f"\nimport time\nreal = respond\n{RESPOND}{code}    return real(body, network)\n"
    )
    with running(folder) as serve:
        assert serve.ask(body=GOOD)[0] == 200
        assert serve.stop().endswith("Stopped.\n")
        assert serve.process.returncode == 0


def test_requests_that_nobody_waits_for_are_not_counted_as_answered(tmp_path):
    folder = learner(tmp_path / "learner", TRICKS)
    with running(folder) as serve, ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(serve.ask, "/predict", b"wait")
        wait_until((folder / "began").exists)
        connections = [serve.connect() for _ in range(5)]
        for connection in connections:
            connection.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwait")
        wait_until(lambda: serve.counted("digits_waiting") == 5)
        for connection in connections:
            connection.close()
        wait_until(lambda: serve.counted("digits_connections") == 2)  # the first one's, and this one's
        (folder / "go").touch()
        assert under_way.result() == (200, {})
        wait_until(lambda: serve.counted('digits_requests_total{status="499"}') == 5)


LONG = Reply(200, {}, b" " * 20_000_000)  # more than the system takes for a client that does not read


async def not_reading(server: PredictionServer) -> socket.socket:
    """A client that has sent a request and does not read the long answer, which is under way."""
    connection = socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2])), timeout=SOON)
    connection.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    while server.service.metrics.summary() == "":
        await asyncio.sleep(0.01)
    return connection


def test_an_answer_that_is_not_taken_is_cut_off_and_counted(monkeypatch):
    monkeypatch.setattr("grader.deployment.server.STOP_SECONDS", 0.5)

    async def stop_under_way() -> int:
        server = PredictionServer("cnn", lambda body: LONG, print, "127.0.0.1", 0)
        with await not_reading(server):
            return await server.stop(drain=0)

    assert asyncio.run(stop_under_way()) == 1


def test_a_client_that_takes_nothing_of_its_answer_is_given_up(monkeypatch):
    monkeypatch.setattr("grader.deployment.server.IDLE_SECONDS", 0.3)

    async def is_closed() -> bool:
        server = PredictionServer("cnn", lambda body: LONG, print, "127.0.0.1", 0)
        with await not_reading(server):
            ends = time.monotonic() + 10
            while (is_open := b"digits_connections 1.0" in server.service.metrics.text()) and time.monotonic() < ends:
                await asyncio.sleep(0.01)
        await server.stop(drain=0)
        return not is_open

    assert asyncio.run(is_closed())


# The worker


def test_a_request_that_nobody_waits_for_is_not_computed():
    called = []
    go_on = threading.Event()

    def call(body: bytes) -> bytes:
        called.append(body)
        go_on.wait(SOON)
        return body

    async def ask() -> list:
        hand = worker.Worker(call, seconds=SOON, most_waiting=2)
        jobs = [worker.Job(body) for body in (b"a", b"b", b"c")]
        asked = [asyncio.create_task(hand.answer(jobs[0]))]
        while not called:
            await asyncio.sleep(0)
        asked += [asyncio.create_task(hand.answer(job)) for job in jobs[1:]]
        await asyncio.sleep(0)
        jobs[1].is_wanted = False
        with pytest.raises(worker.Busy):
            await hand.answer(worker.Job(b"d"))
        go_on.set()
        return await asyncio.gather(*asked)

    assert asyncio.run(ask()) == [b"a", None, b"c"]
    assert called == [b"a", b"c"]
