"""Joins counting to a turn: codes go into the sealed session, and at the end counts into the turn's own commit (O4)."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.outcome_writes import Moment
from app.world import Words, World
from bot.actions.area_codes import find_encoded_area
from hotline.conversations import Conversation
from hotline.tallies import COUNTED, CountingFacts, TurnFacts, list_cells, note_turn, with_noted
from hotline.turns import Outcome
from storage.commit import Writes
from storage.tallies import add_tallies


def build_counting_facts(words: Words) -> CountingFacts:
    """What counting needs of the content that a turn sees."""
    directory = words.directory
    return CountingFacts(directory.region, directory.categories, words.content.topics)


def count_outcome(world: World, writes: Writes, moment: Moment, before: Conversation, outcome: Outcome) -> Outcome:
    """The outcome with its codes noted; at the conversation's end they are counted in the same commit instead.

    A conversation whose session is emptied while a page stays open has its counts closed there, once. Counting that
    fails is noted and disturbs no turn: no figure is worth a reply.
    """
    try:
        return _count(world, writes, moment, before, outcome)
    except Exception as error:
        world.watch.failed("figures_failed", type(error).__name__)
        return outcome


def _count(world: World, writes: Writes, moment: Moment, before: Conversation, outcome: Outcome) -> Outcome:
    facts, after = build_counting_facts(world.words), outcome.conversation
    slots = after.session.dialogue.get("slots") or before.session.dialogue.get("slots") or {}
    area = find_encoded_area(slots.get("area"))
    turn = TurnFacts(moment.at, bool(moment.heard), moment.waited_seconds, area)
    noted = note_turn(before, outcome, turn, facts)
    emptied = bool(before.session.noted) and not after.session.noted
    if not (outcome.forget or emptied):
        return _replace(outcome, noted)
    cells = list_cells(noted, after, moment.at, facts)
    add_tallies(writes, cells, _local_month(moment.at, facts))
    return _replace(outcome, (COUNTED,))


def _replace(outcome: Outcome, noted: tuple[str, ...]) -> Outcome:
    return replace(outcome, conversation=with_noted(outcome.conversation, noted))


def _local_month(at: datetime, facts: CountingFacts) -> str:
    return at.astimezone(ZoneInfo(facts.region.time_zone)).strftime("%Y-%m")
