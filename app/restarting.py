"""Whether a worker that is about to end could begin anew: if not, it stays, since nobody would answer after it."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.watch import Watch


def find_start_fault(environ: Mapping[str, str], watch: "Watch") -> str:
    """What would keep a worker from starting now, by the kind of its error; empty if nothing would. Call in a thread.

    It reads and builds all that a start does: settings, key files, content, cover, rules. It connects to nothing.
    """
    from app.settings import SettingsError, load_settings
    from app.wiring import build_channel_configs
    from app.world_wiring import build_world
    from connectors.registry import build_connectors
    from hotline.errors import PorchlightError

    try:
        settings = load_settings(environ, "worker")
        connectors = build_connectors(build_channel_configs(settings), receiving=False)
        build_world(settings, secrets.token_hex(6), connectors, watch)
    except (SettingsError, PorchlightError, ValueError, LookupError, OSError) as error:
        return type(error).__name__
    return ""
