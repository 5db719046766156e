"""``porchlight backup`` and ``restore``: sealed to a key that is not here, checked whole before anything is written.

Never a copy of the store's folder: that would hold what was erased since its file was last rewritten.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.audit_command import note_if_possible
from app.settings import Settings
from storage.backup_rows import Restored, Restorer, parse_row, read_rows
from storage.connection import Store
from vault.backup import BackupKey, BackupWriter, read_backup, read_header
from vault.errors import BackupBroken, KeyFileError
from vault.key_files import load_keyring
from vault.keyring import Keyring
from vault.purposes import Purpose

_VERSION = 1
_PIECE_BYTES = 1 << 18


async def write_backup_file(settings: Settings, path: Path) -> str:
    """Writes a backup of this installation, mode 0600. Raises ValueError without a backup key, OSError, StoreError."""
    if not settings.backup_public_key:
        raise ValueError("set PORCHLIGHT_BACKUP_PUBLIC_KEY; a pair is made with: porchlight keys backup-init")
    keyring = load_keyring(settings.staff_key_file)
    if path.exists():
        raise ValueError(f"{path.name} is there already; a backup never replaces another")
    now = datetime.now(UTC).replace(microsecond=0)
    header = json.dumps({"version": _VERSION, "made_at": now.isoformat()}).encode()
    partial = path.with_name(path.name + ".part")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ValueError(
            f"{partial.name} is there: another backup is at work, or was broken off; if so, remove it"
        ) from None
    store = Store(settings.redis_url.reveal())
    try:
        with os.fdopen(handle, "wb") as file:
            count = await _write_rows(store, BackupWriter(file, settings.backup_public_key, header), keyring)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
        await store.aclose()
    size, noted = path.stat().st_size, await note_if_possible(settings, "backed_up")
    line = f"{path}: {count} rows, {size} bytes, {now:%Y-%m-%d %H:%M} UTC; no texters but who said STOP"
    return "\n".join([line, *noted])


async def _write_rows(store: Store, writer: BackupWriter, keyring: Keyring) -> int:
    digest, held, count = hashlib.sha256(), b"", 0
    async for row in read_rows(store):
        line = row.line()
        digest.update(line)
        held, count = held + line, count + 1
        if len(held) > _PIECE_BYTES:
            writer.write(held)
            held = b""
    writer.write(held)
    writer.finish(json.dumps({"rows": count, "mac": keyring.authenticate(Purpose.BACKUP, digest.digest())}).encode())
    return count


async def restore_file(settings: Settings, path: Path, key_text: str, *, over: bool, unproved: bool) -> list[str]:
    """Restores a backup and says what came back, and what is to be done next.

    All of it is read and checked before the first row is written. Raises BackupBroken, NotEmpty, ValueError,
    StoreError.
    """
    key = BackupKey.parse(key_text)
    with path.open("rb") as file:
        made_at = _read_date(file)
        proved = _check(file, key, _load_staff_keys(settings))
        if not proved and not unproved:
            raise BackupBroken(
                "the staff key here did not make this backup: anybody with the public key can make one. If the staff "
                "key is lost and you know where this file was, say --unproved"
            )
        store = Store(settings.redis_url.reveal())
        try:
            restorer = Restorer(store)
            await restorer.prepare(over=over)
            for line in _read_lines(file, key):
                await restorer.write(parse_row(line))
            done = await restorer.finish()
        finally:
            await store.aclose()
    noted = await note_if_possible(settings, "restored")
    return [*noted, *_describe(done, made_at)]


def _check(file: BinaryIO, key: BackupKey, keyring: Keyring | None) -> bool:
    """Reads the whole backup; True if our staff key vouches for it. Raises BackupBroken, ValueError."""
    digest, count, end = hashlib.sha256(), 0, b""
    for line in _read_lines(file, key, with_end=True):
        if end:
            parse_row(end)
            digest.update(end + b"\n")
            count += 1
        end = line
    try:
        last = json.loads(end)
        if last["rows"] != count:
            raise BackupBroken("rows are missing in the backup")
        mac = str(last["mac"])
    except (ValueError, KeyError, TypeError):
        raise BackupBroken("the backup has no end") from None
    return keyring is not None and keyring.is_authentic(Purpose.BACKUP, mac, digest.digest())


def _read_lines(file: BinaryIO, key: BackupKey, *, with_end: bool = False) -> Iterator[bytes]:
    """Every row's line from the beginning; with ``with_end`` the line about the whole, too."""
    file.seek(0)
    before: bytes | None = None
    for piece in read_backup(file, key):
        if before is not None:
            yield from before.splitlines()
        before = piece
    if with_end and before is not None:
        yield before


def _read_date(file: BinaryIO) -> datetime:
    try:
        header = json.loads(read_header(file))
        if header["version"] != _VERSION:
            raise BackupBroken("this backup was made by another version of Porchlight")
        return datetime.fromisoformat(header["made_at"])
    except (ValueError, KeyError, TypeError):
        raise BackupBroken("the backup was changed") from None


def _load_staff_keys(settings: Settings) -> Keyring | None:
    try:
        return load_keyring(settings.staff_key_file)
    except KeyFileError:
        return None


def _describe(done: Restored, made_at: datetime) -> list[str]:
    lines = [f"  {pattern:<14} {count:>6} came back" for pattern, count in done.written.items()]
    lines += [f"  {pattern:<14} {count:>6} left out" for pattern, count in done.left_out.items()]
    lines.append(done.audit)
    lines.append(f"This is how things stood at {made_at:%Y-%m-%d %H:%M} UTC. What changed since is for you to know:")
    if done.accounts:
        lines.append(f"- suspended until you confirm each: {', '.join(sorted(done.accounts))}")
        lines.append("  still with us, nothing lost since: porchlight staff confirm NAME")
        lines.append("  lost a phone, a key or paper since then: porchlight staff reset NAME, then invite")
        lines.append("  not with us any more: porchlight staff reset NAME --forget-code, and no invitation")
    lines.append("- who said STOP before then is not written to, even if they said START since: they say START again")
    lines.append("- look at the shifts, and at everybody's ways to be paged")
    return lines
