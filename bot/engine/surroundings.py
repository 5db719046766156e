"""The few settings the engine takes from its environment, each also as a file (``NAME_FILE``)."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_TOKEN = 32
ACTIONS_URL = "http://127.0.0.1:8084/webhook"


class SettingsError(RuntimeError):
    """A setting is missing, too short, or points off this machine."""


def read_setting(name: str) -> str:
    """The setting's value or its file's content without surrounding blanks; empty if neither is set."""
    value = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "")
    if not value and path:
        value = Path(path).read_text("utf-8")
    return value.strip()


def check_token(name: str, token: str) -> str:
    """The token itself. Raises SettingsError under 32 characters, and for a variable that was never filled in."""
    if len(token) < SHORTEST_TOKEN or token.startswith("${"):
        raise SettingsError(f"{name} must have at least {SHORTEST_TOKEN} characters")
    return token


def find_actions_url(given: str) -> str:
    """The actions' webhook from a base URL or a full one. Raises SettingsError unless it is on loopback."""
    url = given or ACTIONS_URL
    parts = urlsplit(url)
    if parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise SettingsError("PORCHLIGHT_ACTIONS_URL must be on loopback")
    return url if parts.path.strip("/") else f"{url.rstrip('/')}/webhook"


def fill_serving() -> None:
    """Puts the settings where Rasa's own files look for them. Raises SettingsError if one is missing."""
    for name in ("PORCHLIGHT_RASA_TOKEN", "PORCHLIGHT_ACTIONS_TOKEN"):
        os.environ[name] = check_token(name, read_setting(name))
    os.environ["PORCHLIGHT_ACTIONS_URL"] = find_actions_url(read_setting("PORCHLIGHT_ACTIONS_URL"))


def fill_workbench() -> None:
    """The same for training, tests and the shell, where nobody calls in: a throw-away token of our own."""
    for name in ("PORCHLIGHT_RASA_TOKEN", "PORCHLIGHT_ACTIONS_TOKEN"):
        os.environ[name] = read_setting(name) or secrets.token_urlsafe(SHORTEST_TOKEN)
    os.environ["PORCHLIGHT_ACTIONS_URL"] = find_actions_url(read_setting("PORCHLIGHT_ACTIONS_URL"))
