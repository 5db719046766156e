"""Reads a service of HSDS 3.0 as a place of ours: takes what is plain, leaves the rest, and says what it left (G4).

Unknown never becomes known: hours with a rule that we cannot compute, a number that is none, an age above no age are
left out, not guessed. The date on which somebody else confirmed a place confirms nothing here.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.digits import flatten, is_code, is_full_number
from hotline.exchange.entry import INTERNAL, ORGANIZATION, SHARED, UNKNOWN_ADDITIONS, ExchangeError

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
_TEXTS = ("alternate_name", "eligibility_description", "alert")
_PHONE_TYPES = {"voice": "voice", "text": "text", "sms": "text", "tty": "tty", "textphone": "tty", "": "voice"}
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00(?:\.0+)?)?")
_DAYS = re.compile(r"(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*")
_EXTENT = re.compile(r"country:US|(?:state|county|metro):[A-Za-z_ ]+")
_RULES = ("until", "count", "byweekno", "bymonthday", "byyearday", "valid_from", "valid_to", "timezone")
_KEPT = r"(?:confidential|undisclosed|withheld|secret|hidden|unpublished|confidencial|secret[oa])"
_WHERE = r"(?:location|address|site|shelter|facility|house|home|ubicaci[oó]n|direcci[oó]n|lugar|refugio|casa)"
_SECRET = re.compile(
    rf"\b{_KEPT}\W+(?:\w+\W+)?{_WHERE}\b|\b{_WHERE}\W+(?:\w+\W+){{0,3}}{_KEPT}\b"
    rf"|\b{_WHERE}\W+(?:\w+\W+){{0,2}}not\W+(?:public|published|disclosed|given)\b|\bsafe\W?house\b",
    re.IGNORECASE,
)
_ADDRESS = ("address_1", "address_2", "city", "state_province", "postal_code", "country", "address_type")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record says in our words: ``service`` has neither key nor anything internal, unless it was read whole."""

    organization: Mapping[str, Any]
    service: Mapping[str, Any]
    notes: tuple[str, ...]
    """Field names with a reason, for whoever decides; never a value."""
    secret: bool
    """True if the record itself says or hints that its place is not public."""


def read_service(record: Mapping[str, Any], *, whole: bool = False) -> Reading:
    """The record as a place. ``whole``: an export of our own, whose verification and vetting are read too.

    Raises ExchangeError for a record without a name or with a status that HSDS does not have.
    """
    name, status = _text(record, "name"), record.get("status")
    if not name:
        raise ExchangeError("a record without a name")
    if status not in STATUSES:
        raise ExchangeError("status must be active, inactive, defunct or temporarily closed")
    notes: list[str] = []
    given = _mapping(record.get("porchlight"))
    secret = _is_secret(record, given)
    service: dict[str, Any] = {"name": name, "status": status, "description": _text(record, "description") or name}
    service |= {key: text for key in _TEXTS if (text := _text(record, key))}
    service |= _read_ages(record, notes)
    service["assured_date"] = _read_date(record.get("assured_date")) if whole else None
    service |= _read_lists(record, notes)
    if not secret and (places := _read_places(record, notes)):
        service["service_at_locations"] = places
    if given.get("line"):
        service.pop("phones", None)
    service["porchlight"] = _read_additions(given, secret=secret, whole=whole)
    return Reading(_read_organization(record, name), service, tuple(notes), secret)


def _read_lists(record: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    found = {
        "phones": _read_phones(_records(record, "phones"), notes),
        "schedules": _read_schedules(_records(record, "schedules"), notes),
        "service_areas": _read_areas(_records(record, "service_areas"), notes),
        "languages": [
            {"code": _text(part, "code"), "name": _text(part, "name")}
            for part in _records(record, "languages")
            if _text(part, "code") and _text(part, "name")
        ],
    }
    return {key: value for key, value in found.items() if value}


def _read_organization(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    given = _mapping(record.get("organization"))
    found = {key: text for key in ORGANIZATION if (text := _text(given, key))}
    owner = found.get("name", name)
    return {"name": owner} | found | {"description": found.get("description", owner)}


def _read_ages(record: Mapping[str, Any], notes: list[str]) -> dict[str, int | None]:
    ages = [_whole_number(record.get(key)) for key in ("minimum_age", "maximum_age")]
    youngest, oldest = ages
    if oldest is not None and (youngest is None or youngest > oldest):
        notes.append("minimum_age and maximum_age: not both known and in order")
        return {}
    return {key: age for key, age in zip(("minimum_age", "maximum_age"), ages, strict=True) if age is not None}


def _read_phones(phones: Sequence[Mapping[str, Any]], notes: list[str]) -> list[dict[str, Any]]:
    found = []
    for phone in phones:
        number, kind = _text(phone, "number").strip('"'), _PHONE_TYPES.get(_text(phone, "type").lower())
        if kind is None or not (is_full_number(number) or is_code(number)) or _whole_number(phone.get("extension")):
            notes.append("phones: one that cannot be dialled here, or is no voice, text or TTY")
            continue
        more = {key: text for key in ("description", "aid") if (text := _text(phone, key))}
        found.append({"number": _spell(number), "type": kind} | more)
    return found


def _spell(number: str) -> str:
    """As our texts have it: somebody reads it off a screen."""
    flat = flatten(number)
    if len(flat) != 10 or re.fullmatch(r"(?:1-)?\d{3}-\d{3}-\d{4}", number):
        return number if len(flat) == 10 else flat
    return f"{flat[:3]}-{flat[3:6]}-{flat[6:]}"


def _read_schedules(schedules: Sequence[Mapping[str, Any]], notes: list[str]) -> list[dict[str, Any]]:
    found = []
    for schedule in schedules:
        opens, closes = _clock(schedule.get("opens_at")), _clock(schedule.get("closes_at"))
        days = _text(schedule, "byday").replace(" ", "")
        ruled = any(schedule.get(rule) for rule in _RULES) or schedule.get("interval") not in (None, 1)
        if schedule.get("freq") != "WEEKLY" or ruled or not opens or not closes or not _DAYS.fullmatch(days):
            # One rule that is not understood could close what another opens: then no hour is known.
            notes.append("schedules: not plain hours of a week, so its hours are unknown")
            return []
        note = _text(schedule, "notes")
        plain = {"freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes}
        found.append(plain | ({"notes": note} if note else {}))
    return found


def _read_areas(areas: Sequence[Mapping[str, Any]], notes: list[str]) -> list[dict[str, Any]]:
    found = [
        {"name": _text(area, "name") or extent, "extent": extent, "extent_type": "text"}
        for area in areas
        if _EXTENT.fullmatch(extent := _text(area, "extent"))
    ]
    if len(found) < len(areas) or not found:
        notes.append("service_areas: to be chosen by hand")
    return found


def _read_places(record: Mapping[str, Any], notes: list[str]) -> list[dict[str, Any]]:
    found = []
    for link in _records(record, "service_at_locations"):
        location = _mapping(link.get("location"))
        if location.get("location_type") not in ("physical", "postal", "virtual"):
            continue
        addresses = _records(location, "addresses")
        taken = [address for part in addresses if (address := _read_address(part))]
        notes += ["addresses: one that is not of this country"] * (len(addresses) - len(taken))
        plain: dict[str, Any] = {"location_type": location["location_type"]}
        plain |= {"name": name} if (name := _text(location, "name")) else {}
        plain |= {"addresses": taken} if taken else {}
        found.append({"location": plain})
    return found


def _read_address(given: Mapping[str, Any]) -> dict[str, str] | None:
    found = {key: text for key in _ADDRESS if (text := _text(given, key))}
    found.setdefault("address_type", "physical")
    good = set(found) >= set(_ADDRESS) - {"address_2"} and found["country"] == "US"
    good = good and found["address_type"] in ("physical", "postal", "virtual")
    if not good or not re.fullmatch("[A-Z]{2}", found["state_province"]):
        return None
    return found if re.fullmatch("[0-9]{5}", found["postal_code"]) else None


def _read_additions(given: Mapping[str, Any], *, secret: bool, whole: bool) -> dict[str, Any]:
    # Whatever is not of the right kind falls to the checker that every content file passes.
    found = dict(UNKNOWN_ADDITIONS) | {key: given[key] for key in SHARED if key in given}
    found["address_confidential"] = True if secret else found["address_confidential"]
    if secret:
        found.pop("near", None)
    if whole:
        found |= {key: given[key] for key in INTERNAL if key in given}
        found |= {"expires_on": _read_date(found["expires_on"])} if "expires_on" in found else {}
        vetting = _mapping(found.get("vetting"))
        found |= {"vetting": dict(vetting) | {"vetted_on": _read_date(vetting.get("vetted_on"))}} if vetting else {}
    return found


def _is_secret(record: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    if "address_confidential" in given:
        return given["address_confidential"] is not False
    locations = [_mapping(link.get("location")) for link in _records(record, "service_at_locations")]
    if any(location.get("location_type") == "redacted" for location in locations):
        return True
    texts = [_text(record, key) for key in ("name", "description", "alert", "alternate_name")]
    texts += [_text(location, key) for location in locations for key in ("name", "description")]
    return any(_SECRET.search(text) for text in texts)


def _records(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = record.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) and value.strip() else ""


def _whole_number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1000:
        return None
    return int(value) if float(value).is_integer() else None


def _clock(value: Any) -> str:
    if value == "24:00":
        return "24:00"
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    return f"{found[1]}:{found[2]}" if found else ""


def _read_date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
