"""What the README and lesson 14 claim of fast networks: they are what they say, and no test digit has chosen them."""

import re
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.reference_runs import in_fresh_process
from grader.benchmarks.networks import selection
from grader.benchmarks.networks.climbing import contenders
from grader.benchmarks.networks.distortion import GROUP, Distortion, bumps_of
from grader.benchmarks.networks.ensemble import ensemble_of
from grader.benchmarks.networks.fitting import balanced
from grader.benchmarks.networks.goals import BEST, GOALS, QUICK, Goal
from grader.benchmarks.networks.ladder import Stage, ideas, stages
from grader.benchmarks.networks.selection import HELD_OUT, fewest_digits
from grader.board.networks import Measured, Networks, read_networks, written
from grader.course import REPOSITORY
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
        patch.setattr(selection, "scores_of", lambda digits, _: float(digits >= enough))
        patch.setattr(selection, "share_right", lambda share, _: share)
        assert fewest_digits(train, 1.0, budgets)[0] == enough


def test_each_stage_changes_something():
    ladder = list(stages())
    assert len({stage.name for stage in ladder}) == len(ladder)
    for below, stage in pairwise(ladder):
        assert replace(stage, name=below.name, change=below.change) != below
    assert [stage.is_compiled for stage in ladder].index(True) == len(ladder) - 1


def test_each_idea_changes_only_how_the_last_stage_with_fit_is_trained():
    stage, *others = ideas()
    assert stage == [stage for stage in stages() if not stage.is_compiled][-1]
    for idea in others:
        assert idea.fitting != stage.fitting
        assert replace(idea, name=stage.name, change=stage.change, fitting=stage.fitting) == stage


def test_balanced_digits_come_ten_by_ten():
    labels = np.array([3, 3, 3, 1, 1, 1, 1, 0, 0, 2, 2, 2, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9])
    order, again = (balanced(labels, np.random.default_rng(seed)) for seed in (0, 1))
    assert sorted(order) == list(range(len(labels)))
    assert order.tolist() != again.tolist()
    for start in (0, 10):
        assert sorted(labels[order][start : start + 10]) == list(range(10))
    assert sorted(labels[order][20:]) == [1, 1, 2, 3]


def test_frozen_convolutions_keep_what_they_have_learned():
    assert in_fresh_process(frozen_weights) == {0, 1}


def frozen_weights() -> set[int]:
    """Which convolutions of the last stage with ``fit`` can be stopped from learning, by asking for two."""
    from grader.benchmarks.networks.fitting import freeze

    *_, stage = (stage for stage in stages() if not stage.is_compiled)
    model = stage.network.model()
    freeze(model, 2)
    convolutions = [layer for layer in model.layers if type(layer).__name__ == "Conv2D"]
    return {number for number, layer in enumerate(convolutions) if not layer.trainable_weights}


STAGES = list(stages())
IDEAS = list(ideas())
SMALL_TRAININGS = {each.name: each for each in (STAGES[0], *IDEAS, STAGES[-1], QUICK, *GOALS)}


@pytest.mark.trains
@pytest.mark.thorough
@pytest.mark.parametrize("name", SMALL_TRAININGS)
def test_a_training_makes_a_network_that_reads_digits(name):
    contender = SMALL_TRAININGS[name]
    accuracy, parameters = in_fresh_process(trained_a_little, contender)
    assert accuracy > 0.8
    network = contender.network if isinstance(contender, Stage) else contender.recipe.network
    assert parameters == network.parameters


def trained_a_little(contender):
    images, labels = selection.training_digits()[0]
    _, (held_out, answers) = selection.training_digits()
    if isinstance(contender, Goal) and contender.recipe.averaging:  # over few steps: these are only a hundred
        contender = replace(contender, recipe=replace(contender.recipe, averaging=0.9))
    model = contender.train(images, labels, 12_800, seed=1)
    return selection.share_right(selection.scores_of(model, held_out), answers), model.count_params()


def test_the_smallest_network_has_at_most_2000_parameters():
    (smallest,) = (goal for goal in GOALS if goal.name == "smallest")
    assert smallest.recipe.network.parameters <= 2000


def test_a_network_that_reads_in_several_places_averages_what_it_reads():
    one, many = in_fresh_process(read_in_several_places)
    assert np.allclose(one, many, atol=1e-4)


def read_in_several_places() -> tuple[np.ndarray, np.ndarray]:
    """What such a network says of some digits, and the mean of what it says of shifted ones as one that reads once."""
    import keras

    network = BEST.recipe.network
    many, once = network.model(), replace(network, shifts=((0, 0),)).model()
    once.set_weights(many.get_weights())
    images = some_digits(20)
    moved = [np.roll(images, (-down, -right), (1, 2)) for down, right in network.shifts]
    said = [np.asarray(keras.ops.log_softmax(once.predict(each, verbose=0))) for each in moved]
    return np.mean(said, axis=0), many.predict(images, verbose=0)


def some_digits(count: int) -> np.ndarray:
    return load_mnist()[0][0][:count]


def test_a_distortion_of_nothing_changes_nothing():
    images = some_digits(40)
    assert np.array_equal(Distortion().distorted(images, np.random.default_rng(0)), images.astype(np.float32))
    cropped = Distortion().distorted(images, np.random.default_rng(0), crop=2)
    assert cropped.dtype == np.float32
    assert np.array_equal(cropped, images[:, 2:26, 2:26])


def center(images: np.ndarray) -> np.ndarray:
    """Of mass, as row and column of each image."""
    weights = images.astype(float).sum(axis=(1, 2))
    along = np.arange(images.shape[1])
    return np.stack([(images.sum(axis=2) @ along) / weights, (images.sum(axis=1) @ along) / weights], axis=1)


@pytest.mark.parametrize("kind", ["shift", "turn", "stretch", "slant", "bend"])
def test_a_group_is_distorted_alike_and_another_one_otherwise(kind):
    one = some_digits(1)
    amount = {"shift": 2, "turn": 20, "stretch": 0.2, "slant": 0.3, "bend": 1.0}[kind]
    images = np.repeat(one, 3 * GROUP, axis=0)
    distorted = Distortion(**{kind: amount}).distorted(images, np.random.default_rng(1))
    first, second = distorted[:GROUP], distorted[GROUP : 2 * GROUP]
    assert np.array_equal(first, np.repeat(first[:1], GROUP, axis=0))
    assert not np.array_equal(first[0], second[0])
    assert distorted.min() >= 0
    assert distorted.max() <= 255
    ink = distorted.sum(axis=(1, 2)) / one.sum()
    assert np.all((ink > 0.7) & (ink < 1.4))
    assert np.all(np.abs(center(distorted) - center(one)) < (2.5 if kind == "shift" else 1.5))


def test_bumps_displace_every_pixel_by_as_much():
    bumps = bumps_of(28)
    assert np.allclose((bumps**2).sum(axis=2), 1)
    neighbors = (bumps[:, 1:] * bumps[:, :-1]).sum(axis=2)
    assert neighbors.min() > 0.9


def test_networks_together_vote_and_tell_what_most_of_them_miss():
    _, (_, labels) = load_mnist()
    right = 5.0 * np.eye(10)[labels]
    doubtful = right.copy()
    doubtful[:3] = 0.1 * np.eye(10)[(labels[:3] + 1) % 10]
    sure = right.copy()
    sure[7] = 9.0 * np.eye(10)[(labels[7] + 1) % 10]
    assert ensemble_of([right, doubtful, doubtful]) == (1.0, (0, 1, 2))
    assert ensemble_of([doubtful, doubtful, sure]) == (1.0, (0, 1, 2))
    assert ensemble_of([sure, sure, right]) == (0.9999, (7,))


def test_what_was_measured_is_read_as_it_was_written(tmp_path):
    one = Measured("a", "nothing", 10, 1000, (2.0, 4.0, 3.0), (0.99, 0.991, 0.992), 0.9905)
    other = Measured("b", 'all "of" it', 20, 500, (1.0, 1.0, 1.0), (0.99, 0.99, 0.99))
    networks = Networks((one, other), (other, one), one, (other,), 0.997, (1, 2))
    (tmp_path / "networks.toml").write_text(written(networks), "utf-8")
    assert read_networks(tmp_path / "networks.toml") == networks
    assert read_networks(tmp_path / "none.toml") == Networks()
    (tmp_path / "networks.toml").write_text(written(Networks((one,))), "utf-8")
    assert read_networks(tmp_path / "networks.toml") == Networks((one,))
    assert other.times_faster_than(one) == 3.0
    assert one.mean == pytest.approx(0.991)
    assert one.spread == pytest.approx(0.001)


def test_the_readme_tells_what_the_file_tells():
    example, *stages, further = read_networks().ladder
    fastest = stages[-1]
    said = " ".join((REPOSITORY / "README.md").read_text("utf-8").split())
    assert f"{len(fastest.accuracy)} seeds" in said
    for figure in (
        f"{median(example.seconds):.0f} s",
        f"{median(fastest.seconds):.1f} s",
        f"{fastest.times_faster_than(example):.0f} times",
        f"{fastest.mean:.2%}",
        f"{median(further.seconds):.0f} s",
        f"{further.mean:.2%}",
    ):
        assert figure in said, figure


def test_the_readme_tells_of_the_best_and_the_smallest_what_the_file_tells():
    networks = read_networks()
    best, smallest, *_ = networks.goals
    said = " ".join((REPOSITORY / "README.md").read_text("utf-8").split())
    longer = median(own / its for own, its in zip(best.seconds, networks.example.seconds, strict=True))
    figures = [f"{each.mean:.2%} ({each.spread:.2%})" for each in networks.goals]
    for figure in (*figures, f"{networks.ensemble:.2%}", f"{longer:.1f} times", f"{smallest.parameters:,} parameters"):
        assert figure in said, figure


def test_the_lesson_prints_what_the_file_tells():
    networks = read_networks()
    lesson = (REPOSITORY / "lessons" / "14_capstone.md").read_text("utf-8")
    for each in (networks.example, *networks.goals):
        row = rf"{re.escape(each.name)} +{each.parameters:,} parameters, .* {each.mean:.2%} \(± {each.spread:.2%}\)"
        assert re.search(row, lesson), row
    assert f"of the best as an ensemble: {networks.ensemble:.2%}" in lesson
    for stage in networks.ladder[:-1]:
        assert re.search(
            rf"^{re.escape(stage.name)} +{stage.digits:,} digits.* {stage.mean:.2%}$", lesson, re.MULTILINE
        )


def test_networks_with_a_goal_of_their_own_reach_it():
    """On the mean of at least five seeds, rounded as it is told. The best one takes at most three times as long as the
    example, in turns with it."""
    networks = read_networks()
    for measured, goal in zip(networks.goals, GOALS, strict=True):
        assert measured.name == goal.name
        assert round(measured.mean, 4) >= goal.accuracy
        assert len(measured.seconds) == len(measured.accuracy) == len(networks.example.seconds) >= 5
    best, smallest, *_ = networks.goals
    assert smallest.parameters <= 2000
    assert max(own / its for own, its in zip(best.seconds, networks.example.seconds, strict=True)) <= 3


def test_what_is_on_the_ladder_reaches_its_goal():
    """On the mean of at least ten seeds; all were trained with the seeds of the example, in turns with it."""
    example, *stages, further = read_networks().ladder
    assert all(len(each.seconds) == len(each.accuracy) == len(example.seconds) >= 10 for each in (*stages, further))
    assert all(each.mean >= 0.99 for each in stages)
    assert further.mean >= 0.995
    assert stages[-1].times_faster_than(example) >= 12
    assert max(further.seconds) < median(example.seconds)
    assert {each.name for each in (*stages, further)} == {each.name for each in contenders()}
