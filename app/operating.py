"""What commands of the operator work on: the installation that the settings name, or the stack of a folder."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from app.settings import Settings, load_settings
from storage.connection import Store


def operator_file(folder: Path) -> Path:
    """Where a running stack puts what its operator needs."""
    return folder / "run" / "operator" / "environment.json"


def operator_environ(environ: Mapping[str, str], folder: Path) -> Mapping[str, str] | None:
    """The settings that are given, else those of the stack that runs on ``folder``; None if there is none."""
    if environ.get("PORCHLIGHT_REDIS_URL") or environ.get("PORCHLIGHT_REDIS_URL_FILE"):
        return environ
    try:
        found: dict[str, str] = json.loads(operator_file(folder.absolute()).read_text())
    except OSError:
        return None
    return {**found, **{name: value for name, value in environ.items() if name.startswith("PORCHLIGHT_BACKUP_")}}


@asynccontextmanager
async def operate(environ: Mapping[str, str], folder: Path) -> AsyncIterator[Settings]:
    """The operator's settings. If nothing runs on ``folder``, its store is started for as long as it takes.

    Raises SettingsError, ValueError for a folder that holds no data, and what starting a stack raises.
    """
    found = operator_environ(environ, folder)
    if found is not None:
        yield load_settings(found, "operator")
        return
    if not (folder / "data").is_dir():
        raise ValueError(f"no store is set (PORCHLIGHT_REDIS_URL), and {folder} holds none; nothing was done")
    from app.stack import Stack

    mode = environ.get("PORCHLIGHT_MODE", "practice")
    async with Stack(folder, environ={**environ, "PORCHLIGHT_MODE": mode}, programs=()) as stack:
        yield load_settings(stack.env("operator"), "operator")


@asynccontextmanager
async def open_instances(settings: Settings) -> AsyncIterator[tuple[Store, Store]]:
    """The store and the keys instance, for as long as a command takes."""
    store, keys = Store(settings.redis_url.reveal()), Store(settings.keys_url.reveal())
    try:
        yield store, keys
    finally:
        await store.aclose()
        await keys.aclose()
