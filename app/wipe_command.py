"""``porchlight wipe``: everything about texters gone in seconds, and looked for afterwards."""

import time
from collections.abc import Callable
from pathlib import Path

from app.audit_command import note_if_possible
from app.operating import open_instances
from app.settings import NOT_GIVEN, Settings
from storage.spool import empty_spools
from storage.wiping import Wiper, Wiping
from vault.errors import KeyFileError
from vault.key_files import load_keyring
from vault.keyring import Keyring

type Say = Callable[[str], None]


async def wipe(settings: Settings, say: Say) -> bool:
    """Wipes, verifies and prints a table; True if nothing was found afterwards and all of it could be looked at.

    Raises StoreError, WipeFailed. May be run again at any time.
    """
    began = time.monotonic()
    async with open_instances(settings) as (store, keys):
        wiper = Wiper(store, keys, _load_server_keys(settings, say))
        spooled = _wipe_spool(settings, wiper.found, say)
        found = await wiper.wipe()
        found.removed["spool"] = spooled
        say(f"words cannot be opened any more: {found.keys_gone_seconds:.2f} s")
        gone = time.monotonic()
        say(f"everything about texters is removed: {gone - began:.2f} s")
        await wiper.rewrite_file()
        folders = find_append_only(settings.data)
        await wiper.verify(folders)
        await wiper.let_workers_in()
    _print_table(found, say)
    searched = bool(folders)
    if not searched:
        say("NOT searched: the append-only file; it is not below PORCHLIGHT_DATA on this machine")
    for what in sorted(set(found.left)):
        say(f"LEFT: {what}")
    if found.newcomers:
        say(f"{found.newcomers} texts came in meanwhile; they are answered as a stranger's")
    for line in await note_if_possible(settings, "wiped"):
        say(line)
    sound = searched and not found.left
    say(f"{'verified' if sound else 'NOT verified'}: {time.monotonic() - began:.1f} s in all")
    say("Who said STOP is forgotten too. What providers hold of texts is theirs to erase: see the runbook.")
    return sound


def _wipe_spool(settings: Settings, found: Wiping, say: Say) -> int:
    """What came in while the store was away, and lies on the disk of the program that took it; how much that was."""
    if settings.spool == NOT_GIVEN:
        say("NOT searched: the spool; PORCHLIGHT_SPOOL is not set")
        return 0
    try:
        return empty_spools(settings.spool)
    except OSError as error:
        found.left.append(f"spool: {error.strerror}")
        return 0


def find_append_only(data: Path) -> list[Path]:
    """The folders of append-only files below the data folder; none for a store on another machine."""
    return sorted(path for path in (*data.glob("appendonlydir"), *data.glob("*/appendonlydir")) if path.is_dir())


def _load_server_keys(settings: Settings, say: Say) -> Keyring | None:
    try:
        return load_keyring(settings.key_file)
    except KeyFileError as error:
        say(f"{error}; wiping goes on, texts are refused until a worker runs")
        return None


def _print_table(found: Wiping, say: Say) -> None:
    for pattern, count in sorted(found.removed.items()):
        say(f"  {pattern:<20} {count:>8} removed")
    say(f"  {'in all':<20} {sum(found.removed.values()):>8} removed")
