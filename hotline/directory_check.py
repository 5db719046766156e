"""What is refused across a directory: one number under two names, one id twice, a line's number typed again (D8)."""

from collections.abc import Collection, Iterable

from hotline.categories import Categories
from hotline.digits import flatten
from hotline.errors import ContentError
from hotline.numbers import Lines
from hotline.regions import Region
from hotline.resource_records import Resource
from hotline.text import fold


def check_region(region: Region, lines: Lines, categories: Categories) -> None:
    """Raise ContentError if the region names a line or a need that is not there, or falls back on one that may hide.

    The lines of last resort are those that are never hidden (D3).
    """
    where = f"regions/{region.name}"
    named = {*region.fallback_lines, *(rule.then for rule in region.next_best)}
    if not named <= set(lines.known):
        raise ContentError(f"{where}: a line is named that numbers.yml does not have")
    if not all(lines.get(line).never_hidden for line in region.fallback_lines):
        raise ContentError(f"{where}: a fallback line must be one that is never hidden")
    needs = {need for rule in (*region.next_best, *region.tonight) for need in rule.needs}
    needs |= {need for gap in region.gaps.values() for need in gap.needs} | region.none_known
    if not needs <= set(categories.by_id):
        raise ContentError(f"{where}: a need is named that categories.yml does not have")


def check_directory(places: Iterable[Resource], lines: Lines, region: Region) -> None:
    """Raise ContentError for the first thing wrong; the message names the entries, never the number."""
    owners: dict[str, Resource] = {}
    ids: set[str] = set()
    names: set[str] = set()
    reports = {flatten(contact.number) for contact in region.mandated_report}
    for place in places:
        if place.id in ids or fold(place.name) in names:
            raise ContentError(f"directory: {place.id}: another entry has this id or name")
        ids.add(place.id)
        names.add(fold(place.name))
        for extent in place.extents:
            _check_extent(place, extent, region)
        if place.line is None:
            for number in filter(None, (place.phone, place.tty)):
                _check_phone(place, number, owners, lines, reports)


def _check_extent(place: Resource, extent: str, region: Region) -> None:
    kind, _, name = extent.partition(":")
    if (kind == "metro" and name not in region.metros) or (kind == "state" and name != region.state):
        raise ContentError(f"directory: {place.id}: it serves an area that the region does not have")


def _check_phone(
    place: Resource, phone: str, owners: dict[str, Resource], lines: Lines, reports: Collection[str]
) -> None:
    number = flatten(phone)
    if number in lines.refused:
        raise ContentError(f"directory: {place.id}: this number is a known misprint or out of use")
    if number in reports:
        raise ContentError(f"directory: {place.id}: this number is for an advocate's report alone")
    line = lines.find_by_digits(phone)
    if line is not None:
        raise ContentError(
            f"directory: {place.id}: this number is already used by the line {line.id}; name the line instead"
        )
    owner = owners.setdefault(number, place)
    if owner.organization != place.organization:
        raise ContentError(f"directory: {place.id}: this number is already used by {owner.id}")
