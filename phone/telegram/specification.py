"""Calls checked against the Bot API's published description, when a test gives one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Specification:
    """Methods and their fields; method names are matched without regard to case, as Telegram does."""

    def __init__(self, methods: Mapping[str, Any]) -> None:
        self._fields = {
            name.lower(): {field["name"]: bool(field["required"]) for field in method.get("fields", [])}
            for name, method in methods.items()
        }

    def find_mistake(self, method: str, given: Mapping[str, Any]) -> tuple[int, str] | None:
        """What Telegram would refuse: an unknown method, a missing field; and, stricter than it, an unknown field."""
        fields = self._fields.get(method.lower())
        if fields is None:
            return 404, "Not Found: method not found"
        if missing := sorted(name for name, required in fields.items() if required and name not in given):
            return 400, f"Bad Request: parameter {missing[0]} is required"
        if unknown := sorted(given.keys() - fields.keys()):
            return 400, f"Bad Request: unknown parameter {unknown[0]}"
        return None


def load_specification(path: Path | None) -> Specification | None:
    """The description in that file, None without one."""
    if path is None:
        return None
    return Specification(json.loads(path.read_text(encoding="utf-8"))["methods"])
