"""The directory while an import is planned: what is where, what was put in so far, and the check of each step."""

import copy
from collections.abc import Mapping
from typing import Any

from hotline.categories import build_categories
from hotline.directory_check import check_directory
from hotline.exchange.entry import INTERNAL, Entry, list_entries
from hotline.exchange.export import check_unnamed, list_numbers
from hotline.exchange.identities import forget_record, name_origin, service_id
from hotline.exchange.writing import is_written_alike
from hotline.numbers import build_lines
from hotline.records import Record, get_document
from hotline.regions import Region, build_region
from hotline.resource_records import Resource
from hotline.service_records import build_services
from hotline.text import fold

NATIONAL = "national"


class Desk:
    """Holds a copy of the content; ``changed`` are the files that were put in or changed.

    Raises ContentError as the directory does, for the content that is here as for each thing put in.
    """

    def __init__(self, documents: Mapping[str, Any], region: str) -> None:
        self._documents = dict(documents)
        self._lines, self._categories = build_lines(documents), build_categories(documents)
        self._words = get_document(documents, "directory/words").data
        self._regions: dict[str, Region] = {}
        self._places: dict[str, list[Resource]] = {}
        self.numbers = list_numbers(documents)
        self.region = region
        self.changed: dict[str, Any] = {}
        self._open: set[str] = set()
        self._keys: set[str] = set()
        self._by_id: dict[str, Entry] = {}
        self._by_origin: dict[str, Entry] = {}
        self._by_name: dict[str, Entry] = {}
        self._hidden: dict[str, Entry] = {}
        for entry in list_entries(documents):
            self._note(entry)
        self._find_region(region)
        for name in self._documents:
            if name.startswith("directory/") and name.count("/") == 2:
                self._places[name] = self._build(name, self._documents[name])

    def find(self, record: Mapping[str, Any]) -> Entry | None:
        """The place that a record speaks of: by id, else by name and organization; a confidential one by name alone."""
        name, owner = record.get("name"), record.get("organization")
        by_name = self._by_name.get(fold(name)) if isinstance(name, str) else None
        owned = owner.get("name") if isinstance(owner, Mapping) else None
        if by_name and isinstance(owned, str) and not by_name.is_confidential:
            by_name = by_name if fold(owned) == fold(str(by_name.organization["name"])) else None
        identifier = str(record.get("id"))
        # One that hides keeps no record, and may be called otherwise by now.
        return self._by_id.get(identifier) or self._by_origin.get(name_origin(identifier)) or by_name

    def list_hidden(self) -> list[Entry]:
        """The confidential places."""
        return list(self._hidden.values())

    def has_key(self, key: str) -> bool:
        """True if a place has this key."""
        return key in self._keys

    def leave_open(self, key: str) -> None:
        """A person has to choose what this place is to be."""
        self._open.add(key)

    def is_open(self, key: str) -> bool:
        """True once a person has to choose about the place: nothing else may be taken for it."""
        return key in self._open

    def find_organization(self, document: str) -> dict[str, Any] | None:
        """The organization that a content file holds; None if there is no such file."""
        found = self._documents.get(document)
        return dict(found["organization"]) if found else None

    def find_document(self, owner: str) -> str | None:
        """The content file of our region whose organization has this name, folded."""
        prefixes = (f"directory/{self.region}/", f"directory/{NATIONAL}/")
        for name in self._places:
            if name.startswith(prefixes) and fold(self._documents[name]["organization"]["name"]) == owner:
                return name
        return None

    def name_new_document(self, slug: str) -> str:
        """A name for a content file of our region that no other has."""
        number, name = 2, f"directory/{self.region}/{slug}"
        while name in self._documents:
            number, name = number + 1, f"directory/{self.region}/{slug}_{number}"
        return name

    def has_region(self, name: str) -> bool:
        """True for a region pack that is here, and for the places of the whole country."""
        return name == NATIONAL or f"regions/{name}" in self._documents

    def is_verified(self, entry: Entry) -> bool:
        """True if somebody confirmed or vetted the place, or one that shares its organization."""
        siblings = self._documents[entry.document]["services"]
        return any(
            service.get("assured_date") is not None or (service["porchlight"].get("vetting") or {}).get("vetted_on")
            for service in siblings
        )

    def keep(self, entry: Entry, record: Mapping[str, Any], *, whole: bool) -> dict[str, Any] | None:
        """What has to be kept of a record with a place, so that it can go out as it came; None if nothing has.

        Nothing is kept beside a confidential place (D4), nothing internal ever, and not the record of another id.
        """
        siblings = [Entry(entry.document, {}, service) for service in self._siblings(entry)]
        identifier = str(record.get("id"))
        same = identifier == service_id(entry.service) or name_origin(identifier) == entry.additions.get("came_as")
        if any(sibling.is_confidential for sibling in (*siblings, entry)):
            return None
        if not same or is_written_alike(entry, record, numbers=self.numbers, whole=whole):
            found: dict[str, Any] | None = entry.additions.get("hsds")
            return None if same else found
        kept: dict[str, Any] = copy.deepcopy(dict(record))
        if isinstance(kept.get("porchlight"), dict):
            kept["porchlight"] = {key: value for key, value in kept["porchlight"].items() if key not in INTERNAL}
        return kept

    def with_kept(self, entry: Entry, kept: Mapping[str, Any] | None) -> Entry:
        """The place with what is kept of its record."""
        if not kept:
            return Entry(entry.document, entry.organization, forget_record(entry.service))
        additions = {**entry.additions, "hsds": kept}
        return Entry(entry.document, entry.organization, {**entry.service, "porchlight": additions})

    def put(self, entry: Entry) -> None:
        """Puts a place in, or in the place of the one of its key. Raises ContentError, and then nothing changed."""
        document = self._lay(entry)
        self._places[entry.document] = self._check(entry, document)
        self._documents[entry.document] = self.changed[entry.document] = document
        for service in document["services"]:
            self._note(Entry(entry.document, entry.organization, service))

    def check(self, entry: Entry) -> None:
        """Whether a place could be put in; puts nothing. Raises ContentError or ConfidentialPlace if not."""
        self._check(entry, self._lay(entry))

    def _lay(self, entry: Entry) -> dict[str, Any]:
        """The content file with the place in it."""
        document = dict(self._documents.get(entry.document) or {"review": {"state": "drafted"}, "services": []})
        document["organization"] = dict(entry.organization)
        services = list(document["services"])
        here = [number for number, service in enumerate(services) if service["key"] == entry.key]
        if here:
            services[here[0]] = entry.service
        else:
            services.append(entry.service)
        return {"review": document["review"], "organization": document["organization"], "services": services}

    def _note(self, entry: Entry) -> None:
        self._keys.add(entry.key)
        self._by_id[service_id(entry.service)] = self._by_name[fold(entry.service["name"])] = entry
        if "came_as" in entry.additions:
            self._by_origin[entry.additions["came_as"]] = entry
        if entry.is_confidential:
            self._hidden[entry.key] = entry

    def _siblings(self, entry: Entry) -> list[Mapping[str, Any]]:
        services = (self._documents.get(entry.document) or {"services": []})["services"]
        return [service for service in services if service["key"] != entry.key]

    def _check(self, entry: Entry, document: Mapping[str, Any]) -> list[Resource]:
        name = entry.document
        places = self._build(name, document)
        folder = name.split("/")[1]
        together = {self.region if folder == NATIONAL else folder, NATIONAL}
        near = [other for other in self._places if other.split("/")[1] in together and other != name]
        others = [place for other in near for place in self._places[other]]
        check_directory([*others, *places], self._lines, self._find_region(folder))
        check_unnamed([entry.organization, entry.service], [e for e in self.list_hidden() if e.key != entry.key])
        return places

    def _build(self, name: str, document: Mapping[str, Any]) -> list[Resource]:
        region = self._find_region(name.split("/")[1])
        record = Record(document, name)
        return build_services(record, region=region, lines=self._lines, words=self._words, categories=self._categories)

    def _find_region(self, name: str) -> Region:
        wanted = self.region if name == NATIONAL else name
        if wanted not in self._regions:
            self._regions[wanted] = build_region(self._documents, wanted)
        return self._regions[wanted]
