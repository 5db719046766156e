"""What a region has not, said openly, and the rules that say what comes next when no place fits (D5, D9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hotline.facets import parse_facets
from hotline.records import Record


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a list in which the first match counts; empty parts match everything.

    ``then`` is what it leads to: the id of a line, or the name of an idea for tonight.
    """

    then: str
    needs: frozenset[str]
    extents: frozenset[str]
    under: int | None

    def fits(self, need: str, extents: Collection[str], age: int | None) -> bool:
        """True if the rule speaks of this need, in these areas, at this age; an unknown age is under every limit."""
        if (self.needs and need not in self.needs) or (self.extents and not self.extents & set(extents)):
            return False
        return self.under is None or age is None or age < self.under


@dataclass(frozen=True, slots=True)
class OpenGap:
    """What the directory is known to lack: said in each language, and when it concerns a texter.

    ``outside``: only beyond these areas. ``over``: only above this age. ``facets``: only for one of these.
    """

    said: Mapping[str, str]
    needs: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    over: int | None = None
    facets: frozenset[str] = field(default_factory=frozenset)

    def concerns(self, need: str, extents: Collection[str], age: int | None, who: Collection[str]) -> bool:
        """True if the gap is about this search; an unknown age is over no limit."""
        if (self.needs and need not in self.needs) or self.outside & set(extents):
            return False
        if self.over is not None and (age is None or age <= self.over):
            return False
        return not self.facets or bool(self.facets & set(who))


def build_rule(record: Record, leads_to: str) -> Rule:
    """A rule whose key ``leads_to`` names what it leads to. Raises ContentError."""
    record.allow((leads_to, "needs", "extents", "under"))
    return Rule(
        then=record.text(leads_to),
        needs=frozenset(record.texts("needs")),
        extents=frozenset(record.texts("extents")),
        under=record.number("under"),
    )


def build_gap(record: Record) -> OpenGap:
    """A gap with its words in both languages. Raises ContentError."""
    record.allow(("en", "es", "needs", "outside", "over", "who"))
    return OpenGap(
        said={language: record.text(language) for language in ("en", "es")},
        needs=frozenset(record.texts("needs")),
        outside=frozenset(record.texts("outside")),
        over=record.number("over"),
        facets=parse_facets(record.texts("who")),
    )
