"""The worker that begins before the supervisor: bound to it, told nothing before its plan, replaced as any other."""

import ast
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from app.cli import main
from app.early import EARLY, WORKER, begin_worker
from app.prepared import NEEDED
from app.programs import PROGRAMS, ROOT
from app.stack import Stack
from tests.app.standins import is_alive

PARENT = "from app.early import begin_worker; import time; print(begin_worker().pid, flush=True); time.sleep(60)"


@pytest.fixture
def early(monkeypatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "not-for-it")
    begun = begin_worker()
    assert begun
    yield begun
    begun.end()


def wait_for(found, seconds=20):
    deadline = time.monotonic() + seconds
    while not found() and time.monotonic() < deadline:
        time.sleep(0.02)
    return found()


def is_worker(pid):
    """True once it is the worker: tied to its parent, and no longer on the way there."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return b"app.worker" in words and not any(word.endswith(b"launch.py") for word in words)


def test_it_sees_nothing_of_ours_before_its_plan(early):
    """P1: a bare environment and three standard streams; its memory and its core are closed as any worker's."""
    assert wait_for(lambda: is_worker(early.pid))
    told = Path(f"/proc/{early.pid}/environ").read_bytes()
    assert b"not-for-it" not in told
    names = {line.partition("=")[0] for line in told.decode().split("\0") if line}
    names -= {"LC_CTYPE"}  # Python's own, where no language is set
    assert names <= {"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONUNBUFFERED"}
    assert os.getsid(early.pid) == early.pid
    assert resource.prlimit(early.pid, resource.RLIMIT_CORE) == (0, 0)


def test_one_that_is_never_used_ends_with_its_parent_even_a_killed_one():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert wait_for(lambda: is_worker(pid))
    os.kill(pid, signal.SIGSTOP)  # it could not even see that its standard input ends
    parent.kill()
    parent.communicate()
    gone = wait_for(lambda: not is_alive(pid), seconds=5)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    assert gone


def test_one_whose_standard_input_ends_without_a_plan_ends_in_good_order(early):
    early._process.stdin.close()
    assert wait_for(lambda: early.returncode is not None)
    assert early.returncode == 0


def test_it_stands_in_for_nothing_but_the_worker(early, tmp_path):
    assert not early.take_over((sys.executable, "-m", "app.console"), {}, tmp_path / "log")
    assert not is_alive(early.pid)
    assert not (tmp_path / "log").exists()


def test_the_command_of_the_catalog_is_the_one_that_it_stands_in_for():
    assert tuple(part.format(python=sys.executable) for part in PROGRAMS["worker"].command) == WORKER


async def test_the_first_worker_is_the_early_one_and_a_killed_one_is_replaced_as_any_other(early, tmp_path):
    async with Stack(tmp_path, programs={"worker"}, free_ports=True, early=early) as stack:
        assert stack.pids("worker") == [early.pid]
        log = stack.log("worker")
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert Path(f"/proc/{early.pid}/fd/0").readlink() == Path(os.devnull)
        await stack.kill("worker")
        await stack.wait_ready("worker")
        (now,) = stack.pids("worker")
        assert now != early.pid
        assert stack.restarts("worker") == 1
        assert EARLY.encode() not in Path(f"/proc/{now}/cmdline").read_bytes().split(b"\0")
    assert not is_alive(now)


async def test_one_that_died_while_it_prepared_is_replaced_without_a_word(early, tmp_path):
    os.kill(early.pid, signal.SIGKILL)
    lines = []
    async with Stack(tmp_path, programs={"worker"}, free_ports=True, early=early, say=lines.append) as stack:
        assert stack.pids("worker") not in ([], [early.pid])
        assert stack.restarts("worker") == 0
    assert not any("ended" in line for line in lines)


@pytest.mark.parametrize("mode", ["live", "neither"])
def test_settings_that_are_refused_leave_one_message_and_no_process(tmp_path, mode):
    given = {"PATH": os.environ["PATH"], "PORCHLIGHT_MODE": mode, "TMPDIR": str(tmp_path)}
    call = [sys.executable, "-c", "from app.cli import main; main()", "run", "--folder", str(tmp_path)]
    done = subprocess.run(call, env=given, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("porchlight ") and "Traceback" not in done.stdout
    assert not list(early_workers_told(str(tmp_path).encode()))


def test_a_start_that_is_refused_ends_it_before_the_command_returns(early, tmp_path, monkeypatch):
    monkeypatch.setenv("PORCHLIGHT_MODE", "live")
    monkeypatch.setattr(sys, "argv", ["porchlight", "run", "--folder", str(tmp_path)])
    monkeypatch.setattr("app.early.begin_worker", lambda: early)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert not is_alive(early.pid)


def test_no_other_command_begins_a_worker(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["porchlight", "settings"])
    monkeypatch.setattr("app.early.begin_worker", lambda: pytest.fail("nothing is to run"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code


def test_one_that_cannot_be_begun_leaves_the_start_as_it_was(monkeypatch):
    def fail(*_given, **_more):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", fail)
    assert begin_worker() is None


def test_it_imports_beforehand_all_that_a_start_of_the_worker_imports():
    tree = ast.parse((ROOT / "app" / "worker.py").read_text("utf-8"))
    starts = [one for one in tree.body if getattr(one, "name", "") in {"_work", "_build_private_door"}]
    wanted = {one.module for start in starts for one in ast.walk(start) if isinstance(one, ast.ImportFrom)}
    assert wanted <= set(NEEDED)


def early_workers_told(mark):
    """Those whose environment, the machine's own, names it: other tests begin others meanwhile."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if EARLY.encode() in words and mark in (folder / "environ").read_bytes() and is_alive(folder.name):
                    yield int(folder.name)
