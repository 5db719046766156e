"""Takes away what was kept of records from elsewhere once it could tell where a confidential place is (D4)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hotline.exchange.identities import forget_record
from hotline.text import fold

_KEPT = "hsds"
_SHORTEST = 3


def drop_beside_hidden(document: Any) -> Any:
    """The content file without kept records if one of its places is confidential, or nobody said that it is not.

    What came with a neighbour may list every location of the organization. The same object if there is nothing to drop.
    """
    services = _services(document)
    if not any(_ours(one).get("address_confidential") is not False for one in services):
        return document
    return _without(document, lambda _service: True) if any(_KEPT in _ours(one) for one in services) else document


def drop_elsewhere(documents: Mapping[str, Any], path: str, known: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The other content files whose kept records tell of a place of ``path``, without these records; only changed ones.

    ``known``: the place as it is and as it was, with the address that it had. A record tells of it by its name, its
    street, or by being of the same organization.
    """
    words = [fold(word) for place in known for word in _list_words(place)]
    told = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words if len(word) >= _SHORTEST]
    owner = _name_owner(documents.get(path))

    def tells(service: Any) -> bool:
        kept = _ours(service).get(_KEPT)
        if not isinstance(kept, Mapping):
            return False
        of_it = bool(owner) and _name_owner(kept) == owner
        return of_it or any(word.search(fold(text)) for text in _walk(kept) for word in told)

    found = {}
    for name, document in documents.items():
        if name != path and any(map(tells, _services(document))):
            found[name] = _without(document, tells)
    return found


def _without(document: Any, tells: Any) -> Any:
    return {**document, "services": [forget_record(one) if tells(one) else one for one in document["services"]]}


def _services(document: Any) -> list[Mapping[str, Any]]:
    given = document.get("services") if isinstance(document, Mapping) else None
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []


def _ours(service: Mapping[str, Any]) -> Mapping[str, Any]:
    found = service.get("porchlight")
    return found if isinstance(found, Mapping) else {}


def _name_owner(record: Any) -> str:
    owner = record.get("organization") if isinstance(record, Mapping) else None
    name = owner.get("name") if isinstance(owner, Mapping) else None
    return fold(name) if isinstance(name, str) else ""


def _list_words(place: Mapping[str, Any]) -> Iterator[str]:
    yield from (place[key] for key in ("name", "alternate_name") if isinstance(place.get(key), str))
    yield from _find_streets(place.get("service_at_locations"))


def _find_streets(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("address_1"), str):
            yield value["address_1"]
        value = list(value.values())
    for item in value if isinstance(value, list) else ():
        yield from _find_streets(item)


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _walk(item)
