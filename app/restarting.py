"""Whether a program that is about to end could begin anew: if not, it stays, since nobody would answer after it."""

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.watch import Watch

PUT_OFF_SECONDS = 30.0
"""Until it is tried again."""


def find_start_fault(environ: Mapping[str, str], watch: "Watch") -> str:
    """What would keep a worker from starting now, by the kind of its error; empty if nothing would. Call in a thread.

    It reads and builds all that a start does: settings, key files, content, cover, rules. It connects to nothing.
    """
    from app.settings import load_settings
    from app.wiring import build_channel_configs
    from app.world_wiring import build_world
    from connectors.registry import build_connectors

    def start() -> None:
        settings = load_settings(environ, "worker")
        connectors = build_connectors(build_channel_configs(settings), receiving=False)
        build_world(settings, secrets.token_hex(6), connectors, watch)

    return _find_fault(start)


def find_door_fault(environ: Mapping[str, str]) -> str:
    """As ``find_start_fault``, for the webhooks: settings, what verifies, the address key."""
    from app.settings import load_settings
    from app.wiring import build_channel_configs
    from connectors.registry import build_connectors
    from vault.key_files import load_address_keys

    def start() -> None:
        settings = load_settings(environ, "webhooks")
        build_connectors(build_channel_configs(settings), sending=False)
        load_address_keys(settings.address_key_file)

    return _find_fault(start)


def _find_fault(start: Callable[[], None]) -> str:
    try:
        start()
    except Exception as error:
        # Of any kind: content of another shape than the code expects is an AttributeError, and would end a start too.
        return type(error).__name__
    return ""
