"""Names of places in one state, from the postal list inside the ``zipcodes`` package; nothing is fetched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hotline.place_names import MISSPELT, NICKNAMES, ORDINARY, SURE, WHOLE_ONLY
from hotline.text import fold

STATES = {
    "AL": "alabama", "AK": "alaska", "AZ": "arizona", "AR": "arkansas", "CA": "california", "CO": "colorado",
    "CT": "connecticut", "DE": "delaware", "DC": "district of columbia", "FL": "florida", "GA": "georgia",
    "HI": "hawaii", "ID": "idaho", "IL": "illinois", "IN": "indiana", "IA": "iowa", "KS": "kansas", "KY": "kentucky",
    "LA": "louisiana", "ME": "maine", "MD": "maryland", "MA": "massachusetts", "MI": "michigan", "MN": "minnesota",
    "MS": "mississippi", "MO": "missouri", "MT": "montana", "NE": "nebraska", "NV": "nevada", "NH": "new hampshire",
    "NJ": "new jersey", "NM": "new mexico", "NY": "new york", "NC": "north carolina", "ND": "north dakota",
    "OH": "ohio", "OK": "oklahoma", "OR": "oregon", "PA": "pennsylvania", "RI": "rhode island",
    "SC": "south carolina", "SD": "south dakota", "TN": "tennessee", "TX": "texas", "UT": "utah", "VT": "vermont",
    "VA": "virginia", "WA": "washington", "WV": "west virginia", "WI": "wisconsin", "WY": "wyoming",
    "PR": "puerto rico",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """An area as wide as the texter said it; parts that were not said are None. ``state`` is the two letters."""

    city: str | None = None
    county: str | None = None
    state: str | None = None
    zip: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The places of one state: a pattern of their folded names, the area of each name, and of each ZIP.

    ``ordinary`` names need a sign beside them that a place is meant, ``whole`` ones have to be the whole answer.
    """

    pattern: re.Pattern[str]
    names: Mapping[str, Area]
    zips: Mapping[str, Area]
    ordinary: frozenset[str]
    whole: frozenset[str]


@cache
def load_gazetteer(state: str) -> Gazetteer:
    """The gazetteer of a state (two letters); the first call takes some 0.3 s and 55 MB, later ones nothing."""
    names: dict[str, Area] = {}
    rows = _list_rows(state)
    for row in rows:
        area = _read_row(row, None)
        names.setdefault(fold_words(row["county"]), Area(county=row["county"], state=state))
        names.setdefault(fold_words(row["county"]).replace(" county", " co"), Area(county=row["county"], state=state))
        for name in (row["city"], *row["acceptable_cities"]):
            if names.get(fold_words(name), Area()).city is None:
                names[fold_words(name)] = area if name == row["city"] else Area(name, area.county, state)
    for nickname, name in {**NICKNAMES.get(state, {}), **MISSPELT.get(state, {})}.items():
        names[nickname] = names[fold_words(name)]
    names.pop("", None)
    whole = WHOLE_ONLY.get(state, frozenset())
    ordinary = ORDINARY.get(state, frozenset()) | whole
    if state in SURE:
        ordinary |= {name for name in names if name not in SURE[state] and not name.endswith((" county", " co"))}
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    zips = {row["zip_code"]: _read_row(row, row["zip_code"]) for row in rows}
    return Gazetteer(re.compile(rf"(?<!\S)(?:{longest_first})(?!\S)"), names, zips, ordinary, whole)


def find_far_zip(zip_code: str) -> Area | None:
    """The area of a ZIP anywhere in the country, or None; scans the whole list, about a millisecond."""
    rows = _match_rows(zip_code)
    return _read_row(rows[0], zip_code) if rows else None


class _Lines:
    """The postal list as lines, if this program was given it so: a thirtieth of the package's memory."""

    text = ""


def use_postal_list(lines: str) -> None:
    """Reads places out of these lines from now on: ZIP, state, county, city and its other names, with tabs between."""
    _Lines.text = f"\n{lines.strip()}\n" if lines.strip() else ""
    load_gazetteer.cache_clear()


def _list_rows(state: str) -> list[dict[str, Any]]:
    if _Lines.text:
        return [_split_line(line) for line in re.findall(rf"^[0-9]+\t{state}\t.*", _Lines.text, re.MULTILINE)]
    import zipcodes

    rows: list[dict[str, Any]] = zipcodes.filter_by(state=state)  # type: ignore[no-untyped-call]
    return rows


def _match_rows(zip_code: str) -> list[dict[str, Any]]:
    if _Lines.text:
        start = _Lines.text.find(f"\n{zip_code}\t") + 1
        return [_split_line(_Lines.text[start : _Lines.text.index("\n", start)])] if start else []
    import zipcodes

    rows: list[dict[str, Any]] = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    return rows


def _split_line(line: str) -> dict[str, Any]:
    zip_code, state, county, city, *others = line.split("\t")
    return {"zip_code": zip_code, "state": state, "county": county, "city": city, "acceptable_cities": others}


def _read_row(row: Mapping[str, Any], zip_code: str | None) -> Area:
    # A post office's own name for a quarter becomes the city that people mean.
    city = NICKNAMES.get(row["state"], {}).get(fold_words(row["city"]), row["city"])
    return Area(city=city, county=row["county"] or None, state=row["state"], zip=zip_code)


def fold_words(text: str) -> str:
    """The words of a text in plain small letters, one space between."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))
