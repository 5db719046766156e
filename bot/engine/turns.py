"""The turns being answered right now. A turn's tracker lives here and nowhere else, until the answer is out."""

from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass(slots=True)
class Turn:
    """One text on its way through Rasa; ``failed`` once a custom action of it did."""

    tracker: DialogueStateTracker = field(repr=False)
    failed: bool = False


_TURNS: dict[str, Turn] = {}


def open_turn(turn_id: str, tracker: DialogueStateTracker) -> Turn:
    """Begins a turn under a fresh random id of the engine's own."""
    turn = _TURNS[turn_id] = Turn(tracker)
    return turn


def close_turn(turn_id: str) -> None:
    """Forgets a turn and its words; a late save of it is forgotten as well."""
    _TURNS.pop(turn_id, None)


def mark_failed(turn_id: str) -> None:
    """Notes that a custom action of the turn failed."""
    turn = _TURNS.get(turn_id)
    if turn is not None:
        turn.failed = True


def count_open_turns() -> int:
    """How many turns are being answered."""
    return len(_TURNS)


class TurnTrackerStore(TrackerStore):
    """Rasa's store of conversations, which keeps none: it hands out and takes back the tracker of the open turn.

    With ``keeps_conversations`` (the shell and Rasa's own tests, never a served process) they last with the process.
    """

    keeps_conversations = False

    def __init__(
        self, domain: Domain | None, host: str | None = None, event_broker: Any = None, **options: Any
    ) -> None:
        if event_broker is not None:
            raise ValueError("an event broker would receive message text")
        self._kept: dict[str, DialogueStateTracker] = {}
        super().__init__(domain, event_broker, **options)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the tracker for the rest of its turn."""
        turn = _TURNS.get(tracker.sender_id)
        if turn is not None:
            turn.tracker = tracker
        elif self.keeps_conversations:
            self._kept[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of an open turn."""
        turn = _TURNS.get(sender_id)
        return self._kept.get(sender_id) if turn is None else turn.tracker

    async def keys(self) -> list[str]:
        """None: conversations are not kept."""
        return []
