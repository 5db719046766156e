"""What is refused across a directory: one number under two names, one id twice, a line's number typed again (D8)."""

from collections.abc import Iterable

from hotline.digits import flatten
from hotline.errors import ContentError
from hotline.numbers import Lines
from hotline.regions import Region
from hotline.resource_records import Resource


def check_region(region: Region, lines: Lines) -> None:
    """Raise ContentError if the region names a line that is not there, or falls back on one that may be hidden (D3)."""
    named = {*region.fallback_lines, *(rule.line for rule in region.next_best)}
    if not named <= set(lines.known):
        raise ContentError(f"regions/{region.name}: a line is named that numbers.yml does not have")
    if not all(lines.get(line).never_hidden for line in region.fallback_lines):
        raise ContentError(f"regions/{region.name}: a fallback line must be one that is never hidden")


def check_directory(places: Iterable[Resource], lines: Lines, region: Region) -> None:
    """Raise ContentError for the first thing wrong; the message names the entries, never the number."""
    owners: dict[str, Resource] = {}
    ids: set[str] = set()
    for place in places:
        if place.id in ids:
            raise ContentError(f"directory: two places have the id {place.id}")
        ids.add(place.id)
        for extent in place.extents:
            _check_extent(place, extent, region)
        if place.phone and place.line is None:
            _check_phone(place, owners, lines)


def _check_extent(place: Resource, extent: str, region: Region) -> None:
    kind, _, name = extent.partition(":")
    if (kind == "metro" and name not in region.metros) or (kind == "state" and name != region.state):
        raise ContentError(f"directory: {place.id}: it serves an area that the region does not have")


def _check_phone(place: Resource, owners: dict[str, Resource], lines: Lines) -> None:
    number = flatten(place.phone)
    if number in lines.refused:
        raise ContentError(f"directory: {place.id}: this number is a known misprint or out of use")
    line = lines.find_by_digits(place.phone)
    if line is not None:
        raise ContentError(
            f"directory: {place.id}: this number is already used by the line {line.id}; name the line instead"
        )
    owner = owners.setdefault(number, place)
    if owner.organization != place.organization:
        raise ContentError(f"directory: {place.id}: this number is already used by {owner.id}")
