"""What an advocate's clicks come to."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline import blocking, handoff, holding, ladder, transfer
from hotline.conversations import Conversation
from hotline.timings import Timings
from hotline.turns import Outcome
from storage.inbox import UNSENT, DeskCommand

NAMING = frozenset({"transfer", "pair"})
"""Actions whose detail names a colleague, who must be one of those who may read (P2, A7)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a click is judged by besides the conversation; ``readers`` are the names of those who may read."""

    at: datetime
    opted_out: bool = False
    timings: Timings = field(default_factory=Timings)
    readers: Collection[str] = ()


def obey(command: DeskCommand, before: Conversation, now: Circumstances) -> Outcome:
    """What one click comes to; ``result`` says so to whoever clicked. An unknown action changes nothing."""
    action = _ACTIONS.get(command.action)
    if action is None or (command.action in NAMING and command.detail not in {"", *now.readers}):
        return Outcome(before, result="unknown")
    return action(command, before, now)


def _reply(command: DeskCommand, before: Conversation, now: Circumstances) -> Outcome:
    confirmed = "near" in command.confirmed
    return handoff.reply(before, command.advocate, command.text, confirmed=confirmed, opted_out=now.opted_out)


_ACTIONS: Mapping[str, Callable[[DeskCommand, Conversation, Circumstances], Outcome]] = {
    "claim": lambda c, before, now: handoff.claim(before, c.advocate, now.at),
    "reply": _reply,
    "decline": lambda c, before, now: handoff.decline(before, c.advocate, now.at),
    "transfer": lambda c, before, now: transfer.transfer(before, c.advocate, c.detail, now.at),
    "accept": lambda c, before, now: transfer.accept(before, c.advocate),
    "pair": lambda c, before, now: transfer.pair(before, c.advocate, c.detail),
    "unpair": lambda c, before, now: transfer.unpair(before, c.advocate),
    "release": lambda c, before, now: handoff.release(before, c.advocate),
    "close": lambda c, before, now: handoff.close(before, c.advocate, c.detail or "other"),
    "hold": lambda c, before, now: holding.hold(before, c.advocate, c.detail, now.at, now.timings),
    "acknowledge": lambda c, before, now: ladder.acknowledge(before, now.at),
    "block": lambda c, before, now: blocking.block(before, c.advocate),
    "silent": lambda c, before, now: handoff.hush(before, c.advocate),
    UNSENT: lambda c, before, now: handoff.unsent(before, now.at),
}
