"""Lists of texts in a form: an item a line, one item as yes or no, and phrases with and without their mark (G1).

Several fields may show parts of one list; each writes its own part and leaves the others' items where they stand.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hotline.screening.entries import LIKELY

_PHRASES = ("sure", "likely")


def is_plain(items: Any) -> bool:
    """True if every item fits in a line of its own and comes back out of it as it was."""
    return isinstance(items, list) and all(
        isinstance(one, str) and one and one == one.strip() and one.isprintable() and not one.startswith("- ")
        for one in items
    )


def fits(kind: str, items: Any) -> bool:
    """True if a field of this kind can show the list and write it back."""
    if kind in _PHRASES and isinstance(items, list):
        # Blanks around a phrase say nothing; they stay for as long as nobody changes it.
        return is_plain([one.strip() if isinstance(one, str) else one for one in items])
    return isinstance(items, list) if kind == "member" else is_plain(items)


def split_lines(typed: str) -> list[str]:
    """The lines that say something, without the dash that people put before the items of a list."""
    return [line for one in typed.splitlines() if (line := one.strip().removeprefix("- ").strip())]


def _show_lines(items: Sequence[str], hidden: Sequence[str]) -> str:
    return "\n".join(one for one in items if one not in hidden)


def _show_member(items: Sequence[str], sought: Sequence[str]) -> str:
    return "yes" if sought[0] in items else "no"


def _show_sure(items: Sequence[str], _: Sequence[str]) -> str:
    return "\n".join(one.strip() for one in items if not one.startswith(LIKELY))


def _show_likely(items: Sequence[str], _: Sequence[str]) -> str:
    return "\n".join(one.removeprefix(LIKELY).strip() for one in items if one.startswith(LIKELY))


SHOWN: Mapping[str, Callable[[Sequence[str], Sequence[str]], str]] = {
    "lines": _show_lines,
    "member": _show_member,
    "sure": _show_sure,
    "likely": _show_likely,
}
"""How each kind shows its part of a list, by the field's options."""


def _put_lines(items: Sequence[str], typed: str, hidden: Sequence[str]) -> list[str]:
    return [*(one for one in items if one in hidden), *split_lines(typed)]


def _put_member(items: Sequence[str], typed: str, sought: Sequence[str]) -> list[str]:
    rest = [one for one in items if one != sought[0]]
    return ([sought[0], *rest] if sought[0] not in items else list(items)) if typed == "yes" else rest


def _put_sure(items: Sequence[str], typed: str, _: Sequence[str]) -> list[str]:
    # A mark typed by hand would make it a likely one without anybody having asked for that.
    said = [line.removeprefix(LIKELY.strip()).strip() for line in split_lines(typed)]
    return _join_phrases(items, said, [one for one in items if one.startswith(LIKELY)])


def _put_likely(items: Sequence[str], typed: str, _: Sequence[str]) -> list[str]:
    said = [LIKELY + line.removeprefix(LIKELY.strip()).strip() for line in split_lines(typed)]
    return _join_phrases(items, [one for one in items if not one.startswith(LIKELY)], said)


def _join_phrases(items: Sequence[str], *parts: Sequence[str]) -> list[str]:
    """What stays in the order it had, so that others see only what differs; what is new comes last."""
    wanted = dict.fromkeys(_plain(phrase) for part in parts for phrase in part)
    kept = [one for one in items if _plain(one) in wanted]
    known = set(map(_plain, kept))
    return [*kept, *(one for one in wanted if one not in known)]


def _plain(phrase: str) -> str:
    mark = LIKELY if phrase.startswith(LIKELY) else ""
    return mark + phrase.removeprefix(mark).strip()


PUT: Mapping[str, Callable[[Sequence[str], str, Sequence[str]], list[str]]] = {
    "lines": _put_lines,
    "member": _put_member,
    "sure": _put_sure,
    "likely": _put_likely,
}
"""The whole list after what was typed, by the field's options."""
