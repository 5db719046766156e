"""A number that the texter typed in."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.knowledge import Knowledge, read_now, read_text
from bot.actions.place_answers import Events, say_line
from hotline.number_practice import Nearness

MOST_TRIES = 2


class ActionTypedNumber(Action):  # type: ignore[misc]  # the SDK has no types
    """Compares with the number being practised (N3); else says which line it is, an old number by its new one (N4)."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_typed_number"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Right, near, the line that it belongs to, or not understood; never "wrong"."""
        line = tracker.get_slot("line")
        if line and tracker.get_slot("practising"):
            return self._compare(dispatcher, tracker, line)
        found = self._knowledge.lines_at(read_now(tracker)).find_by_digits(read_text(tracker))
        if found is None:
            dispatcher.utter_message(json_message={"not_understood": True})
            return []
        return say_line(dispatcher, "number_given", found.id)

    def _compare(self, dispatcher: CollectingDispatcher, tracker: Tracker, line: str) -> Events:
        right = self._knowledge.lines.compare(read_text(tracker), line) is Nearness.RIGHT
        tries = int(tracker.get_slot("tries") or 0) + 1
        more = not right and tries < MOST_TRIES
        key = "practice_right" if right else "practice_near" if more else "practice_done"
        return [*say_line(dispatcher, key, line), SlotSet("practising", more or None), SlotSet("tries", tries)]
