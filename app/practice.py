"""What practice makes by itself, so that two commands suffice: secrets, keys and a login, good nowhere else (X3)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from app.ports import find_free_ports

_BINDS = {
    "PORCHLIGHT_WEBHOOKS_BIND": 8080, "PORCHLIGHT_CONSOLE_BIND": 8081, "PORCHLIGHT_PHONE_BIND": 8082,
    "PORCHLIGHT_ACTIONS_BIND": 8084, "PORCHLIGHT_WEBHOOKS_METRICS_BIND": 9180, "PORCHLIGHT_WORKER_BIND": 9181,
    "PORCHLIGHT_CONSOLE_METRICS_BIND": 9182, "PORCHLIGHT_READ_API_METRICS_BIND": 9183,
}  # fmt: skip
_RASA_PORTS = (8090, 8091)
_KEY_FILES = {
    "PORCHLIGHT_KEY_FILE": "server.key",
    "PORCHLIGHT_ADDRESS_KEY_FILE": "address.key",
    "PORCHLIGHT_STAFF_KEY_FILE": "staff.key",
}
_INVENTED_NUMBER = "+17025550199"
PASSWORD_COST = 1 << 15
"""scrypt's N in practice: a quarter of the wait for a password that is new with every start."""


PEOPLE: Mapping[str, tuple[str, ...]] = {
    "advocate": ("advocate", "supervisor"),
    "administrator": ("admin",),
    "supervisor": ("supervisor",),
}
"""Who there is in practice, with their roles: one who changes content and the two who must agree to what is grave."""


@dataclass(frozen=True, slots=True)
class Login:
    """The practice advocate; new with every start. The others of PEOPLE have the same password."""

    alias: str
    password: str = field(repr=False)

    def of(self, alias: str) -> "Login":
        """Another one's login."""
        return replace(self, alias=alias)


def create_login() -> Login:
    """A random login."""
    return Login("advocate", secrets.token_urlsafe(9))


def practice_environ(environ: Mapping[str, str], folder: Path, *, free_ports: bool = False) -> dict[str, str]:
    """``environ`` with everything that practice lacks: random provider secrets, keys, folders, addresses on loopback.

    What is set already is kept. With ``free_ports`` every port that is not set is a free one. Keys are written to
    ``folder/keys`` on the first run, never into the data folder (P9).
    """
    practice = dict(environ)
    _fill(practice, _addresses(practice, free_ports=free_ports))
    _fill(practice, _urls(practice))
    _fill_secrets(practice)
    folders = {"PORCHLIGHT_DATA": str(folder / "data"), "PORCHLIGHT_SPOOL": str(folder / "spool")}
    _fill(practice, {**folders, "TWILIO_FROM": _INVENTED_NUMBER})
    for name, file in _KEY_FILES.items():
        if name not in practice:
            practice[name] = str(_ensure_key(folder / "keys" / file))
    if not any(practice.get(name) for name in ("VAPID_PRIVATE_KEY", "VAPID_PRIVATE_KEY_FILE", "VAPID_PUBLIC_KEY")):
        practice |= _ensure_vapid_key(folder / "keys" / "vapid.key")
    return practice


def _fill(practice: dict[str, str], values: Mapping[str, str]) -> None:
    practice.update({name: value for name, value in values.items() if not practice.get(name)})


def _addresses(practice: Mapping[str, str], *, free_ports: bool) -> dict[str, str]:
    ports = find_free_ports(len(_BINDS) + len(_RASA_PORTS)) if free_ports else [*_BINDS.values(), *_RASA_PORTS]
    values = {name: f"127.0.0.1:{port}" for name, port in zip(_BINDS, ports, strict=False)}
    values["PORCHLIGHT_RASA_URLS"] = ",".join(f"http://127.0.0.1:{port}" for port in ports[len(_BINDS) :])
    return values


def _urls(practice: Mapping[str, str]) -> dict[str, str]:
    phone = f"http://{practice['PORCHLIGHT_PHONE_BIND']}"
    return {
        "PORCHLIGHT_PUBLIC_URL": f"http://{practice['PORCHLIGHT_WEBHOOKS_BIND']}",
        "PORCHLIGHT_CONSOLE_URL": f"http://{practice['PORCHLIGHT_CONSOLE_BIND']}",
        "PORCHLIGHT_ACTIONS_URL": f"http://{practice['PORCHLIGHT_ACTIONS_BIND']}",
        "PORCHLIGHT_WORKER_URL": f"http://{practice['PORCHLIGHT_WORKER_BIND']}",
        "TWILIO_API_URL": f"{phone}/twilio",
        "TELEGRAM_API_URL": f"{phone}/telegram",
    }


def _fill_secrets(practice: dict[str, str]) -> None:
    made = {
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TELEGRAM_BOT_TOKEN": f"{secrets.randbelow(9 * 10**9) + 10**9}:{secrets.token_urlsafe(26)}",
        "TELEGRAM_WEBHOOK_SECRET": secrets.token_urlsafe(32),
        "PORCHLIGHT_RASA_TOKEN": secrets.token_urlsafe(32),
        "PORCHLIGHT_ACTIONS_TOKEN": secrets.token_urlsafe(32),
    }
    _fill(practice, {name: value for name, value in made.items() if not practice.get(f"{name}_FILE")})


def _ensure_vapid_key(path: Path) -> dict[str, str]:
    """Kept between runs, or every browser would have to be set up anew."""
    from app.embedded_store import write_private
    from vault.web_push import VapidKey

    if not path.exists():
        write_private(path, VapidKey.create().private)
    return {"VAPID_PRIVATE_KEY_FILE": str(path.resolve()), "VAPID_PUBLIC_KEY": VapidKey(path.read_text()).public}


def _ensure_key(path: Path) -> Path:
    if not path.exists():
        from vault.key_files import create_key_file

        create_key_file(path, datetime.now(UTC))
    return path.resolve()
