"""The other service that the line can play: dull, plausible, and nobody's (K7). Its words come from outside."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hotline.content import LANGUAGES
from hotline.conversations import Session
from hotline.errors import ContentError
from hotline.gsm import Encoding, count_parts, fold_for_sms
from hotline.ports import ReplyRef
from hotline.private_words import is_private_word
from hotline.records import Record
from hotline.telling import TellingWords

LINE_KEY = "cover_line_"
_FEWEST, _MOST = 3, 9
_REACHABLE = re.compile(r"\d{2,}|\d[\s.()-]+\d|[@#$]|https?|www|\w\.[a-z]{2,}", re.IGNORECASE)
"""Numbers, addresses and links: a dull line leads nowhere, or it would send somebody to a stranger."""

_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-ZÁÉÍÓÚÑÜ]\w*")
_MAY_STAND = frozenset({"STOP"})


@dataclass(frozen=True, slots=True)
class Cover:
    """The hotline's words into and out of cover, and how many dull lines there are."""

    words: frozenset[str] = field(repr=False)
    back: str = field(repr=False)
    lines: int

    def next_line(self, session: Session) -> tuple[Session, ReplyRef]:
        """The dull line whose turn it is: they go round, so that it looks like a service and not like a wall."""
        number = session.dull_said % self.lines + 1
        return replace(session, dull_said=session.dull_said + 1), ReplyRef(f"{LINE_KEY}{number}")


def build_cover(
    document: Any, *, mode: str, telling: TellingWords, is_taken: Callable[[str], bool]
) -> tuple[Cover, Mapping[str, Any]]:
    """The cover of a file, and its dull lines as reply documents.

    ``is_taken`` is True for a text that acts already. Raises ContentError naming what is wrong; live mode refuses the
    sample, which everybody can read (K7).
    """
    record = Record(document, "cover")
    record.allow({"sample", "review", "cover_words", "return_word", "lines"})
    if mode == "live" and record.switch("sample", False):
        raise ContentError("cover: this is the practice sample, which everybody can read; write your own")
    words, back = record.texts("cover_words"), record.text("return_word")
    for word in (*words, back):
        if not is_private_word(word) or is_taken(word):
            raise ContentError("cover: each word must be 3 to 20 plain small letters or digits, and no keyword")
    if not words or back in words or len(set(words)) != len(words):
        raise ContentError("cover: needs at least one cover word, and a return word that is another")
    lines = {language: record.record("lines").texts(language) for language in LANGUAGES}
    for fault in _find_faults(lines, telling):
        raise ContentError(f"cover: {fault}")
    documents = {
        f"replies/{language}/cover": {
            "review": dict(record.record("review").data),
            "replies": {f"{LINE_KEY}{number}": {"text": text} for number, text in enumerate(texts, 1)},
        }
        for language, texts in lines.items()
    }
    return Cover(frozenset(words), back, len(lines[LANGUAGES[0]])), documents


def _find_faults(lines: Mapping[str, tuple[str, ...]], telling: TellingWords) -> Iterator[str]:
    if len({len(texts) for texts in lines.values()}) != 1:
        yield "every language needs as many lines as the others"
    for language, texts in lines.items():
        if not _FEWEST <= len(texts) <= _MOST or len(set(texts)) != len(texts):
            yield f"{language}: {_FEWEST} to {_MOST} different lines are needed"
        for number, text in enumerate(texts, 1):
            yield from (f"{language}: line {number} {fault}" for fault in find_line_faults(text, language, telling))


def find_line_faults(text: str, language: str, telling: TellingWords) -> Iterator[str]:
    """What keeps a line from being dull: length, a way to reach anybody, a name, or a word that tells."""
    parts = count_parts(fold_for_sms(text))
    if parts.count != 1 or parts.encoding is not Encoding.GSM7 or "\n" in text:
        yield "is longer than one text message, or leaves its alphabet"
    if "{" in text or "?" in text:
        yield "has a gap or asks something"
    if _REACHABLE.search(text):
        yield "has a number, a link or an address"
    if {found[0] for found in _NAME.finditer(text)} - _MAY_STAND:
        yield "has a name or capitals inside a sentence"
    told = telling.find(text, language)
    if told:
        yield f"says {told!r}, which tells what this is"
