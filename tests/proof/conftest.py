"""Prints the proof's table at the end of a run that walked its paths."""

import pytest

from tests.proof.table import TABLE


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Path by place, and whatever was found."""
    for line in TABLE.lines():
        terminalreporter.write_line(line, red="FOUND" in line or "did not do" in line)
