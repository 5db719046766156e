"""The environment as one frozen value; refuses whatever could reach beyond this machine (X3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from phone.errors import SettingsError

INVENTED_NUMBER = "+17025550199"
DEFAULT_RETRIES = "0.25,0.5,1,2"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the practice phone needs to know. Lengths are seconds; URLs have no trailing slash."""

    host: str
    port: int
    public_url: str
    deliver_url: str
    worker_url: str
    hotline_name: str
    account_sid: str
    auth_token: str = field(repr=False)
    hotline_number: str = field(repr=False)
    service_sid: str
    bot_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    push_key: str
    retry_delays_seconds: tuple[float, ...]
    status_seconds: float
    telegram_specification: Path | None


def is_loopback_url(url: str) -> bool:
    """True if ``url`` is plain http(s) to this machine and nowhere else."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and is_loopback_host(parts.hostname or "") and parts.username is None
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """True for localhost and the loopback addresses of both families."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment. Raises SettingsError with one clear line, never with a secret in it."""
    if environ.get("PORCHLIGHT_MODE") != "practice":
        raise SettingsError("the practice phone only starts with PORCHLIGHT_MODE=practice")
    host, port = _parse_bind(environ.get("PORCHLIGHT_PHONE_BIND", "127.0.0.1:8082"))
    public_url = environ.get("PORCHLIGHT_PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/")
    deliver_url = environ.get("PORCHLIGHT_PHONE_DELIVER_URL", public_url).rstrip("/")
    worker_url = environ.get("PORCHLIGHT_WORKER_URL", "http://127.0.0.1:9181").rstrip("/")
    _require_loopback("PORCHLIGHT_PHONE_DELIVER_URL or PORCHLIGHT_PUBLIC_URL", deliver_url)
    _require_loopback("PORCHLIGHT_WORKER_URL", worker_url)
    specification = environ.get("PORCHLIGHT_PHONE_TELEGRAM_SPEC", "")
    return Settings(
        host=host,
        port=port,
        public_url=public_url,
        deliver_url=deliver_url,
        worker_url=worker_url,
        hotline_name=environ.get("PORCHLIGHT_HOTLINE_NAME") or "Porchlight",
        account_sid=_read_secret(environ, "TWILIO_ACCOUNT_SID"),
        auth_token=_read_secret(environ, "TWILIO_AUTH_TOKEN"),
        hotline_number=environ.get("TWILIO_FROM") or INVENTED_NUMBER,
        service_sid=environ.get("TWILIO_MESSAGING_SERVICE_SID") or "MG" + "0" * 32,
        bot_token=_read_secret(environ, "TELEGRAM_BOT_TOKEN"),
        webhook_secret=_read_secret(environ, "TELEGRAM_WEBHOOK_SECRET"),
        push_key=environ.get("VAPID_PUBLIC_KEY", ""),
        retry_delays_seconds=_parse_delays(environ.get("PORCHLIGHT_PHONE_RETRY_SECONDS", DEFAULT_RETRIES)),
        status_seconds=_parse_delays(environ.get("PORCHLIGHT_PHONE_STATUS_SECONDS", "0.05"))[0],
        telegram_specification=Path(specification) if specification else None,
    )


def _parse_bind(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    if not port.isdigit() or int(port) > 65535:
        raise SettingsError("PORCHLIGHT_PHONE_BIND must look like 127.0.0.1:8082")
    if not is_loopback_host(host):
        raise SettingsError("PORCHLIGHT_PHONE_BIND must be a loopback address: the phone faces this machine only")
    return host, int(port)


def _require_loopback(name: str, url: str) -> None:
    if not is_loopback_url(url):
        raise SettingsError(f"{name} must be a loopback URL: nothing of the practice phone leaves this machine")


def _read_secret(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value and (path := environ.get(f"{name}_FILE")):
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{name}_FILE cannot be read: {error.strerror}") from None
    if not value:
        raise SettingsError(f"{name} or {name}_FILE must be set")
    return value


def _parse_delays(text: str) -> tuple[float, ...]:
    try:
        delays = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise SettingsError("delays of the practice phone must be seconds, separated by commas") from None
    if any(delay < 0 for delay in delays):
        raise SettingsError("delays of the practice phone must not be negative")
    return delays
