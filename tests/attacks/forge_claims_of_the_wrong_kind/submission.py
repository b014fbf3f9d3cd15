"""Replies with well-formed messages whose fields are of kinds that nobody expects."""

import gc
import itertools

WRONG = itertools.cycle([{"deep": [{}]}, ["x", None, {}], "text", 7, None, True, [[[]]], {"kind": "list", "items": 3}])


def label_counts(labels, num_classes=10):
    for thing in gc.get_objects():
        if type(thing).__name__ == "Runner":
            thing.handle = lambda request, tensors: (
                {"id": request["id"]} | {name: next(WRONG) for name in ("value", "changed", "printed", "observed")},
                [],
            )
