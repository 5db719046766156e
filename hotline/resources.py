"""The search for a place, by any need: computed, not recited (C8, D3, D5)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.areas import Area
from hotline.categories import Category
from hotline.directory import ASKED_FOR, Directory, UnknownResource, build_directory
from hotline.facets import is_refused, list_unknown, parse_facets
from hotline.hours import Door
from hotline.resource_records import Resource
from hotline.verification import Serving

__all__ = [
    "Directory", "Found", "Match", "Opening", "Resource", "UnknownResource", "build_directory", "find_line",
    "find_places", "has_need",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """A place that fits.

    ``call_first``: its hours, its ages, whether it takes somebody like this, or the entry itself are not sure.
    ``related``: it is not quite the need. ``unknown``: facets asked about of which nobody knows (D5).
    """

    place: Resource
    call_first: bool
    related: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The place's id for a reply, with the facets that the reply has to say are unknown."""
        return f"{self.place.id}{ASKED_FOR}{'+'.join(self.unknown)}" if self.unknown else self.place.id


@dataclass(frozen=True, slots=True)
class Opening:
    """The next time (aware UTC) that a place for this need is known to open."""

    place: Resource
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives (D5).

    ``next_best_line`` is the id of a line that may know more, ``next_opening`` the first closed place to open.
    ``tonight`` names ideas for a night without a sure place, ``gap`` what the region openly lacks of this; both are
    there only if no place is sure.
    """

    places: tuple[Match, ...]
    next_best_line: str
    next_opening: Opening | None
    tonight: tuple[str, ...] = ()
    gap: str | None = None


def find_places(
    directory: Directory,
    *,
    need: str,
    area: Area | None,
    age: int | None = None,
    who: Collection[str] = (),
    language: str | None = None,
    now: datetime,
    limit: int = 3,
) -> Found:
    """The places for a need that are open now in an area, the sure ones first, at most ``limit`` (C8, D5).

    ``need`` is a category or a topic that leads to one; a topic may speak of somebody by itself. A known age outside a
    place's ages, or a known no to one of ``who`` (codes of ``hotline.facets``), leaves it out. What nobody knows
    (hours, ages, a holiday, a facet) is never taken for a yes: such places come last with "call first". Places that are
    known to speak ``language`` come before like ones. A place that is closed is not named but may be the next opening.
    ``now`` is aware. Raises ContentError for a facet that is none.
    """
    facets = parse_facets(who) | directory.categories.find_facets(need)
    category = directory.categories.find(need)
    matches: list[Match] = []
    closed: list[Resource] = []
    for place in _list_candidates(directory, category, area, now):
        if not place.takes(age) or is_refused(place.who, facets):
            continue
        related = category is not None and category.id not in place.needs
        door = place.hours.door(now)
        if door is Door.CLOSED:
            closed.append(place)
        elif not related or door is Door.OPEN:
            unknown = list_unknown(place.who, facets)
            unsure = door is Door.UNKNOWN or place.call_first or not place.ages_known or bool(unknown)
            unsure = unsure or related or directory.serving(place, now) is Serving.LAST
            matches.append(Match(place, call_first=unsure, related=related, unknown=unknown))
    matches.sort(key=lambda match: _order(match, language))
    asked = category.id if category else need
    sure = any(not match.call_first for match in matches)
    return Found(
        places=tuple(matches[:limit]),
        next_best_line=find_line(directory, need=need, area=area, age=age, now=now),
        next_opening=_find_next_opening(closed, now),
        tonight=() if sure else directory.region.list_tonight(asked, area, age),
        gap=None if sure else directory.region.find_gap(asked, area, age, facets),
    )


def has_need(directory: Directory, need: str, *, area: Area | None = None, now: datetime) -> bool:
    """True if some place for a need may be served, now or at another hour, so that asking for an area makes sense.

    Without an area: anywhere in the region. A topic that no place answers has none. ``now`` is aware.
    """
    category = directory.categories.find(need)
    return any(True for _ in _list_candidates(directory, category, area, now, anywhere=area is None))


def find_line(
    directory: Directory, *, need: str, area: Area | None = None, age: int | None = None, now: datetime
) -> str:
    """The id of the line that may know more about a need, as in ``Found.next_best_line``, without a search."""
    category = directory.categories.find(need)
    answering = directory.lines.served(mode=directory.mode, now=now).by_id
    return directory.region.pick_next_best(category.id if category else need, area, age, answering)


def _list_candidates(
    directory: Directory, category: Category | None, area: Area | None, now: datetime, *, anywhere: bool = False
) -> Iterable[Resource]:
    """The places for a category, or standing in for it, that may be served and reach an area."""
    wanted = {category.id, *category.stand_ins} if category else set()
    here = directory.region.extents(area)
    for place in directory.places.values():
        reached = anywhere or bool(place.extents & here)
        if reached and place.needs & wanted and directory.serving(place, now) is not Serving.HIDDEN:
            yield place


def _order(match: Match, language: str | None) -> tuple[bool, int, bool, bool, bool, str]:
    speaks = language is not None and language in match.place.languages
    always = match.place.hours.always
    return (match.related, len(match.unknown), match.call_first, not speaks, not always, match.place.id)


def _find_next_opening(closed: Iterable[Resource], now: datetime) -> Opening | None:
    openings = [Opening(place, at) for place in closed if (at := place.hours.find_opening(now)) is not None]
    return min(openings, key=lambda opening: (opening.opens_at, opening.place.id), default=None)
