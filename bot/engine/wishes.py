"""Two wishes in one text: its clauses are read one by one, and what is needed first is answered first (V6)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

TOPICS = Path(__file__).resolve().parent.parent.parent / "safety_content/topics.yml"
CLEAR = 0.75
"""The probability at which a clause by itself counts as a wish."""

LIKELIEST = 4
"""How many of the whole text's topics a second wish must be among."""

PRACTICAL = frozenset(
    {"place_tonight", "food", "shower_clothes", "ride", "documents", "benefits", "housing"}
    | {"doctor", "pregnancy", "own_child", "school_work"}
)
"""Needs that stand beside anything else that a text says."""

MOST_CLAUSES = 5
_LAST_RANK = 5
_JOINTS = re.compile(
    r"[.,;:!?\n]+|\s(?:and|also|plus|n|&|but|bc|cuz|because|y|e|tambien|también|pero|ademas|además|porque|luego)\s",
    re.IGNORECASE,
)

Ranked = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a text is about, likeliest first, and a second topic that it clearly asks about as well."""

    ranked: Ranked
    also: str | None = None


def load_ranks() -> dict[str, int]:
    """The rank of every topic that can be a wish, 1 before 5; those without a label are answers or small talk."""
    topics = yaml.safe_load(TOPICS.read_text("utf-8"))["topics"]
    return {name: int(topic.get("rank", _LAST_RANK)) for name, topic in topics.items() if "label" in topic}


def split_clauses(text: str) -> list[str]:
    """The clauses of a text of two words or more, at most MOST_CLAUSES; none if it is one clause."""
    clauses = [clause.strip() for clause in _JOINTS.split(text)]
    kept = [clause for clause in clauses if len(clause.split()) > 1]
    return kept[:MOST_CLAUSES] if len(kept) > 1 else []


def hear_wishes(text: str, rank: Callable[[str], Ranked], ranks: Mapping[str, int]) -> Wishes:
    """The ranking of a whole text, and a practical need that one of its clauses asks for as well.

    The whole text knows better than its clauses what it is about. A second wish has to be clear by itself and among
    the likeliest topics of the whole; of two needs the one of lower rank comes first.
    """
    whole = rank(text)
    if not whole or whole[0][0] not in ranks:
        return Wishes(whole)
    first, likely = whole[0][0], [name for name, _ in whole[1:LIKELIEST] if name in ranks]
    clear: dict[str, float] = {}
    for clause in split_clauses(text):
        for name, share in rank(clause)[:1]:
            if share >= CLEAR:
                clear[name] = max(share, clear.get(name, 0.0))
    also = next((name for name in clear if name in likely and name in PRACTICAL), None)
    if also is None:
        return Wishes(whole)
    if first in PRACTICAL and ranks[also] < ranks[first]:
        first, also = also, first
    sure = max(dict(whole)[first], clear.get(first, 0.0))
    return Wishes([(first, sure), *(pair for pair in whole if pair[0] != first)], also)
