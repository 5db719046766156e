"""Reads a place from an HSDS-shaped record with our additions under ``porchlight`` (D1)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hotline.areas import find_zip
from hotline.categories import Categories
from hotline.confidentiality import check_confidential
from hotline.digits import is_code, is_full_number, letters_agree
from hotline.facets import WHO
from hotline.hours import Hours, build_hours, parse_time_zone
from hotline.numbers import Lines
from hotline.records import Record
from hotline.regions import Region
from hotline.resource_records import Resource
from hotline.verification import Verification, build_verification
from hotline.vetting import build_vetting

_SERVICE = (
    "key", "name", "alternate_name", "status", "description", "eligibility_description", "minimum_age", "maximum_age",
    "assured_date", "alert", "phones", "schedules", "service_areas", "languages", "service_at_locations", "porchlight",
)  # fmt: skip
_ADDITIONS = (
    "publish", "reason", "verified_by", "expires_on", "needs", "line", "address_confidential", "near",
    "walk_in", "call_first", "on_holidays", "time_zone", "who", "parent_contact", "shares_with_police", "faith_based",
    "returns_after_running", "tty", "evidence", "source", "vetting", "hsds", "came_as",
)  # fmt: skip
_ADDRESS = ("address_1", "address_2", "city", "state_province", "postal_code", "country", "address_type")
_EVIDENCE = re.compile(r"import|(?:(?:S[0-9]|known|page(?: \d{4}(?:-\d{4})?)?)(?:, (?!$)|$))+")
_SOURCE = re.compile(r"facts|import \d{4}-\d\d-\d\d|(?:S[0-9] L\d{1,5}(?:-\d{1,5})?(?:, (?!$)|$))+")
_STATUSES = ("active", "inactive", "defunct", "temporarily closed")


def build_services(
    document: Record, *, region: Region, lines: Lines, words: Mapping[str, Any], categories: Categories
) -> list[Resource]:
    """The places of one organization's file, published or not. Raises ContentError naming the field that is wrong."""
    document.allow(("review", "organization", "services"))
    organization = document.record("organization")
    organization.allow(("name", "alternate_name", "description"))
    services = document.records("services")
    if any(service.record("porchlight").flag("address_confidential") for service in services):
        check_confidential(organization)
    if any(service.record("porchlight").flag("address_confidential") is not False for service in services):
        _check_nothing_kept(services)
    return [_build_resource(record, organization.text("name"), region, lines, words, categories) for record in services]


def _check_nothing_kept(services: Iterable[Record]) -> None:
    """What came with a neighbour may name every location of the organization, so none of it is kept (D4)."""
    for service in services:
        if service.record("porchlight").has("hsds"):
            raise service.refuse("porchlight/hsds", "empty beside a confidential place: it may hold its address")


def _build_resource(
    record: Record,
    organization: str,
    region: Region,
    lines: Lines,
    words: Mapping[str, Any],
    categories: Categories,
) -> Resource:
    record.allow(_SERVICE)
    ours = record.record("porchlight")
    ours.allow(_ADDITIONS)
    if ours.has("hsds"):
        ours.record("hsds")
    # Held to a form, since digits may stand here even in a confidential record (D4).
    if ours.has("came_as") and not re.fullmatch("[0-9a-f]{16}", ours.text("came_as")):
        raise ours.refuse("came_as", "16 hex digits, as an import writes them")
    confidential = ours.flag("address_confidential")
    if confidential is not False:
        check_confidential(record)
    street, near = _read_place(record, ours, region)
    phone, tty = _read_phone(record, ours, lines)
    needs = _read_needs(ours, categories)
    return Resource(
        id=_read_key(record),
        name=record.text("name"),
        organization=organization,
        needs=needs,
        kinds=categories.kinds_of(needs),
        extents=_read_extents(record, ours),
        hours=_read_hours(record, ours, region),
        phone=phone,
        line=ours.text("line") if ours.has("line") else None,
        tty=tty,
        minimum_age=_read_ages(record)[0],
        maximum_age=_read_ages(record)[1],
        publish=_read_publish(record, ours),
        confidential=confidential is not False,
        walk_in=ours.flag("walk_in"),
        call_first=ours.switch("call_first", default=False),
        who=_read_who(ours),
        parent_contact=ours.flag("parent_contact"),
        shares_with_police=ours.flag("shares_with_police"),
        faith_based=ours.flag("faith_based"),
        returns_after_running=ours.flag("returns_after_running"),
        languages=tuple(language.text("code") for language in record.records("languages")),
        verification=_read_verification(record, ours),
        vetting=build_vetting(ours.record("vetting")),
        source=_read_source(ours),
        words=words,
        street=street,
        near=near,
    )


def _read_key(record: Record) -> str:
    key = record.text("key")
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,59}", key):
        raise record.refuse("key", "small letters, digits and underscores")
    return key


def _read_publish(record: Record, ours: Record) -> bool:
    if record.text("status") not in _STATUSES:
        raise record.refuse("status", "a status of HSDS")
    publish = ours.switch("publish", default=True)
    if not publish:
        ours.text("reason")
    return publish and record.text("status") == "active"


def _read_source(ours: Record) -> str:
    # Held to a form, since digits may stand here even in a confidential record (D4).
    if not _SOURCE.fullmatch(ours.text("source")) or not _EVIDENCE.fullmatch(ours.text("evidence")):
        raise ours.refuse("source and evidence", "such as S4 L100-110 and S4, page 2022")
    return ours.text("source")


def _read_needs(ours: Record, categories: Categories) -> frozenset[str]:
    needs = frozenset(ours.texts("needs"))
    # What came by an import may lack them until somebody has chosen; nobody is told of it before.
    if not needs <= set(categories.by_id) or (not needs and ours.switch("publish", default=True)):
        raise ours.refuse("needs", "categories of categories.yml")
    return needs


def _read_who(ours: Record) -> Mapping[str, bool | None]:
    who = ours.record("who")
    who.allow(WHO)
    return {name: who.flag(name) for name in WHO}


def _read_extents(record: Record, ours: Record) -> frozenset[str]:
    areas = record.records("service_areas")
    for area in areas:
        area.allow(("name", "extent", "extent_type"))
        if not re.fullmatch(r"country:US|(?:state|county|metro):[A-Za-z_ ]+", area.text("extent")):
            raise area.refuse("extent", "such as metro:las_vegas, county:Clark County, state:NV or country:US")
    if not areas and ours.switch("publish", default=True):
        raise record.refuse("service_areas", "given")
    return frozenset(area.text("extent") for area in areas)


def _read_ages(record: Record) -> tuple[int | None, int | None]:
    youngest, oldest = record.number("minimum_age"), record.number("maximum_age")
    if oldest is not None and (youngest is None or youngest > oldest):
        raise record.refuse("minimum_age", "given, and not above maximum_age")
    return youngest, oldest


def _read_hours(record: Record, ours: Record, region: Region) -> Hours:
    on_holidays = ours.text("on_holidays", "unknown")
    if on_holidays not in ("same", "closed", "unknown"):
        raise ours.refuse("on_holidays", "same, closed or unknown")
    time_zone = parse_time_zone(ours) if ours.has("time_zone") else region.time_zone
    return build_hours(
        record.records("schedules"), time_zone=time_zone, holidays=region.holidays, on_holidays=on_holidays
    )


def _read_verification(record: Record, ours: Record) -> Verification:
    merged = {"assured_date": record.date("assured_date")} | {
        key: ours.data[key] for key in ("verified_by", "expires_on") if ours.has(key)
    }
    return build_verification(Record(merged, record.where))


def _read_phone(record: Record, ours: Record, lines: Lines) -> tuple[str, str | None]:
    phones = record.records("phones")
    for phone in phones:
        phone.allow(("number", "type", "description", "aid"))
        number = phone.text("number")
        if not is_full_number(number) and not is_code(number):
            raise phone.refuse("number", "ten digits, or a short code of five or six")
        if phone.has("aid") and not letters_agree(phone.text("aid"), number):
            raise phone.refuse("aid", "letters that dial the number")
    if ours.has("line"):
        call = lines.get(ours.text("line")).call
        if phones or call is None:
            raise ours.refuse("line", "a line that can be called, instead of phones")
        return call.number, None
    # A number that is only texted is a line (numbers.yml): a place's number is said to be called.
    voices = [phone.text("number") for phone in phones if phone.text("type", "voice") == "voice"]
    ttys = [phone.text("number") for phone in phones if phone.text("type", "voice") == "tty"]
    if not voices and ours.switch("publish", default=True):
        raise record.refuse("phones", "given: a place that cannot be called first cannot be served")
    return voices[0] if voices else "", ttys[0] if ttys else None


def _read_place(record: Record, ours: Record, region: Region) -> tuple[str, str]:
    street = ""
    for link in record.records("service_at_locations"):
        link.allow(("location",))
        location = link.record("location")
        location.allow(("location_type", "name", "addresses"))
        for address in location.records("addresses"):
            address.allow(_ADDRESS)
            if not _is_zip_of(address.text("state_province"), address.text("postal_code"), region):
                raise address.refuse("postal_code", "a ZIP of the state of the address")
            street = street or address.text("address_1")
    return street, ours.text("near", "") if ours.has("near") else ""


def _is_zip_of(state: str, zip_code: str, region: Region) -> bool:
    # The region's own ZIPs by their first digits: the postal list would cost every program 55 MB at start.
    if state == region.state:
        return bool(re.fullmatch("[0-9]{5}", zip_code)) and zip_code[:3] in region.zip_prefixes
    found = find_zip(zip_code, home=state)
    return found is not None and found.state == state
