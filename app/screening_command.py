"""``porchlight screen --jsonl``: screens messages from anybody's list, so that anybody can judge us."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from hotline.screening import Earlier, Level, build_rules, screen
from storage.content_files import load_documents, load_screening_model

_APART_SECONDS = 10.0
"""How long ago an earlier text is taken to be when the list does not say."""


def screen_lines(lines: Iterable[str]) -> Iterator[str]:
    """One JSON answer a line. A line that is no JSON raises ValueError naming its number; nothing is skipped.

    A message that screening itself fails on is answered as the product would treat it: high (R9).
    """
    rules = build_rules(load_documents(), load_screening_model())
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield json.dumps(_screen_one(_parse(line, number), rules))


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        if not isinstance(asked["text"], str):
            raise TypeError
    except (ValueError, TypeError, KeyError):
        raise ValueError(f'line {number} is not {{"id": ..., "text": "..."}}') from None
    return dict(asked)


def _screen_one(asked: dict[str, Any], rules: Any) -> dict[str, Any]:
    context = build_context(asked.get("context") or [])
    began = time.perf_counter_ns()
    try:
        result = screen(asked["text"], context, rules)
        level, reasons = result.level, list(result.reasons)
    except Exception:  # R9: failed screening is high, whatever failed
        level, reasons = Level.HIGH, ["screening_failed"]
    micros = (time.perf_counter_ns() - began) // 1000
    return {"id": asked.get("id"), "level": level.label, "reasons": reasons, "micros": micros}


def build_context(earlier: list[Any]) -> list[Earlier]:
    """Earlier texts, oldest first, each a string or ``{"text", "seconds_ago"}``."""
    built = []
    for place, one in enumerate(earlier):
        seconds = _APART_SECONDS * (len(earlier) - place)
        if isinstance(one, str):
            built.append(Earlier(one, seconds))
        else:
            built.append(Earlier(str(one["text"]), float(one.get("seconds_ago", seconds))))
    return built
