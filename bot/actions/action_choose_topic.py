"""A text that could be one of two things."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import encode_area
from bot.actions.knowledge import Knowledge, read_now, read_ranking, read_text, read_wanted
from bot.actions.place_answers import Events, say_found
from hotline.areas import Area, find_area

LIKELY = 0.3
"""The share of probability that two topics must have together to be worth naming."""

WORTH_NAMING = 0.06
"""The share of probability that each of them must have by itself."""


class ActionChooseTopic(Action):  # type: ignore[misc]  # the SDK has no types
    """Asks which of the two likeliest topics is meant, in plain words; else says that it did not understand (C11)."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_choose_topic"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Two topics by name, or none; an area that the text names is looked in for the last need (D5)."""
        area = find_area(read_text(tracker), home=self._knowledge.directory.region.state)
        if area is not None:
            return self._look_in(area, dispatcher, tracker)
        said: dict[str, Any] = {"not_understood": True}
        likely = [pair for pair in read_ranking(tracker) if pair[0] in self._knowledge.nameable]
        # What was just talked about is likely meant, even where something else looks a little likelier.
        likely.sort(key=lambda pair: pair[0] == tracker.get_slot("topic") and pair[1] >= WORTH_NAMING, reverse=True)
        known = likely[:2]
        if len(known) > 1 and sum(share for _, share in known) >= LIKELY and known[1][1] >= WORTH_NAMING:
            said |= {"key": "choose", "params": {"first": known[0][0], "second": known[1][0]}}
        dispatcher.utter_message(json_message=said)
        return []

    def _look_in(self, area: Area, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        wanted = replace(read_wanted(tracker), area=area)
        found = self._knowledge.find(wanted, read_now(tracker))
        room = bool(tracker.get_slot("begun"))
        return [SlotSet("area", encode_area(area)), *say_found(dispatcher, found, room=room)]
