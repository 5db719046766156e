"""Fields of a region pack and of holidays, where a value as it stands would not do (D5, D9, G1)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from console.content_fields import Field
from console.content_rows import Columns

HOLIDAYS = "PH"
"""Every federal holiday, in the words of opening hours."""
_APPROVALS = ("to be approved by counsel", "approved by counsel")
_MOST_ITEMS = 9
_PAGES = Columns(("to", "next_seconds"), 2, lists=("to",), numbers=("next_seconds",))
_RULE = {"lists": ("needs", "extents"), "numbers": ("under",)}
_ITEM = re.compile(r"item([0-9])_[a-z_]+")

type Lister = Callable[[Any, Mapping[str, str]], tuple[Field, ...]]
"""The fields of a value, with what somebody posted."""


def _list_holidays(_value: Any, _form: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("holidays_all", (), "member", options=(HOLIDAYS,), label="region.holidays_all", when_empty=[]),
        Field("holidays_own", (), "lines", options=(HOLIDAYS,), label="region.holidays", when_empty=[]),
    )


def _list_pages(value: Any, _form: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(f"pages_{level}", (level,), "rows", label=f"region.pages.{level}", columns=_PAGES) for level in value
    )


def _list_rules(then: str) -> Lister:
    columns = Columns((then, "needs", "extents", "under"), 1, lists=_RULE["lists"], numbers=_RULE["numbers"])
    return lambda _value, _form: (Field("rules", (), "rows", label=f"region.rules.{then}", columns=columns),)


def _list_gap(_value: Any, _form: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("gap_en", ("en",), "text", label="region.gaps", language="en"),
        Field("gap_es", ("es",), "text", label="region.gaps", language="es"),
        Field("gap_needs", ("needs",), "words", label="region.gaps.needs"),
        Field("gap_who", ("who",), "words", label="region.gaps.who"),
        Field("gap_outside", ("outside",), "words", label="region.gaps.outside"),
        Field("gap_over", ("over",), "number", label="region.gaps.over"),
    )


def _list_wellbeing(value: Any, form: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(f"item{at}_{language}", (at, language), "text", "region.wellbeing", language=language, at=str(at + 1))
        for at in range(_count(value, form))
        for language in ("en", "es")
    )


def _list_contacts(value: Any, form: Mapping[str, str]) -> tuple[Field, ...]:
    names = ("name", "number", "aid", "hours", "extents", "evidence", "source")
    return tuple(
        Field(
            f"item{at}_{name}",
            (at, name),
            "words" if name == "extents" else "line",
            f"region.report.{name}",
            at=str(at + 1),
            begins=name == "name",
        )
        for at in range(_count(value, form))
        for name in names
    )


def _count(value: Any, form: Mapping[str, str]) -> int:
    """One item more than there are, so that one can be added; those that somebody typed into count too."""
    typed = [int(found[1]) + 1 for name, said in form.items() if (found := _ITEM.fullmatch(name)) and said.strip()]
    return min(max([len(value) if isinstance(value, list) else 0, *typed]) + 1, _MOST_ITEMS)


def _list_policy(_value: Any, _form: Mapping[str, str]) -> tuple[Field, ...]:
    return (Field("policy_state", (), "choice", "region.policy_state", options=_APPROVALS, words="policy_of"),)


LISTERS: Mapping[str, Lister] = {
    "holidays": _list_holidays,
    "ladder/pages": _list_pages,
    "next_best": _list_rules("line"),
    "tonight": _list_rules("idea"),
    "gaps": _list_gap,
    "wellbeing": _list_wellbeing,
    "mandated_report": _list_contacts,
    "emergency_policy/state": _list_policy,
}
"""By the entry, or by its part of the document."""


def settle_contacts(before: Any, after: Any) -> Any:
    """Where to report, each with who confirmed it: nobody has, where the number is new (D3)."""
    known = {one.get("number"): one for one in before if isinstance(one, Mapping)} if isinstance(before, list) else {}
    return [
        one if not isinstance(one, Mapping) or (one.get("number") in known and "assured_date" in one)
        else {**one, "assured_date": None, "verified_by": None}
        for one in after
    ]  # fmt: skip
