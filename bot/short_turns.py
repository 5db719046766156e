"""Short turns at a core: whoever has them comes in at once where a program with longer ones runs (R9, X2).

Linux lets a program that has begun its turn finish it, for milliseconds, and whoever is woken meanwhile waits. A
store is woken after every write to its disk, and a text waits for several. The kernel has this from 6.12 on; an older
one, or another system, is asked and nothing changes.
"""

import ctypes
import os
import struct
import sys

SHORT_NANOSECONDS = 100_000
"""The least that Linux grants (``sched_setattr(2)``: ``sched_runtime`` of an ordinary program)."""

_SYSTEM_CALL = {"x86_64": 314, "aarch64": 274}
"""``sched_setattr`` by machine, from Linux's own tables: glibc has a function for it only from 2.41 on."""

_LAYOUT = "IIQiIQQQ"
"""``struct sched_attr``, first version: size, policy, flags, nice, priority, runtime, deadline, period."""


def take_short_turns() -> None:
    """This program, and what it starts or becomes, has short turns from now on, where the system knows of it."""
    _set_turns(SHORT_NANOSECONDS)


def take_usual_turns() -> None:
    """This program has turns as long as any other's again: it is one that gives way."""
    _set_turns(0)


def _set_turns(nanoseconds: int) -> None:
    number = _SYSTEM_CALL.get(os.uname().machine) if sys.platform == "linux" else None
    if number is not None and os.sched_getscheduler(0) == os.SCHED_OTHER:
        nice = os.getpriority(os.PRIO_PROCESS, 0)
        size = struct.calcsize(_LAYOUT)
        wanted = struct.pack(_LAYOUT, size, os.SCHED_OTHER, 0, nice, 0, nanoseconds, 0, 0)
        # A system that refuses leaves everything as it was, which is slower and nothing else.
        ctypes.CDLL(None).syscall(number, 0, wanted, 0)
