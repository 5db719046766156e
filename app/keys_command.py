"""``porchlight keys``: which keys there are and what lies under them, new ones, and old ones that may go (P9)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.audit_command import note_if_possible
from app.operating import open_instances
from app.settings import Settings
from storage.key_use import Use, count_address_use, count_server_use, count_staff_use, reseal_staff_fields
from storage.keyspace import DEDUPE_SECONDS
from vault.errors import KeyFileError
from vault.key_files import KeyRow, list_keys, load_keyring, prune_key_file, rotate_key_file

FILES = ("server", "address", "staff")
_TAKEN_UP = timedelta(minutes=1)
"""Long after every program has looked at its file again: nothing is made under an older key any more."""

_HASHES_LAST = timedelta(seconds=DEDUPE_SECONDS, hours=1)
"""Marks of provider's ids and blocks are hashed too and do not say their key; by then all are under the newest."""


def path_of(settings: Settings, which: str) -> Path:
    """The key file. Raises ValueError for a name that is none, or a file that the settings do not name."""
    paths = {"server": settings.key_file, "address": settings.address_key_file, "staff": settings.staff_key_file}
    if which not in paths:
        raise ValueError(f"there are the keys {', '.join(FILES)}")
    return paths[which]


async def describe_keys(settings: Settings, now: datetime) -> list[str]:
    """Every key: file, id, age, what lies under it; never a secret. A file that is lost is said, not raised."""
    lines = []
    for which in FILES:
        path = path_of(settings, which)
        lines.append(f"{which} key  {path}")
        try:
            rows = list_keys(path)
        except KeyFileError as error:
            lines.append(f"  LOST: {error}")
            continue
        use = await _count(settings, which)
        for number, row in enumerate(rows):
            place = "newest" if number == 0 else "old"
            lines.append(f"  {row.id}  {place:<6}  {_age(row, now):<8}  {_describe_use(use, row.id)}")
        unknown = {key_id for key_id, _ in use} - {row.id for row in rows}
        lines += [f"  {key_id or 'unnamed':<8}  NOT HERE  {_describe_use(use, key_id)}" for key_id in sorted(unknown)]
    return lines


async def rotate_keys(settings: Settings, files: Collection[str], now: datetime) -> list[str]:
    """A new key in front of each file; programs take it up by themselves within a second or two.

    It stands even if the store is down: a key that leaked must not wait for it.
    """
    lines = []
    for which in files or FILES:
        key_id = rotate_key_file(path_of(settings, which), now)
        lines.append(f"rotated {which}: new key {key_id}; old ones stay until: porchlight keys prune")
        lines += await note_if_possible(settings, f"key_rotated:{which}", key_id)
    return lines


async def prune_keys(settings: Settings, files: Collection[str], now: datetime) -> list[str]:
    """Drops old keys under which nothing lies any more, and says of every other why it stays."""
    lines = []
    for which in files or FILES:
        path = path_of(settings, which)
        rows = list_keys(path)
        if len(rows) > 1 and which == "staff" and _is_taken_up(rows, now):
            async with open_instances(settings) as (store, _):
                count = await reseal_staff_fields(store, load_keyring(path))
            lines.append(f"staff: {count} fields sealed anew under {rows[0].id}")
        use, dropped = await _count(settings, which), []
        for row, newer in zip(rows[1:], rows[:-1], strict=True):
            if why := _why_it_stays(which, row, newer, rows, use, now):
                lines.append(f"{which}: {row.id} stays: {why}")
            else:
                dropped.append(row.id)
        if dropped:
            prune_key_file(path, dropped)
            for key_id in dropped:
                lines.append(f"{which}: {key_id} is dropped; destroy its copies elsewhere too")
                lines += await note_if_possible(settings, f"key_dropped:{which}", key_id)
        if len(rows) == 1:
            lines.append(f"{which}: one key, nothing to drop")
    return lines


def _why_it_stays(which: str, row: KeyRow, newer: KeyRow, rows: Sequence[KeyRow], use: Use, now: datetime) -> str:
    if not _is_taken_up(rows, now):
        return "the newest key is less than a minute old"
    if which == "address" and now - newer.created_at < _HASHES_LAST:
        until = newer.created_at + _HASHES_LAST
        return f"marks of the last 48 hours may be hashed under it; try after {until:%Y-%m-%d %H:%M} UTC"
    if under := _describe_use(use, row.id, empty=""):
        return f"under it lie {under}"
    if which == "address" and (unnamed := _describe_use(use, "", empty="")):
        return f"{unnamed} do not say their key"
    return ""


def _is_taken_up(rows: Sequence[KeyRow], now: datetime) -> bool:
    return now - rows[0].created_at >= _TAKEN_UP


def _describe_use(use: Use, key_id: str, empty: str = "nothing") -> str:
    parts = [f"{count} × {what}" for (found, what), count in sorted(use.items()) if found == key_id]
    return ", ".join(parts) or empty


def _age(row: KeyRow, now: datetime) -> str:
    days = (now - row.created_at).days
    return f"{days} days" if days else "today"


async def _count(settings: Settings, which: str) -> Use:
    async with open_instances(settings) as (store, keys):
        if which == "server":
            return await count_server_use(keys)
        return await (count_address_use(store) if which == "address" else count_staff_use(store))


def now_utc() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)
