"""What lesson 15 needs of the engine: bytes, answers that stay where they are, and a process with NumPy alone."""

import numpy as np
import pytest
from conftest import solution

from grader.api import check, expect, expect_array
from grader.api.describe import describe
from grader.checks.support.exported_networks import convolutional, dense, large, not_exportable
from grader.checks.support.inference import RIGHT
from grader.course import find_lesson
from grader.engine.judge.source import Source, read_source
from grader.engine.runner.local import LocalEngine
from grader.engine.session import Session, load_checks

PIXELS, DEPLOYMENT = find_lesson("pixels"), find_lesson("deployment")
SUBMISSION = b"""
import importlib
import json

import numpy as np


def kind_and_length(body):
    return type(body).__name__, len(body), body[-1]


def memory(size):
    return [size]


def remember(kept):
    kept.append(len(kept))
    return kept[-1], type(kept).__name__


def nothing():
    pass


def imported(name):
    return importlib.import_module(name).__name__


def by_statement():
    import scipy.ndimage
    return scipy.ndimage.__name__
"""


def outcome(function, engine, lesson=PIXELS, code=SUBMISSION):
    """The result of a check that is written here."""
    with Session(lesson, Source(code, f"{lesson.stem}.py"), engine) as session:
        return session.run(check(points=1, title=function.__name__)(function))


@pytest.fixture(params=["isolated", "local"])
def either(request, engine):
    return engine if request.param == "isolated" else LocalEngine(debug=False)


def test_bytes_arrive_as_bytes(either):
    def test_bytes(submission):
        for body in (b"\xff", b'{"image": []}', bytes(10_000_000)):
            answer = submission.kind_and_length(body)
            expect(answer == ("bytes", len(body), body[-1]), answer, describe(answer), "bytes")

    assert outcome(test_bytes, either).outcome == "passed"


def test_bytes_are_told_briefly():
    assert describe(b"hello") == "b'hello'"
    assert describe(bytes(20_001)).startswith("20,001 bytes, b'")
    assert len(describe(bytes(20_001))) < 250


def test_an_answer_can_stay_where_it_is_so_that_the_next_call_gets_the_very_same(either):
    def test_kept(submission):
        kept = submission.kept.memory(5)
        answers = [submission.remember(kept) for _ in range(3)]
        expect(answers == [(1, "list"), (2, "list"), (3, "list")], None, str(answers), "one list that grows")
        copied = submission.memory(5)
        answers = [submission.remember(copied) for _ in range(2)]
        expect(answers == [(1, "list"), (1, "list")], None, str(answers), "a copy each time")
        expect(submission.kept.nothing() is None, None, "kept None", "None")

    result = outcome(test_kept, either)
    assert result.outcome == "passed", result.message


@pytest.mark.parametrize("name", ["tensorflow", "keras", "scipy", "scipy.ndimage", "PIL.Image", "matplotlib", "yaml"])
def test_nothing_but_numpy_and_the_standard_library_can_be_imported_where_it_is_deployed(name, engine):
    def test_import(deployed):
        for allowed in ("json", "numpy", "numpy.lib.stride_tricks", "concurrent.futures", "sqlite3"):
            deployed.imported(allowed)
        deployed.imported(name)

    result = outcome(test_import, engine)
    assert (result.outcome, result.raised) == ("failed", f"ModuleNotFoundError: No module named '{name.split('.')[0]}'")


def test_what_the_zygote_has_imported_already_is_gone_too(engine):
    def test_statement(submission, deployed):
        submission.by_statement()
        deployed.by_statement()

    assert "No module named 'scipy'" in outcome(test_statement, engine).message


@pytest.mark.parametrize("code", [b"import keras\n", b"from tensorflow import keras as k\n"])
def test_a_file_that_imports_keras_at_its_top_is_told_so(code, engine):
    text = solution(DEPLOYMENT).read_bytes().replace(b"import json\n", code + b"import json\n", 1)
    with Session(DEPLOYMENT, Source(text, "15_deployment.py"), engine) as session:
        results = [session.run(one) for one in load_checks(DEPLOYMENT.checks_path) if one.name in {"export", "predict"}]
    assert [result.outcome for result in results] == ["passed", "failed"]
    assert results[1].mistake == "needs-keras"


@pytest.mark.parametrize("make", [dense, convolutional, large], ids=lambda make: make.__name__)
def test_the_oracle_computes_what_keras_computes(make, engine):
    def test_oracle(models, probe):
        network, images = make(probe), probe.rectangles(30)
        inputs = (images / 255).reshape(30, *network.layers[0][1]["shape"])
        found = models.build(network.layers, network.weights).predict(inputs)
        expect_array(found, (30, 10))
        off = np.abs(found - RIGHT.probabilities(network, images)).max()
        expect(off < 1e-5, None, f"is off by {off}", "Keras's probabilities")

    result = outcome(test_oracle, engine, DEPLOYMENT)
    assert result.outcome == "passed", result.message


def test_the_networks_that_must_be_refused_would_answer_differently(engine):
    """Otherwise, an export that ignores the setting would be right."""

    def test_differs(models, probe):
        images = probe.rectangles(12)
        for kind, setting, network in not_exportable(probe):
            found = models.build(network.layers, network.weights).predict(images[..., None] / 255)
            try:
                off = np.abs(found - RIGHT.probabilities(network, images)).max()
            except (ValueError, KeyError):
                continue  # what comes out has another shape, or an activation that the oracle does not know
            expect(off > 0.01, None, f"{kind} {setting} is off by {off}", "other probabilities")

    result = outcome(test_differs, engine, DEPLOYMENT)
    assert result.outcome == "passed", result.message


def test_no_second_process_is_started_before_a_check_asks_for_it(engine):
    with Session(DEPLOYMENT, read_source(solution(DEPLOYMENT)), engine) as session:
        quantize, *_ = load_checks(DEPLOYMENT.checks_path)
        assert session.run(quantize).outcome == "passed"
        assert len(session._processes) == 1
