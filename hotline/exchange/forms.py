"""The forms in which HSDS 3.0 nests a service: by itself, in a page, below a place, below its organization."""

from collections.abc import Iterator, Mapping
from typing import Any

from hotline.exchange.entry import ExchangeError

_DEEPEST = 40


def list_services(data: Any) -> list[dict[str, Any]]:
    """Every service of a JSON document of HSDS, each with its organization and places nested.

    Takes a service, a service at a location, an organization with ``services``, a page (``contents``), or a list of
    these. Raises ExchangeError for anything else, or for nesting without end.
    """
    _check_depth(data, 0)
    found = list(_list_services(data))
    if not found:
        raise ExchangeError("there is no service of HSDS 3.0 in it")
    return found


def _list_services(data: Any, *, listed: bool = False) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _list_services(item, listed=True)
    elif not isinstance(data, Mapping):
        raise ExchangeError("a record must be a JSON object")
    elif isinstance(data.get("contents"), list):
        yield from _list_services(data["contents"])
    elif isinstance(data.get("service"), Mapping):
        yield from_service_at_location(data)
    elif isinstance(data.get("services"), list):
        organization = {key: value for key, value in data.items() if key != "services"}
        nested = [part for part in data["services"] if isinstance(part, Mapping)]
        for service in nested:
            yield from _list_services({**service, "organization": organization}, listed=True)
    elif listed or ("status" in data and "name" in data):
        # Whatever stands in a list is handed on: what is no service is then said to be none, not passed over.
        yield dict(data)


def from_service_at_location(record: Mapping[str, Any]) -> dict[str, Any]:
    """The service that is given at a place, with that place nested in it."""
    link = {key: value for key, value in record.items() if key != "service"}
    service = dict(record["service"])
    others = service.get("service_at_locations")
    return service | {"service_at_locations": [link, *(others if isinstance(others, list) else ())]}


def list_service_at_locations(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A service once for each of its places, the service nested in the place; a service without a place gives none."""
    bare = {key: value for key, value in service.items() if key != "service_at_locations"}
    links = service.get("service_at_locations")
    return [{**link, "service": bare} for link in links or () if isinstance(link, Mapping)]


def list_organizations(services: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every organization once, by its id, with its services nested in it; the first to name it describes it."""
    found: dict[str, dict[str, Any]] = {}
    for service in services:
        organization = service.get("organization")
        if isinstance(organization, Mapping) and organization.get("id"):
            whole = found.setdefault(str(organization["id"]), {**organization, "services": []})
            whole["services"].append({key: value for key, value in service.items() if key != "organization"})
    return list(found.values())


def _check_depth(data: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise ExchangeError(f"nested deeper than {_DEEPEST}")
    for item in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
        _check_depth(item, depth + 1)
