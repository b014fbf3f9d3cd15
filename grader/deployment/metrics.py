"""What a running server counts: for Prometheus at /metrics, and in a line for the terminal.

The digits and the confidences are there to notice drift: when strangers begin to send other pictures than those that
the network was trained on, their distribution changes long before somebody complains.
"""

import statistics
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from grader.deployment.own_code import digit_and_probabilities

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
CONFIDENCES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1)
MOST_KEPT = 100_000  # latencies between two lines in the terminal


class Metrics:
    """The counts of one server.

    Args:
        waiting, connections: how many requests wait and how many connections are open, when asked.
    """

    def __init__(self, waiting: Callable[[], float], connections: Callable[[], float]) -> None:
        disable_created_metrics()  # one line more for each count, which nobody reads
        self._registry = registry = CollectorRegistry()
        self._requests = Counter("digits_requests", "Requests, by HTTP status.", ["status"], registry=registry)
        self._seconds = Histogram(
            "digits_predict_seconds",
            "From the whole request to its answer, in seconds, with the time in the queue.",
            buckets=SECONDS,
            registry=registry,
        )
        self._digits = Counter("digits_predictions", "Answers, by digit.", ["digit"], registry=registry)
        self._confidence = Histogram(
            "digits_confidence", "Probability of the predicted digit.", buckets=CONFIDENCES, registry=registry
        )
        Gauge("digits_waiting", "Requests in the queue.", registry=registry).set_function(waiting)
        Gauge("digits_connections", "Open connections.", registry=registry).set_function(connections)
        ProcessCollector(registry=registry)
        self._window = Window()

    def count(self, status: int) -> None:
        """Count a request that has got its answer."""
        self._requests.labels(str(status)).inc()
        self._window.count(status)

    def count_latency(self, seconds: float) -> None:
        """Count how long a request to /predict has taken that `respond` got to see."""
        self._seconds.observe(seconds)
        self._window.latencies.append(seconds)

    def count_prediction(self, answer: Any) -> None:
        """Count the digit and the confidence of a good answer. Whatever else it is passes without a word."""
        if good := digit_and_probabilities(answer):
            digit, probabilities = good
            self._digits.labels(str(digit)).inc()
            self._confidence.observe(probabilities[digit])

    def summary(self) -> str:
        """What has happened since the last summary, in a line; empty if nothing has."""
        ended, self._window = self._window, Window()
        return ended.line()

    def text(self) -> bytes:
        """All counts in the text format of Prometheus."""
        return generate_latest(self._registry)


class Window:
    """The requests since the last line in the terminal."""

    def __init__(self) -> None:
        self.latencies: deque[float] = deque(maxlen=MOST_KEPT)
        self._began, self._requests, self._refused, self._failed = time.monotonic(), 0, 0, 0

    def count(self, status: int) -> None:
        self._requests += 1
        self._refused += 400 <= status < 500
        self._failed += status >= 500

    def line(self) -> str:
        """What to say about them; empty if there were none."""
        requests, latencies = self._requests, sorted(self.latencies)
        if not requests:
            return ""
        rate = requests / (time.monotonic() - self._began)
        said = [f"{requests:,} request{'s' * (requests != 1)}, {rate:.1f}/s"]
        if latencies:
            high = latencies[min(len(latencies) - 1, int(0.99 * len(latencies)))]
            said.append(f"p50 {1000 * statistics.median(latencies):.1f} ms, p99 {1000 * high:.1f} ms")
        for count, what in ((self._refused, "refused (4xx)"), (self._failed, "failed (5xx)")):
            said += [f"{count:,} {what}"] * bool(count)
        return ", ".join(said)
