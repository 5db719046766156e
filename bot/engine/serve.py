"""Serves the trained model to the worker: ``bot/engine/.venv/bin/python -m bot.engine.serve --port 8090``.

Run from the project's root. Environment: PORCHLIGHT_RASA_TOKEN, PORCHLIGHT_ACTIONS_TOKEN (each 32 characters or more,
or as NAME_FILE), PORCHLIGHT_ACTIONS_URL, PORCHLIGHT_RECYCLE_TURNS, PORCHLIGHT_RECYCLE_SECONDS. Binds 127.0.0.1 alone.
Exit codes: 0 stopped or recycled (start it again) · 2 a setting or the model is wrong (one line on stderr says so).
"""

import argparse
import asyncio
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bot.engine import launcher, spared
from bot.engine.confinement import ConfinementError
from bot.engine.surroundings import SettingsError
from bot.priority import give_way, spare_what_is_loaded
from bot.training import ModelError, get_model

_KEEP_SECONDS = 120
"""How long the worker's connections stay open without a turn, as Rasa's own server keeps them."""


def _listen_quietly(debug: bool) -> None:
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    level = logging.DEBUG if debug else logging.WARNING
    configure_logging_and_warnings(level, None, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(level)
    logging.getLogger("porchlight.engine").setLevel(level)


def _build_app(model: Path, root: Path) -> Any:
    """Sanic with the routes of our channel and no other: Rasa's own server, with its API, is not even imported."""
    from rasa.core.channels.channel import register
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.utils.io import read_config_file
    from sanic import Sanic

    from bot.engine.channel import TurnChannel

    app = Sanic("porchlight_engine", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = _KEEP_SECONDS
    credentials = read_config_file(str(root / "credentials.yml"))
    register([TurnChannel.from_credentials(credentials[f"{TurnChannel.__module__}.TurnChannel"])], app, route=None)
    endpoints = AvailableEndpoints.read_endpoints(str(root / "endpoints.yml"))
    app.register_listener(partial(_load_model, str(model), endpoints), "before_server_start")
    return app


async def _load_model(model: str, endpoints: Any, app: Any, loop: asyncio.AbstractEventLoop) -> None:
    from rasa.core.agent import load_agent

    app.ctx.agent = await load_agent(model, endpoints=endpoints, loop=loop)
    spare_what_is_loaded()


def serve(port: int, *, debug: bool = False, root: Path = launcher.ROOT) -> None:
    """Serves until stopped or recycled. Raises ModelError, SettingsError or ConfinementError before it listens."""
    give_way()
    model = get_model(root)
    spared.install()
    launcher.prepare(serving=True)
    _listen_quietly(debug)
    os.chdir(root)
    app = _build_app(model, root)
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False, motd=False, debug=False)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bot.engine.serve")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--debug", action="store_true", help="log every step (still without words)")
    asked = parser.parse_args()
    asyncio.set_event_loop(asyncio.new_event_loop())
    try:
        serve(asked.port, debug=asked.debug)
    except (ModelError, SettingsError, ConfinementError, OSError) as error:
        sys.stderr.write(f"engine: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    launcher.find_project()
    sys.exit(main())
