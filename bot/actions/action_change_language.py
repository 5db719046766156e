"""The other language, from this message on."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.knowledge import read_text
from bot.actions.place_answers import Events
from bot.actions.spoken import choose_language


class ActionChangeLanguage(Action):  # type: ignore[misc]  # the SDK has no types
    """Switches to the language that the text names (V9)."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_change_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The language for the worker, and its reply."""
        language = choose_language(read_text(tracker), tracker.get_slot("language") or "en")
        dispatcher.utter_message(json_message={"key": "language_changed", "language": language})
        return [SlotSet("language", language)]
