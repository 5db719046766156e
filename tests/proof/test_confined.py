"""No program's memory reaches a disk or another process: no core dump, not dumpable, no swap (P1)."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from app.stack import Stack
from tests.proof.scene import family, is_root
from tests.security.live_search import core_dump_limit

_UNITS = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
_SEES_WORDS = ("webhooks", "worker", "console", "actions", "rasa")

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("stack")]


async def test_no_program_may_write_a_core_dump_or_be_looked_into_p1(stack: Stack) -> None:
    """What is not dumpable belongs to root in /proc, whoever runs it, and only root looks into its memory."""
    for pid, program in family(stack).items():
        assert core_dump_limit(pid) == "0", program
        if program in _SEES_WORDS:
            assert _is_closed(pid), f"{program} can be dumped and looked into"


def _is_closed(pid: int) -> bool:
    """True if not even another process of the same user without rights of root may read this one's memory."""
    if not is_root():
        return not os.access(f"/proc/{pid}/mem", os.R_OK)
    code = f"open('/proc/{pid}/mem', 'rb')"
    looking = "import os, ctypes\nctypes.CDLL(None).prctl(24, 19, 0, 0, 0)\n" + _DROP + code
    return os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", looking]) != 0


_DROP = """
class Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]
class Data(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]
if ctypes.CDLL(None).capset(ctypes.byref(Header(0x20080522, 0)), ctypes.byref((Data * 2)())) != 0:
    raise SystemExit(0)
os.close(2)
"""
"""Gives every capability up: what is left is an ordinary process of the same user."""


async def test_the_look_of_an_ordinary_process_can_see_one_that_is_open() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
    try:
        await asyncio.sleep(0.2)
        assert not _is_closed(process.pid)
    finally:
        process.kill()
        await process.wait()


async def test_a_crash_in_c_leaves_no_core_file_p1(tmp_path: Path) -> None:
    """Also where the limit was lifted and the kernel would write one: without the guard it does."""
    for guard, left in (("vault.memory.close_memory()", 0), ("None", 1)):
        folder = tmp_path / str(left)
        folder.mkdir()
        lift = "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)"
        code = f"import os, resource, vault.memory\n{lift}\n{guard}\nos.chdir({str(folder)!r})\nos.abort()"
        environment = {**os.environ, "PYTHONPATH": str(_UNITS.parents[1])}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == -signal.SIGABRT
        if left == 0 or _writes_cores_here():
            assert len(list(folder.iterdir())) == left


def _writes_cores_here() -> bool:
    import resource

    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    return pattern == "core" and resource.getrlimit(resource.RLIMIT_CORE)[1] != 0


def test_every_unit_forbids_core_dumps_and_swap_p1() -> None:
    units = sorted(_UNITS.glob("*.service"))
    assert len(units) >= 7
    for unit in units:
        text = unit.read_text()
        assert re.search(r"^LimitCORE=0$", text, re.MULTILINE), unit.name
        assert re.search(r"^MemorySwapMax=0$", text, re.MULTILINE), unit.name


async def test_nothing_of_a_program_is_swapped_out_p1(stack: Stack) -> None:
    """Either this machine has no swap, or the kernel tells that nothing of ours is in it."""
    swapped = {
        program: line
        for pid, program in family(stack).items()
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmSwap:") and line.split()[1] != "0"
    }
    assert not swapped
