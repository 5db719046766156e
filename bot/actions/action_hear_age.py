"""An age that is said late."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.knowledge import Knowledge, read_now, read_text, read_wanted
from bot.actions.place_answers import Events, say_found
from bot.actions.spoken import find_age


class ActionHearAge(Action):  # type: ignore[misc]  # the SDK has no types
    """Searches again where an age is said after a place was looked for, since it may change what fits (C3)."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_hear_age"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """A place for that age instead of the card, or nothing where no area or no new age is known."""
        band, wanted = find_age(read_text(tracker)), read_wanted(tracker)
        if band is None or wanted.area is None or band == wanted.band:
            return []
        found = self._knowledge.find(replace(wanted, band=band), read_now(tracker))
        return [SlotSet("age", band), *say_found(dispatcher, found, room=bool(found.places), instead=True)]
