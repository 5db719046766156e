"""How much one address asks for: counts of a minute and an hour, and what they are allowed to hold back (D6, R8).

They hold back the dialogue engine, plain lines and places. Screening, crisis replies, pages, STOP and PERSON never ask.
"""

from dataclasses import dataclass, replace
from datetime import datetime

TEXTS_A_MINUTE = 30
TEXTS_AN_HOUR = 240
"""Beyond either, the dialogue engine is not asked for this address."""

LINE_SECONDS = 60
"""While it floods, at most one plain line goes out in this time."""

LOOK_UPS_AN_HOUR = 3
"""The look-up with this number goes to an advocate's eye; after it places are rationed (D6)."""

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Pace:
    """What an address has asked for of late: times (Unix, whole seconds) and counts, and nothing that it said.

    Each count is of the minute or hour that began at its ``_from``; a new one begins with the first text after it.
    """

    minute_from: int = 0
    minute_texts: int = 0
    hour_from: int = 0
    hour_texts: int = 0
    line_at: int = 0
    """When a plain line last went out while it flooded."""
    places_from: int = 0
    look_ups: int = 0

    @property
    def floods(self) -> bool:
        """True while there were more texts than a person types who hopes for an answer."""
        return self.minute_texts > TEXTS_A_MINUTE or self.hour_texts > TEXTS_AN_HOUR

    @property
    def many_places(self) -> bool:
        """True from the look-up on that an advocate is to see."""
        return self.look_ups >= LOOK_UPS_AN_HOUR

    @property
    def rations_places(self) -> bool:
        """True once no further place is named; lines still are."""
        return self.look_ups > LOOK_UPS_AN_HOUR


def count_texts(pace: Pace, texts: int, at: datetime) -> Pace:
    """The pace with so many texts more."""
    now = int(at.timestamp())
    if not 0 <= now - pace.minute_from < _MINUTE:
        pace = replace(pace, minute_from=now, minute_texts=0)
    if not 0 <= now - pace.hour_from < _HOUR:
        pace = replace(pace, hour_from=now, hour_texts=0)
    return replace(pace, minute_texts=pace.minute_texts + texts, hour_texts=pace.hour_texts + texts)


def count_look_up(pace: Pace, at: datetime) -> Pace:
    """The pace with one look-up of places more."""
    now = int(at.timestamp())
    if not 0 <= now - pace.places_from < _HOUR:
        return replace(pace, places_from=now, look_ups=1)
    return replace(pace, look_ups=pace.look_ups + 1)


def may_say_line(pace: Pace, at: datetime) -> bool:
    """True if a plain line may go out now, flood or not."""
    return not pace.floods or not 0 <= int(at.timestamp()) - pace.line_at < LINE_SECONDS


def note_line(pace: Pace, at: datetime) -> Pace:
    """The pace after a plain line that went out."""
    return replace(pace, line_at=int(at.timestamp())) if pace.floods else pace
