"""The supervisor as a process of its own, over stand-ins: its arguments are a folder and names of programs."""

import errno
import os
import sys
from pathlib import Path

from app.stack_command import run_stack
from tests.app.standins import STANDINS


async def fill_the_disk(_settings, _login):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "var/data/store")


if __name__ == "__main__":
    prepare = fill_the_disk if os.environ.get("STANDIN_DISK_FULL") else None
    sys.exit(
        run_stack(
            {name: value for name, value in os.environ.items() if name.startswith(("PORCHLIGHT", "STANDIN"))},
            Path(sys.argv[1]), programs=set(sys.argv[2:]), catalog=STANDINS, prepare=prepare,
            free_ports="PORCHLIGHT_WEBHOOKS_BIND" not in os.environ,
        )
    )  # fmt: skip
