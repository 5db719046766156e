"""When two records say the same: spelling of numbers, order of keys and empty fields do not count."""

from collections.abc import Mapping
from typing import Any

from hotline.digits import flatten
from hotline.exchange.entry import FIELDS, INTERNAL, ORGANIZATION, SHARED, tell_vetting

ORGANIZATION_PREFIX = "organization."
ADDITION_PREFIX = "porchlight."
_VETTING = ADDITION_PREFIX + "vetting"
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def list_facts(organization: Mapping[str, Any], service: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """Every field of a place that may be exchanged, by its path (``phones``, ``organization.name``); none is empty.

    ``whole``: also the date of its verification and what only we know of it.
    """
    additions = service["porchlight"]
    found = {key: _plain(key, service.get(key)) for key in FIELDS}
    found |= {ORGANIZATION_PREFIX + key: organization.get(key) for key in ORGANIZATION}
    found |= {ADDITION_PREFIX + key: additions.get(key) for key in (*SHARED, *(INTERNAL if whole else ()))}
    found |= {_VETTING: tell_vetting(additions.get("vetting"))} if whole else {}
    if not whole:
        del found["assured_date"]
    return {key: value for key, value in found.items() if value not in _EMPTY}


def find_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The paths at which two lists of facts differ."""
    return [path for path in {**before, **after} if before.get(path) != after.get(path)]


def _plain(key: str, value: Any) -> Any:
    if key == "phones":
        return [{"type": "voice", **phone, "number": flatten(phone["number"])} for phone in value or ()]
    return value
