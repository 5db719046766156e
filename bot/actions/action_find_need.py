"""A topic for which a place near the texter may help: food, a doctor, counselling."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import encode_area, find_encoded_area
from bot.actions.knowledge import Knowledge, Wanted, read_intent, read_now, read_text, read_wanted
from bot.actions.place_answers import Events, find_next, say_none, say_place
from bot.actions.spoken import find_age
from hotline.areas import find_area
from hotline.resources import has_need

PLEA = "need_help"
"""What a text is taken for that says no more than an age."""


class ActionFindNeed(Action):  # type: ignore[misc]  # the SDK has no types
    """Names a place that is open now where an area is known, instead of the topic's card. Never asks for an area."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_find_need"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """A place, or nothing; an area that is said next is searched for this need (D5)."""
        need = read_intent(tracker) or ""
        if need == PLEA:
            return self._hear_age(dispatcher, tracker)
        said = find_area(read_text(tracker), home=self._knowledge.directory.region.state)
        area = said or find_encoded_area(tracker.get_slot("area"))
        now = read_now(tracker)
        known = has_need(self._knowledge.directory, need, now=now)
        events: Events = [SlotSet("need", need if known else None)]
        if said is not None:
            events.append(SlotSet("area", encode_area(said)))
        if area is not None:
            found = self._knowledge.find(Wanted(need, area, tracker.get_slot("age")), now)
            given = list(tracker.get_slot("places") or [])
            match = find_next(found, given)
            if match is not None and not match.related:
                room = bool(tracker.get_slot("begun"))
                return [*events, *say_place(dispatcher, match, found, given, room=room, instead=True)]
        return events

    def _hear_age(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """An age that is said after a place was searched for: searched again for it, if it changes what is found."""
        band, wanted = find_age(read_text(tracker)), read_wanted(tracker)
        if band is None or wanted.area is None or band == wanted.band:
            return []
        found = self._knowledge.find(replace(wanted, band=band), read_now(tracker))
        match = find_next(found, ())
        if match is None:
            say_none(dispatcher, found, room=False)
            return [SlotSet("age", band)]
        return [SlotSet("age", band), *say_place(dispatcher, match, found, [], room=True, instead=True)]
