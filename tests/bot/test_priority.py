"""A program that gives way: by itself, and with its session where the kernel weighs sessions (R9)."""

import subprocess
import sys
from pathlib import Path

from bot.priority import GIVES_WAY, SESSION_GIVES_WAY

_SESSIONS = Path("/proc/self/autogroup")
_PROGRAM = f"""
import os, subprocess, sys
from pathlib import Path
from bot.priority import give_way

def session():
    return Path({str(_SESSIONS)!r}).read_text().split()[-1] if Path({str(_SESSIONS)!r}).exists() else "none"

if sys.argv[1] == "leads":
    give_way()
    print(os.getpriority(os.PRIO_PROCESS, 0), session())
elif sys.argv[1] == "starts":
    before = session()
    print(before, subprocess.check_output([sys.executable, "-c", sys.argv[2], "leads"], text=True).strip(), session())
"""


def _run(part: str) -> list[str]:
    command = [sys.executable, "-c", _PROGRAM, part, _PROGRAM]
    return subprocess.check_output(command, text=True, start_new_session=True, cwd=Path.cwd()).split()


def test_a_program_with_a_session_of_its_own_gives_way_with_all_of_it_r9() -> None:
    own, session = _run("leads")
    assert int(own) >= GIVES_WAY
    assert session == (str(SESSION_GIVES_WAY) if _SESSIONS.exists() else "none")


def test_a_program_in_anothers_session_slows_down_nobody_else_there_r9() -> None:
    before, own, _, after = _run("starts")
    assert int(own) >= GIVES_WAY
    assert after == before
