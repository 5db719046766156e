"""A region: the jurisdiction that a hotline serves, with its clocks, areas and duties (D9, H3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.areas import Area
from hotline.digits import is_code, is_full_number
from hotline.hours import parse_time_zone
from hotline.openly_said import OpenGap, Rule, build_gap, build_rule
from hotline.records import Record, get_document
from hotline.screening.result import Level
from hotline.timings import RUNGS, PageStep, Timings

_FIELDS = (
    "review", "state", "time_zone", "zip_prefixes", "metros", "holidays", "ladder", "fallback_lines", "next_best",
    "tonight", "gaps", "none_known", "mandated_report", "text_to_911", "emergency_policy", "wellbeing",
)  # fmt: skip
_LADDER_SECONDS = (
    "lease_seconds", "transfer_seconds", "imminent_wait_seconds", "high_wait_seconds", "hold_seconds",
    "hold_ceiling_seconds",
)  # fmt: skip
_LONGEST_HOLD_SECONDS = 22 * 3600
"""The store's own expiry comes after a day: a hold must be over before it."""

_APPROVALS = ("to be approved by counsel", "approved by counsel")


@dataclass(frozen=True, slots=True)
class Metro:
    """A city with the towns that people count to it."""

    id: str
    name: str
    county: str
    cities: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReportContact:
    """Where an advocate makes a report; shown to staff alone, never served to a texter (P8)."""

    name: str
    number: str
    hours: str
    extents: frozenset[str]
    verified: bool = False
    """True if somebody confirmed the number."""


@dataclass(frozen=True, slots=True)
class Region:
    """One jurisdiction.

    ``tonight`` are ideas for a night without an open place, ``gaps`` what the directory lacks, ``none_known`` the
    categories of which it knows no place (D10).
    """

    name: str
    state: str
    time_zone: str
    zip_prefixes: frozenset[str]
    metros: Mapping[str, Metro]
    holidays: tuple[str, ...]
    ladder: Timings
    fallback_lines: tuple[str, ...]
    next_best: tuple[Rule, ...]
    tonight: tuple[Rule, ...]
    gaps: Mapping[str, OpenGap]
    none_known: frozenset[str]
    mandated_report: tuple[ReportContact, ...]
    text_to_911: Mapping[str, str]
    emergency_policy: str = field(repr=False)
    emergency_policy_state: str
    wellbeing: tuple[Mapping[str, str], ...] = ()
    """What is there for staff after hard hours, by language (A5)."""

    def extents(self, area: Area | None) -> frozenset[str]:
        """Every area that a texter stands in, from ``country:US`` down; an unknown area is only the region itself.

        A county alone counts for the metros inside it, since most of its people live there; a state alone does not.
        """
        if area is None:
            return frozenset({"country:US", f"state:{self.state}"})
        found = {"country:US", f"state:{area.state}"}
        if area.state == self.state:
            if area.county:
                found.add(f"county:{area.county}")
            found |= {f"metro:{metro.id}" for metro in self.metros.values() if self._is_in(metro, area)}
        return frozenset(found)

    def pick_next_best(self, need: str, area: Area | None, age: int | None, answering: Collection[str]) -> str:
        """The id of the line that is next best for a need when no place fits: the first rule that matches (D5).

        ``answering`` are the ids of the lines that may be served now; of the others none is named.
        """
        here = self.extents(area)
        for rule in self.next_best:
            if rule.fits(need, here, age) and rule.then in answering:
                return rule.then
        return next((line for line in self.fallback_lines if line in answering), self.fallback_lines[0])

    def list_tonight(self, need: str, area: Area | None, age: int | None) -> tuple[str, ...]:
        """Names of the ideas for tonight that fit a need, the best first: a signed place, a lit place (D5)."""
        here = self.extents(area)
        return tuple(rule.then for rule in self.tonight if rule.fits(need, here, age))

    def find_gap(self, need: str, area: Area | None, age: int | None, who: Collection[str] = ()) -> str | None:
        """The name of the first gap that concerns this search, or None; of other states nothing is said (D9)."""
        if area is not None and area.state != self.state:
            return None
        here = self.extents(area)
        somewhere = area is not None and bool(area.city or area.county)
        for name, gap in self.gaps.items():
            if gap.concerns(need, here, age, who) and (somewhere or not gap.outside):
                return name
        return None

    @staticmethod
    def _is_in(metro: Metro, area: Area) -> bool:
        return area.city in metro.cities if area.city else area.county == metro.county


def build_region(documents: Mapping[str, Any], name: str) -> Region:
    """The region pack ``regions/<name>.yml``. Raises ContentError for anything missing or malformed."""
    record = get_document(documents, f"regions/{name}")
    record.allow(_FIELDS)
    policy = record.record("emergency_policy")
    policy.allow(("state", "text"))
    return Region(
        name=name,
        state=record.text("state"),
        time_zone=parse_time_zone(record),
        zip_prefixes=frozenset(_at_least_one(record, "zip_prefixes")),
        metros={key: _build_metro(key, metro) for key, metro in record.entries("metros")},
        holidays=record.texts("holidays"),
        ladder=_build_ladder(record.record("ladder")),
        fallback_lines=_at_least_one(record, "fallback_lines"),
        next_best=tuple(build_rule(rule, "line") for rule in record.records("next_best")),
        tonight=tuple(build_rule(rule, "idea") for rule in record.records("tonight")),
        gaps={name: build_gap(gap) for name, gap in record.entries("gaps")},
        none_known=frozenset(record.texts("none_known")),
        mandated_report=tuple(_build_contact(contact) for contact in record.records("mandated_report")),
        text_to_911={county: str(note) for county, note in record.record("text_to_911").data.items()},
        emergency_policy=policy.text("text"),
        emergency_policy_state=_one_of(policy, "state", _APPROVALS),
        wellbeing=tuple(_build_wellbeing(entry) for entry in record.records("wellbeing")),
    )


def _build_metro(metro_id: str, record: Record) -> Metro:
    record.allow(("name", "county", "cities"))
    cities = frozenset(_at_least_one(record, "cities"))
    return Metro(id=metro_id, name=record.text("name"), county=record.text("county"), cities=cities)


def _build_ladder(record: Record) -> Timings:
    record.allow((*_LADDER_SECONDS, "pages"))
    levels: Mapping[str, Level] = {level.label: level for level in Level if level is not Level.NONE}
    pages = record.record("pages")
    pages.allow(levels)
    if record.seconds("hold_ceiling_seconds") > _LONGEST_HOLD_SECONDS:
        raise record.refuse("hold_ceiling_seconds", f"at most {_LONGEST_HOLD_SECONDS}")
    steps = {level: tuple(_build_step(step) for step in pages.records(name)) for name, level in levels.items()}
    if not all(steps.values()):
        raise record.refuse("pages", "at least one page for each of " + ", ".join(levels))
    return Timings(**{name: record.seconds(name) for name in _LADDER_SECONDS}, pages=steps)


def _build_step(record: Record) -> PageStep:
    record.allow(("to", "next_seconds"))
    to = _at_least_one(record, "to")
    if not set(to) <= set(RUNGS):
        raise record.refuse("to", "of " + ", ".join(RUNGS))
    return PageStep(to, record.seconds("next_seconds"))


def _build_contact(record: Record) -> ReportContact:
    record.allow(("name", "number", "hours", "extents", "aid", "evidence", "source", "assured_date", "verified_by"))
    number = record.text("number")
    if not is_full_number(number) and not is_code(number):
        raise record.refuse("number", "a service code or ten digits")
    return ReportContact(
        name=record.text("name"),
        number=number,
        hours=record.text("hours"),
        extents=frozenset(_at_least_one(record, "extents")),
        verified=record.date("assured_date") is not None and record.has("verified_by"),
    )


def _build_wellbeing(record: Record) -> Mapping[str, str]:
    record.allow(("en", "es"))
    return {language: record.text(language) for language in ("en", "es")}


def _at_least_one(record: Record, key: str) -> tuple[str, ...]:
    found = record.texts(key)
    if not found:
        raise record.refuse(key, "a list of at least one text")
    return found


def _one_of(record: Record, key: str, allowed: Collection[str]) -> str:
    value = record.text(key)
    if value not in allowed:
        raise record.refuse(key, " or ".join(allowed))
    return value
