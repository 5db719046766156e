"""Learning a number by heart."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.place_answers import Events, say_line


class ActionPracticeNumber(Action):  # type: ignore[misc]  # the SDK has no types
    """Practises the number given last, in the head first; only if it was asked for (N3)."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_practice_number"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """How to practise, or that no number was given yet."""
        line = tracker.get_slot("line")
        if not line:
            dispatcher.utter_message(json_message={"key": "practice_none"})
            return []
        return [*say_line(dispatcher, "practice_number", line), SlotSet("practising", True), SlotSet("tries", None)]
