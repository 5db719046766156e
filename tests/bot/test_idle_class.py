"""Where a program takes the idle class, and where it would stand still and does not (R9)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.idle_class import take_idle_class, weighs_sessions

ON, OFF = {"proc/sys/kernel/sched_autogroup_enabled": "1\n"}, {"proc/sys/kernel/sched_autogroup_enabled": "0\n"}
OLD = {"proc/self/cgroup": "3:cpu,cpuacct:/\n2:memory:/a/b\n0::/\n", "sys/fs/cgroup/cpu,cpuacct/release_agent": ""}
NEW = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cgroup.procs": ""}
LOGIN = {"proc/self/cgroup": "0::/user.slice/user-1000.slice/session-2.scope\n", "sys/fs/cgroup/cgroup.procs": ""}
OLD_UNIT = {**OLD, "proc/self/cgroup": "3:cpu,cpuacct:/system.slice/a.service\n0::/\n"}
OLD_CONTAINER = {"proc/self/cgroup": OLD["proc/self/cgroup"], "sys/fs/cgroup/cpu,cpuacct/cgroup.procs": ""}
CONTAINER = {**NEW, "sys/fs/cgroup/cgroup.type": "domain\n"}
UNSEEN = {"proc/self/cgroup": "0::/\n"}
UNKNOWN = {**NEW, "proc/self/cgroup": "something else\n"}
TAKE = """
import os, sys
from pathlib import Path
from bot.idle_class import take_idle_class
take_idle_class(Path(sys.argv[1]))
print(os.sched_getscheduler(0))
"""


def lay_down(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("files", "sure"),
    [
        ({**ON, **OLD}, True), ({**ON, **NEW}, True), ({**OFF, **NEW}, False), (NEW, False), (ON, False),
        ({**ON, **LOGIN}, False), ({**ON, **OLD_UNIT}, False), ({**ON, **OLD_CONTAINER}, False),
        ({**ON, **CONTAINER}, False), ({**ON, **UNSEEN}, False), ({**ON, **UNKNOWN}, False),
    ],
    ids=["first groups", "second groups", "switched off", "no such switch", "no groups", "a login", "a unit",
         "a container of the first", "a container", "groups that are not shown", "groups told otherwise"],
)  # fmt: skip
def test_sessions_are_weighed_only_where_that_is_certain_r9(tmp_path: Path, files: dict[str, str], sure: bool) -> None:
    lay_down(tmp_path, files)
    assert weighs_sessions(tmp_path) is sure


@pytest.mark.parametrize(("files", "kind"), [({**ON, **NEW}, os.SCHED_IDLE), ({**ON, **LOGIN}, os.SCHED_OTHER)])
def test_the_class_is_taken_there_and_nowhere_else(tmp_path: Path, files: dict[str, str], kind: int) -> None:
    lay_down(tmp_path, files)
    told = subprocess.check_output([sys.executable, "-c", TAKE, str(tmp_path)], text=True, cwd=Path.cwd())
    assert int(told) == kind


def test_a_system_that_refuses_the_class_keeps_no_program_from_starting_r9(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    def refuse(_process: int, kind: int, _param: os.sched_param) -> None:
        asked.append(kind)
        raise PermissionError

    lay_down(tmp_path, {**ON, **NEW})
    monkeypatch.setattr("bot.idle_class.os.sched_setscheduler", refuse)
    take_idle_class(tmp_path)
    assert asked == [os.SCHED_IDLE]
