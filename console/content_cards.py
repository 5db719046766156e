"""The form of a card that advocates read: its parts one below the other, both languages beside each other (A3, G1)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from console.content_fields import Field, find_value
from hotline.cards import REGION_FACTS
from hotline.content_merge import MISSING

SECTIONS = ("sections",)
MOST_SECTIONS = 10
_ITEMS = ("ticks", "notes")
_TYPED = re.compile(r"(heading|ticks|notes)_[a-z]{2}_([0-9])")


def list_card_fields(language: str, documents: Sequence[Any], form: Mapping[str, str]) -> tuple[Field, ...]:
    """A card in one language. ``documents`` are the card in every language, ``form`` what somebody posted, if they did.

    One part more than the card has stands empty below: so a part is added, and it goes when it is emptied.
    """
    return (
        Field(f"title_{language}", ("title",), label="card_title", language=language),
        Field(f"intro_{language}", ("intro",), "text", label="card_intro", language=language),
        *_list_sections(language, documents, form),
        *(
            Field(f"shows_{fact}", ("shows",), "member", options=(fact,), label=f"shows_{fact}")
            for fact in sorted(REGION_FACTS)
        ),
        Field("sources", ("sources",), "words", label="card_sources"),
    )


def _list_sections(language: str, documents: Sequence[Any], form: Mapping[str, str]) -> Iterator[Field]:
    wanted = _find_items(documents, form)
    for at in range(min(max(wanted, default=-1) + 2, MOST_SECTIONS)):
        number = str(at + 1)
        yield Field(
            f"heading_{language}_{at}",
            (*SECTIONS, at, "heading"),
            label="heading",
            language=language,
            at=number,
            begins=True,
        )
        for items in _ITEMS:
            if items in wanted.get(at, _ITEMS):
                name, path = f"{items}_{language}_{at}", (*SECTIONS, at, items)
                yield Field(name, path, "lines", label=items, language=language, at=number)


def _find_items(documents: Sequence[Any], form: Mapping[str, str]) -> dict[int, set[str]]:
    """Which lists each part has in any language; what somebody typed into a part that is there no more counts too."""
    found: dict[int, set[str]] = {}
    for document in documents:
        sections = find_value(document, SECTIONS)
        for at, section in enumerate(sections if isinstance(sections, list) else ()):
            found.setdefault(at, set()).update(name for name in _ITEMS if find_value(section, (name,)) is not MISSING)
    for name, said in form.items():
        if (typed := _TYPED.fullmatch(name)) and said.strip():
            found.setdefault(int(typed[2]), set()).update({typed[1]} & set(_ITEMS))
    return {at: items or set(_ITEMS) for at, items in found.items()}


def find_uneven(documents: Sequence[Any]) -> tuple[str, ...]:
    """Numbers of the parts that say more in one language than in another: such a card is served to nobody (V9)."""
    cards = [value if isinstance(value := find_value(one, SECTIONS), list) else [] for one in documents]
    return tuple(
        str(number)
        for number, sections in enumerate(zip_longest(*cards, fillvalue={}), 1)
        if len({tuple(_count(section, name) for name in _ITEMS) for section in sections}) > 1
    )


def _count(section: Any, name: str) -> int:
    items = find_value(section, (name,))
    return len(items) if isinstance(items, list) else 0
