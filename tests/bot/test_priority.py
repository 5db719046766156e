"""A program that gives way: by itself, and with its session where the kernel weighs sessions (R9)."""

import os
import subprocess
import sys
from pathlib import Path

from bot.idle_class import weighs_sessions
from bot.priority import GIVES_WAY, SESSION_GIVES_WAY

_SESSIONS = Path("/proc/self/autogroup")
_PROGRAM = f"""
import os, subprocess, sys
from pathlib import Path
import bot.priority
from bot.priority import give_way

def session():
    return Path({str(_SESSIONS)!r}).read_text().split()[-1] if Path({str(_SESSIONS)!r}).exists() else "none"

if sys.argv[1] == "leads":
    give_way()
    print(os.getpriority(os.PRIO_PROCESS, 0), session(), os.sched_getscheduler(0))
elif sys.argv[1] == "refused":
    bot.priority._SESSION = Path("/nowhere/at/all")
    give_way()
    print(os.sched_getscheduler(0))
elif sys.argv[1] == "starts":
    before = session()
    print(before, subprocess.check_output([sys.executable, "-c", sys.argv[2], "leads"], text=True).strip(), session())
"""


def _run(part: str) -> list[str]:
    command = [sys.executable, "-c", _PROGRAM, part, _PROGRAM]
    return subprocess.check_output(command, text=True, start_new_session=True, cwd=Path.cwd()).split()


def test_a_program_with_a_session_of_its_own_gives_way_with_all_of_it_r9() -> None:
    own, session, kind = _run("leads")
    assert int(own) >= GIVES_WAY
    assert int(kind) == (os.SCHED_IDLE if weighs_sessions(Path("/")) else os.SCHED_OTHER)
    assert session == (str(SESSION_GIVES_WAY) if _SESSIONS.exists() else "none")


def test_a_program_in_anothers_session_slows_down_nobody_else_there_r9() -> None:
    before, own, _, kind, after = _run("starts")
    assert int(own) >= GIVES_WAY and int(kind) == os.SCHED_OTHER
    assert after == before


def test_a_program_whose_session_keeps_its_weight_does_not_stand_behind_everything_in_it_r9() -> None:
    assert _run("refused") == [str(os.SCHED_OTHER)]
