"""Ties a child's life to its parent's, then becomes the child: ``python -I -S app/launch.py PARENT_PID COMMAND...``.

A program of its own, because code between fork and exec is unsafe once there are threads (facts of CPython's
``preexec_fn``). No core dump is ever written (P1); when the parent dies, even by kill -9, the kernel ends the child.
What it becomes has short turns at a core; the dialogue gives them up by itself (R9).
"""

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Never returns: the command takes this process over."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")
    # By hand: pathlib takes longer to import than everything else here.
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    from bot.short_turns import take_short_turns

    take_short_turns()
    os.execvp(command[0], command)  # noqa: S606 - the command is ours


if __name__ == "__main__":
    main()
