"""The environment as one frozen value; a program that misses something says all of it and does not start (X3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.network import Bind
from app.secret import Secret
from app.setting import NOT_GIVEN, Setting
from app.settings_rules import find_broken_rules
from app.settings_table import SETTINGS, settings_page, settings_rows
from app.settings_values import read_text

__all__ = ["ALL", "NOT_GIVEN", "Settings", "SettingsError", "load_settings", "settings_page", "settings_rows"]

ALL = "all"
"""The supervisor: reads every setting and needs none but the mode."""


class SettingsError(Exception):
    """The environment is not fit to start with; the message lists every problem, a line each, without any secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting by the lower-case tail of its name; rows and help are in ``app/settings_table.py``.

    What a program is not given is an empty string, a false Secret or NOT_GIVEN.
    """

    mode: str
    data: Path
    spool: Path
    redis_url: Secret
    keys_url: Secret
    key_file: Path
    address_key_file: Path
    staff_key_file: Path
    backup_public_key: str
    public_url: str
    console_url: str
    trusted_proxies: tuple[str, ...]
    webhooks_bind: Bind
    console_bind: Bind
    phone_bind: Bind
    actions_bind: Bind
    read_api_bind: Bind
    read_api_url: str
    webhooks_metrics_bind: Bind
    worker_bind: Bind
    console_metrics_bind: Bind
    read_api_metrics_bind: Bind
    rasa_urls: tuple[str, ...]
    rasa_token: Secret
    assistant_url: str
    actions_url: str
    actions_token: Secret
    content_url: Secret
    content_seconds: float
    region: str
    hotline_name: str
    cover_file: Path
    workers: int
    channels: tuple[str, ...]
    twilio_account_sid: str
    twilio_auth_token: Secret
    twilio_auth_token_secondary: Secret
    twilio_from: str
    twilio_messaging_service_sid: str
    twilio_api_url: str
    twilio_erase: str
    twilio_keep_less: tuple[str, ...]
    telegram_bot_token: Secret
    telegram_webhook_secret: Secret
    telegram_api_url: str
    telegram_bot_name: str
    vapid_public_key: str
    vapid_private_key: Secret


def load_settings(environ: Mapping[str, str], program: str) -> Settings:
    """What ``program`` is to know of ``environ``; another program's secrets are not even read.

    Raises SettingsError listing every problem (X3, P9).
    """
    problems: list[str] = []
    mode = environ.get("PORCHLIGHT_MODE", "")
    values: dict[str, Any] = {}
    for attribute, setting in SETTINGS.items():
        given = setting.is_for(program)
        text = read_text(setting, environ, mode, problems) if given else setting.default or ""
        values[attribute] = _parse_value(attribute, setting, text, problems)
        named_a_file = setting.secret and environ.get(f"{setting.name}_FILE")
        if not text and given and not named_a_file and _is_needed(setting, mode, program):
            problems.append(_missing_line(setting))
    if not problems:
        given_values = {SETTINGS[name]: value for name, value in values.items() if SETTINGS[name].is_for(program)}
        problems.extend(find_broken_rules(given_values, program))
    if problems:
        raise SettingsError("\n".join([f"porchlight {program} cannot start:", *(f"  - {line}" for line in problems)]))
    return Settings(**values)


def _is_needed(setting: Setting, mode: str, program: str) -> bool:
    if setting.name == "PORCHLIGHT_MODE":
        return True
    return program != ALL and (setting.needed == "always" or (setting.needed == "live" and mode == "live"))


def _missing_line(setting: Setting) -> str:
    hint = "; make keys with: porchlight keys init" if setting.name.endswith("KEY_FILE") else ""
    name = f"{setting.name} or {setting.name}_FILE" if setting.secret else setting.name
    return f"{name} is not set ({setting.help}){hint}"


def _parse_value(attribute: str, setting: Setting, text: str, problems: list[str]) -> Any:
    absent: Any = NOT_GIVEN if Settings.__annotations__[attribute] is Path else ""
    try:
        value = setting.parse(text) if text else absent
    except ValueError as error:
        problems.append(f"{setting.name} {error}")
        return absent
    return Secret(value, setting.name) if setting.secret else value
