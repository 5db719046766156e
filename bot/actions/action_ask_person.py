"""A person is wanted."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.place_answers import Events

REASON = "asked"


class ActionAskPerson(Action):  # type: ignore[misc]  # the SDK has no types
    """Asks the worker for a hand-off; the worker knows whether anyone is on shift and says so (H4)."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The request alone; the words are the worker's."""
        dispatcher.utter_message(json_message={"handoff": REASON})
        return []
