"""The folder of one hotline's settings, secrets and keys, as ``porchlight init`` writes it and the units read it.

``porchlight.env`` is what is no secret; ``credentials/`` holds a file for each secret, ``keys/`` the key files.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path

ENV_FILE = "porchlight.env"
CREDENTIALS = "credentials"
KEYS = "keys"

SECRET_FILES: Mapping[str, str] = {
    "TWILIO_AUTH_TOKEN": "twilio_auth_token",
    "TELEGRAM_BOT_TOKEN": "telegram_bot_token",
    "TELEGRAM_WEBHOOK_SECRET": "telegram_webhook_secret",
    "PORCHLIGHT_RASA_TOKEN": "rasa_token",
    "PORCHLIGHT_ACTIONS_TOKEN": "actions_token",
    "VAPID_PRIVATE_KEY": "vapid_private_key",
}
"""Setting to its file below ``credentials/``; a test holds it against the units."""

KEY_FILES: Mapping[str, str] = {
    "PORCHLIGHT_KEY_FILE": "server.key",
    "PORCHLIGHT_ADDRESS_KEY_FILE": "address.key",
    "PORCHLIGHT_STAFF_KEY_FILE": "staff.key",
}
_STORE_FILES = {"PORCHLIGHT_REDIS_URL": "redis_url", "PORCHLIGHT_KEYS_URL": "keys_url"}


def read_hotline_folder(folder: Path) -> dict[str, str]:
    """The settings that the folder gives: secrets by ``NAME_FILE``, keys by path. Raises ValueError, OSError."""
    folder = folder.absolute()
    path = folder / ENV_FILE
    if not path.is_file():
        raise ValueError(f"{folder} holds no {ENV_FILE}; make one with: porchlight init {folder}")
    settings = parse_env(path.read_text("utf-8"))
    for name, file in SECRET_FILES.items():
        if (folder / CREDENTIALS / file).exists():
            settings[f"{name}_FILE"] = str(folder / CREDENTIALS / file)
    for name, file in KEY_FILES.items():
        settings.setdefault(name, str(folder / KEYS / file))
    return settings


def read_store_urls(folder: Path, program: str) -> dict[str, str]:
    """Where ``program`` finds its stores' URLs, if the folder holds them: with the units, not under ``run``."""
    credentials = folder.absolute() / CREDENTIALS
    found = {f"{name}_FILE": credentials / f"{program}.{file}" for name, file in _STORE_FILES.items()}
    return {name: str(path) for name, path in found.items() if path.exists()}


def parse_env(text: str) -> dict[str, str]:
    """NAME=VALUE lines as a shell and systemd read them. Raises ValueError naming the line."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            (pair,) = shlex.split(line)
            name, value = pair.split("=", 1)
        except ValueError:
            raise ValueError(f"{ENV_FILE}, line {number}, is not NAME=VALUE; put quotes around spaces") from None
        found[name] = value
    return found


def format_env(name: str, value: str) -> str:
    """One such line; nothing in ``value`` is ever run by a shell."""
    return f"{name}={shlex.quote(value)}\n"
