import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {"setup", "run", "test", "check", "train", "bench", "bench-nlu", "bench-risk", "chaos", "prove-privacy"}
TARGETS |= {"rasa", "help"}


def test_every_fixed_target_is_there_and_help_lists_it():
    """Architecture §5."""
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    assert set(targets) >= TARGETS
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in targets:
        assert re.search(rf"^  make {target} +\S", shown, re.MULTILINE), target


def test_the_ci_run_checks_and_then_tests_and_is_executable():
    path = ROOT / ".ci/run"
    text = path.read_text("utf-8")
    assert path.stat().st_mode & 0o111
    assert "set -euo pipefail" in text
    assert text.index("make --no-print-directory check") < text.index("make --no-print-directory test")
    assert text.rstrip().endswith("test")
    assert "export CI=true" in text


def test_everything_that_a_target_runs_is_there():
    text = (ROOT / "Makefile").read_text("utf-8")
    for path in re.findall(r"(?<![\w.])((?:scripts|bot|tests|benchmarks)/[\w./-]+\.(?:py|sh))", text):
        assert (ROOT / path).is_file(), path
