"""The first place to sleep that fits."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import UNKNOWN
from bot.actions.knowledge import Knowledge, read_now, read_text, read_wanted
from bot.actions.place_answers import Events, find_next, say_line, say_none, say_place


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
        area = wanted.area
        if tracker.get_slot("area") == UNKNOWN:
            events = say_line(dispatcher, "place_area_unknown", self._knowledge.find_line(wanted.need, now))
        else:
            line = self._knowledge.lines_at(now).find_by_digits(read_text(tracker))
            if line is not None:
                return say_line(dispatcher, "number_given", line.id)
            found = self._knowledge.find(wanted, now)
            match = find_next(found, ())
            if match is None:
                events = say_none(dispatcher, found, room=bool(tracker.get_slot("begun")))
            else:
                room = bool(tracker.get_slot("begun"))
                return say_place(dispatcher, match, found, [], room=room) + self._forget_skip(area)
        return [*events, SlotSet("places", None), *self._forget_skip(area)]

    @staticmethod
    def _forget_skip(area: object) -> Events:
        """A skipped or unknown area is asked for again the next time."""
        return [] if area else [SlotSet("area", None)]
