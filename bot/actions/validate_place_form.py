"""What the place form takes from a text: an area's id and, only when a place needs it, an age band."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import SKIP, UNKNOWN, encode_area
from bot.actions.company import find_who
from bot.actions.knowledge import TONIGHT, Knowledge, read_intent, read_now, read_text, read_wanted
from bot.actions.spoken import find_age, find_said_age, is_skip
from hotline.areas import find_area

_STAYS_ON_PLACES = frozenset(
    {"inform_area", "place_tonight", "another_place", "nlu_fallback", "affirm", "typed_number", None}
)
"""Intents of a text that still answers the form; any other topic leaves it."""


_DECLINES = frozenset({"deny", "unsure", "enough"})


class ValidatePlaceForm(FormValidationAction):  # type: ignore[misc]  # the SDK has no types
    """Matches the raw answer and drops it; the slots keep ids (C3)."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The action's name in the domain."""
        return "validate_place_form"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[str]:
        """The area, and the age band if it changes what is found."""
        code = tracker.slots.get("area")
        if code is None or code == UNKNOWN:
            return ["area"]
        asks = self._knowledge.needs_age(read_wanted(tracker), read_now(tracker))
        return ["area", "age"] if asks else ["area"]

    def extract_area(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """The area that the text names, and an age and who is with them where it says so by itself."""
        text = read_text(tracker)
        age, intent = find_said_age(text), read_intent(tracker)
        found: dict[str, Any] = {"age": age} if age else {}
        who = find_who(text)
        if who:
            found["who"] = sorted({*who, *(tracker.slots.get("who") or ())})
        if intent == TONIGHT:
            found["need"] = TONIGHT
        area = find_area(text, home=self._knowledge.directory.region.state)
        if area is not None:
            return {"area": encode_area(area), **found}
        if tracker.slots.get("requested_slot") != "area":
            return found
        if is_skip(text) or intent in _DECLINES:
            return {"area": SKIP, **found}
        return {"area": UNKNOWN} if intent in _STAYS_ON_PLACES else {}

    def extract_age(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, str]:
        """The age band in the answer to the question for it; not saying is fine (V3)."""
        if tracker.slots.get("requested_slot") != "age":
            return {}
        text, intent = read_text(tracker), read_intent(tracker)
        band = find_age(text)
        if band:
            return {"age": band}
        return {"age": "unsaid"} if is_skip(text) or intent in _DECLINES or intent in _STAYS_ON_PLACES else {}

    def validate_area(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, str]:
        """Already an id."""
        return {"area": value}

    def validate_age(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, str]:
        """Already a band."""
        return {"age": value}
