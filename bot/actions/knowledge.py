"""What the actions know: the places and the lines, read once at start."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rasa_sdk import Tracker

from hotline.areas import Area
from hotline.numbers import Lines, build_lines
from hotline.regions import build_region
from hotline.resources import Directory, Found, build_directory, find_places
from storage.content_files import load_documents

NEED = "place_tonight"
MOST_PLACES = 3
AGES = {"under_18": 16, "adult": 20}
"""An age within each band, for the search; the band is all that is ever asked (C3)."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Places and lines of one region and mode."""

    directory: Directory
    lines: Lines
    mode: str

    def lines_at(self, now: datetime) -> Lines:
        """The lines that may be given at ``now`` (D3)."""
        return self.lines.served(mode=self.mode, now=now)

    def find_for_tonight(self, area: Area | None, band: str | None, now: datetime, limit: int = MOST_PLACES) -> Found:
        """Places to sleep that are open now, for an age band or none."""
        return find_places(self.directory, need=NEED, area=area, age=AGES.get(band or ""), now=now, limit=limit)

    def find_line_for_tonight(self, now: datetime) -> str:
        """The id of the line to name when the area is not known."""
        answering = self.lines_at(now).by_id.keys()
        return self.directory.region.pick_next_best(NEED, None, None, answering)

    def needs_age(self, area: Area | None, now: datetime) -> bool:
        """True if the two age bands would be given different places, so that the question is worth asking (C3)."""
        found = [
            {match.place.id for match in self.find_for_tonight(area, band, now, limit=100).places} for band in AGES
        ]
        return found[0] != found[1]


def load_knowledge(region: str, mode: str) -> Knowledge:
    """Reads the safety content. Raises ContentError."""
    documents = load_documents()
    directory = build_directory(documents, build_region(documents, region), mode)
    return Knowledge(directory, build_lines(documents), mode)


def read_now(tracker: Tracker) -> datetime:
    """The conversation's clock, which the channel puts into a slot; the real one in Rasa's own shell."""
    value = tracker.get_slot("now")
    return datetime.fromisoformat(value) if value else datetime.now(UTC)


def read_text(tracker: Tracker) -> str:
    """The text of this turn; what an action takes from it is an id, and the words are dropped."""
    return str((tracker.latest_message or {}).get("text") or "")


def read_intent(tracker: Tracker) -> str | None:
    """The intent of this turn."""
    return ((tracker.latest_message or {}).get("intent") or {}).get("name")
