"""How a search for a place becomes reply keys and slots."""

from collections.abc import Collection
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.knowledge import MOST_PLACES
from hotline.resources import Found, Match

Events = list[dict[str, Any]]


def say_line(dispatcher: CollectingDispatcher, key: str, line: str) -> Events:
    """A reply that names a line, which "again" repeats."""
    dispatcher.utter_message(json_message={"key": key, "params": {"line": line}})
    return [SlotSet("line", line)]


def find_next(found: Found, given: Collection[str]) -> Match | None:
    """The best place that was not given yet."""
    return next((match for match in found.places if match.place.id not in given), None)


def say_place(dispatcher: CollectingDispatcher, match: Match, found: Found, given: list[str], *, room: bool) -> Events:
    """One place, and if another is left and there is ``room``, the question whether they want to hear it."""
    key = "place_call_first" if match.call_first else "place_found"
    dispatcher.utter_message(json_message={"key": key, "params": {"place": match.place.id}})
    given = [*given, match.place.id]
    more = len(given) < MOST_PLACES and find_next(found, given) is not None
    if more and room:
        dispatcher.utter_message(json_message={"key": "place_more"})
    return [SlotSet("places", given), SlotSet("offer", "another_place" if more else None)]
