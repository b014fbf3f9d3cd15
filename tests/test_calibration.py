"""A threshold lies above what known mistakes reach, unless another check notices them."""

import shutil
import tomllib

from conftest import TESTS

from grader.authoring import calibrate
from grader.authoring.calibrate import Mistaken
from grader.course import Calibration, calibrations, find_lesson

FOUND = Calibration(seeds=20, mean=0.95, standard_deviation=0.004, worst=0.94, threshold=0.93)


def test_mistakes_are_trained_and_told_apart_by_who_notices_them(monkeypatch, tmp_path):
    lesson = find_lesson("softmax_regression")
    folder = tmp_path / lesson.stem
    folder.mkdir()
    for name in ("initialized-too-large", "log-of-zero"):
        shutil.copy(TESTS / "mistakes" / lesson.stem / f"{name}.py", folder)
    monkeypatch.setattr(calibrate, "MISTAKES", tmp_path)
    found = {mistaken.name: mistaken for mistaken in calibrate.measure_mistakes(lesson)}
    assert found["initialized-too-large"].caught_by is None
    assert found["initialized-too-large"].accuracy < calibrations()[lesson.slug].threshold
    assert found["log-of-zero"].caught_by == "cross_entropy_is_finite"


def test_the_nearest_mistake_is_one_that_nothing_else_notices():
    mistakes = [Mistaken("noticed", 0.96, "shape"), Mistaken("far", 0.2, None), Mistaken("near", 0.91234, None)]
    found = calibrate.with_nearest(FOUND, mistakes)
    assert (found.nearest_mistake, found.nearest_accuracy) == ("near", 0.9123)
    assert calibrate.with_nearest(FOUND, mistakes[:1]) == FOUND


def test_a_threshold_lies_five_deviations_below_the_reference_and_three_below_the_weakest_alternative():
    reference = [0.96, 0.95, 0.94, 0.95]  # mean 0.95, deviation 0.0082
    found = calibrate.calibration_of(reference)
    assert (found.seeds, found.mean, found.worst, found.threshold) == (4, 0.95, 0.94, 0.90)
    strong, weak = [0.96, 0.97, 0.95], [0.90, 0.92, 0.88]  # the weaker one: mean 0.90, deviation 0.02
    assert calibrate.with_weakest(found, {"strong": strong}).threshold == found.threshold
    lowered = calibrate.with_weakest(found, {"strong": strong, "weak": weak})
    assert (lowered.weakest_alternative, lowered.weakest_mean, lowered.threshold) == ("weak", 0.9, 0.84)


def test_right_solutions_are_trained_as_a_class_is_graded():
    lesson, seen = find_lesson("softmax_regression"), []
    (path, *_) = calibrate.alternatives(lesson)
    reached = calibrate.measure(lesson, path, 2, None, lambda seed, accuracy: seen.append((seed, accuracy)))
    assert [accuracy for _, accuracy in seen] == reached
    assert [seed for seed, _ in seen] == [0, 1]
    assert min(reached) > calibrations()[lesson.slug].threshold


def test_what_is_written_is_read_again_and_the_others_stay(tmp_path):
    path = tmp_path / "calibration.toml"
    calibrate.write(path, "dense", calibrate.with_nearest(FOUND, [Mistaken("near", 0.9, None)]))
    written = {slug: Calibration(**entry) for slug, entry in tomllib.loads(path.read_text("utf-8")).items()}
    assert written["dense"].nearest_mistake == "near"
    assert {slug: entry for slug, entry in written.items() if slug != "dense"} == {
        slug: entry for slug, entry in calibrations().items() if slug != "dense"
    }
