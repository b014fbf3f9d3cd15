"""Measures `digits serve`: how soon it answers when requests arrive at random moments, whether or not it keeps up."""

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from grader.authoring.reference_runs import in_fresh_process, load_solution
from grader.deployment.load_test import load
from grader.deployment.started import served

STARTS, RATES, SECONDS = 5, (50, 100, 200), 20

Figure = tuple[str, str]


def bench_serve() -> Iterator[Figure]:
    """From the command to the address, then the latencies of the network of lesson 10 under load."""
    body = json.dumps({"image": np.random.default_rng(0).integers(0, 256, (28, 28)).tolist()}).encode()
    with TemporaryDirectory() as name:
        folder = Path(name)
        in_fresh_process(write_network, folder / "cnn.npz")
        arguments = (str(folder / "cnn.npz"), "--reference")
        yield "digits serve, command to address", spread([started(folder, *arguments) for _ in range(STARTS)])
        with served(*arguments, folder=folder) as address:
            load(address, body, RATES[0], 2)  # what is slow the first time
            for rate in RATES:
                measured = load(address, body, rate, SECONDS)
                p50, p99 = (1000 * measured.percentile(percent) for percent in (50, 99))
                yield (
                    f"{rate} requests per second for {SECONDS} s",
                    f"{measured.rate:.1f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {measured.failed} failed",
                )


def started(folder: Path, *arguments: str) -> float:
    """Seconds from the command until it listens."""
    began = time.perf_counter()
    with served(*arguments, folder=folder):
        return time.perf_counter() - began


def spread(seconds: list[float]) -> str:
    return f"median {1000 * statistics.median(seconds):.0f} ms, slowest {1000 * max(seconds):.0f} ms"


def write_network(path: Path) -> None:
    """Export the network of lesson 10 without training it: it is as fast as a trained one."""
    load_solution("deployment").export_network(load_solution("cnn").build_cnn(), str(path))
