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


async def _run_and_remember(action: RemoteAction, output: Any, nlg: Any, tracker: Any, domain: Any) -> Any:
    try:
        return await _RUN(action, output, nlg, tracker, domain)
    except ActionExecutionRejection:
        raise
    except Exception:
        if action.name() not in OPTIONAL:
            mark_failed(tracker.sender_id)
        raise


def install() -> None:
    """Applies both to every custom action of this process."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def check_answer(_action: RemoteAction, answer: dict[str, Any]) -> bool:
        validator.validate(answer)
        return True

    RemoteAction._validate_action_result = check_answer
    RemoteAction.run = _run_and_remember
