"""The form of a screening term: what it means, how much it says, and its phrases, without signs to learn (R3, G1)."""

from collections.abc import Mapping
from typing import Any

from console.content_fields import Field, FormFault
from hotline.content_merge import MISSING
from hotline.screening.entries import CLASSES, Weight
from hotline.screening.result import REASONS, Level
from hotline.screening.scopes import Reach

_LEVELS = (Level.IMMINENT.label, Level.HIGH.label, Level.CONCERN.label)
_ALONE = (Weight.PLAIN, Weight.STRONG)


def list_term_fields(defaults: Mapping[str, Any]) -> tuple[Field, ...]:
    """One term. ``defaults`` is what its document says for every term that leaves it out."""
    inherited = {key: "" if value is None else str(value) for key, value in defaults.items()}
    return (
        Field("meaning", ("meaning",), label="term_meaning", when_empty=""),
        _choose("detector", REASONS, "reason", inherited),
        _choose("weight", tuple(Weight), "weight_of", inherited),
        _choose("level", _LEVELS, "level", inherited, empty="no_level"),
        _choose("class", CLASSES, "sign_of", inherited),
        Field("phrases_sure", ("phrases",), "sure", when_empty=[]),
        Field("phrases_likely", ("phrases",), "likely", when_empty=[]),
        Field("expires", ("expires",), "date", label="term_expires", inherited=inherited.get("expires", "")),
        Field("source", ("source",), label="term_source", inherited=inherited.get("source", "")),
        Field("reviewer", ("reviewer",), when_empty=None, inherited=inherited.get("reviewer", "")),
    )


def list_scope_fields() -> tuple[Field, ...]:
    """Words that change what a phrase means. One of several documents may hold its words alone."""
    return (
        Field("scope_phrases", ("phrases",), "lines"),
        _choose("reach", tuple(Reach), "reach_of", {}, empty="not_given"),
        _choose("lowers_to", (Level.NONE.label, Level.CONCERN.label, Level.HIGH.label), "level", {}, "not_given"),
        Field("scope_only", ("only",), "words"),
        Field("scope_except", ("except",), "words"),
        Field("scope_doubts", ("doubts",), "switch"),
    )


def _choose(name: str, options: tuple[str, ...], words: str, inherited: Mapping[str, str], empty: str = "") -> Field:
    label, given = f"term_{name}", inherited.get(name, "")
    return Field(name, (name,), "choice", label, options=options, inherited=given, empty=empty, words=words)


def check_term(after: Any, defaults: Mapping[str, Any]) -> None:
    """What screening asks of a term, said of the field that is wrong. Raises FormFault."""
    if after is MISSING or not isinstance(after, Mapping):
        return
    whole = {**defaults, **after}
    if not str(whole.get("meaning") or "").strip():
        raise FormFault("meaning", "wants_meaning")
    if not whole.get("detector"):
        raise FormFault("detector", "no_choice")
    if whole.get("weight") in _ALONE and not whole.get("level"):
        raise FormFault("level", "wants_level")
    if whole.get("weight") not in _ALONE and whole.get("level"):
        raise FormFault("level", "no_level_here") if after.get("level") else FormFault("weight", "list_has_level")
    if not whole.get("phrases"):
        raise FormFault("phrases_sure", "wants_phrases")
