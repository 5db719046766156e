"""One place as it stands in a content file, and what of its additions may leave the house (G4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.errors import PorchlightError
from hotline.facets import WHO

SHARED = (
    "needs", "line", "address_confidential", "near", "walk_in", "call_first", "on_holidays", "time_zone", "who",
    "parent_contact", "shares_with_police", "faith_based", "returns_after_running",
)  # fmt: skip
"""Additions that say something of the place itself."""

INTERNAL = ("publish", "reason", "verified_by", "expires_on", "evidence", "source", "vetting")
"""Additions that say what we did and think about it: only in a whole export, for an installation of our own."""

NOT_TOLD = ("asked", "how")
"""Of a vetting: whom somebody asked there, and how. It stays here, whatever goes out."""

FIELDS = (
    "name", "alternate_name", "status", "description", "eligibility_description", "minimum_age", "maximum_age",
    "assured_date", "alert", "phones", "schedules", "service_areas", "languages", "service_at_locations",
)  # fmt: skip
"""What our records share with a service of HSDS."""

ORGANIZATION = ("name", "alternate_name", "description")

UNKNOWN_ADDITIONS: Mapping[str, Any] = {
    "needs": [],
    "address_confidential": False,
    "walk_in": "unknown",
    "call_first": True,
    "on_holidays": "unknown",
    "who": dict.fromkeys(WHO, "unknown"),
    "parent_contact": "unknown",
    "shares_with_police": "unknown",
    "faith_based": "unknown",
    "returns_after_running": "unknown",
}
"""What is known of a place about which HSDS alone speaks: nothing, and never a yes."""


class ExchangeError(PorchlightError):
    """Something cannot be taken in or given out; the message says what to do and holds no address."""


class ConfidentialPlace(ExchangeError):
    """An export would have held a confidential place (D4)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place: the content file that it stands in, its organization and its own record, as the file has them."""

    document: str
    organization: Mapping[str, Any]
    service: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The place's id here."""
        return str(self.service["key"])

    @property
    def additions(self) -> Mapping[str, Any]:
        """Our own fields."""
        found: Mapping[str, Any] = self.service["porchlight"]
        return found

    @property
    def is_confidential(self) -> bool:
        """True unless somebody said that its address is not confidential: unknown counts as confidential (D4)."""
        return self.additions.get("address_confidential") is not False


def tell_vetting(vetting: Any) -> Any:
    """A vetting record as it may go to an installation of our own."""
    return {k: v for k, v in vetting.items() if k not in NOT_TOLD} if isinstance(vetting, Mapping) else vetting


def list_entries(documents: Mapping[str, Any]) -> list[Entry]:
    """Every place of the directory's files, in the order of the files."""
    return [
        Entry(name, document["organization"], service)
        for name, document in documents.items()
        if name.startswith("directory/") and name.count("/") == 2
        for service in document["services"]
    ]
