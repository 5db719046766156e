"""One hotline number: what it is for, how it is reached, and how that is said to a texter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline.digits import flatten
from hotline.hours import Door, Hours, build_hours, parse_time_zone
from hotline.messages import CHANNELS
from hotline.records import Record
from hotline.verification import Verification, build_verification

LANGUAGES = ("en", "es")
OPEN, CLOSED = "active", "temporarily closed"
"""What a line may be, in the words that places have too; one that says nothing is open."""

_FIELDS = (
    "name", "ease", "needs", "call", "text", "web", "note", "ages", "hours", "who", "may_report",
    "evidence", "source", "assured_date", "verified_by", "expires_on", "never_hidden", "extents", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrases:
    """The patterns in which a number is said in one language."""

    call: str
    text: str
    text_word: str
    call_or_text: str
    call_or_text_word: str
    web: str


@dataclass(frozen=True, slots=True)
class Way:
    """A number of a line and the memory aid that goes with it (``233733``, ``BEFREE``).

    ``forms`` are other letters that people know it by. ``words`` is for texting alone: by language that is answered,
    the word to send, "" for none.
    """

    number: str
    aid: str | None = None
    forms: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """The number as it is said: an aid of digits alone is the number, better grouped."""
        return self.aid if self.aid and not any(sign.isalpha() for sign in self.aid) else self.number

    def joined(self, pattern: str) -> str:
        """The number with its letters in a pattern of number and aid, or the number alone (N1: digits first)."""
        return pattern.format(number=self.number, aid=self.aid) if self.aid and self.spoken != self.aid else self.spoken


@dataclass(frozen=True, slots=True)
class Line:
    """A hotline number as facts; ``None`` means unknown, never yes.

    ``ease`` is the rank of how easily the number stays in the head, 1 the easiest. ``extents`` is empty for a line of
    the whole country.
    """

    id: str
    name: Mapping[str, str]
    needs: frozenset[str]
    ease: int
    call: Way | None
    text: Way | None
    web: str | None
    note: Mapping[str, str]
    hours: Hours
    minimum_age: int | None
    maximum_age: int | None
    may_report: bool | None
    """True if it may call police or child welfare or send help (R11)."""
    never_hidden: bool
    closed: bool
    """True if somebody pulled it: it is given in no mode, and no reply says it (D7)."""
    extents: frozenset[str]
    verification: Verification
    keys: frozenset[str] = field(repr=False)
    """Every form in which somebody may type it: digits without a leading 1, or letters."""
    phrases: Mapping[str, Phrases] = field(repr=False)

    @property
    def always(self) -> bool:
        """True if it is known to answer day and night."""
        return self.hours.always

    def door(self, now: datetime) -> Door:
        """Whether it answers at ``now`` (aware), as far as anybody knows."""
        return self.hours.door(now)

    def takes(self, age: int | None) -> bool:
        """False only if the age is known and outside the line's own."""
        if age is None:
            return True
        return (self.minimum_age or 0) <= age <= (self.maximum_age if self.maximum_age is not None else age)

    def is_texted(self, language: str, channel: str) -> bool:
        """True if a texter on this channel can write to it in this language."""
        return channel in CHANNELS and self.text is not None and language in self.text.words

    def gaps(self, language: str, channel: str) -> Mapping[str, str]:
        """``name``, ``digits``, ``how`` and ``note`` for one message, all of one and the same number (N1).

        For one who texts it is the number to text, unless the line is called only or does not answer texts in this
        language. ``note`` says in one sentence whether it may report or send help (R11).
        """
        said = self.phrases[language]
        text = self.text if self.is_texted(language, channel) or self.call is None else None
        way = text or self.call
        if way is None:
            digits, how = self.web or "", said.web.format(number=self.web)
        else:
            digits = way.joined("{number} = {aid}")
            word = way.words.get(language, next(iter(way.words.values()), ""))
            how = self._pattern(said, way, word).format(number=way.joined("{number} ({aid})"), word=word)
        return {"name": self.name[language], "digits": digits, "how": how, "note": self.note[language]}

    def _pattern(self, said: Phrases, way: Way, word: str) -> str:
        if way is self.call:
            return said.call
        if self.call is not None and self.call.number == way.number:
            return said.call_or_text_word if word else said.call_or_text
        return said.text_word if word else said.text


def build_line(line_id: str, record: Record, phrases: Mapping[str, Phrases]) -> Line:
    """One line from its record. Raises ContentError naming the field that is wrong."""
    record.allow(_FIELDS)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", line_id):
        raise record.refuse("id", "small letters, digits and underscores")
    call = _build_way(record.record("call")) if record.has("call") else None
    text = _build_way(record.record("text"), texted=True) if record.has("text") else None
    ages = record.record("ages") if record.has("ages") else Record({}, record.where)
    line = Line(
        id=line_id,
        name=record.spoken("name"),
        needs=frozenset(record.texts("needs")),
        ease=record.seconds("ease"),
        call=call,
        text=text,
        web=record.text("web") if record.has("web") else None,
        note=record.spoken("note"),
        hours=_build_hours(record),
        minimum_age=ages.number("minimum"),
        maximum_age=ages.number("maximum"),
        may_report=record.flag("may_report"),
        never_hidden=record.switch("never_hidden", default=False),
        closed=_read_closed(record),
        extents=frozenset(record.texts("extents")),
        verification=build_verification(record),
        keys=_build_keys(call, text),
        phrases=phrases,
    )
    if line.call is None and line.text is None and line.web is None:
        raise record.refuse("call, text or web", "given: a line that cannot be reached is no line")
    if (line.minimum_age or 0) > (line.maximum_age if line.maximum_age is not None else 999):
        raise record.refuse("ages", "in order")
    return line


def _read_closed(record: Record) -> bool:
    status = record.text("status", OPEN)
    if status not in (OPEN, CLOSED):
        raise record.refuse("status", f"{OPEN} or {CLOSED}")
    if status == CLOSED and record.switch("never_hidden", default=False):
        raise record.refuse("status", f"{OPEN}: a line that is never hidden is not closed, its number is changed")
    return status == CLOSED


def _build_way(record: Record, *, texted: bool = False) -> Way | None:
    record.allow(("number", "aid", "forms", "publish", "reason", *(("words",) if texted else ())))
    if not record.switch("publish", default=True):
        return None
    words = record.record("words").data if texted else {}
    if texted and (not words or any(key not in LANGUAGES or not isinstance(word, str) for key, word in words.items())):
        raise record.refuse("words", "a word by language, or an empty text for none")
    return Way(
        number=record.text("number"),
        aid=record.text("aid") if record.has("aid") else None,
        forms=record.texts("forms"),
        words=dict(words),
    )


def _build_hours(record: Record) -> Hours:
    if not isinstance(record.data.get("hours"), str):
        hours = record.record("hours")
        hours.allow(("time_zone", "schedules"))
        if not hours.records("schedules"):
            raise hours.refuse("schedules", "given")
        return build_hours(hours.records("schedules"), time_zone=parse_time_zone(hours), on_holidays="same")
    if record.text("hours") not in ("always", "unknown", "varies"):
        raise record.refuse("hours", "always, varies, unknown or schedules")
    return Hours("24/7" if record.text("hours") == "always" else None, "UTC")


def _build_keys(call: Way | None, text: Way | None) -> frozenset[str]:
    spelled = [form for way in (call, text) if way is not None for form in (way.number, way.aid, *way.forms)]
    return frozenset(flatten(form) for form in spelled if form)
