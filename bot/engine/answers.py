"""From what Rasa said in a turn to the answer on the wire: reply keys and ids, never words."""

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import UserUttered

_SIGNS = ("handoff", "language")
ALSO = "also"
"""The entity by which the classifier names a second topic that a text asks about."""


class EmptyAnswerError(RuntimeError):
    """Rasa said nothing that can be sent, which is how it fails."""


def build_answer(messages: Iterable[Mapping[str, Any]], heard: UserUttered | None = None) -> dict[str, Any]:
    """The answer's replies and signs from the custom payloads of one turn.

    Raises EmptyAnswerError if there are none, or if one is not ours.
    """
    answer: dict[str, Any] = {
        "replies": [],
        "handoff": None,
        "language": None,
        "understood": True,
        ALSO: _find_second_wish(heard),
    }
    empty = True
    for message in messages:
        said = message.get("custom")
        if not isinstance(said, Mapping):
            raise EmptyAnswerError("a message without a payload")
        empty = False
        if said.get("not_understood"):
            answer["understood"] = False
        if said.get("instead"):
            answer["replies"].clear()
        if said.get("key"):
            answer["replies"].append({"key": said["key"], "params": dict(said.get("params") or {})})
        answer.update({sign: said[sign] for sign in _SIGNS if said.get(sign) is not None})
    if empty:
        raise EmptyAnswerError("no message")
    return answer


def _find_second_wish(heard: UserUttered | None) -> str | None:
    named = [entity["value"] for entity in (heard.entities if heard else ()) if entity.get("entity") == ALSO]
    return named[0] if named else None
