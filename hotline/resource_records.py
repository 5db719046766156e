"""One place of the directory, as facts, and how it is said to a texter (D1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline.errors import ContentError
from hotline.facets import list_unknown
from hotline.hours import Hours
from hotline.spoken_hours import say_hours
from hotline.verification import Verification
from hotline.vetting import Vetting

ALONE = "alone_under_18"
"""The one facet of which every notice speaks, asked or not (C8)."""

_KNOWN = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Resource:
    """A place or a service reached by phone; ``None`` means unknown, never yes.

    ``extents`` are the areas it serves (``metro:las_vegas``). A confidential place has no ``street`` and no ``near``.
    """

    id: str
    name: str
    organization: str
    needs: frozenset[str]
    kinds: frozenset[str]
    extents: frozenset[str]
    hours: Hours
    phone: str
    line: str | None
    tty: str | None
    minimum_age: int | None
    maximum_age: int | None
    publish: bool
    confidential: bool
    walk_in: bool | None
    call_first: bool
    who: Mapping[str, bool | None]
    parent_contact: bool | None
    shares_with_police: bool | None
    faith_based: bool | None
    returns_after_running: bool | None
    languages: tuple[str, ...]
    verification: Verification
    vetting: Vetting
    source: str
    words: Mapping[str, Any] = field(repr=False)
    street: str = field(default="", repr=False)
    near: str = field(default="", repr=False)
    asked: frozenset[str] = frozenset()
    """Facets that a texter asked about; those that nobody knows are said as unknown (``hotline.facets``)."""

    def __post_init__(self) -> None:
        if self.confidential and (self.street or self.near):
            raise ContentError(f"{self.id}: a confidential place cannot have an address")

    @property
    def ages_known(self) -> bool:
        """True if it is known whom it takes; "any age" is a minimum of 0."""
        return self.minimum_age is not None

    def takes(self, age: int | None) -> bool:
        """False only if the age is known and outside the ages of the place."""
        if age is None:
            return True
        return (self.minimum_age or 0) <= age and (self.maximum_age is None or age <= self.maximum_age)

    def gaps(self, language: str, channel: str, now: datetime) -> Mapping[str, str]:
        """``name``, ``phone``, ``hours`` today, ``where`` and ``notice`` for one message; an unknown one is empty.

        ``where`` is always empty for a confidential place (D4). ``notice`` says whom the place may tell, unknown
        said as unknown (C8). ``now`` is aware.
        """
        return {
            "name": self.name,
            "phone": self.phone,
            "hours": say_hours(self.hours, now, self.words["hours"][language]),
            "where": self._say_where(language),
            "notice": self._say_notice(language),
        }

    def _say_where(self, language: str) -> str:
        if self.confidential or not self.street:
            return ""
        if not self.near or self._list_unsaid():
            return self.street
        return str(self.words["where"][language]).format(street=self.street, near=self.near)

    def _say_notice(self, language: str) -> str:
        words = self.words["notice"]
        told = {"parent": self.parent_contact, "police": self.shares_with_police}
        if set(told.values()) == {None}:
            said = [str(words["parent_and_police"][language]["unknown"])]
        else:
            said = [str(words[subject][language][_KNOWN[answer]]) for subject, answer in told.items()]
        said.append(str(words["alone"][language][_KNOWN[self.who["under_18_alone"]]]))
        return " ".join([*self._say_ages(language), *said, *self._say_unknown(language)])

    def _say_ages(self, language: str) -> list[str]:
        words = self.words["ages"][language]
        if self.maximum_age is not None:
            return [str(words["between"]).format(minimum=self.minimum_age, maximum=self.maximum_age)]
        return [str(words["from"]).format(minimum=self.minimum_age)] if self.minimum_age else []

    def _say_unknown(self, language: str) -> list[str]:
        words = self.words["welcome"]
        names = [str(words["who"][facet][language]) for facet in self._list_unsaid()]
        return [str(words[language]).format(who=name) for name in names]

    def _list_unsaid(self) -> tuple[str, ...]:
        # One at most, and then no cross street: a place must fit into two SMS parts (V1).
        return list_unknown(self.who, self.asked - {ALONE})[:1]
