"""Writes a hotline's folder: settings, secrets, keys. What is there is kept, so that it may be run again (P9)."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from app.first_administrator import keep_first_administrator, read_first_administrator
from app.hotline_folder import CREDENTIALS, ENV_FILE, KEY_FILES, KEYS, SECRET_FILES, format_env, parse_env
from app.store_command import create_store_files
from vault.backup import BackupKey
from vault.key_files import create_key_file
from vault.web_push import VapidKey

UNITS_FOLDER = Path("/etc/porchlight")
"""Where the units of ``deploy/systemd`` look; elsewhere the folder is for ``porchlight run``."""

UNITS_SOCKETS = Path("/run/porchlight")

_SETTINGS: Mapping[str, str] = {
    "PORCHLIGHT_HOTLINE_NAME": "name",
    "PORCHLIGHT_REGION": "region",
    "PORCHLIGHT_PUBLIC_URL": "public_url",
    "PORCHLIGHT_CONSOLE_URL": "console_url",
    "PORCHLIGHT_CHANNELS": "channels",
    "TWILIO_ACCOUNT_SID": "twilio_account_sid",
    "TWILIO_FROM": "number",
    "TWILIO_MESSAGING_SERVICE_SID": "messaging_service",
    "TELEGRAM_BOT_NAME": "telegram_bot_name",
}
_GIVEN_SECRETS = {"TWILIO_AUTH_TOKEN": "twilio_auth_token", "TELEGRAM_BOT_TOKEN": "telegram_bot_token"}
_MADE_SECRETS = ("TELEGRAM_WEBHOOK_SECRET", "PORCHLIGHT_RASA_TOKEN", "PORCHLIGHT_ACTIONS_TOKEN")
_HEAD = "# What is no secret. Secrets lie in credentials/, a file each; keys in keys/. Made by porchlight init.\n"


@dataclass(slots=True)
class Written:
    """What was made, what was there already, and the backup key's private half, which is nowhere on disk."""

    made: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    """Settings, and files of secrets, that say something else than the answers; what is there wins."""
    backup_key: str = field(default="", repr=False)


def is_for_units(folder: Path) -> bool:
    """True for the folder that the units read."""
    return folder.absolute() == UNITS_FOLDER


def default_data(folder: Path) -> str:
    """The store's folder: where the units have it, else beside the keys and apart from them."""
    return "/var/lib/porchlight-store" if is_for_units(folder) else str(folder.absolute() / "data")


def read_earlier_answers(folder: Path) -> dict[str, str]:
    """What an earlier run was answered, by question; empty for a new folder. Secrets are not read back."""
    path = folder / ENV_FILE
    if not path.is_file():
        return {}
    settings = parse_env(path.read_text("utf-8"))
    found = {field: settings[name] for name, field in _SETTINGS.items() if name in settings}
    if "PORCHLIGHT_DATA" in settings:
        found["data"] = settings["PORCHLIGHT_DATA"]
    return {**found, **read_first_administrator(folder)}


def write_hotline_folder(folder: Path, answers: Mapping[str, str], now: datetime) -> Written:
    """Writes everything that is missing; files 0600, folders 0700. Overwrites nothing. Raises OSError, KeyFileError."""
    folder = folder.absolute()
    written = Written()
    before = os.umask(0o077)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in KEY_FILES.values():
            _make(folder / KEYS / file, written, partial(create_key_file, created_at=now))
        (folder / CREDENTIALS).mkdir(exist_ok=True)
        for name, text in _list_secrets(answers).items():
            path = folder / CREDENTIALS / SECRET_FILES[name]
            _make(path, written, partial(_write, text=text))
            if name in _GIVEN_SECRETS and answers.get(_GIVEN_SECRETS[name]) and path.read_text("utf-8").strip() != text:
                written.differs.append(str(path))
        if is_for_units(folder) and not (folder / CREDENTIALS / "store.acl").exists():
            written.made += create_store_files(folder / CREDENTIALS, UNITS_SOCKETS)
        if not (folder / ENV_FILE).exists():
            keep_first_administrator(folder, answers["admin"], answers["language"])
        elif read_first_administrator(folder).get("admin", answers["admin"]) != answers["admin"]:
            written.differs.append("the first administrator")
        _write_env(folder, _list_settings(folder, answers), written)
    finally:
        os.umask(before)
    return written


def _list_secrets(answers: Mapping[str, str]) -> dict[str, str]:
    found = {name: text for name, field in _GIVEN_SECRETS.items() if (text := answers.get(field, ""))}
    found |= {name: secrets.token_urlsafe(32) for name in _MADE_SECRETS}
    if "telegram" not in answers["channels"]:
        # The door stays shut: nobody knows its secret, and the token is no bot's.
        found["TELEGRAM_BOT_TOKEN"] = f"{secrets.randbelow(10**9)}:{secrets.token_urlsafe(26)}"
    return found


def _list_settings(folder: Path, answers: Mapping[str, str]) -> dict[str, str]:
    units = is_for_units(folder)
    spool = "/var/lib/porchlight-webhooks" if units else str(folder / "spool")
    found = {"PORCHLIGHT_MODE": "live"}
    found |= {name: text for name, field in _SETTINGS.items() if (text := answers.get(field, ""))}
    return {**found, "PORCHLIGHT_DATA": answers["data"], "PORCHLIGHT_SPOOL": spool}


def _write_env(folder: Path, settings: Mapping[str, str], written: Written) -> None:
    """New settings are added at the end; one that is there stays, also where it says something else."""
    path = folder / ENV_FILE
    text = path.read_text("utf-8") if path.exists() else _HEAD
    there = parse_env(text)
    (written.kept if path.exists() else written.made).append(path)
    written.differs += [name for name, value in settings.items() if name in there and there[name] != value]
    added = {name: value for name, value in settings.items() if name not in there}
    if "PORCHLIGHT_BACKUP_PUBLIC_KEY" not in there:
        pair = BackupKey.create()
        added["PORCHLIGHT_BACKUP_PUBLIC_KEY"], written.backup_key = pair.spell_public(), pair.spell()
    if not is_for_units(folder) and "VAPID_PUBLIC_KEY" not in there:
        added["VAPID_PUBLIC_KEY"] = _make_push_key(folder / CREDENTIALS / SECRET_FILES["VAPID_PRIVATE_KEY"], written)
    if added:
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        _write(fresh, text + "".join(format_env(name, value) for name, value in added.items()))
        fresh.replace(path)


def _make_push_key(path: Path, written: Written) -> str:
    """The public half of the key for pushing to browsers; the worker's unit names its private half by hand."""
    _make(path, written, lambda new: _write(new, VapidKey.create().private))
    return VapidKey(path.read_text("utf-8").strip()).public


def _make(path: Path, written: Written, make: Callable[[Path], None]) -> None:
    if path.exists():
        written.kept.append(path)
        return
    make(path)
    written.made.append(path)


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text.strip() + "\n")
        file.flush()
        os.fsync(file.fileno())
