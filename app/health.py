"""Asks a program of this machine how it is: ``python -m app.health URL``; exit code 0 if it answers 200."""

import asyncio
import sys
from urllib.parse import urlsplit

from app.network import Bind, is_loopback_url
from app.supervised import answers_ok


def main(arguments: list[str]) -> int:
    """The command line, for health checks of containers: the image has no other HTTP client."""
    if len(arguments) != 1 or not is_loopback_url(arguments[0]):
        sys.stderr.write("usage: health http://127.0.0.1:PORT/PATH\n")
        return 2
    parts = urlsplit(arguments[0])
    bind = Bind(parts.hostname or "127.0.0.1", parts.port or 80)
    return 0 if asyncio.run(answers_ok(bind, parts.path or "/")) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
