"""One row of the settings table: what a setting is called, who needs it, and how its text is read."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from app.network import parse_url

type Needed = Literal["always", "live", "no"]

PROGRAMS = ("webhooks", "worker", "console", "phone", "actions", "rasa", "read_api", "channels", "staff", "operator")
"""Who reads settings: the programs of architecture §2, and who runs commands of ``porchlight``."""

NOT_GIVEN = Path("/not-given-to-this-program")
"""Stands where a path was not set or is not this program's business; never exists."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A row: ``name`` in the environment, ``default`` as text or None, ``practice_default`` where practice has another.

    ``needed``: always, only in live mode, or no. A secret is given to ``programs`` alone and may come as ``NAME_FILE``.
    """

    name: str
    help: str
    programs: tuple[str, ...]
    parse: Callable[[str], Any]
    default: str | None = None
    practice_default: str | None = None
    needed: Needed = "no"
    secret: bool = False

    def is_for(self, program: str) -> bool:
        """True if ``program`` is given this setting."""
        return program == "all" or program in self.programs


def parse_mode(text: str) -> str:
    """``practice`` or ``live``. Raises ValueError."""
    if text not in {"practice", "live"}:
        raise ValueError("must be practice or live")
    return text


def parse_path(text: str) -> Path:
    """An absolute path. Raises ValueError for a relative one: programs start in different folders."""
    path = Path(text)
    if not path.is_absolute():
        raise ValueError("must be an absolute path")
    return path


def parse_keep_less(text: str) -> tuple[str, ...]:
    """Words, numbers or both. Raises ValueError."""
    parts = tuple(part.strip() for part in text.split(","))
    if not set(parts) <= {"words", "numbers"}:
        raise ValueError("must be words, numbers or words,numbers")
    return parts


def parse_channels(text: str) -> tuple[str, ...]:
    """``sms`` or ``sms,telegram``. Raises ValueError: a hotline without a number cannot be passed on by mouth."""
    parts = tuple(part.strip() for part in text.split(","))
    if parts[0] != "sms" or not set(parts) <= {"sms", "telegram"}:
        raise ValueError("must be sms or sms,telegram")
    return parts


def parse_count(text: str) -> int:
    """A whole number from 1 to 64. Raises ValueError."""
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise ValueError("must be a whole number from 1 to 64")
    return int(text)


def parse_seconds(text: str) -> float:
    """A length from a twentieth of a second to 30. Raises ValueError: what is pulled is gone within a minute (D7)."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 30:
        raise ValueError("must be seconds from 0.05 to 30")
    return seconds


def parse_urls(text: str) -> tuple[str, ...]:
    """URLs between commas. Raises ValueError."""
    return tuple(parse_url(part.strip()) for part in text.split(","))


def parse_networks(text: str) -> tuple[str, ...]:
    """IP addresses or networks between commas. Raises ValueError."""
    try:
        return tuple(str(ip_network(part.strip())) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be IP addresses or networks, separated by commas") from None


_LONGEST_NAME = 24
"""Every reply's parts are counted with a name of this length (V1)."""


def parse_name(text: str) -> str:
    """A hotline's name as texters read it. Raises ValueError for one that would make replies too long."""
    name = parse_line(text)
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"has {len(name)} characters; {_LONGEST_NAME} are the most, or replies no longer fit")
    return name


def parse_line(text: str) -> str:
    """One printable line. Raises ValueError."""
    if not text.isprintable() or not text.strip():
        raise ValueError("must be one line of printable characters")
    return text.strip()
