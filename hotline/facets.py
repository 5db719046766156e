"""Who somebody says they are, as far as a place may care: known yes, known no, unknown is never yes (D1, D5)."""

from collections.abc import Iterable, Mapping

from hotline.errors import ContentError

FACETS: Mapping[str, str] = {
    "boy": "boys",
    "with_child": "parents_with_children",
    "lgbtq": "lgbtq_affirming",
    "trans": "by_gender_they_say",
    "tribal": "tribal",
    "disability": "disability_access",
    "alone_under_18": "under_18_alone",
}
"""What a search can be told of somebody, and the field of a place's record that answers it."""

WHO = tuple(FACETS.values())
"""The fields under ``who`` of a place's record, each yes, no or unknown."""


def parse_facets(codes: Iterable[str]) -> frozenset[str]:
    """The facets of some codes. Raises ContentError for one that is none, without repeating it."""
    facets = frozenset(codes)
    if not facets <= set(FACETS):
        raise ContentError(f"a facet is one of {', '.join(FACETS)}")
    return facets


def is_refused(who: Mapping[str, bool | None], facets: Iterable[str]) -> bool:
    """True if the place is known not to take somebody like this."""
    return any(who[FACETS[facet]] is False for facet in facets)


def list_unknown(who: Mapping[str, bool | None], facets: Iterable[str]) -> tuple[str, ...]:
    """The facets of which nobody knows whether the place takes them, in one order always."""
    asked = set(facets)
    return tuple(facet for facet, field in FACETS.items() if facet in asked and who[field] is None)
