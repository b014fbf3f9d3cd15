"""Tells each failure when it happens: a run of an hour that is stopped before its end has then told what failed."""

import time

import pytest


@pytest.hookimpl(trylast=True)  # pytest has its terminal reporter only then
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal and not hasattr(config, "workerinput"):  # the workers of xdist report to the process that prints
        config.pluginmanager.register(Teller(terminal))


class Teller:
    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self.terminal = terminal
        self.started = time.monotonic()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            minutes = (time.monotonic() - self.started) / 60
            self.terminal.ensure_newline()
            self.terminal.line(f"{report.nodeid} failed after {minutes:.0f} min, in {report.when}:", red=True)
            self.terminal.line(report.longreprtext)
            self.terminal.flush()
