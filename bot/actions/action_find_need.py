"""A topic for which a place near the texter may help: food, a doctor, counselling."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import encode_area, find_encoded_area
from bot.actions.knowledge import Knowledge, Wanted, read_intent, read_now, read_text
from bot.actions.place_answers import Events, find_next, say_place
from hotline.areas import find_area


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
        said = find_area(read_text(tracker), home=self._knowledge.directory.region.state)
        area = said or find_encoded_area(tracker.get_slot("area"))
        events: Events = [SlotSet("need", need)]
        if said is not None:
            events.append(SlotSet("area", encode_area(said)))
        if area is not None:
            found = self._knowledge.find(Wanted(need, area, tracker.get_slot("age")), read_now(tracker))
            given = list(tracker.get_slot("places") or [])
            match = find_next(found, given)
            if match is not None and not match.related:
                room = bool(tracker.get_slot("begun"))
                return [*events, *say_place(dispatcher, match, found, given, room=room, instead=True)]
        return events
