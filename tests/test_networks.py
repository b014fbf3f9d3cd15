"""What the README and lesson 14 claim of fast networks: they are what they say, and no test digit has chosen them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.benchmarks.networks import selection
from grader.benchmarks.networks.ladder import CHANGES, stages
from grader.benchmarks.networks.selection import HELD_OUT, fewest_digits
from grader.data import load_mnist


class Untouchable:
    """Test digits that nobody may look at."""

    def __getattribute__(self, name):
        raise AssertionError("A test digit was looked at.")

    def __iter__(self):
        raise AssertionError("A test digit was looked at.")


class Known:
    """A model that reads digits as well as it was told to."""

    def __init__(self, labels: np.ndarray, share: float) -> None:
        self.labels, self.share = labels, share

    def predict(self, images, batch_size, verbose):
        read = self.labels.copy()
        wrong = round(len(read) * (1 - self.share))
        read[:wrong] = (read[:wrong] + 1) % 10
        return np.eye(10)[read]


@pytest.fixture
def no_test_digits(monkeypatch):
    training = load_mnist()[0]
    monkeypatch.setattr(selection, "load_mnist", lambda: (training, Untouchable()))
    return training


def test_a_budget_is_chosen_without_the_test_set(no_test_digits):
    images, labels = no_test_digits
    seen = []

    def train(given_images, given_labels, digits, seed):
        assert np.array_equal(given_images, images[:-HELD_OUT])
        assert np.array_equal(given_labels, labels[:-HELD_OUT])
        seen.append((digits, seed))
        return Known(labels[-HELD_OUT:], 0.985 + digits / 10_000_000)

    budget, trials = fewest_digits(train, 0.99, range(10_000, 110_000, 10_000))
    assert budget == 50_000
    assert {trial.digits for trial in trials} >= {40_000, 50_000}
    assert sorted(seen) == sorted((trial.digits, seed) for trial in trials for seed in range(selection.SEEDS))
    with pytest.raises(ValueError, match="110,000 digits are not enough"):
        fewest_digits(train, 0.999, [110_000])


@given(st.lists(st.integers(1, 10**6), min_size=1, unique=True).map(sorted), st.data())
def test_the_smallest_budget_that_is_enough_is_found(budgets, data):
    enough = data.draw(st.sampled_from(budgets))

    def train(images, labels, digits, seed):
        return digits

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selection, "training_digits", lambda: (((), ()), ((), ())))
        patch.setattr(selection, "accuracy", lambda digits, *_: float(digits >= enough))
        assert fewest_digits(train, 1.0, budgets)[0] == enough


def test_each_stage_changes_one_thing():
    for below, stage in zip(stages(), stages()[1:], strict=False):
        settings = [name for name in vars(stage) if name not in {"name", "change"}]
        assert len([name for name in settings if getattr(below, name) != getattr(stage, name)]) == 1
    assert len(stages()) == len(CHANGES) + 1


@pytest.mark.trains
@pytest.mark.thorough
@pytest.mark.parametrize("stage", [stages()[0], stages()[-2], stages()[-1]], ids=lambda stage: stage.name)
def test_a_stage_trains_a_network_that_reads_digits(stage):
    from grader.authoring.reference_runs import in_fresh_process

    accuracy, parameters, expected = in_fresh_process(trained_a_little, stage)
    assert accuracy > 0.85
    assert parameters == expected


def trained_a_little(stage):
    from grader.benchmarks.networks.ladder import network, train

    (images, labels), (held_out, answers) = selection.training_digits()
    model = train(stage, images, labels, 7680, seed=1)
    accuracy = selection.accuracy(model, held_out, answers)
    return accuracy, model.count_params(), network(stage).count_params()
