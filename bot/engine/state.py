"""The dialogue state that goes to the worker and comes back: slots, form, last intent and action. Never text (P1).

Shape: ``{"slots": {name: id | number | list of ids}, "form": name | null, "requested": slot | null,
"intent": name | null, "action": name | null}``. Its size does not depend on how long the conversation is.
"""

import re
from collections.abc import Mapping
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

GIVEN = frozenset({"language", "channel", "now", "begun", "topic"})
"""Slots that come with every turn and are not part of the state."""

FLEETING = frozenset({"offer"})
"""Slots that stand for the next text alone: an offer that is not taken up is gone."""

_ID = re.compile(r"[A-Za-z0-9_.:+-]{1,80}", re.ASCII)
_LONGEST_LIST = 8


class StateError(ValueError):
    """The state handed in is not one of ours."""


def _is_id(value: object) -> bool:
    return isinstance(value, bool | int) or (isinstance(value, str) and _ID.fullmatch(value) is not None)


def is_wordless(value: object) -> bool:
    """True for ids, numbers and short lists of ids; False for anything that could be a text."""
    if isinstance(value, list):
        return len(value) <= _LONGEST_LIST and all(_is_id(item) for item in value)
    return _is_id(value)


def _kept_slots(domain: Domain) -> set[str]:
    return {slot.name for slot in domain.slots} - GIVEN - {REQUESTED_SLOT, "session_started_metadata"}


class TurnTracker(DialogueStateTracker):
    """A tracker that leaves a form once a text does not answer it; Rasa's own asks again after any other topic."""

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Applies the event, and leaves the form that it rejects."""
        super().update(event, domain)
        if isinstance(event, ActionExecutionRejected):
            super().update(ActiveLoop(None), domain)
            super().update(SlotSet(REQUESTED_SLOT, None), domain)


def _find_topic(state: Mapping[str, Any], domain: Domain) -> str | None:
    """The last text's intent, if it is one that we know."""
    topic = state.get("intent")
    return topic if isinstance(topic, str) and topic in domain.intent_properties else None


def build_tracker(
    turn_id: str, state: Mapping[str, Any], given: Mapping[str, str], domain: Domain
) -> DialogueStateTracker:
    """A fresh tracker that stands where ``state`` left off, with the turn's language, channel and time in its slots.

    Items that this model does not know are dropped, so that a new model can take over a conversation.
    Raises StateError if ``state`` has another shape or holds words.
    """
    slots = state.get("slots") or {}
    if not isinstance(slots, Mapping) or not all(is_wordless(value) for value in slots.values()):
        raise StateError("slots")
    known = _kept_slots(domain)
    events: list[Event] = [ActionExecuted("action_session_start"), ActionExecuted(ACTION_LISTEN_NAME)]
    events += [SlotSet(name, value) for name, value in slots.items() if name in known]
    events += [SlotSet(name, value) for name, value in given.items()]
    events += [SlotSet("begun", bool(state)), SlotSet("topic", _find_topic(state, domain))]
    form, requested = state.get("form"), state.get("requested")
    if form in domain.form_names and requested in domain.required_slots_for_form(form):
        events += [
            ActionExecuted(form),
            ActiveLoop(form),
            SlotSet(REQUESTED_SLOT, requested),
            ActionExecuted(ACTION_LISTEN_NAME),
        ]
    tracker = TurnTracker(turn_id, domain.slots)
    for event in events:
        tracker.update(event, domain)
    return tracker


def pack_state(tracker: DialogueStateTracker, before: int, domain: Domain) -> dict[str, Any]:
    """The state after a turn; ``before`` is how many events the tracker had when it began.

    Raises StateError if a slot holds words.
    """
    events = list(tracker.events)[before:]
    set_now = {event.key for event in events if isinstance(event, SlotSet)}
    slots: dict[str, Any] = {}
    for name in sorted(_kept_slots(domain)):
        value = tracker.get_slot(name)
        if value is None or (name in FLEETING and name not in set_now):
            continue
        if not is_wordless(value):
            raise StateError(name)
        slots[name] = value
    form = tracker.active_loop_name
    actions = [event.action_name for event in events if isinstance(event, ActionExecuted)]
    said = [name for name in actions if name and name != ACTION_LISTEN_NAME]
    return {
        "slots": slots,
        "form": form,
        "requested": tracker.get_slot(REQUESTED_SLOT) if form else None,
        "intent": tracker.latest_message.intent.get("name") if tracker.latest_message else None,
        "action": said[-1] if said else None,
    }
