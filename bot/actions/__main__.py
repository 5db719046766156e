"""Starts the action server: ``python -m bot.actions``.

Environment: PORCHLIGHT_ACTIONS_BIND (127.0.0.1:8084), PORCHLIGHT_ACTIONS_TOKEN or PORCHLIGHT_ACTIONS_TOKEN_FILE,
PORCHLIGHT_CONTENT_URL or PORCHLIGHT_CONTENT_URL_FILE (a store user that may read content alone; without it the files
are all that is known), PORCHLIGHT_CONTENT_SECONDS (5), PORCHLIGHT_REGION (nevada), PORCHLIGHT_MODE,
PORCHLIGHT_RECYCLE_TURNS, PORCHLIGHT_RECYCLE_SECONDS. Exit code 2: a setting or the content is wrong, one line on stderr
says which. Exit code 0: stopped, or recycled so that words leave its memory.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import uvicorn
from rasa_sdk import Action

from bot.actions.knowledge import build_knowledge
from bot.actions.postal_list import load_postal_list
from bot.actions.registry import build_actions
from bot.actions.server import ActionsSettingsError, build_application, log
from bot.engine.redaction import silence_words
from bot.priority import give_way, spare_what_is_loaded
from bot.recycling import Recycling, build_recycling
from hotline.areas import find_area
from hotline.errors import ContentError
from storage.connection import Store
from storage.content_following import LiveContent, Served
from storage.content_sets import ShownSets
from vault.memory import MemoryOpen, close_memory

_QUIET_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 1.0
_KEEP_SECONDS = 75
"""Longer than the engine keeps a connection that it does not use."""


def read_bind(environment: Mapping[str, str]) -> tuple[str, int]:
    """Host and port. Raises ActionsSettingsError off loopback."""
    host, _, port = (environment.get("PORCHLIGHT_ACTIONS_BIND") or "127.0.0.1:8084").rpartition(":")
    if host.strip("[]") not in {"127.0.0.1", "::1", "localhost"} or not port.isdigit():
        raise ActionsSettingsError("PORCHLIGHT_ACTIONS_BIND must be on loopback, as 127.0.0.1:8084")
    return host.strip("[]"), int(port)


def read_token(environment: Mapping[str, str]) -> str:
    """The token itself or its file's content."""
    return _read_secret(environment, "PORCHLIGHT_ACTIONS_TOKEN")


def _read_secret(environment: Mapping[str, str], name: str) -> str:
    path = environment.get(f"{name}_FILE")
    return (environment.get(name) or (Path(path).read_text("utf-8") if path else "")).strip()


def build_content(environment: Mapping[str, str]) -> LiveContent[Mapping[str, Action]]:
    """What the actions know, and go on hearing of if they may read the store. Raises ActionsSettingsError."""
    region, mode = environment.get("PORCHLIGHT_REGION") or "nevada", read_mode(environment)
    url = _read_secret(environment, "PORCHLIGHT_CONTENT_URL")
    if mode == "live" and not url:
        raise ActionsSettingsError("PORCHLIGHT_CONTENT_URL is not set: what is pulled would still be named (D7)")

    def build(served: Served) -> Mapping[str, Action]:
        knowledge = build_knowledge(served.documents, region, mode)
        find_area("las vegas", home=knowledge.directory.region.state)  # reads the postal list now, not at a text
        return build_actions(knowledge)

    return LiveContent(ShownSets(Store(url)) if url else None, build, lambda event, code: log.error(event))


async def _follow(content: LiveContent[Mapping[str, Action]], actions: dict[str, Action], seconds: float) -> None:
    """One step on one thread: an action that runs ends with what it knew, the next one knows the new."""
    while True:
        await asyncio.sleep(seconds)
        actions.update(await content.look() or {})


def read_seconds(environment: Mapping[str, str]) -> float:
    """How often to look for new content, within what the settings allow. Raises ActionsSettingsError."""
    text = environment.get("PORCHLIGHT_CONTENT_SECONDS") or "5"
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 30:
        raise ActionsSettingsError("PORCHLIGHT_CONTENT_SECONDS must be seconds from 0.05 to 30")
    return seconds


def read_mode(environment: Mapping[str, str]) -> str:
    """The mode. Raises ActionsSettingsError if it is not set: there is no default (X3)."""
    mode = environment.get("PORCHLIGHT_MODE", "")
    if mode not in {"practice", "live"}:
        raise ActionsSettingsError("PORCHLIGHT_MODE must be practice or live")
    return mode


async def _end_when_due(server: uvicorn.Server, recycling: Recycling) -> None:
    while not recycling.ready_to_end:
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    server.should_exit = True


async def serve(environment: Mapping[str, str]) -> None:
    """Serves until stopped or recycled. Raises ActionsSettingsError or ContentError before it listens."""
    host, port = read_bind(environment)
    token, content = read_token(environment), build_content(environment)
    seconds = read_seconds(environment)
    if not load_postal_list():
        log.error("the postal list takes 35 MB more: its process failed")
    actions = dict(await content.start())
    recycling = build_recycling(environment, quiet_seconds=_QUIET_SECONDS)
    application = build_application(actions, token, recycling)
    config = uvicorn.Config(
        application, host=host, port=port, access_log=False, log_level="error", timeout_keep_alive=_KEEP_SECONDS
    )
    server = uvicorn.Server(config)
    spare_what_is_loaded()
    tasks = [
        asyncio.create_task(_end_when_due(server, recycling)),
        asyncio.create_task(_follow(content, actions, seconds)),
    ]
    try:
        await server.serve()
    finally:
        for task in tasks:
            task.cancel()


def main() -> int:
    """The program. Nothing that it logs can carry a text, whatever raises where (P1, P6)."""
    silence_words()
    try:
        give_way()
        close_memory()
        asyncio.run(serve(os.environ))
    except (ActionsSettingsError, ContentError, MemoryOpen, OSError) as error:
        sys.stderr.write(f"actions: {error}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
