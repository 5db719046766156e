"""``porchlight screen --jsonl``: screens messages from anybody's list, so that anybody can judge us."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from hotline.screening import Earlier, Level, Rules, describe, screen
from storage.content_files import load_documents, load_rules

_APART_SECONDS = 10.0
"""How long ago an earlier text is taken to be when the list does not say."""


def screen_lines(lines: Iterable[str], *, explained: bool = False) -> Iterator[str]:
    """One JSON answer a line. A line that is no JSON raises ValueError naming its number; nothing is skipped.

    ``explained`` adds, for reviewers, how each text was read: the text in plain words, the entries with their
    meanings, and the words that weighed most in the second stage.

    A message that screening itself fails on is answered as the product would treat it: high (R9).
    """
    rules = load_rules(load_documents())
    for number, line in enumerate(lines, 1):
        if line.strip():
            asked = _parse(line, number)
            answer = _screen_one(asked, rules)
            yield json.dumps({**answer, **(_explain_one(asked, rules) if explained else {})})


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        if not isinstance(asked["text"], str):
            raise TypeError
    except (ValueError, TypeError, KeyError):
        raise ValueError(f'line {number} is not {{"id": ..., "text": "..."}}') from None
    return dict(asked)


def _screen_one(asked: dict[str, Any], rules: Rules) -> dict[str, Any]:
    context = build_context(asked.get("context") or [])
    began = time.perf_counter_ns()
    try:
        result = screen(asked["text"], context, rules)
        level, reasons = result.level, list(result.reasons)
    except Exception:  # R9: failed screening is high, whatever failed
        level, reasons = Level.HIGH, ["screening_failed"]
    micros = (time.perf_counter_ns() - began) // 1000
    return {"id": asked.get("id"), "level": level.label, "reasons": reasons, "micros": micros}


def _explain_one(asked: dict[str, Any], rules: Rules) -> dict[str, Any]:
    context = build_context(asked.get("context") or [])
    try:
        reading = describe(asked["text"], context, rules)
    except Exception:  # R9: a reading that fails keeps no other message from its answer
        return {"plain": None, "entries": [], "learned": None}
    learned = {"log_odds": reading.odds, "raises_from": reading.threshold, "weighed": reading.words}
    entries = [{"id": name, "meaning": meaning} for name, meaning in reading.entries]
    return {"plain": reading.plain, "entries": entries, "learned": learned}


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
