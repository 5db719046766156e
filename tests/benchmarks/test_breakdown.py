"""Where the processor time of a reply goes: the arithmetic, and that a real process is seen."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import machine
from benchmarks.breakdown import find_costs
from benchmarks.machine import read_cpu_by_group, read_groups_pss, read_times_by_group


def test_costs_are_what_was_spent_between_by_program_and_all_together() -> None:
    costs = find_costs({"worker": (1.0, 0.5), "rasa": (0.1, 0.0)}, {"worker": (2.0, 0.7), "rasa": (0.4, 0.1)}, 100)
    assert costs == {
        "all": {"ms": 16.0, "system_ms": 3.0},
        "worker": {"ms": 12.0, "system_ms": 2.0},
        "rasa": {"ms": 4.0, "system_ms": 1.0},
    }
    assert list(costs) == ["all", "worker", "rasa"]


def test_the_time_and_the_memory_of_a_real_process_are_seen() -> None:
    source = "import time\nwhile time.process_time() < 0.3: pass\ntime.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", source], start_new_session=True)
    try:
        deadline = time.monotonic() + 20
        while (used := sum(read_times_by_group().get(process.pid, (0.0, 0.0)))) < 0.25:
            assert time.monotonic() < deadline, used
            time.sleep(0.05)
        assert used <= read_cpu_by_group()[process.pid] < 5
        assert os.getpgid(process.pid) + 1_000_000 not in read_times_by_group()
        assert 1 << 20 < read_groups_pss([process.pid]) < 1 << 30
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("error", "is_told"), [(PermissionError, True), (ProcessLookupError, False)])
def test_memory_that_may_not_be_looked_at_is_not_none(
    error: type[OSError], is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our programs keep theirs to themselves (P1): beside root, all of them together would weigh nothing."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "stat").write_text("7 (python) S 1 7 7")
    read_text = Path.read_text

    def refuse(path: Path, *given: str, **named: str) -> str:
        if path.name == "smaps_rollup":
            raise error
        return read_text(path, *given, **named)

    monkeypatch.setattr(machine, "_PROCESSES", tmp_path)
    monkeypatch.setattr(Path, "read_text", refuse)
    if is_told:
        with pytest.raises(RuntimeError, match="only root"):
            read_groups_pss([7])
    else:
        assert read_groups_pss([7]) == 0
