"""The idle class for what gives way, where a weight above it keeps it from standing still (R9).

Linux looks for an idle core for whoever is woken, and takes one on which only programs of this class run for idle. A
program of the crisis path then comes in there at once, and does not wait behind another of its kind on the core that
woke it. Such a program would get next to nothing beside a busy one in the same group: so only a program whose group is
weighed for itself takes the class. A unit has it from its own file.
"""

import contextlib
import os
from pathlib import Path

_ROOT = Path("/")


def take_idle_class(root: Path = _ROOT) -> None:
    """This program is of the idle class from now on, if its session is weighed for itself; else nothing changes.

    Call it once the session has its weight. ``root`` holds the ``proc`` and ``sys`` to look at.
    """
    if weighs_sessions(root):
        with contextlib.suppress(OSError):  # a filter may refuse: a program gives way by its weight alone then
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def weighs_sessions(root: Path) -> bool:
    """True where sessions are what the kernel weighs, for certain: switched on, and in nobody's group or container.

    In a group of its own (a unit, a login, a container) a program's session counts for nothing (``sched(7)``).
    """
    try:
        if (root / "proc/sys/kernel/sched_autogroup_enabled").read_text().strip() != "1":
            return False
        lines = (root / "proc/self/cgroup").read_text().splitlines()
        groups = dict(line.split(":", 2)[1:] for line in lines)
    except (OSError, ValueError):
        return False
    of_cores = next((kinds for kinds in groups if "cpu" in kinds.split(",")), "")
    return groups.get(of_cores) == "/" and _is_whole(root / "sys/fs/cgroup", of_cores)


def _is_whole(groups: Path, kinds: str) -> bool:
    """A container may see its own group as ``/``: only the machine's has the one file, and lacks the other."""
    if kinds:
        return (groups / kinds / "release_agent").exists()
    return (groups / "cgroup.procs").exists() and not (groups / "cgroup.type").exists()
