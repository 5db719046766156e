"""One number that stays in the head."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import find_encoded_area
from bot.actions.knowledge import AGES, Knowledge, read_now, read_text
from bot.actions.line_needs import find_need
from bot.actions.place_answers import Events, say_line
from hotline.numbers import pick_line


class ActionGiveNumber(Action):  # type: ignore[misc]  # the SDK has no types
    """Picks by what the text names, else by what was talked about."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_give_number"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The line for the need, one a message (N1, N2)."""
        area = find_encoded_area(tracker.get_slot("area"))
        line = pick_line(
            self._knowledge.lines_at(read_now(tracker)),
            find_need(read_text(tracker), tracker.get_slot("topic")),
            channel=tracker.get_slot("channel") or "sms",
            language=tracker.get_slot("language") or "en",
            age=AGES.get(tracker.get_slot("age") or ""),
            now=read_now(tracker),
            extents=self._knowledge.directory.region.extents(area),
        )
        return say_line(dispatcher, "number_given", line.id)
