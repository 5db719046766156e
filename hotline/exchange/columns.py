"""A list of places in CSV as services of HSDS, by a file that says which column is what (G4)."""

import re
from collections.abc import Mapping
from typing import Any

from hotline.errors import ContentError
from hotline.exchange.identities import make_id
from hotline.records import Record

_TEXTS = (
    "name", "alternate_name", "description", "status", "eligibility_description", "alert", "url", "email",
    "application_process", "fees_description", "interpretation_services",
)  # fmt: skip
_AGES = ("minimum_age", "maximum_age")
_PHONES = {"phone": "voice", "phone_2": "voice", "text_number": "text", "tty": "tty"}
_ORGANIZATION = {"organization": "name", "organization_description": "description", "website": "website"}
_ADDRESS = ("address_1", "address_2", "city", "state_province", "postal_code")
_LISTS = ("needs", "areas", "languages")
FIELDS = ("id", *_TEXTS, *_AGES, *_PHONES, *_ORGANIZATION, "location_name", *_ADDRESS, *_LISTS, "confidential")
"""What a column can be. ``confidential`` says yes or true where an address is not public."""


class Columns:
    """A mapping file: ``source``, ``columns`` (our field: their column), ``values`` and ``fixed``.

    Raises ContentError naming what is wrong with it.
    """

    def __init__(self, document: Any) -> None:
        record = Record(document, "the mapping file")
        record.allow(("source", "columns", "values", "fixed"))
        self._source = record.text("source")
        columns = record.record("columns")
        columns.allow(FIELDS)
        self._columns = {field: columns.text(field) for field in columns.data}
        if "name" not in self._columns:
            raise columns.refuse("name", "given: the column with the name of a place")
        self._values: dict[str, Mapping[str, Any]] = {}
        if record.has("values"):
            record.record("values").allow(FIELDS)
            self._values = {field: part.data for field, part in record.entries("values")}
        fixed = record.record("fixed") if record.has("fixed") else Record({}, record.where)
        fixed.allow(FIELDS)
        self._fixed = {field: fixed.texts(field) if field in _LISTS else fixed.text(field) for field in fixed.data}

    def check_header(self, header: list[str]) -> list[str]:
        """The columns of a list that nothing takes. Raises ContentError for one that is mapped and not there."""
        missing = sorted(set(self._columns.values()) - set(header))
        if missing:
            raise ContentError(f"the list has no column {', '.join(missing)}")
        return [name for name in header if name not in self._columns.values()]

    def build_service(self, row: Mapping[str, str]) -> dict[str, Any]:
        """One row as a service; what a cell does not say is not in it."""
        cells = {field: self._read(field, row) for field in (*self._columns, *self._fixed)}
        base = f"csv/{self._source}/{cells.get('id') or cells.get('name')}"
        service: dict[str, Any] = {"id": make_id(base), "status": "active"}
        service |= {field: cells[field] for field in _TEXTS if cells.get(field)}
        service |= {field: int(cells[field]) for field in _AGES if str(cells.get(field, "")).strip().isdecimal()}
        service |= _build_lists(cells, base)
        owner = {key: cells[field] for field, key in _ORGANIZATION.items() if cells.get(field)}
        if owner.get("name"):
            # Without a description of its own: the name in its stead would come as a change of what stands here.
            service["organization"] = {"id": make_id(f"csv/{self._source}/of/{owner['name']}")} | owner
        additions: dict[str, Any] = {"needs": cells["needs"]} if cells.get("needs") else {}
        if str(cells.get("confidential", "")).strip().lower() in ("yes", "y", "true", "1", "x", "si", "sí"):
            additions["address_confidential"] = True
        return service | ({"porchlight": additions} if additions else {})

    def _read(self, field: str, row: Mapping[str, str]) -> Any:
        said = (row.get(self._columns.get(field, "")) or "").strip()
        known = self._values.get(field, {})
        if field in _LISTS:
            parts = [part.strip() for part in re.split(r"[;|,]", said) if part.strip()]
            found = [known.get(part, part) for part in parts] or list(self._fixed.get(field, ()))
            return [name for part in found for name in (part if isinstance(part, list) else [part])]
        return known.get(said, said) or self._fixed.get(field, "")


def _build_lists(cells: Mapping[str, Any], base: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "phones": [
            {"id": make_id(f"{base}/{field}"), "number": cells[field], "type": kind}
            for field, kind in _PHONES.items()
            if cells.get(field)
        ],
        "service_areas": [
            {
                "id": make_id(f"{base}/areas/{area}"),
                "name": area.partition(":")[2],
                "extent": area,
                "extent_type": "text",
            }
            for area in cells.get("areas", ())
        ],
        "languages": [
            {"id": make_id(f"{base}/languages/{name}"), "code": name, "name": name}
            for name in cells.get("languages", ())
        ],
    }
    address = {field: cells[field] for field in _ADDRESS if cells.get(field)}
    if address.get("address_1"):
        whole = {"id": make_id(f"{base}/address")} | address | {"country": "US", "address_type": "physical"}
        place = {"id": make_id(f"{base}/location"), "location_type": "physical", "addresses": [whole]}
        place |= {"name": cells["location_name"]} if cells.get("location_name") else {}
        found["service_at_locations"] = [{"id": make_id(f"{base}/place"), "location": place}]
    return {key: value for key, value in found.items() if value}
