"""What a run says and how it ends when there is no browser."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest
@pytest.mark.browser
def test_in_a_browser(): pass
def test_without_one(): pass
"""


@pytest.fixture
def run_suite(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "from tests.browser import pytest_collection_modifyitems, pytest_sessionfinish, pytest_terminal_summary\n"
    )
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: needs Chromium\n")

    def run(*arguments, path="", **environ):
        given = {"PATH": path, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environ}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, str(tmp_path)]
        return subprocess.run(command, env=given, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    return run


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")])
def test_without_a_browser_a_run_says_so_and_goes_on(run_suite, workers):
    done = run_suite(*workers)
    assert done.returncode == 0
    assert "NO CHROMIUM: every browser test was left out" in done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")])
def test_without_a_browser_a_run_in_ci_fails(run_suite, workers):
    done = run_suite(*workers, CI="true")
    assert done.returncode == 1
    assert "NO CHROMIUM" in done.stdout


def test_with_a_browser_every_test_runs(run_suite, tmp_path):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    done = run_suite(CI="true", PORCHLIGHT_CHROMIUM=str(browser))
    assert done.returncode == 0
    assert "2 passed" in done.stdout
    assert "NO CHROMIUM" not in done.stdout
    assert run_suite(CI="true", path=f"{tmp_path}{os.pathsep}/nowhere").returncode == 0
