"""Who has short turns at a core, and who has not: asked of the kernel itself (R9)."""

import asyncio
import ctypes
import os
import platform
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from app.processes import start_child
from app.programs import ROOT
from bot import short_turns
from bot.short_turns import SHORT_NANOSECONDS, take_short_turns, take_usual_turns

_KNOWN = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2]) >= (6, 12)
SHORT = SHORT_NANOSECONDS if _KNOWN else 0
"""What this machine's kernel makes of it."""

_TELL = """
import ctypes, os, struct
room = ctypes.create_string_buffer(48)
number = {"x86_64": 315, "aarch64": 275}[os.uname().machine]  # sched_getattr
ctypes.CDLL(None).syscall(number, 0, room, 48, 0)
print(struct.unpack("IIQiIQQQ", room.raw)[5], os.getpriority(os.PRIO_PROCESS, 0))
"""


def ask(begin: str) -> tuple[int, int]:
    """The length of turns (nanoseconds) and the nice points of a program that has begun so."""
    command = [sys.executable, "-c", begin + _TELL]
    said = subprocess.check_output(command, text=True, start_new_session=True, cwd=ROOT)
    length, nice = said.split()[-2:]
    return int(length), int(nice)


USUAL = ask("")[0]


def test_a_program_that_asks_for_short_turns_has_them_and_keeps_its_weight() -> None:
    take = "import os; os.nice(3)\nfrom bot.short_turns import take_short_turns; take_short_turns()"
    assert ask(take) == (SHORT, 3)
    assert not _KNOWN or USUAL > SHORT


def test_a_program_that_its_operator_put_into_another_class_stays_there() -> None:
    take = "import os; os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))\nfrom bot.short_turns import *\n"
    tell = "take_short_turns(); print(os.sched_getscheduler(0) == os.SCHED_BATCH)"
    assert subprocess.check_output([sys.executable, "-c", take + tell], text=True, cwd=ROOT).strip() == "True"


def test_whoever_gives_way_has_turns_as_long_as_any_other_program_also_under_one_with_short_ones_r9() -> None:
    inherited = "from bot.short_turns import take_short_turns; take_short_turns()\n"
    way = "from bot.priority import give_way; give_way()"
    assert ask(inherited + way) == (USUAL, 10)


async def test_whatever_the_supervisor_starts_has_short_turns_stores_too_r9(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = await start_child([sys.executable, "-c", _TELL], {"PATH": os.environ["PATH"]}, tmp_path, log)
    async with asyncio.timeout(20):
        assert await child.wait() == 0
    assert int(log.read_text().split()[0]) == SHORT


@pytest.mark.parametrize(
    "begin",
    [
        "from app.serving import start_program; start_program('worker', lambda: None)",
        "import app.store_command as s\ns.build_command = lambda *_: ['true']\ns.os.execv = lambda *_: None\n"
        "s.main(['serve', 'store', 'a', 'b', 'c'])",
        "import asyncio, io, sys\nsys.stdin = io.StringIO()\n"
        "from benchmarks.null_door import stay; asyncio.run(stay('ready'))",
    ],
    ids=["a program", "a store", "what does nothing in the benchmark"],
)
def test_so_has_what_a_service_manager_starts_r9(begin: str) -> None:
    assert ask(begin)[0] == SHORT


@pytest.mark.parametrize("machine", ["riscv64", "i686"])
def test_on_a_machine_that_is_not_known_nothing_is_asked(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_turns.os, "uname", lambda: type("Uname", (), {"machine": machine}))
    monkeypatch.setattr(short_turns.ctypes, "CDLL", None)
    take_short_turns()
    take_usual_turns()


def test_a_system_that_refuses_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_turns, "_SYSTEM_CALL", {os.uname().machine: 1_000_000})
    assert ctypes.CDLL(None).syscall(1_000_000, 0, struct.pack("I", 0), 0) == -1
    take_short_turns()
