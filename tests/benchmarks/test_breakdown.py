"""Where the processor time of a reply goes: the arithmetic, and that it sees a real process."""

import os
import subprocess
import sys
import time

from benchmarks.breakdown import find_costs, name_program, pick_stages, read_programs
from benchmarks.sides import PROGRAMS


def test_every_program_on_the_way_of_a_message_is_told_by_its_command_line() -> None:
    commands = {
        "webhooks": "/x/python -m app.webhooks",
        "worker": "/x/python -m app.worker",
        "actions": "/x/python -m bot.actions",
        "rasa": "/x/bot/engine/.venv/bin/python -m bot.engine.serve --port 8090",
        "store": "/x/valkey-server unixsocket:/x/data/store.sock",
        "keys": "/x/valkey-server unixsocket:/x/data/keys.sock",
        "other": "/x/python -m phone",
    }
    assert {name: name_program(command) for name, command in commands.items()} == {name: name for name in commands}
    assert set(commands) >= set(PROGRAMS)


def test_costs_are_what_was_spent_between_by_program_and_all_together() -> None:
    """A process that began meanwhile counts from nothing."""
    costs = find_costs({"worker": (1.0, 0.5)}, {"worker": (2.0, 0.7), "rasa": (0.3, 0.1)}, 100)
    assert costs == {
        "all": {"ms": 16.0, "system_ms": 3.0},
        "worker": {"ms": 12.0, "system_ms": 2.0},
        "rasa": {"ms": 4.0, "system_ms": 1.0},
    }
    assert list(costs) == ["all", "worker", "rasa"]
    assert pick_stages({"saturation": {"programs": costs}}) == {"worker": 12.0, "rasa": 4.0}


def test_the_time_of_a_real_process_is_seen() -> None:
    source = "import time\nwhile time.process_time() < 0.3: pass\ntime.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", source, "app.worker"], start_new_session=True)
    try:
        deadline = time.monotonic() + 20
        while (used := sum(read_programs({process.pid}).get("worker", (0.0, 0.0)))) < 0.25:
            assert time.monotonic() < deadline, used
            time.sleep(0.05)
        assert used < 5
        assert read_programs({os.getpgid(process.pid) + 1_000_000}) == {}
    finally:
        process.kill()
        process.wait()
