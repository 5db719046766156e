"""From what Rasa said in a turn to the answer on the wire: reply keys and ids, never words."""

from collections.abc import Iterable, Mapping
from typing import Any

_SIGNS = ("handoff", "language")


class EmptyAnswerError(RuntimeError):
    """Rasa said nothing that can be sent, which is how it fails."""


def build_answer(messages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The answer's replies and signs from the custom payloads of one turn.

    Raises EmptyAnswerError if there are none, or if one is not ours.
    """
    answer: dict[str, Any] = {
        "replies": [],
        "handoff": None,
        "language": None,
        "understood": True,
    }
    empty = True
    for message in messages:
        said = message.get("custom")
        if not isinstance(said, Mapping):
            raise EmptyAnswerError("a message without a payload")
        empty = False
        if said.get("not_understood"):
            answer["understood"] = False
        if said.get("key"):
            answer["replies"].append({"key": said["key"], "params": dict(said.get("params") or {})})
        answer.update({sign: said[sign] for sign in _SIGNS if said.get(sign) is not None})
    if empty:
        raise EmptyAnswerError("no message")
    return answer
