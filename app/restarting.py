"""Whether a program that is about to end could begin anew: if not, it stays, since nobody would answer after it."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.watch import Watch
    from storage.connection import Store

PUT_OFF_SECONDS = 30.0
"""Until it is tried again."""


async def find_start_fault(environ: Mapping[str, str], watch: "Watch", store: "Store") -> str:
    """What would keep a worker from starting now, by the kind of its error; empty if nothing would.

    It reads and builds all that a start does: settings, content, cover, rules, key files. It connects to no provider.
    """
    from app.settings import load_settings
    from app.wiring import build_channel_configs
    from app.world_wiring import build_dialogue, build_said, build_world
    from connectors.registry import build_connectors
    from storage.content_following import LiveContent
    from storage.content_sets import ContentSets

    async def start() -> None:
        settings = load_settings(environ, "worker")
        connectors = build_connectors(build_channel_configs(settings), receiving=False)
        dialogue = build_dialogue(settings, watch)
        content = LiveContent(
            ContentSets(store), lambda served: build_said(settings, served, watch, dialogue), _say_nothing
        )
        build_world(settings, secrets.token_hex(6), connectors, watch, await content.start(), store)

    return await _find_fault(start)


async def find_door_fault(environ: Mapping[str, str]) -> str:
    """As ``find_start_fault``, for the webhooks: settings, what verifies, the address key."""
    from app.settings import load_settings
    from app.wiring import build_channel_configs
    from connectors.registry import build_connectors
    from vault.key_files import load_address_keys

    async def start() -> None:
        settings = load_settings(environ, "webhooks")
        build_connectors(build_channel_configs(settings), sending=False)
        load_address_keys(settings.address_key_file)

    return await _find_fault(start)


async def _find_fault(start: Callable[[], Awaitable[None]]) -> str:
    try:
        await start()
    except Exception as error:
        # Of any kind: content of another shape than the code expects is an AttributeError, and would end a start too.
        return type(error).__name__
    return ""


def _say_nothing(event: str, code: str = "") -> None:
    """What is wrong with the content is told by who serves it."""
