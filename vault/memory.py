"""Keeps what a process holds in memory to that process: no core dump, no look from beside (P1)."""

import ctypes
import os
import resource
import sys

_PR_SET_DUMPABLE = 4


class MemoryOpen(RuntimeError):
    """The system refused to keep this process's memory out of dumps."""


def close_memory() -> None:
    """No core file, not even by a collector, and no reading by another process of the same user.

    A limit of nothing alone is not enough: where ``core_pattern`` is a pipe (systemd-coredump, apport) Linux hands the
    memory on whatever the limit says. Raises MemoryOpen where the system refuses; beside Linux the limit is all.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise MemoryOpen(os.strerror(ctypes.get_errno()))
