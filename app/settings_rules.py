"""What no single setting can tell: practice stays here, live is safe on the way and has its keys (X3, P9)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.network import Bind, is_loopback_url, is_safe_hop
from app.secret import Secret
from app.setting import NOT_GIVEN, Setting
from app.settings_values import find_file_problem

_LOOPBACK_ALWAYS = frozenset({"PORCHLIGHT_PHONE_BIND", "PORCHLIGHT_ACTIONS_BIND"})


def find_broken_rules(given: Mapping[Setting, Any], program: str) -> Iterator[str]:
    """One line for every rule that these values break; ``given`` holds what ``program`` may know."""
    values = {setting.name: value for setting, value in given.items()}
    practice = values["PORCHLIGHT_MODE"] == "practice"
    for name, value in values.items():
        yield from _find_far(name, value, practice)
        # An operator must be able to look, rotate and wipe above all when a key file is lost.
        if name.endswith("KEY_FILE") and value != NOT_GIVEN and program != "operator":
            yield from _find_key_problem(name, value, values.get("PORCHLIGHT_DATA", NOT_GIVEN))
    if program == "phone" and not practice:
        yield "the practice phone starts in practice mode alone"
    if program in {"worker", "channels"} and not (values["TWILIO_FROM"] or values["TWILIO_MESSAGING_SERVICE_SID"]):
        yield "TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID is not set (who the texts come from)"


def _find_far(name: str, value: Any, practice: bool) -> Iterator[str]:
    if isinstance(value, Bind) and not value.is_loopback():
        if name in _LOOPBACK_ALWAYS:
            yield f"{name} must be a loopback address"
        elif practice:
            yield f"{name} must be a loopback address in practice"
    for url in _urls_in(value):
        if practice and not is_loopback_url(url):
            yield f"{name} must be on this machine in practice"
        elif not is_safe_hop(url):
            yield f"{name} must use TLS unless it is on this machine"


def _urls_in(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, tuple) else (value,):
        text = item.reveal() if isinstance(item, Secret) and item else item
        if isinstance(text, str) and "://" in text:
            yield text


def _find_key_problem(name: str, path: Path, data: Path) -> Iterator[str]:
    if problem := find_file_problem(name, path):
        yield f"{problem}; new keys are made with: porchlight keys init"
    elif path.resolve().is_relative_to(data.resolve()):
        yield f"{name} lies inside PORCHLIGHT_DATA; keys are kept apart from what they open"
