"""What is counted of conversations: a fixed set of tables, each with a fixed set of cells, two dimensions at most (O4).

Nothing here asks or keeps who somebody is (O5): no age, no gender, no word of a text, no place closer than a region.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from hotline.categories import KINDS
from hotline.messages import CHANNELS
from hotline.outcomes import OUTCOMES
from hotline.regions import Region
from hotline.screening.result import Level

type Cell = tuple[str, tuple[str, ...]]
"""A table's name and the values of its dimensions."""

ALL, PERSON = "all", "person"
ELSEWHERE, OTHER_STATE, NOT_SAID = "elsewhere", "other_state", "not_said"
CAME, NOBODY = "came", "nobody"
FOUND, NONE_FOUND = "found", "none_found"
BY_ITSELF, LEFT_WAITING = "by_itself", "left_waiting"
TOPIC_GROUPS = (
    "place", "basics", "health", "feelings", "harm", "leaving", "family", "law", "identity", "future", "others",
    "doubts",
)  # fmt: skip
"""Groups of topics that are counted; those about us, small talk and steering are not."""

HOURS = ("night", "morning", "afternoon", "evening")
"""Six hours each, by the region's clock, from midnight on."""

ANSWER_SECONDS: Mapping[str, float] = {"under_2_s": 2, "under_10_s": 10, "under_60_s": 60, "later": float("inf")}
WAIT_SECONDS: Mapping[str, float] = {
    "under_1_min": 60, "under_2_min": 120, "under_5_min": 300, "under_15_min": 900, "later": float("inf"),
}  # fmt: skip

KIND_NAMES = tuple(sorted(KINDS))
LEVELS = tuple(level.label for level in Level)
MOST_DIMENSIONS = 2


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, and the values of each dimension in the order in which they are shown.

    ``monthly_only`` is True where a year's table would have no meaning.
    """

    name: str
    dimensions: tuple[tuple[str, tuple[str, ...]], ...]
    monthly_only: bool = False

    def list_cells(self) -> Sequence[Cell]:
        """Every cell that there can be, counted or not: so none shows by its mere presence."""
        return [(self.name, values) for values in product(*(values for _, values in self.dimensions))]


def build_tables(region: Region, languages: Sequence[str] = ("en", "es")) -> tuple[Table, ...]:
    """The tables of a region. What is in them changes with the region pack's metros and with nothing else."""
    areas = (*region.metros, ELSEWHERE, OTHER_STATE, NOT_SAID)
    unmet = (PERSON, *KIND_NAMES)
    days = tuple(f"{day:02}" for day in range(1, 32))
    rows: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
        "conversations": (("all", (ALL,)),),
        "day": (("day", days),),
        "hours": (("hours", HOURS),),
        "channel": (("channel", tuple(CHANNELS)),),
        "language": (("language", tuple(languages)),),
        "level": (("level", LEVELS),),
        "topic": (("topic", TOPIC_GROUPS),),
        "area": (("area", areas),),
        "outcome": (("outcome", (BY_ITSELF, LEFT_WAITING, *OUTCOMES)),),
        "answer": (("answer", tuple(ANSWER_SECONDS)),),
        "wait": (("level", LEVELS), ("wait", tuple(WAIT_SECONDS))),
        "handoff": (("level", LEVELS), ("handoff", (CAME, NOBODY))),
        "level_hours": (("level", LEVELS), ("hours", HOURS)),
        "topic_area": (("topic", TOPIC_GROUPS), ("area", areas)),
        "need": (("need", KIND_NAMES), ("found", (FOUND, NONE_FOUND))),
        "unmet_area": (("unmet", unmet), ("area", areas)),
        "unmet_hours": (("unmet", unmet), ("hours", HOURS)),
    }
    return tuple(Table(name, dimensions, monthly_only=name == "day") for name, dimensions in rows.items())


def find_bucket(seconds: float, buckets: Mapping[str, float]) -> str:
    """The first bucket that a time fits in."""
    return next(name for name, most in buckets.items() if seconds < most)
