"""``python -m phone``: the practice phone as a program."""

import os
import socket
import sys
from contextlib import suppress

import uvicorn

from phone.application import build_application
from phone.connections import DroppableProtocol
from phone.errors import SettingsError
from phone.settings import Settings, load_settings
from phone.world import World


class PhoneServer(uvicorn.Server):
    """A server that lets watchers and waiters go before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Closes everything."""
        self._world.close_streams()
        await super().shutdown(sockets)


def build_server(settings: Settings) -> uvicorn.Server:
    """A server on the loopback address of the settings; its log has no addresses and no words."""
    application = build_application(settings)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=DroppableProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        backlog=2048,
    )
    return PhoneServer(config, application.state.world)


def main() -> int:
    """Runs until it is told to stop. 2 if the settings are refused, 1 if the port is taken."""
    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        return _complain(str(error), 2)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            return _complain(f"{settings.host}:{settings.port} cannot be used: {error.strerror}", 1)
        with suppress(KeyboardInterrupt):  # uvicorn raises Ctrl-C again once everything is closed
            build_server(settings).run(sockets=[listener])
    return 0


def _complain(reason: str, code: int) -> int:
    sys.stderr.write(f"practice phone: {reason}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
