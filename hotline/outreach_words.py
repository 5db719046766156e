"""Words that come from paper and from outreach staff: site codes, which count a hello, and the staff word (O2, O3)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hotline.areas import find_area
from hotline.directory import Directory
from hotline.errors import ContentError
from hotline.messages import InboundMessage
from hotline.ports import ReplyRef
from hotline.resources import find_places
from hotline.text import fold

HELLOS: Mapping[str, str] = {"en": "hi", "es": "hola", "both": "hi"}
"""What a site code is read as, by the language of its batch."""

_SITE = re.compile(r"[ \W_]*([a-z]{3,8})[ .-]?([1-9][0-9]?)[ \W_]*")
_START = re.compile(r"/start ([a-z]{3,8}[1-9][0-9]?) (hi|hola)")
_STAFF = re.compile(r"[ \W_]*([a-z]{3,8})[ .-]?([1-9][0-9]{2})\b[ \W_]*(.{0,100})")
_FIRST = re.compile(r"[ \W_]*(?:start )?([a-z]{3,8})")
_LONGEST = 120
GRACE_DAYS = 7
"""How long after a month's end its staff word still works."""


@dataclass(frozen=True, slots=True)
class SiteText:
    """A text that has the shape of a site code; ``hello`` is what it is anyway, where it came by a button (K8)."""

    code: str
    hello: str = ""


def find_site_text(text: str) -> SiteText | None:
    """The code that a text as a whole may be: a short word and a number of one or two digits, however typed."""
    if len(text) > _LONGEST:
        return None
    plain = fold(text).strip()
    if started := _START.fullmatch(plain):
        return SiteText(started[1], started[2])
    found = None if plain.startswith("/") else _SITE.fullmatch(plain)
    return SiteText(found[1] + found[2]) if found else None


def begins_with(text: str, words: Collection[str]) -> bool:
    """True if a text begins with one of the words that codes are made of, however typed; a button's text too (K8)."""
    found = _FIRST.match(fold(text[:_LONGEST]))
    return found is not None and found[1] in words


def list_free_codes(site_words: Collection[str], taken: Collection[str]) -> list[str]:
    """Every code that no batch has."""
    codes = [f"{word}{number}" for word in site_words for number in range(2, 100)]
    return [code for code in codes if code not in taken]


def find_staff_rest(text: str, words: Collection[str]) -> str | None:
    """What follows the staff word that a text begins with (empty if nothing does), or None where it is not there."""
    if len(text) > _LONGEST or not words:
        return None
    found = _STAFF.fullmatch(fold(text).strip())
    return found[3] if found and found[1] + found[2] in words else None


def looks_like_staff_word(text: str) -> bool:
    """True if it is worth looking whether a text begins with the staff word."""
    return len(text) <= _LONGEST and _STAFF.fullmatch(fold(text).strip()) is not None


def list_staff_months(today: date) -> tuple[str, ...]:
    """The months (``2026-11``) whose word works today: this one, and in its first week the last one too."""
    before = today - timedelta(days=GRACE_DAYS)
    return tuple(dict.fromkeys((f"{today:%Y-%m}", f"{before:%Y-%m}")))


@dataclass(frozen=True, slots=True)
class StaffNeeds:
    """What staff may ask for: a word of either language, folded, to a category."""

    by_word: Mapping[str, str]

    def find(self, text: str) -> str | None:
        """The first need that a text names, or None."""
        return next((self.by_word[word] for word in fold(text).split() if word in self.by_word), None)


def build_staff_needs(documents: Mapping[str, Any]) -> StaffNeeds:
    """The ``staff_needs`` of ``outreach``. Raises ContentError for an unknown category or a word twice."""
    by_word: dict[str, str] = {}
    try:
        known = documents["categories"]["categories"]
        for category, words in documents["outreach"]["staff_needs"].items():
            if category not in known:
                raise ContentError(f"outreach: staff_needs: no category {category}")
            for word in words:
                if by_word.setdefault(fold(word), category) != category:
                    raise ContentError(f"outreach: staff_needs: {word} is there twice")
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"outreach: staff_needs is not well formed ({type(error).__name__})") from None
    return StaffNeeds(by_word)


def answer_staff(needs: StaffNeeds, directory: Directory, rest: str, at: datetime) -> tuple[ReplyRef, ...]:
    """The nearest open places for what staff ask, as any texter gets them, or how to ask (O3).

    Confidential places are none: the search names what a youth may be told.
    """
    need, area = needs.find(rest), find_area(rest, home=directory.region.state)
    if need is None or area is None:
        return (ReplyRef("staff_how"),)
    found = find_places(directory, need=need, area=area, now=at, limit=2)
    places = tuple(
        ReplyRef("place_call_first" if match.call_first else "place_found", {"place": match.reference})
        for match in found.places
    )
    return places or (ReplyRef("place_none_open", {"line": found.next_best_line}),)


def read_as(message: InboundMessage, hello: str) -> InboundMessage:
    """The message with a site code read as a hello: nothing of the code goes on."""
    return replace(message, text=hello)
