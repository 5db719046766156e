"""What the window's side column is rendered from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.context import Visit
from console.listing import LANGUAGE_NAMES
from console.ports import Account, Listed
from hotline.cards import Card
from hotline.outcomes import FLAG_REASONS, OUTCOMES

NOTICES = (
    "paired",
    "unpaired",
    "held",
    "hold_ended",
    "block_asked",
    "started",
    "not_yours",
    "gone",
    "slow",
    "taken",
    "refused",
)


@dataclass(frozen=True, slots=True)
class QuickGroup:
    """Lines of one kind, the same in each language."""

    name: str
    lines: Mapping[str, Sequence[str]]


async def build_beside_values(visit: Visit, listed: Listed) -> dict[str, Any]:
    """Values for the templates of the side column."""
    beside = visit.console.beside
    notice = visit.request.query_params.get("notice", "")
    return {
        "beside": beside,
        "listed": listed,
        "beside_notice": notice if notice in NOTICES else "",
        "quick_groups": build_quick(visit),
        "speech_names": LANGUAGE_NAMES,
        "cards": pick_cards(visit),
        "needs": sort_needs(visit),
        "colleagues": await list_colleagues(visit),
        "outcomes": OUTCOMES,
        "flag_reasons": FLAG_REASONS,
    }


def build_quick(visit: Visit) -> Sequence[QuickGroup]:
    """Quick replies by group, in the order of the content; lines of no group come last."""
    replies = visit.console.quick_replies
    groups = dict(visit.console.beside.quick_groups)
    grouped = {key for keys in groups.values() for key in keys}
    groups["other"] = tuple(dict.fromkeys(key for lines in replies.values() for key in lines if key not in grouped))
    found = [
        QuickGroup(name, {speech: [lines[key] for key in keys if key in lines] for speech, lines in replies.items()})
        for name, keys in groups.items()
    ]
    return [group for group in found if any(group.lines.values())]


def pick_cards(visit: Visit) -> Sequence[Card]:
    """The cards in the console's language."""
    cards = visit.console.beside.cards
    return cards.get(visit.language) or cards.get("en", ())


def sort_needs(visit: Visit) -> Sequence[tuple[str, str]]:
    """Needs that can be searched for, as code and words, in the content's order: what is urgent first."""
    names = visit.console.pages.words(visit.language)["need"]
    return [(need, names.get(need, need.replace("_", " "))) for need in visit.console.beside.needs]


async def list_colleagues(visit: Visit) -> Sequence[Account]:
    """Others whose console is open and who may take a conversation, trained; named by alias alone (A5, A7)."""
    console = visit.console
    names = await console.desk.present_names()
    found = [await console.accounts.find(name) for name in names if name != visit.advocate.name]
    allowed = [one for one in found if one and one.state == "active" and console.roles.allows(one.roles, "claim")]
    return [one for one in allowed if await console.training.is_open(one.name)]
