"""Two corrections to how Rasa calls a custom action: the answer's schema is compiled once, and a failure is remembered.

Rasa goes on after a failed action as if it had said nothing, and answers 200 with an empty list; the channel must know.
"""

from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction

from bot.engine.turns import mark_failed

_RUN = RemoteAction.run
OPTIONAL = frozenset({"action_find_need", "action_hear_age"})
"""Actions that better an answer which stands without them."""

_TIMES = (int, float, type(None))


async def _run_and_remember(action: RemoteAction, output: Any, nlg: Any, tracker: Any, domain: Any) -> Any:
    try:
        return await _RUN(action, output, nlg, tracker, domain)
    except ActionExecutionRejection:
        raise
    except Exception:
        if action.name() not in OPTIONAL:
            mark_failed(tracker.sender_id)
        raise


def _is_slot(event: object) -> bool:
    return (
        isinstance(event, dict)
        and event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        and type(event.get("timestamp")) in _TIMES
        and isinstance(event.get("metadata"), dict | None)
    )


def is_plain(answer: object) -> bool:
    """True for slots and messages alone, in the shape that the schema wants, seen without walking all of it."""
    if not isinstance(answer, dict):
        return False
    events, messages = answer.get("events"), answer.get("responses")
    if not isinstance(events, list) or not isinstance(messages, list):
        return False
    return all(map(_is_slot, events)) and all(isinstance(message, dict) for message in messages)


def install() -> None:
    """Applies both to every custom action of this process."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def check_answer(_action: RemoteAction, answer: dict[str, Any]) -> bool:
        if not is_plain(answer):
            validator.validate(answer)
        return True

    RemoteAction._validate_action_result = check_answer
    RemoteAction.run = _run_and_remember
