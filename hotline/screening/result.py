"""What screening says of a text: a level and reason codes, never text (R1)."""

from dataclasses import dataclass, field
from enum import IntEnum


class Level(IntEnum):
    """How much danger a text speaks of."""

    NONE = 0
    CONCERN = 1
    HIGH = 2
    IMMINENT = 3

    @property
    def label(self) -> str:
        """The level's name on the wire: none, concern, high or imminent."""
        return self.name.lower()


REASONS = (
    "someone_here",
    "danger",
    "overdose",
    "urgent_medical",
    "suicide",
    "harm_other",
    "control",
    "sexual_abuse",
    "physical_abuse",
    "online_exploitation",
    "watched_phone",
    "homeless",
    "friend_in_danger",
    "probe",
    "recruiting",
    "distress",
)
"""Reason codes of R2's detectors, the most pressing first: this order picks the reply when several stand."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier text of the same texter and how long ago it came, in seconds."""

    text: str = field(repr=False)
    seconds_ago: float


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """Level and reasons of one text; ``reasons`` are members of REASONS in its order."""

    level: Level
    reasons: tuple[str, ...] = ()
