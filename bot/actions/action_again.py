"""The last number once more."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.place_answers import Events, say_line


class ActionAgain(Action):  # type: ignore[misc]  # the SDK has no types
    """Repeats the number that the dialogue gave last."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The number, or that none was given yet (K4)."""
        line = tracker.get_slot("line")
        if line:
            return say_line(dispatcher, "number_again", line)
        dispatcher.utter_message(json_message={"key": "number_none"})
        return []
