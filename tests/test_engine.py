"""The engine: the same verdict whichever way a submission runs, and what never leaves the judge."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import TESTS, solution, zygotes_after

from grader.api import check
from grader.api.describe import describe
from grader.api.expect import fail
from grader.cli.app import run
from grader.course import find_lesson
from grader.engine import session
from grader.engine.judge import background
from grader.engine.judge.client import Client
from grader.engine.judge.memory import MemoryWatch
from grader.engine.judge.processes import Engine, EngineError, Zygote
from grader.engine.judge.source import Source, read_source
from grader.engine.judge.submission import BATCH
from grader.engine.runner.local import LocalEngine
from grader.engine.session import Session
from grader.engine.wire import requests
from grader.engine.wire.accounts import Ending
from grader.engine.wire.channel import Channel

PIXELS, SOFTMAX, DENSE = map(find_lesson, ("pixels", "softmax_regression", "dense"))
DIGITS = Path(sys.executable).with_name("digits")
FILES = [
    solution(PIXELS),
    TESTS / "mistakes/01_pixels/scaled-per-image.py",
    TESTS / "mistakes/01_pixels/changed-its-input_inverts-in-place.py",
    PIXELS.exercise_path(TESTS.parent),
]
AS_A_USER = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
can_be_a_user = shutil.which("unshare") and not subprocess.run([*AS_A_USER, "true"], check=False).returncode


def json_of(verdict) -> dict:
    """A verdict without what may differ between two runs of one submission."""
    return comparable(verdict.to_json())


def comparable(verdict: dict) -> dict:
    return {name: value for name, value in verdict.items() if name not in {"seconds", "isolation"}}


def graded(engine, lesson, path) -> dict:
    with Session(lesson, read_source(path), engine) as running:
        return json_of(running.verdict())


@pytest.mark.sampled
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_verdict_is_the_same_in_process_isolated_cold_and_warm(path, engine):
    warm = graded(engine, PIXELS, path)
    with Engine() as cold, LocalEngine(debug=False) as local, Engine(background.connect) as shared:
        assert graded(cold, PIXELS, path) == graded(local, PIXELS, path) == graded(shared, PIXELS, path) == warm


@pytest.mark.thorough
def test_a_keras_verdict_is_the_same_in_process_and_isolated(engine):
    path = TESTS / "mistakes/05_dense/softmax-and-from-logits.py"
    program = (
        "import json, sys; from pathlib import Path; from grader.course import find_lesson;"
        "from grader.engine.runner.local import LocalEngine; from grader.engine.session import Session;"
        "from grader.engine.judge.source import read_source; path = Path(sys.argv[1]);"
        "session = Session(find_lesson('dense'), read_source(path), LocalEngine(debug=False));"
        "print(json.dumps(session.verdict().to_json()))"
    )
    local = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True).stdout
    assert comparable(json.loads(local)) == graded(engine, DENSE, path)


@pytest.mark.sampled
@pytest.mark.skipif(not can_be_a_user, reason="needs unshare and user namespaces to become an ordinary user")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_verdict_is_the_same_for_an_ordinary_user(path, engine, tmp_path):
    command = [*AS_A_USER, DIGITS, "grade", path, "--exercise", "pixels", "--json", "--seed", "0"]
    answer = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    )
    verdict = json.loads(answer.stdout)
    assert verdict["isolation"] == engine.tier("numpy")
    assert comparable(verdict) == graded(engine, PIXELS, path)


def test_the_zygote_is_replaced_when_it_dies():
    with Engine() as engine:
        first = engine.zygote_pid("numpy")
        os.kill(first, signal.SIGKILL)
        with Session(PIXELS, read_source(solution(PIXELS)), engine) as running:
            assert running.verdict().score == PIXELS.points
        assert engine.zygote_pid("numpy") != first


def test_a_runner_that_is_ready_before_its_number_is_told_does_the_zygote_no_harm():
    """On a busy machine the process that tells the number may be the last to get a turn."""
    slow = (
        "import os, time; from grader.engine.runner import zygote; write = os.write;"
        "os.write = lambda file, text: (time.sleep(0.5 * text.strip().isdigit()), write(file, text))[1];"
        "zygote.main()"
    )
    with Engine(zygotes_after(slow)) as engine:
        for _ in range(2):
            assert engine.start("numpy").end().status == -signal.SIGKILL
        assert engine.replaced == []


def test_a_zygote_with_two_threads_does_not_fork():
    program = (
        "import socket, threading, time; from grader.engine.runner import zygote;"
        "from grader.engine.isolation.confine import Confiner, Layers;"
        "threading.Thread(target=time.sleep, args=(30,), daemon=True).start();"
        "server = zygote.Server(Confiner('none', 'numpy', False, Layers()), None, None);"
        "print(server.fork({}, socket.socketpair()[0].detach()))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20)
    assert "more than one thread" in answer.stdout


def test_a_background_zygote_is_shared_and_its_folder_is_its_owners_alone(monkeypatch, request):
    folder = tempfile.TemporaryDirectory(prefix="d-")  # a socket's path must be short
    request.addfinalizer(folder.cleanup)
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder.name)
    first, second = background.connect("numpy"), background.connect("numpy")
    assert first.pid == second.pid
    assert background.running() == ["numpy"]
    assert background.own_folder().stat().st_mode & 0o777 == 0o700
    first.close()
    second.close()
    os.kill(first.pid, signal.SIGKILL)


def test_a_background_zygote_survives_who_hangs_up_at_once(monkeypatch, request):
    folder = tempfile.TemporaryDirectory(prefix="d-")
    request.addfinalizer(folder.cleanup)
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder.name)
    stays = background.connect("numpy")
    for _ in range(20):
        background.connect("numpy").close()
    assert stays.fork().end(is_ending=False).status == -signal.SIGKILL
    os.kill(stays.pid, signal.SIGKILL)
    stays.close()


def test_a_background_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / f"digits-{os.getuid()}").mkdir(mode=0o755)
    with pytest.raises(EngineError, match="only you can open"):
        background.connect("numpy")


def test_runners_end_with_their_judge():
    with Engine() as engine:
        process = engine.start("numpy")
        pid = process._pid
    assert soon(lambda: not Path(f"/proc/{pid}").exists())


def soon(happens: Callable[[], bool]) -> bool:
    """Whether something happens within a few seconds."""
    deadline = time.monotonic() + 5
    while not (happened := happens()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the watch needs /proc")
def test_a_watch_ends_what_uses_more_memory_than_it_may():
    hungry = [sys.executable, "-c", "held = bytearray(b'x') * (300 << 20); import time; time.sleep(60)"]
    with subprocess.Popen(hungry) as process:
        watch = MemoryWatch(process.pid, limit=100 << 20)
        assert process.wait(30) == -signal.SIGKILL
    assert watch.exceeded == "memory"
    assert watch.peak > watch.limit


def test_a_watch_over_memory_ends_with_its_process():
    """The number of a process is given to another one some day, which nobody may kill for what it needs."""
    process = subprocess.Popen(["sleep", "60"])
    watch = MemoryWatch(process.pid, limit=1 << 40)
    process.kill()
    process.wait()
    assert soon(lambda: f"memory of {process.pid}" not in {thread.name for thread in threading.enumerate()})
    assert not watch.exceeded


def test_an_answer_that_comes_late_is_not_taken_for_the_next_one(monkeypatch):
    """A zygote that takes too long is given up, with all that it may still have to say."""
    ours, theirs = socket.socketpair()
    zygote = Zygote("numpy", ours)
    theirs.sendall(b"ready namespaces 1\n")
    assert zygote.pid == 1
    monkeypatch.setattr("grader.engine.judge.processes.FORK_SECONDS", 0.05)
    assert zygote.end(7, is_ending=False) == Ending(-signal.SIGKILL, is_from_outside=True)  # no answer in time
    with pytest.raises(EngineError, match="has ended"):
        zygote.fork()
    theirs.close()


def test_a_fault_of_the_grader_is_no_zero(monkeypatch, engine, tmp_path, capsys):
    @check(points=10, title="a check with a fault of its own")
    def test_faulty(submission):
        return 1 / 0

    monkeypatch.setattr(session, "load_checks", lambda path: (test_faulty,))
    with Session(PIXELS, read_source(solution(PIXELS)), engine) as running:
        verdict = running.verdict()
    assert (verdict.outcome, verdict.checks[0].outcome) == ("grader_error", "grader_error")
    assert run(["grade", str(solution(PIXELS)), "--exercise", "pixels", "--json"]) == 3
    printed = json.loads(capsys.readouterr().out)
    assert (printed["outcome"], printed["score"]) == ("grader_error", None)


def test_labels_of_test_digits_never_leave_the_judge_nor_test_digits_before_the_weights(engine, monkeypatch):
    sent = []
    send = Channel.send

    def spy(channel, structure, tensors=(), left=None):
        sent.append((channel, structure["operation"], [np.array(tensor) for tensor in tensors]))
        send(channel, structure, tensors, left)

    monkeypatch.setattr(Channel, "send", spy)
    with Session(DENSE, read_source(solution(DENSE)), engine) as running:
        verdict = running.verdict()
        split = running._arguments(next(check for check in session.load_checks(DENSE.checks_path) if check.trains))
        split = split["digits"].split(num_train=20_000, view="permuted")
        runner, scorer = running._client._channel, running._scorer._channel
    assert verdict.score == DENSE.points
    assert runner is not scorer
    labels = [tensor for _, _, tensors in sent for tensor in tensors if tensor.shape == split.y_test.shape]
    assert not labels, "an array of as many numbers as there are test labels was sent"
    assert any(np.array_equal(tensor, split.y_train) for channel, _, tensors in sent for tensor in tensors)
    inputs = split.inputs(split.x_test[:BATCH])
    holders = {id(channel) for channel, _, tensors in sent for t in tensors if np.array_equal(t, inputs)}
    assert holders == {id(scorer)}, "test digits went somewhere else than to the scorer"
    assert "Load" in {operation for channel, operation, _ in sent if channel is runner}
    assert "Load" not in {operation for channel, operation, _ in sent if channel is scorer}


@pytest.mark.thorough
def test_the_judge_is_small_and_knows_no_tensorflow():
    program = (
        "import re, sys; from grader.cli.app import run;"
        f"run(['grade', {str(solution(DENSE))!r}, '--exercise', 'dense', '--json']);"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1];"
        "print(peak, 'tensorflow' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    kilobytes, knows_tensorflow = answer.splitlines()[-1].split()
    assert json.loads(answer.splitlines()[0])["score"] == DENSE.points
    assert int(kilobytes) < 200 * 1024
    assert knows_tensorflow == "False"


def test_a_numpy_exercise_never_waits_for_tensorflow(monkeypatch):
    asked = []

    def connect(runtime):
        asked.append(runtime)
        return Zygote.private(runtime)

    with Engine(connect) as engine, Session(PIXELS, read_source(solution(PIXELS)), engine) as running:
        assert running.verdict().score == PIXELS.points
    assert asked == ["numpy"]


def test_a_check_waits_for_those_that_it_depends_on(engine):
    """It is not run before they pass, and costs nobody a second explanation of the same fault."""
    source = solution(SOFTMAX).read_text("utf-8") + "\n\ndef softmax(logits):\n    return logits\n"
    with Session(SOFTMAX, Source(source.encode(), "work.py"), engine) as running:
        results = {result.name: result for result in running.verdict().checks}
    assert results["softmax"].outcome == "failed"
    waiting = [
        check for check in session.load_checks(SOFTMAX.checks_path) if "softmax" in {c.name for c in check.after}
    ]
    assert waiting
    for later in waiting:
        assert (results[later.name].outcome, results[later.name].points) == ("skipped", 0)
        assert results[later.name].message == f"This waits for: {results['softmax'].title}."


def test_a_runner_sees_nothing_of_the_course(engine):
    if engine.tier("numpy") != "namespaces":
        pytest.skip("this machine allows no namespaces")
    looks = b"""
import os
def label_counts(labels, num_classes=10):
    found = []
    for folder in (%r, %r):
        found += [folder] if os.path.exists(folder) else []
    others = sorted(name for name in os.listdir('/proc') if name.isdigit())
    raise ValueError(f"found {found} as {os.getuid() != 0} among {others}")
""" % (str(TESTS.parent / "grader" / "data"), str(TESTS.parent / "solutions"))
    with Session(PIXELS, Source(looks, "looks.py"), engine) as running:
        result = running.verdict().checks[0]
    assert "found [] as True among ['1', '2']" in result.message


def test_one_engine_serves_several_threads(engine):
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(lambda path: graded(engine, PIXELS, path), FILES * 5))
    assert verdicts == verdicts[: len(FILES)] * 5


def test_what_a_notebook_has_set_for_numpy_is_not_the_judges(engine):
    lesson = find_lesson("softmax_regression")
    with np.errstate(all="raise"), Session(lesson, read_source(solution(lesson)), engine) as session:
        verdict = session.verdict()
    assert verdict.score == verdict.max_score, verdict.message


def test_warnings_and_print_options_of_a_notebook_are_not_the_judges(monkeypatch, engine):
    @check(points=10, title="a check that warns and shows numbers")
    def test_shown(submission):
        warnings.warn("this ought to be no error", DeprecationWarning, stacklevel=1)
        fail(None, f"returned {describe(np.array([1e-9, 2 / 3]))}", "something else", [])

    monkeypatch.setattr(session, "load_checks", lambda path: (test_shown,))
    usual = graded(engine, PIXELS, solution(PIXELS))
    shown = {"precision": 2, "suppress": True, "sign": "+", "formatter": {"float": "x{}".format}}
    with np.printoptions(**shown), warnings.catch_warnings(action="error"):
        assert graded(engine, PIXELS, solution(PIXELS)) == usual
        assert np.get_printoptions()["precision"] == 2  # the learner's own remain
        with pytest.raises(UserWarning):
            warnings.warn("for the learner", stacklevel=1)
    assert (usual["outcome"], usual["checks"][0]["outcome"]) == ("graded", "failed")


ODD_EXCEPTION = b"""
class Named(type):
    __name__ = property(lambda self: 1 / 0)

class Odd(SyntaxError if %d else Exception, metaclass=Named):
    def fail(self, *arguments): raise self
    __str__ = __repr__ = __bool__ = __hash__ = __eq__ = fail
    __traceback__ = __class__ = filename = lineno = msg = text = property(fail)
    args = __cause__ = __context__ = __notes__ = property(fail)

class Text(str):
    def __getitem__(self, key): raise Odd

class Wordy(Exception):
    def __str__(self): return Text('what it says')

def label_counts(labels, num_classes=10): raise Odd
def scale_pixels(images): raise Wordy
"""


@pytest.mark.parametrize("is_syntax_error", [False, True])
@pytest.mark.parametrize("kind", ["local", "debugged", "isolated"])
def test_an_exception_that_fails_when_it_is_looked_at_is_still_the_submissions(
    kind, is_syntax_error, engine, monkeypatch
):
    monkeypatch.setattr("pdb.Pdb.interaction", lambda self, frame, found: found.tb_frame)
    own = engine if kind == "isolated" else LocalEngine(debug=kind == "debugged")
    with Session(PIXELS, Source(ODD_EXCEPTION % is_syntax_error, "odd.py"), own) as running:
        first, second = running.verdict().checks[:2]
    assert (first.outcome, second.outcome) == ("failed", "failed")
    assert first.message == "Odd (odd.py:17 in label_counts: def label_counts(labels, num_classes=10): raise Odd)"
    assert second.message.startswith("Wordy: what it says (odd.py:18 in scale_pixels: ")


CHANGING = b"""
import keras
import numpy as np


def build_model():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, kernel_initializer="ones", name="last")])


def compile_model(model):
    model.set_weights([2 * weight for weight in model.get_weights()])


def train_model(model, units):
    model.add(keras.layers.Dense(units, kernel_initializer="ones", name="more"))
"""


def test_a_model_whose_weights_alone_have_changed_is_not_built_again(engine):
    """The scorer gives the new weights to the model that it has; the answers are those of the new weights."""
    ones, asked = np.ones((1, 2), np.float32), []

    def test_model(submission):
        ask = Client.ask

        def counted(client, request, *arguments, **options):
            if isinstance(request, requests.Rebuild):
                asked.append(request.earlier is None)
            return ask(client, request, *arguments, **options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Client, "ask", counted)
            model, other = submission.build_model(), submission.build_model()
            assert model.predict(ones).tolist() == other.predict(ones).tolist() == [[2, 2]]
            submission.compile_model(model)
            assert model.predict(ones).tolist() == [[4, 4]]
            assert other.predict(ones).tolist() == [[2, 2]]
            submission.train_model(model, 3)
            assert model.predict(ones).tolist() == [[8, 8, 8]]
            assert not model.is_self_reported

    with Session(DENSE, Source(CHANGING, "05_dense.py"), engine) as running:
        result = running.run(check(points=1, title="changing")(test_model))
    assert result.outcome == "passed", result.message
    assert asked == [True, True, False, False, True]
