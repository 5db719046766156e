"""What doctor sees of the machine: room on disks, memory that may reach them, certificates, what is installed."""

import hashlib
import json
import os
import shutil
import ssl
import stat
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from app.certificate_watch import find_seconds_left
from app.programs import ROOT
from app.setting import NOT_GIVEN
from app.settings import Settings
from app.version import find_version
from hotline.findings import Finding, look, well, wrong
from vault.errors import KeyFileError
from vault.key_files import list_keys

_DAY = 86400.0
_OLD_KEY_DAYS = 365
_LITTLE, _TOO_LITTLE = 2 << 30, 256 << 20
_PYTHON = (3, 12)
_WITHOUT_KEY = {
    "server": "nothing can be opened",
    "address": "every STOP is forgotten",
    "staff": "staff enrol anew",
}
_OURS = ("app.webhooks", "app.worker", "app.console", "bot.actions", "bot.engine.serve")


def check_disks(settings: Settings) -> Iterator[Finding]:
    """Room where the store and the spool write."""
    for about, path in (("data", settings.data), ("spool", settings.spool)):
        there = next((one for one in (path, *path.parents) if one.exists()), None)
        if path == NOT_GIVEN or there is None:
            continue
        yield judge_room(about, shutil.disk_usage(there).free)


def judge_room(about: str, free: int) -> Finding:
    """What ``free`` bytes mean: a full disk refuses texts."""
    said = f"{free / (1 << 30):.1f} GiB free"
    if free >= _LITTLE:
        return well(about, said)
    why = "on a full disk texts are refused, and providers give up after some hours"
    return (wrong if free < _TOO_LITTLE else look)(about, said, why, "make room, or move it to a larger disk")


def check_memory(proc: Path = Path("/proc")) -> Iterator[Finding]:
    """No swap and no core dumps: memory holds words for a while, and no disk may (P1)."""
    swaps = _read(proc / "swaps").splitlines()[1:]
    on_disk = [line.split()[0] for line in swaps if line.split() and "zram" not in line.split()[0]]
    if on_disk:
        why = "texters' words can land on a disk and stay there"
        yield wrong("swap", f"it is on: {', '.join(on_disk)}", why, "swapoff -a, and take the line out of /etc/fstab")
    else:
        yield well("swap", "off")
    dumping = sorted(_find_dumping(proc))
    if dumping:
        why = "a crash writes texters' words to a disk"
        yield wrong("core dumps", f"{', '.join(dumping)} may write them", why, "start it by its unit or porchlight run")
    else:
        yield well("core dumps", "no program of ours that runs here may write one")


def _find_dumping(proc: Path) -> Iterator[str]:
    for folder in proc.glob("[0-9]*"):
        words = _read(folder / "cmdline").split("\0")
        ours = next((word for word in words if word in _OURS), None)
        limits = _read(folder / "limits") if ours else ""
        line = next((line for line in limits.splitlines() if line.startswith("Max core file size")), "")
        if ours and line and line.split()[4] != "0":
            yield ours


async def check_certificates(settings: Settings) -> list[Finding]:
    """How long the certificates of both names are good."""
    found = []
    for about, url in (("webhooks", settings.public_url), ("console", settings.console_url)):
        left = await find_seconds_left(url, ssl.create_default_context()) if url else None
        found.append(judge_certificate(about, left))
    return found


def judge_certificate(about: str, seconds: float | None) -> Finding:
    """What ``seconds`` until its end mean; None is what cannot be seen from here."""
    if seconds is None:
        return look("certificate", f"{about}: it cannot be seen from here", "it may be over", "look from outside")
    if seconds < _DAY:
        why = "providers and browsers turn away, or will tomorrow"
        return wrong("certificate", f"{about}: it is over or not for this name", why, "renew it; see how it is renewed")
    days = int(seconds // _DAY)
    if days < 14:
        return look("certificate", f"{about}: {days} days left", "it should renew by itself", "look at the renewal")
    return well("certificate", f"{about}: {days} days left")


def check_keys(paths: Mapping[str, Path], now: datetime) -> Iterator[Finding]:
    """The key files: readable, closed to others, not too old (P9)."""
    for name, path in paths.items():
        try:
            newest = list_keys(path)[0]
        except KeyFileError as error:
            why = f"if it is lost, {_WITHOUT_KEY[name]}"
            yield wrong("keys", f"{name}: {error}", why, "bring its copy back, mode 0600")
            continue
        days = (now - newest.created_at).days
        if days > _OLD_KEY_DAYS:
            yield look("keys", f"{name}: {days} days old", "keys are changed once a year", "porchlight keys rotate")
        else:
            yield well("keys", f"{name}: {days} days old")


def check_secret_modes(credentials: Path) -> Iterator[Finding]:
    """Secrets that others than their owner can read."""
    if not credentials.is_dir():
        return
    open_ones = [path.name for path in sorted(credentials.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if open_ones:
        why = "whoever else is on this machine reads them"
        yield wrong("secrets", f"open to others: {', '.join(open_ones)}", why, f"chmod 600 {credentials}/*")
    else:
        yield well("secrets", "closed to others")


def check_versions(root: Path = ROOT) -> Iterator[Finding]:
    """Interpreter, package, and whether the dialogue model is the one that was trained from this content."""
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _PYTHON:
        yield wrong("versions", f"Python {python}", "3.12 is needed", "make setup")
    else:
        yield well(
            "versions", f"Porchlight {find_version()}, Python {python}, {os.uname().sysname} {os.uname().release}"
        )
    try:
        manifest = json.loads((root / "bot/models/MANIFEST").read_text("utf-8"))
        found = hashlib.sha256((root / "bot/models" / manifest["file"]).read_bytes()).hexdigest()
        sound = found == manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        yield wrong("model", "the dialogue model is missing or damaged", "only safety replies are sent", "make train")
    else:
        yield well("model", "the dialogue model is whole")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
