"""What the actions know: the places and the lines, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker

from bot.actions.area_codes import find_encoded_area
from hotline.areas import Area
from hotline.content import LANGUAGES
from hotline.numbers import Lines, build_lines
from hotline.regions import build_region
from hotline.resources import Directory, Found, build_directory, find_line, find_places
from hotline.topics import build_topics
from storage.content_files import load_documents

TONIGHT = "place_tonight"
MOST_PLACES = 3
AGES = {"under_12": 11, "under_18": 16, "adult": 20}
"""An age within each band, for the search; the band is all that is ever kept (C3)."""

ASKED = ("under_18", "adult")
"""The bands that are asked for; the youngest is heard only where the texter says so."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a place is looked for: a need (a topic's name), where, and for which age band."""

    need: str = TONIGHT
    area: Area | None = None
    band: str | None = None
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Places and lines of one region and mode."""

    directory: Directory
    lines: Lines
    mode: str
    nameable: frozenset[str] = frozenset()
    """Topics that can be named to a texter as a choice."""

    def lines_at(self, now: datetime) -> Lines:
        """The lines that may be given at ``now`` (D3)."""
        return self.lines.served(mode=self.mode, now=now)

    def find(self, wanted: Wanted, now: datetime, limit: int = MOST_PLACES) -> Found:
        """Places for a need that are open now, for an age band or none."""
        age = AGES.get(wanted.band or "")
        return find_places(
            self.directory, need=wanted.need, area=wanted.area, age=age, who=wanted.who, now=now, limit=limit
        )

    def find_line(self, need: str, now: datetime) -> str:
        """The id of the line to name when the area is not known."""
        return find_line(self.directory, need=need, now=now)

    def needs_age(self, wanted: Wanted, now: datetime) -> bool:
        """True if the two age bands would be given different places, so that the question is worth asking (C3)."""
        found = [
            {match.place.id for match in self.find(replace(wanted, band=band), now, limit=100).places} for band in ASKED
        ]
        return found[0] != found[1]


def load_knowledge(region: str, mode: str) -> Knowledge:
    """Reads the safety content from its files. Raises ContentError."""
    return build_knowledge(load_documents(), region, mode)


def build_knowledge(documents: Mapping[str, Any], region: str, mode: str) -> Knowledge:
    """What of one version of the content the actions need. Raises ContentError."""
    directory = build_directory(documents, build_region(documents, region), mode)
    topics = build_topics(documents, LANGUAGES)
    nameable = frozenset(name for name, topic in topics.items() if topic.label)
    return Knowledge(directory, build_lines(documents), mode, nameable)


def read_now(tracker: Tracker) -> datetime:
    """The conversation's clock, which the channel puts into a slot; the real one in Rasa's own shell."""
    value = tracker.get_slot("now")
    return datetime.fromisoformat(value) if value else datetime.now(UTC)


def read_text(tracker: Tracker) -> str:
    """The text of this turn; what an action takes from it is an id, and the words are dropped."""
    return str((tracker.latest_message or {}).get("text") or "")


def read_wanted(tracker: Tracker) -> Wanted:
    """What the slots say is looked for."""
    return Wanted(
        need=tracker.get_slot("need") or TONIGHT,
        area=find_encoded_area(tracker.get_slot("area")),
        band=tracker.get_slot("age"),
        who=tuple(tracker.get_slot("who") or ()),
    )


def read_ranking(tracker: Tracker) -> list[tuple[str, float]]:
    """The likeliest intents of this turn with their probability."""
    ranking = (tracker.latest_message or {}).get("intent_ranking") or []
    return [(str(one.get("name")), float(one.get("confidence") or 0.0)) for one in ranking]


def read_intent(tracker: Tracker) -> str | None:
    """The intent of this turn."""
    return ((tracker.latest_message or {}).get("intent") or {}).get("name")
