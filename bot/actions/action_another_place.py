"""The next place, at most three in all."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.knowledge import MOST_PLACES, Knowledge, read_now, read_wanted
from bot.actions.place_answers import Events, find_next, say_line, say_place


class ActionAnotherPlace(Action):  # type: ignore[misc]  # the SDK has no types
    """Searches anew, by the present hour, and names what was not named yet."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_another_place"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Another place, or a line that may know more (C8)."""
        given = list(tracker.get_slot("places") or [])
        found = self._knowledge.find(read_wanted(tracker), read_now(tracker), MOST_PLACES + len(given))
        match = find_next(found, given) if len(given) < MOST_PLACES else None
        if match is None:
            return say_line(dispatcher, "place_no_more", found.next_best_line)
        return say_place(dispatcher, match, found, given, room=True)
