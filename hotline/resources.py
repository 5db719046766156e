"""The places that can be served and the search for one: computed, not recited (D1, D3-D5)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.areas import Area
from hotline.directory_check import check_directory, check_region
from hotline.errors import ContentError
from hotline.hours import Door
from hotline.numbers import Lines, build_lines
from hotline.records import get_document
from hotline.regions import Region
from hotline.resource_records import Resource
from hotline.service_records import build_services
from hotline.verification import Serving, check_mode, decide_serving

__all__ = ["Directory", "Found", "Match", "Opening", "Resource", "UnknownResource", "build_directory", "find_places"]

RELATED = {"place_tonight": ("drop_in",), "food": ("drop_in",), "shower_clothes": ("drop_in",)}
"""Needs that another kind of place may meet: offered after all others and always with "call first"."""


class UnknownResource(ContentError):
    """No place of that id may be served."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Every published place by id, for one region and mode."""

    places: Mapping[str, Resource]
    region: Region
    mode: str
    lines: Lines

    def get(self, resource_id: str) -> Resource:
        """The place of an id. Raises UnknownResource, also for one that is not to be published."""
        place = self.places.get(resource_id)
        if place is None:
            known = re.fullmatch("[a-z0-9_]{1,60}", resource_id)
            raise UnknownResource(f"no place {resource_id}" if known else "no such place")
        return place

    def serving(self, place: Resource, now: datetime) -> Serving:
        """How a place is served at ``now``: in live mode confirmed lately and vetted, else hidden (D2, D3)."""
        if self.mode == "live" and not place.vetting.stands(now):
            return Serving.HIDDEN
        return decide_serving(place.verification, mode=self.mode, now=now)


@dataclass(frozen=True, slots=True)
class Match:
    """A place that fits.

    ``call_first``: its hours, its ages or the entry itself are not sure. ``related``: it is not quite the need.
    """

    place: Resource
    call_first: bool
    related: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """The next time (aware UTC) that a place for this need is known to open."""

    place: Resource
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: places to name, the id of the line that is next best, and the next opening (D5)."""

    places: tuple[Match, ...]
    next_best_line: str
    next_opening: Opening | None


def find_places(
    directory: Directory, *, need: str, area: Area | None, age: int | None = None, now: datetime, limit: int = 3
) -> Found:
    """The places for a need that are open now in an area, the sure ones first, at most ``limit`` (C8, D5).

    A known age outside a place's ages leaves it out. What nobody knows (hours, ages, a holiday) is never taken for a
    yes: such places come last with "call first". A place that is closed is not named but may be the next opening.
    ``now`` is aware.
    """
    here = directory.region.extents(area)
    matches: list[Match] = []
    closed: list[Resource] = []
    for place in directory.places.values():
        related = need not in place.needs
        if related and not place.needs & set(RELATED.get(need, ())):
            continue
        serving = directory.serving(place, now)
        if serving is Serving.HIDDEN or not place.extents & here or not place.takes(age):
            continue
        door = place.hours.door(now)
        if door is Door.CLOSED:
            closed.append(place)
        if door is Door.CLOSED or (related and door is not Door.OPEN):
            continue
        unsure = door is Door.UNKNOWN or place.call_first or not place.ages_known or serving is Serving.LAST
        matches.append(Match(place, call_first=unsure or related, related=related))
    matches.sort(key=lambda match: (match.related, match.call_first, match.place.hours.always is False, match.place.id))
    answering = directory.lines.served(mode=directory.mode, now=now).by_id
    next_best = directory.region.pick_next_best(need, area, age, answering)
    return Found(tuple(matches[:limit]), next_best, _find_next_opening(closed, now))


def build_directory(documents: Mapping[str, Any], region: Region, mode: str) -> Directory:
    """The places of ``directory/<region>/`` and ``directory/national/`` that may be published.

    Raises ContentError for a confidential address (D4), a ZIP outside its state, one number under two names, ages or
    hours out of order, or a field that is not known (D8). Nothing of a refused record stands in the message.
    """
    words = get_document(documents, "directory/words")
    lines = build_lines(documents)
    prefixes = (f"directory/{region.name}/", "directory/national/")
    places: list[Resource] = []
    for name in documents:
        if name.startswith(prefixes):
            places += build_services(get_document(documents, name), region=region, lines=lines, words=words.data)
    check_region(region, lines)
    check_directory(places, lines, region)
    published = {place.id: place for place in places if place.publish}
    return Directory(places=published, region=region, mode=check_mode(mode), lines=lines)


def _find_next_opening(closed: Iterable[Resource], now: datetime) -> Opening | None:
    openings = [Opening(place, at) for place in closed if (at := place.hours.find_opening(now)) is not None]
    return min(openings, key=lambda opening: (opening.opens_at, opening.place.id), default=None)
