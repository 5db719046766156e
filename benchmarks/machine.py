"""How busy the machine was: the whole of it, the load maker's own part, and each side's processes."""

import os
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROCESSES = Path("/proc")
_STAT = _PROCESSES / "stat"
_IDLE_FIELDS, _TAKEN_FIELD = (3, 4), 7


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds on the clock, of all cores at work, and of this process at work.

    ``taken``: seconds that a core had work and the host of this machine gave to others; None where nobody counts them.
    """

    at: float
    busy: float
    own: float
    taken: float | None = None


def read_moment() -> Moment:
    """Now. Where the system keeps no account of its cores, only this process is counted."""
    own = time.process_time()
    if not _STAT.exists():
        return Moment(time.monotonic(), own, own)
    fields = [int(field) for field in _STAT.read_text("ascii").split("\n", 1)[0].split()[1:9]]
    busy = sum(fields) - sum(fields[n] for n in _IDLE_FIELDS)
    second = os.sysconf("SC_CLK_TCK")
    return Moment(time.monotonic(), busy / second, own, fields[_TAKEN_FIELD] / second)


def find_busy_cores(before: Moment, after: Moment) -> tuple[float, float]:
    """Cores busy between two moments: of the machine, of this process."""
    seconds = after.at - before.at
    return (after.busy - before.busy) / seconds, (after.own - before.own) / seconds


def find_taken_share(spans: Sequence[tuple[Moment, Moment]]) -> float | None:
    """Of the time of all the machine's cores within these spans, the part that its host gave to others; None as there.

    A core that had nothing to do misses nothing, so that it counts only what somebody here had to wait for.
    """
    taken = seconds = 0.0
    for before, after in spans:
        if before.taken is None or after.taken is None:
            return None
        taken += after.taken - before.taken
        seconds += after.at - before.at
    return taken / (seconds * (os.cpu_count() or 1))


def count_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_groups_cpu(groups: Collection[int]) -> float:
    """Seconds of processor time that the processes of these groups have used so far."""
    used = read_cpu_by_group()
    return sum(used.get(group, 0.0) for group in groups)


def read_cpu_by_group() -> dict[int, float]:
    """The same for every process group that there is, in one look."""
    return {group: user + system for group, (user, system) in read_times_by_group().items()}


def read_times_by_group() -> dict[int, tuple[float, float]]:
    """The same in two: the programs' own time (user), and what the system took for them."""
    user, system = Counter[int](), Counter[int]()
    for stat in _PROCESSES.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", errors="replace").rpartition(") ")[2].split()
        except OSError:  # it ended while we looked
            continue
        user[int(fields[2])] += int(fields[11])
        system[int(fields[2])] += int(fields[12])
    second = os.sysconf("SC_CLK_TCK")
    return {group: (user[group] / second, system[group] / second) for group in user}


def read_groups_pss(groups: Collection[int]) -> int:
    """Bytes of memory of the processes of these groups, what they share counted once among those who share it (PSS).

    Raises RuntimeError where we may not look: a program that keeps its memory to itself must not pass for a small one.
    """
    held = 0
    for stat in _PROCESSES.glob("[0-9]*/stat"):
        try:
            if int(stat.read_text("utf-8", errors="replace").rpartition(") ")[2].split()[2]) in groups:
                rollup = stat.with_name("smaps_rollup").read_text("ascii")
                held += 1024 * int(rollup.split("\nPss:", 1)[1].split()[0])
        except PermissionError:
            raise RuntimeError(f"only root can tell how much memory process {stat.parent.name} holds") from None
        except OSError:  # it ended while we looked
            continue
    return held
