"""The body of ``POST /turn``, checked."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LANGUAGES = ("en", "es")
CHANNELS = ("sms", "telegram")
LONGEST_TEXT = 20_000
LONGEST_STATE = 8_192
LARGEST_BODY = 160_000
"""Bytes: the longest text at four bytes and escaping, and the state."""

_TURN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_CHOICE = re.compile(r"[a-z][a-z_]{0,63}", re.ASCII)
_COMMAND_SIGNS = "/ \t\r\n\f\v\u00a0\u3000\ufeff\u200b"


class RequestError(ValueError):
    """The body is not a turn; the message names the field and nothing of its value."""


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One text to answer. ``now`` is ISO 8601 with an offset; ``choice`` is the topic that it picked, if it did."""

    turn_id: str
    language: str
    channel: str
    now: str
    choice: str | None
    text: str = field(repr=False)
    state: Mapping[str, Any] = field(repr=False)

    @property
    def given(self) -> dict[str, str]:
        """The slots that come with every turn."""
        return {"language": self.language, "channel": self.channel, "now": self.now}


def strip_command(text: str) -> str:
    """The text without leading slashes and blanks, so that Rasa sees no command in it and every word (K8)."""
    return text.lstrip(_COMMAND_SIGNS).strip()


def _check_now(value: object) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise RequestError("now") from None
    if moment.tzinfo is None:
        raise RequestError("now")
    return moment.isoformat()


def parse_turn(body: bytes) -> TurnRequest:
    """The turn in a request's body. Raises RequestError naming the first field that is wrong."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("body") from None
    if not isinstance(fields, dict):
        raise RequestError("body")
    turn_id, text, state = fields.get("turn_id"), fields.get("text"), fields.get("state") or {}
    if not isinstance(turn_id, str) or not _TURN_ID.fullmatch(turn_id):
        raise RequestError("turn_id")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise RequestError("text")
    if fields.get("language") not in LANGUAGES:
        raise RequestError("language")
    if fields.get("channel") not in CHANNELS:
        raise RequestError("channel")
    if not isinstance(state, dict) or len(json.dumps(state)) > LONGEST_STATE:
        raise RequestError("state")
    choice = fields.get("choice")
    if choice is not None and not (isinstance(choice, str) and _CHOICE.fullmatch(choice)):
        raise RequestError("choice")
    now = _check_now(fields.get("now"))
    return TurnRequest(turn_id, fields["language"], fields["channel"], now, choice, strip_command(text), state)
