"""Which Chromium the browser tests use, and what happens in a run without one; conftest.py imports the three hooks."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser

_SHELL = "chromium-headless-shell"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LEFT_OUT = pytest.StashKey[int]()


@cache
def chromium_path() -> str | None:
    """The browser that ``scripts/browser.sh`` found (PORCHLIGHT_CHROMIUM), else one on PATH, else None."""
    named = os.environ.get("PORCHLIGHT_CHROMIUM")
    return next((path for name in (named, *_NAMES) if name and (path := shutil.which(name))), None)


@asynccontextmanager
async def open_chromium(*, whole: bool = False) -> AsyncIterator["Browser"]:
    """A browser for as long as the block runs; what is expected of its pages may take fifteen seconds.

    Where there is one, it is the shell without windows, which opens a page in a third of the time; it shows no
    notifications, so what needs those asks for the ``whole`` browser.
    """
    from playwright.async_api import async_playwright, expect

    expect.set_options(timeout=15_000)  # five seconds are too few on a busy machine
    path = chromium_path() if whole else shutil.which(_SHELL) or chromium_path()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        await launched.close()


def is_ci() -> bool:
    """True where a run that leaves tests out must fail."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a Chromium, tests marked ``browser`` are deselected and counted."""
    if chromium_path() is not None:
        return
    without = [item for item in items if item.get_closest_marker("browser")]
    if without:
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)
    config.stash[_LEFT_OUT] = len(without)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says plainly that browser tests were left out."""
    if chromium_path() is None:
        terminalreporter.write_line(
            "NO CHROMIUM: every browser test was left out. Install chromium or set PORCHLIGHT_CHROMIUM.", red=True
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a run that had to leave browser tests out has failed."""
    left_out = session.config.stash.get(_LEFT_OUT, 0)
    distributed = hasattr(session.config, "workerinput") or session.config.getoption("numprocesses", None)
    if chromium_path() is None and is_ci() and (left_out or distributed):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
