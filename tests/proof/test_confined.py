"""No program's memory reaches a disk or another process: no core dump, not dumpable, no swap (P1)."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.stack import Stack
from tests.proof.scene import family, is_root
from tests.security.live_search import core_dump_limit

_UNITS = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
_SEES_WORDS = ("webhooks", "worker", "console", "actions", "rasa")

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("stack")]


@pytest.mark.asyncio(loop_scope="session")
async def test_no_program_may_write_a_core_dump_p1(stack: Stack) -> None:
    for pid, program in family(stack).items():
        assert core_dump_limit(pid) == "0", program
        if program in _SEES_WORDS and not is_root():  # root's own rights would hide the difference
            assert not os.access(f"/proc/{pid}/mem", os.R_OK), f"{program} can be looked into"


_TELL = "ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)"
_STARTS = {
    "webhooks, worker, console": f"import app.serving\napp.serving.start_program('x', lambda: print({_TELL}))",
    "actions": f"import bot.actions.__main__ as m\nasync def serve(_): print({_TELL})\nm.serve = serve\nm.main()",
}


@pytest.mark.parametrize("program", _STARTS)
def test_every_program_that_sees_words_tells_the_kernel_that_it_may_not_be_dumped_p1(program: str) -> None:
    """Asked from inside (PR_GET_DUMPABLE); rasa's is in tests/bot, a whole crash in ``path_breaks.py``."""
    code = f"import ctypes\n{_STARTS[program]}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=_UNITS.parents[1])
    assert done.stdout.split() == ["0"], done.stderr


def test_the_programs_start_by_the_door_that_closes_their_memory() -> None:
    for program in ("webhooks", "worker", "console"):
        assert "start_program(" in (_UNITS.parents[1] / "app" / f"{program}.py").read_text(), program


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


@pytest.mark.asyncio(loop_scope="session")
async def test_nothing_of_a_program_is_swapped_out_p1(stack: Stack) -> None:
    """Either this machine has no swap, or the kernel tells that nothing of ours is in it."""
    swapped = {
        program: line
        for pid, program in family(stack).items()
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmSwap:") and line.split()[1] != "0"
    }
    assert not swapped
