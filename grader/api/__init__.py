"""The few names that the author of a check uses.

A check is a pytest test that reads as if it called the learner's function::

    @mistake("divided-by-256", question="What should full ink, 255, become?")
    def divided_by_256(images):
        \"\"\"The pixels were divided by 256, so full ink becomes 0.996 instead of 1.\"\"\"
        return images / np.float32(256)


    @check(points=2, title="scale_pixels maps 0..255 to 0..1", hints=("a question", "the concept", "a worked hint"))
    def test_scale_pixels(submission, probe):
        images = probe.images(5)
        scaled = submission.scale_pixels(images)
        expect_close(scaled, images / 255, mistakes=[divided_by_256])

These arguments are filled in by name: ``submission`` (the learner's functions), ``probe`` (fresh random inputs),
``digits`` (fresh splits of MNIST), ``models`` (small Keras models, for functions that take one), ``elsewhere`` (the
same functions in another, fresh process), ``deployed`` (the same in one where nothing but NumPy and the standard
library can be imported) and ``files`` (what the submission has written).
"""

from grader.api.checks import Check, check
from grader.api.context import Context, current, measure, observed_fits
from grader.api.describe import describe
from grader.api.errors import SubmissionError
from grader.api.expect import (
    expect,
    expect_accuracy,
    expect_array,
    expect_close,
    expect_equal,
    expect_input_unchanged,
    expect_model,
    expect_untrained,
    told_apart,
)
from grader.api.forms import mistakes_of_form
from grader.api.mistakes import Mistake, agree, diagnose, mistake, symptom
from grader.api.probe import Probe
from grader.api.split import Digits, Split

__all__ = [
    "Check",
    "Context",
    "Digits",
    "Mistake",
    "Probe",
    "Split",
    "SubmissionError",
    "agree",
    "check",
    "current",
    "describe",
    "diagnose",
    "expect",
    "expect_accuracy",
    "expect_array",
    "expect_close",
    "expect_equal",
    "expect_input_unchanged",
    "expect_model",
    "expect_untrained",
    "measure",
    "mistake",
    "mistakes_of_form",
    "observed_fits",
    "symptom",
    "told_apart",
]
