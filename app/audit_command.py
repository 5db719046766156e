"""The ``audit`` commands: is the chain whole, and all of it as a file that can be kept elsewhere (A6)."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.settings import Settings, load_settings
from app.world import SystemClock
from storage.audit import Audit
from storage.connection import Store, StoreError
from vault.errors import KeyFileError
from vault.key_files import load_keyring

COMMAND_LINE = "command-line"
"""The actor of what somebody did on the machine itself."""

_KNOWN = re.compile(r"(\d{1,12}):([0-9a-f]{24,72})")


@asynccontextmanager
async def open_audit(settings: Settings) -> AsyncIterator[Audit]:
    """The audit of this installation."""
    store = Store(settings.redis_url.reveal())
    try:
        yield Audit(store, load_keyring(settings.staff_key_file), SystemClock())
    finally:
        await store.aclose()


async def note_command(settings: Settings, action: str, name: str) -> None:
    """Notes what was done on the command line."""
    async with open_audit(settings) as audit:
        await audit.note(COMMAND_LINE, action, name)


async def note_if_possible(settings: Settings, action: str, name: str = "") -> list[str]:
    """Notes what stands even if it cannot be noted; a line that says why it was not, or none."""
    try:
        await note_command(settings, action, name)
    except KeyFileError as error:
        return [f"not in the audit: {error}"]
    except (StoreError, OSError) as error:
        return [f"not in the audit: {type(error).__name__}"]
    return []


async def export_audit(environ: Mapping[str, str]) -> list[str]:
    """Every line, oldest first; that it was exported is the last."""
    async with open_audit(load_settings(environ, "staff")) as audit:
        await audit.note(COMMAND_LINE, "audit_exported")
        return [line.decode() for line in await audit.read_lines()]


async def verify_audit(environ: Mapping[str, str], known: str, file: Path | None) -> tuple[bool, str]:
    """True and how many entries hold, or False and where they do not. Raises ValueError for a ``known`` that is none.

    ``known`` is NUMBER:MAC of an entry that was written down elsewhere; ``file`` is an export to look at instead.
    """
    found = _KNOWN.fullmatch(known)
    if known and not found:
        raise ValueError("--known is NUMBER:MAC, with at least 24 digits of the MAC")
    anchor = (int(found[1]), found[2]) if found else None
    async with open_audit(load_settings(environ, "staff")) as audit:
        lines: Sequence[str | bytes] = file.read_text().splitlines() if file else await audit.read_lines()
        broken = audit.verify(lines, anchor)
    if broken:
        return False, f"entry {broken.seq}: {broken.flaw.replace('_', ' ')}"
    end = "" if anchor else "; an end that was cut off shows only with --known"
    return True, f"{len(lines)} entries, each as it was written{end}"
