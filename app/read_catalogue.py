"""What the read API gives out: places that may be served now, and since when each is as it is (G4, D3, D4)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.exchange.export import export_directory
from hotline.exchange.forms import list_organizations, list_service_at_locations
from hotline.exchange.identities import TAXONOMY_ID, need_id
from hotline.exchange.writing import TAXONOMY, write_term
from hotline.regions import build_region
from hotline.resources import Directory, build_directory
from hotline.text import fold
from hotline.verification import Serving

_NOT_OURS_TO_TELL = ("metadata",)
"""Who changed what elsewhere: names of people, and values that were taken back."""

_NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Shown:
    """One place as it is given out; ``words`` are what a search looks in, folded, the ids what it is found by."""

    key: str
    service: Mapping[str, Any]
    changed_at: datetime
    words: str
    owner: str
    terms: frozenset[str]
    taxonomies: frozenset[str]
    text: str


class Catalogue:
    """The directory of one region and mode, for readers.

    Raises ContentError or ConfidentialPlace for content that may not be served; the one that was there stays.
    """

    def __init__(
        self, documents: Mapping[str, Any], *, region: str, mode: str, now: datetime, before: "Catalogue | None" = None
    ) -> None:
        self._directory: Directory = build_directory(documents, build_region(documents, region), mode)
        near = (f"directory/{region}/", f"directory/{_NATIONAL}/")
        there = {
            name: document
            for name, document in documents.items()
            if not name.startswith("directory/") or name.count("/") < 2 or name.startswith(near)
        }
        export = export_directory(there, leave_out=True, leave_out_naming=True)
        earlier = {shown.key: shown for shown in before._shown} if before else {}
        self._shown: tuple[Shown, ...] = tuple(
            _show(key, service, now, earlier.get(key))
            for key, service in zip(export.keys, export.services, strict=True)
            if key in self._directory.places
        )

    def list_shown(self, now: datetime) -> list[Shown]:
        """Every place that may be served at ``now`` (aware): in live mode confirmed, vetted and not too old."""
        places, serving = self._directory.places, self._directory.serving
        return [shown for shown in self._shown if serving(places[shown.key], now) is not Serving.HIDDEN]

    def list_organizations(self, now: datetime) -> list[dict[str, Any]]:
        """The organizations of these places, their services nested in them."""
        return list_organizations([dict(shown.service) for shown in self.list_shown(now)])

    def list_at_locations(self, now: datetime) -> Iterator[tuple[Shown, dict[str, Any]]]:
        """Each of these places once for each of its locations."""
        for shown in self.list_shown(now):
            for link in list_service_at_locations(shown.service):
                yield shown, link

    def list_terms(self) -> list[dict[str, Any]]:
        """What places may help with, as taxonomy terms."""
        return [write_term(need) for need in self._directory.categories.by_id]

    def list_taxonomies(self) -> list[dict[str, Any]]:
        """The one taxonomy that these terms are of."""
        return [dict(TAXONOMY)]


def _show(key: str, service: Mapping[str, Any], now: datetime, earlier: Shown | None) -> Shown:
    plain: dict[str, Any] = _tell(service)
    text = json.dumps(plain, sort_keys=True)
    changed_at = earlier.changed_at if earlier and earlier.text == text else now
    plain["last_modified"] = changed_at.isoformat().replace("+00:00", "Z")
    organization = _mapping(plain.get("organization"))
    named = (plain.get("name"), plain.get("alternate_name"), plain.get("description"), organization.get("name"))
    given = plain.get("attributes")
    terms = [_mapping(_mapping(part).get("taxonomy_term")) for part in (given if isinstance(given, list) else ())]
    needs = _mapping(plain.get("porchlight")).get("needs") or ()
    return Shown(
        key=key,
        service=plain,
        changed_at=changed_at,
        words=fold(" ".join(word for word in named if isinstance(word, str))),
        owner=str(organization.get("id", "")),
        terms=frozenset([str(term.get("id")) for term in terms] + [need_id(need) for need in needs]),
        taxonomies=frozenset(
            [str(_mapping(term.get("taxonomy_detail")).get("id")) for term in terms] + [TAXONOMY_ID] * bool(needs)
        ),
        text=text,
    )


def _tell(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _tell(item) for name, item in value.items() if name not in _NOT_OURS_TO_TELL}
    return [_tell(item) for item in value] if isinstance(value, list) else value


def _mapping(value: Any) -> Mapping[str, Any]:
    # What came from elsewhere goes out as it came, whatever shape it has.
    return value if isinstance(value, Mapping) else {}
