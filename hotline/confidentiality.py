"""Keeps a confidential address out of everything that can be read: the record may not hold one anywhere (D4)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hotline.errors import ContentError
from hotline.records import Record

# What only a place with an open door has. A confidential place is a name, a phone number and hours.
_PLACE_FIELDS = frozenset(
    {
        "service_at_locations", "locations", "location", "addresses", "address_1", "address_2", "city", "postal_code",
        "latitude", "longitude", "near", "transportation", "url", "website",
    }
)  # fmt: skip

# Fields whose digits cannot be a house number, because their readers take one form alone.
_NUMBER_FIELDS = frozenset({"number", "opens_at", "closes_at", "source", "evidence", "aid", "came_as"})

_STREET_WORDS = re.compile(
    r"\b(?:street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|boulevard|blvd|parkway|pkwy|highway|hwy|court|ct|circle|cir|place"
    r"|terrace|trail|trl|way|square|plaza|alley|suite|apt|unit|corner|cross|near|behind|beside|opposite|intersection"
    r"|calle|avenida|camino|carretera|esquina|cerca|junto|edificio|apartado)\b",
    re.IGNORECASE,
)
_PROPER_PLACE = re.compile(r"\b(?:safe place|safe places)\b", re.IGNORECASE)


def check_confidential(record: Record) -> None:
    """Refuse a confidential record that has a field for a place, or free text with a digit or a word of streets in it.

    Strict on purpose: an address in words cannot be told from other words, so the free text of such a record stays free
    of both. Raises ContentError naming the field, never what stands there.
    """
    for path, value in _walk(record.data, record.where):
        field = path.rpartition("/")[2].partition("[")[0]
        if field in _PLACE_FIELDS:
            raise ContentError(f"{path}: a confidential place cannot have this field")
        if isinstance(value, str) and field not in _NUMBER_FIELDS:
            plain = _PROPER_PLACE.sub("", value)
            if any(sign.isdigit() for sign in plain) or _STREET_WORDS.search(plain):
                raise ContentError(f"{path}: text of a confidential place may hold no digits and no words of streets")


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, f"{path}/{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _walk(item, f"{path}[{place}]")
