"""The settings table: every setting, its default, who is given it and when it is needed (architecture §5)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.network import parse_bind, parse_store_url, parse_url
from app.setting import (
    PROGRAMS,
    Setting,
    parse_channels,
    parse_count,
    parse_keep_less,
    parse_line,
    parse_mode,
    parse_name,
    parse_networks,
    parse_path,
    parse_seconds,
    parse_urls,
)

_ALL = " ".join(PROGRAMS)
_SMS = "webhooks worker channels phone"


def _row(name: str, programs: str, parse: Callable[[str], Any], help_text: str, **more: Any) -> tuple[str, Setting]:
    attribute = name.removeprefix("PORCHLIGHT_").lower()
    return attribute, Setting(name, help_text, tuple(programs.split()), parse, **more)


def _secret(name: str, programs: str, help_text: str, **more: Any) -> tuple[str, Setting]:
    return _row(name, programs, more.pop("parse", parse_line), help_text, secret=True, **more)


# fmt: off
SETTINGS: Mapping[str, Setting] = dict((
    _row("PORCHLIGHT_MODE", _ALL, parse_mode, "practice or live; no default", needed="always"),
    _row("PORCHLIGHT_DATA", "webhooks worker console operator", parse_path, "Folder of the embedded store"),
    _row("PORCHLIGHT_SPOOL", "webhooks operator", parse_path,
         "Folder, on a disk, for sealed texts that come while the store is away", needed="live"),
    _secret("PORCHLIGHT_REDIS_URL", "webhooks worker console staff operator", "The store, with user and password",
            parse=parse_store_url, needed="always"),
    _secret("PORCHLIGHT_KEYS_URL", "webhooks worker console operator", "The memory-only instance for content keys",
            parse=parse_store_url, needed="always"),
    _row("PORCHLIGHT_KEY_FILE", "worker staff operator", parse_path,
         "Server key; mode 0600, or root's with 0640; outside the data folder", needed="always"),
    _row("PORCHLIGHT_ADDRESS_KEY_FILE", "webhooks worker console operator", parse_path,
         "Address-hash key; mode 0600, or root's with 0640; outside the data folder", needed="always"),
    _row("PORCHLIGHT_STAFF_KEY_FILE", "worker console staff operator", parse_path,
         "Key of staff's own fields; mode 0600, or root's with 0640; outside the data folder", needed="always"),
    _row("PORCHLIGHT_BACKUP_PUBLIC_KEY", "operator", parse_line,
         "What backups are sealed to; made with: porchlight keys backup-init"),
    _row("PORCHLIGHT_PUBLIC_URL", "webhooks worker phone channels", parse_url,
         "Where providers reach the webhooks; signatures are checked against it",
         practice_default="http://127.0.0.1:8080", needed="live"),
    _row("PORCHLIGHT_CONSOLE_URL", "console worker staff", parse_url, "Where advocates reach the console",
         practice_default="http://127.0.0.1:8081", needed="live"),
    _row("PORCHLIGHT_TRUSTED_PROXIES", "webhooks console read_api", parse_networks,
         "Addresses of the TLS proxy whose forwarded-for is believed", default="127.0.0.1"),
    _row("PORCHLIGHT_WEBHOOKS_BIND", "webhooks", parse_bind, "Public webhooks, behind the TLS proxy",
         default="127.0.0.1:8080"),
    _row("PORCHLIGHT_CONSOLE_BIND", "console", parse_bind, "Console", default="127.0.0.1:8081"),
    _row("PORCHLIGHT_PHONE_BIND", "phone", parse_bind, "Practice phone", default="127.0.0.1:8082"),
    _row("PORCHLIGHT_ACTIONS_BIND", "actions", parse_bind, "Custom actions, for Rasa alone", default="127.0.0.1:8084"),
    _row("PORCHLIGHT_READ_API_BIND", "read_api", parse_bind,
         "Read API: the directory for other agencies, such as 127.0.0.1:8083; off unless this is set"),
    _row("PORCHLIGHT_READ_API_URL", "read_api", parse_url, "Where others reach the read API, for its own description"),
    _row("PORCHLIGHT_WEBHOOKS_METRICS_BIND", "webhooks", parse_bind, "Private: metrics and health of the webhooks",
         default="127.0.0.1:9180"),
    _row("PORCHLIGHT_WORKER_BIND", "worker", parse_bind,
         "Private: metrics and health of the worker; the clock in practice", default="127.0.0.1:9181"),
    _row("PORCHLIGHT_CONSOLE_METRICS_BIND", "console", parse_bind, "Private: metrics and health of the console",
         default="127.0.0.1:9182"),
    _row("PORCHLIGHT_READ_API_METRICS_BIND", "read_api", parse_bind, "Private: metrics and health of the read API",
         default="127.0.0.1:9183"),
    _row("PORCHLIGHT_RASA_URLS", "worker rasa", parse_urls, "The dialogue engine's processes",
         default="http://127.0.0.1:8090,http://127.0.0.1:8091"),
    _secret("PORCHLIGHT_RASA_TOKEN", "worker rasa", "What the worker shows to Rasa", needed="always"),
    _row("PORCHLIGHT_ASSISTANT_URL", "worker", parse_url,
         "Another Rasa assistant, asked by its REST channel in place of ours; see docs/another_assistant.md"),
    _row("PORCHLIGHT_ACTIONS_URL", "rasa", parse_url, "Where Rasa reaches the actions", default="http://127.0.0.1:8084"),
    _secret("PORCHLIGHT_ACTIONS_TOKEN", "actions rasa", "What Rasa shows to the actions", needed="always"),
    _secret("PORCHLIGHT_CONTENT_URL", "actions read_api",
            "The store, with a user that may read content alone; without it only the files are known",
            parse=parse_store_url, needed="live"),
    _row("PORCHLIGHT_CONTENT_SECONDS", "worker actions console read_api", parse_seconds,
         "How often a program looks whether new content is live", default="5"),
    _row("PORCHLIGHT_REGION", "worker actions console read_api operator", parse_line,
         "Folder of the directory in safety_content", default="nevada"),
    _row("PORCHLIGHT_HOTLINE_NAME", "worker actions console phone operator", parse_name, "The name that texters read",
         practice_default="Porchlight", needed="live"),
    _row("PORCHLIGHT_COVER_FILE", "worker", parse_path,
         "The dull service that the line can play: cover and return words, lines; kept outside the repository"),
    _row("PORCHLIGHT_WORKERS", "worker", parse_count, "Worker processes on this machine", default="1"),
    _row("PORCHLIGHT_CHANNELS", "channels", parse_channels,
         "Channels whose providers are told where our webhooks are; another one is not announced",
         default="sms,telegram"),
    _row("TWILIO_ACCOUNT_SID", _SMS, parse_line, "Twilio account", needed="always"),
    _secret("TWILIO_AUTH_TOKEN", _SMS, "Signs Twilio's webhooks and our calls", needed="always"),
    _secret("TWILIO_AUTH_TOKEN_SECONDARY", "webhooks", "Second token while the first is rotated"),
    _row("TWILIO_FROM", f"{_SMS} console", parse_line, "The hotline's number; this or a Messaging Service"),
    _row("TWILIO_MESSAGING_SERVICE_SID", _SMS, parse_line, "Messaging Service; this or a number"),
    _row("TWILIO_API_URL", "worker channels", parse_url, "Twilio's REST API", default="https://api.twilio.com",
         practice_default="http://127.0.0.1:8082/twilio"),
    _row("TWILIO_ERASE", "worker channels", parse_line,
         "What is erased at Twilio: delete takes whole records, redact leaves rows without words for the bill",
         default="delete"),
    _row("TWILIO_KEEP_LESS", "worker", parse_keep_less,
         "For accounts with Message Redaction: words, or words,numbers, that Twilio is not to keep of what we send"),
    _secret("TELEGRAM_BOT_TOKEN", "worker channels phone", "Telegram bot", needed="always"),
    _secret("TELEGRAM_WEBHOOK_SECRET", "webhooks channels phone", "Telegram shows it with every update",
            needed="always"),
    _row("TELEGRAM_API_URL", "worker channels", parse_url, "Telegram's Bot API", default="https://api.telegram.org",
         practice_default="http://127.0.0.1:8082/telegram"),
    _row("TELEGRAM_BOT_NAME", "console", parse_line, "The bot's name, for the link that staff add their chat with"),
    _row("VAPID_PUBLIC_KEY", "console worker phone", parse_line, "For pushing to advocates' browsers"),
    _secret("VAPID_PRIVATE_KEY", "worker", "Signs pushes to advocates' browsers"),
))
# fmt: on
"""Name in Settings to row."""


def settings_rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Name, default, programs, needed and help of every setting, as ``porchlight settings`` prints them."""
    for setting in SETTINGS.values():
        default = setting.default or ""
        if setting.practice_default:
            default = f"{default or 'none'}; in practice {setting.practice_default}"
        programs = "all" if setting.programs == PROGRAMS else ", ".join(setting.programs)
        needed = {"always": "yes", "live": "when live", "no": "no"}[setting.needed]
        name = f"{setting.name} or {setting.name}_FILE" if setting.secret else setting.name
        yield name, default, programs, needed, setting.help


def settings_page() -> str:
    """The table as Markdown, for docs/deployment.md (asserted by a test)."""
    head = ["| setting | default | given to | needed | what it is |", "|---|---|---|---|---|"]
    rows = (
        f"| {_code(name)} | {default or 'none'} | {programs} | {needed} | {text} |"
        for name, default, programs, needed, text in settings_rows()
    )
    return "\n".join([*head, *rows]) + "\n"


def _code(name: str) -> str:
    return " or ".join(f"`{part}`" for part in name.split(" or "))
