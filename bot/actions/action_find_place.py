"""The first place to sleep that fits."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import UNKNOWN
from bot.actions.knowledge import Knowledge, read_now, read_text, read_wanted
from bot.actions.place_answers import Events, say_found, say_line


class ActionFindPlace(Action):  # type: ignore[misc]  # the SDK has no types
    """Answers once the place form is done."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_find_place"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """A place that is open now; else plainly none, with a line that answers now (C8, D5)."""
        wanted, now = read_wanted(tracker), read_now(tracker)
        forget = self._forget_skip(wanted.area)
        if tracker.get_slot("area") == UNKNOWN:
            line = self._knowledge.find_line(wanted.need, now)
            return [*say_line(dispatcher, "place_area_unknown", line), SlotSet("places", None), *forget]
        known = self._knowledge.lines_at(now).find_by_digits(read_text(tracker))
        if known is not None:  # five digits that are no ZIP
            return say_line(dispatcher, "number_given", known.id)
        found = self._knowledge.find(wanted, now)
        return [*say_found(dispatcher, found, room=bool(tracker.get_slot("begun"))), *forget]

    @staticmethod
    def _forget_skip(area: object) -> Events:
        """A skipped or unknown area is asked for again the next time."""
        return [] if area else [SlotSet("area", None)]
