"""What a flood and many look-ups of places take from a turn's answer: lines and places, never a crisis reply (D6)."""

from dataclasses import replace

from hotline import handoff
from hotline.pace import Pace, count_look_up, may_say_line, note_line
from hotline.ports import ReplyRef
from hotline.routing import Route
from hotline.screening.result import Level
from hotline.turns import Outcome, Turn

PLAIN_ROUTES = frozenset(
    {Route.DIALOGUE, Route.KEYWORD, Route.LOCKED, Route.MEDIA, Route.BLOCKED, Route.PROBE, Route.COVERED, Route.STAFF}
)
"""Ways whose replies are rationed in a flood. Every other one answers always: it leaves, warns or calls a person."""

_SEARCHED = frozenset({"place_found", "place_call_first", "place_none_open"})
_SAME_SEARCH = "another_place"
_INSTEAD = ReplyRef("place_rationed")


def ration_places(outcome: Outcome, pace: Pace, turn: Turn) -> tuple[Outcome, Pace]:
    """Counts a look-up; from the third in an hour on an advocate sees it, after it no place is named (D6, R8).

    "Another one" belongs to its search, which names three at most; after the staff word each is a search of its own,
    whatever the dialogue said before. Lines that answer are never taken out.
    """
    dialogue = outcome.conversation.session.dialogue
    belongs = dialogue.get("intent") == _SAME_SEARCH and turn.staff is None
    searched = any(ref.key in _SEARCHED for ref in outcome.replies) and not belongs
    if searched:
        pace = count_look_up(pace, turn.at)
    names_place = any("place" in ref.params for ref in outcome.replies)
    if pace.many_places and (searched or names_place):
        outcome = _show_advocate(outcome, turn)
    if not pace.rations_places or not names_place:
        return outcome, pace
    kept = tuple(ref for ref in outcome.replies if "place" not in ref.params and ref.key != "place_more")
    answered = any("line" in ref.params for ref in kept)
    return replace(outcome, replies=kept if answered else (_INSTEAD, *kept)), pace


def ration_lines(route: Route, outcome: Outcome, pace: Pace, turn: Turn) -> tuple[Outcome, Pace]:
    """While an address floods, one plain line a minute; an answer that leaves, warns or calls a person always goes."""
    if route not in PLAIN_ROUTES or not outcome.replies:
        return outcome, pace
    if not may_say_line(pace, turn.at):
        return replace(outcome, replies=()), pace
    return outcome, note_line(pace, turn.at)


def _show_advocate(outcome: Outcome, turn: Turn) -> Outcome:
    """Once a conversation: it waits, at concern, and the bot goes on."""
    conversation = outcome.conversation
    if handoff.MANY_PLACES in conversation.reasons or conversation.ended:
        return outcome
    waiting = handoff.enter_waiting(
        conversation, level=Level.CONCERN, reasons=(handoff.MANY_PLACES,), agreed=False, at=turn.at
    )
    return replace(outcome, conversation=waiting, alert=outcome.alert or handoff.MANY_PLACES)
