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


def say_none(dispatcher: CollectingDispatcher, found: Found, *, room: bool) -> Events:
    """That nothing is open, with a line; with ``room`` also what the region lacks, or what opens next (D5)."""
    if room and found.gap:
        dispatcher.utter_message(json_message={"key": f"gap_{found.gap}"})
    elif room and found.next_opening:
        place = found.next_opening.place.id
        dispatcher.utter_message(json_message={"key": "place_next_opening", "params": {"place": place}})
    return say_line(dispatcher, "place_none_open", found.next_best_line)


def find_next(found: Found, given: Collection[str]) -> Match | None:
    """The best place that was not given yet."""
    return next((match for match in found.places if match.place.id not in given), None)


def say_found(dispatcher: CollectingDispatcher, found: Found, *, room: bool, instead: bool = False) -> Events:
    """The best place of a new search, or that there is none."""
    match = find_next(found, ())
    if match is None:
        return [*say_none(dispatcher, found, room=room), SlotSet("places", None)]
    return say_place(dispatcher, match, found, [], room=room, instead=instead)


def say_place(
    dispatcher: CollectingDispatcher, match: Match, found: Found, given: list[str], *, room: bool, instead: bool = False
) -> Events:
    """One place, and if another is left and there is ``room``, the question whether they want to hear it.

    With ``instead`` the place takes the place of what the turn has said so far.
    """
    key = "place_call_first" if match.call_first else "place_found"
    place = {"key": key, "params": {"place": match.reference}, **({"instead": True} if instead else {})}
    dispatcher.utter_message(json_message=place)
    given = [*given, match.place.id]
    more = len(given) < MOST_PLACES and find_next(found, given) is not None
    if more and room:
        dispatcher.utter_message(json_message={"key": "place_more"})
    return [SlotSet("places", given)]
