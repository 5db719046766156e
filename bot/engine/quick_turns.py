"""A turn's tracker without the detours: copied instead of played again, its states found as it grows.

Rasa plays all events of a tracker anew for each copy and for each prediction, and copies by value what it would log.
"""

import copy
from dataclasses import dataclass, field
from typing import Any

import rasa.core.actions.forms
import rasa.core.nlg.interpolator
import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_STATES = Domain.states_for_tracker_history
_LOGGING = (
    rasa.core.actions.forms,
    rasa.core.nlg.interpolator,
    rasa.core.policies.rule_policy,
    rasa.core.processor,
)
"""Modules that copy for the log alone, where no value is ever written (redaction.py)."""

type State = dict[str, Any]


class NoCopies:
    """Stands for the module ``copy`` where nothing that is copied is kept."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """The value itself."""
        return value


@dataclass(slots=True)
class _Played:
    """How far a tracker's events were played, and the states on the way."""

    tracker: DialogueStateTracker
    omits_unset: bool
    events: list[Event] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    heard: list[tuple[Any, int]] = field(default_factory=list)

    def leads_to(self, events: list[Event], omits_unset: bool) -> bool:
        """True if these events begin with those that were played; not if some were taken back (a form's) or changed."""
        if self.omits_unset != omits_unset or len(self.events) > len(events):
            return False
        if any(one is not other for one, other in zip(self.events, events, strict=False)):
            return False
        return self.heard == _list_heard(self.events)


def _list_heard(events: list[Event]) -> list[tuple[Any, int]]:
    """What a later event may change of a text that was heard; no other event changes."""
    return [(one.use_text_for_featurization, len(one.entities)) for one in events if isinstance(one, UserUttered)]


def _copy_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """What playing all events anew comes to; like that, one of Rasa's own kind and without the model's id."""
    same: DialogueStateTracker = object.__new__(DialogueStateTracker)
    same.__dict__.update(tracker.__dict__)
    same.__dict__.pop("played", None)
    same.events = copy.copy(tracker.events)
    same.slots = {slot.name: copy.copy(slot) for slot in tracker.slots.values()}
    same.active_loop = copy.copy(tracker.active_loop)
    same.model_id = same.assistant_id = same.sender_source = None
    return same


def _list_states(
    domain: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """The states before each action and now. What was played for the last prediction is not played again."""
    if ignore_rule_only_turns:
        states: list[State] = _STATES(domain, tracker, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
        return states
    events = tracker.applied_events()
    played: _Played | None = tracker.__dict__.get("played")
    if played is None or not played.leads_to(events, omit_unset_slots):
        played = tracker.__dict__["played"] = _Played(tracker.init_copy(), omit_unset_slots)
    for event in events[len(played.events) :]:
        if isinstance(event, ActionExecuted):
            played.states.append(domain.get_active_state(played.tracker, omit_unset_slots))
        played.tracker.update(event)
        played.events.append(event)
    played.heard = _list_heard(played.events)
    states = [*played.states, domain.get_active_state(played.tracker, omit_unset_slots)]
    # Whoever asks may change what they are given.
    return [{part: dict(names) for part, names in state.items()} for state in states]


def install() -> None:
    """Applies it to every tracker and every log line of this process."""
    DialogueStateTracker.copy = _copy_tracker
    Domain.states_for_tracker_history = _list_states
    for module in _LOGGING:
        module.copy = NoCopies
