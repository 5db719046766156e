"""What an advocate's clicks come to."""

from datetime import datetime

from hotline import handoff
from hotline.conversations import Conversation
from hotline.turns import Outcome
from storage.inbox import UNSENT, DeskCommand


def obey(command: DeskCommand, before: Conversation, opted_out: bool, at: datetime) -> Outcome:
    """What one click comes to."""
    if command.action == "claim":
        return handoff.claim(before, command.advocate, at)
    if command.action == "reply":
        return handoff.reply(
            before, command.advocate, command.text, confirmed="near" in command.confirmed, opted_out=opted_out
        )
    if command.action == "release":
        return handoff.release(before, command.advocate)
    if command.action == UNSENT:
        return handoff.unsent(before, at)
    if command.action == "close":
        return handoff.close(before, command.advocate)
    # An action that this worker does not know changes nothing; above all it erases nothing.
    return Outcome(before, result="not_yours")
