"""What a learner may have set in the notebook in which the judge runs. None of it may change a verdict or its words."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

QUIET = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)  # as when Python starts


@contextmanager
def own_settings() -> Iterator[None]:
    """Warnings, floating-point errors and printed arrays as Python and NumPy begin with them."""
    with (
        np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"),
        np.printoptions(
            precision=8,
            threshold=1000,
            edgeitems=3,
            linewidth=75,
            suppress=False,
            nanstr="nan",
            infstr="inf",
            formatter=None,
            sign="-",
            floatmode="maxprec",
            legacy=False,
        ),
        warnings.catch_warnings(),
    ):
        warnings.resetwarnings()
        for category in QUIET:
            warnings.simplefilter("ignore", category)
        yield
