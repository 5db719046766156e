"""The directory of one region and mode: every place that may be published, by id (D1, D3, D4, D8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotline.categories import Categories, build_categories
from hotline.directory_check import check_directory, check_region
from hotline.errors import ContentError
from hotline.facets import FACETS
from hotline.numbers import Lines, build_lines
from hotline.records import get_document
from hotline.regions import Region
from hotline.resource_records import Resource
from hotline.service_records import build_services
from hotline.verification import Serving, check_mode, decide_serving

ASKED_FOR = ":"
"""Between a place's id and the facets that a texter asked about: ``rhyme:boy+tribal``."""


class UnknownResource(ContentError):
    """No place of that id may be served."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Every published place by id, for one region and mode."""

    places: Mapping[str, Resource]
    region: Region
    mode: str
    lines: Lines
    categories: Categories

    def get(self, resource_id: str) -> Resource:
        """The place of an id, which may carry facets asked about (``Match.reference``).

        Raises UnknownResource, also for a place that is not to be published.
        """
        plain_id, _, asked = resource_id.partition(ASKED_FOR)
        place = self.places.get(plain_id)
        facets = frozenset(filter(None, asked.split("+")))
        if place is None or not facets <= set(FACETS):
            known = re.fullmatch("[a-z0-9_]{1,60}", resource_id)
            raise UnknownResource(f"no place {resource_id}" if known else "no such place")
        return replace(place, asked=facets) if facets else place

    def serving(self, place: Resource, now: datetime) -> Serving:
        """How a place is served at ``now``: in live mode confirmed lately and vetted, else hidden (D2, D3)."""
        if self.mode == "live" and not place.vetting.stands(now):
            return Serving.HIDDEN
        return decide_serving(place.verification, mode=self.mode, now=now)


def build_directory(documents: Mapping[str, Any], region: Region, mode: str) -> Directory:
    """The places of ``directory/<region>/`` and ``directory/national/`` that may be published.

    In live mode a place that nobody confirmed or vetted is not even there, so that no id can bring it up (D2, D3).
    Raises ContentError for a confidential address (D4), a ZIP outside its state, one number under two names, ages or
    hours out of order, or a field that is not known (D8). Nothing of a refused record stands in the message.
    """
    words = get_document(documents, "directory/words")
    lines, categories = build_lines(documents), build_categories(documents)
    prefixes = (f"directory/{region.name}/", "directory/national/")
    places: list[Resource] = []
    for name in documents:
        if name.startswith(prefixes):
            document = get_document(documents, name)
            places += build_services(document, region=region, lines=lines, words=words.data, categories=categories)
    check_region(region, lines, categories)
    check_directory(places, lines, region)
    live = check_mode(mode) == "live"
    # A place that is called at a line is gone with it (D7).
    open_now = [place for place in places if place.publish and place.line not in lines.instead]
    published = {place.id: place for place in open_now if not (live and _never_servable(place))}
    return Directory(places=published, region=region, mode=mode, lines=lines, categories=categories)


def _never_servable(place: Resource) -> bool:
    return place.verification.assured_on is None or place.vetting.vetted_on is None
