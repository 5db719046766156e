"""The vetting of a place: eleven questions, two people, once a year (D2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hotline.records import Record

FACTORS = (
    "trauma_and_exploitation_experience",
    "quality",
    "non_discrimination",
    "culture",
    "confidentiality",
    "informed_consent",
    "site_security",
    "languages",
    "trauma_informed_care",
    "lgbtq_services",
    "location_and_access",
)
BLOCKING = ("non_discrimination", "confidentiality", "informed_consent", "site_security")
RENEWED_DAYS = 365


@dataclass(frozen=True, slots=True)
class Vetting:
    """What was asked of a place: True, False, or None for unknown, by factor."""

    factors: Mapping[str, bool | None] = field(default_factory=dict)
    vetted_on: date | None = None
    approved_by: tuple[str, ...] = ()
    asked: str = ""
    """Who answered, by role and never by name: "intake worker"."""
    how: str = ""
    """How it was learned: phoned, visited, policy read."""

    def stands(self, now: datetime) -> bool:
        """True if two people approved it within a year and all four blocking factors were answered yes (D2)."""
        if self.vetted_on is None or not timedelta(days=-1) <= now.date() - self.vetted_on <= timedelta(
            days=RENEWED_DAYS
        ):
            return False
        return len(set(self.approved_by)) >= 2 and all(self.factors.get(name) for name in BLOCKING)


def build_vetting(record: Record) -> Vetting:
    """The vetting record of a place. Raises ContentError if a factor is not one of the eleven."""
    record.allow(("factors", "vetted_on", "approved_by", "asked", "how"))
    answers = record.record("factors")
    answers.allow(FACTORS)
    return Vetting(
        factors={name: answers.flag(name) if answers.has(name) else None for name in FACTORS},
        vetted_on=record.date("vetted_on"),
        approved_by=record.texts("approved_by"),
        asked=record.text("asked", ""),
        how=record.text("how", ""),
    )
