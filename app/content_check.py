"""The content gate: every reply of every language held against the rules of voice, length and reading (V1-V9)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.content_rules import Rules, build_rules, find_opting_out
from app.print_check import find_print_faults
from hotline.content import (
    LANGUAGES,
    PERSON,
    PIPELINE_KEYS,
    TOPIC_GAPS,
    Content,
    ReplyLine,
    find_differences,
    find_gaps,
    find_lost_options,
    read_content,
)
from hotline.gsm import Encoding, Parts, count_parts, find_encoding, fold_for_sms
from hotline.messages import CHANNELS, SMS
from hotline.numbers import build_lines
from hotline.ports import ReplyRef
from hotline.reading import compute_grade
from hotline.regions import build_region
from hotline.replies import LineSource, PlaceSource, check_line_gaps, render
from hotline.resources import build_directory
from hotline.screening.entries import parse_entries
from hotline.topics import Topic, build_topics

_TWO_NUMBERS = {"crisis_overdose": {"emergency", "poison"}}
"""Where one message may name two lines: 911 if they cannot breathe, Poison Help if they can; either may save a life."""

HIGHEST_GRADE = 6.0
LONGEST_HOTLINE_NAME = 24
"""Characters of a hotline name for which every length here holds."""

ADVOCATES_OWN = "quick_"
"""Lines that an advocate sends with a click: a person is there already, so they need not offer one."""

DULL_KEYS = frozenset(
    {"crisis_someone_here", "neutral_ack", "goodbye", "stopped", "ended_on_request", "buyer_closed"}
    | {"near_go_on", "cover_words", "cover_none"}
)
"""Replies that show nothing of the subject to whoever reads over a shoulder (R10, K5)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach: which reply, in which language, of which rule."""

    language: str
    key: str
    rule: str

    def __str__(self) -> str:
        return f"{self.language} {self.key}: {self.rule}"


@dataclass(frozen=True, slots=True)
class Measure:
    """What one message of a reply costs: its reading grade and its longest form as SMS."""

    language: str
    key: str
    grade: float
    parts: Parts
    review: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The real values that gaps can take: every line and place that may be named, and moments that change hours."""

    lines: LineSource
    line_ids: Sequence[str]
    always_open: frozenset[str]
    directory: PlaceSource
    place_ids: Sequence[str]
    moments: Sequence[datetime]
    topics: Mapping[str, Topic]


def build_facts(documents: Mapping[str, Any], *, region: str, now: datetime) -> Facts:
    """The lines and places of the documents, and the week from ``now`` (aware) in steps of three hours.

    Places are those of practice mode, which serves the most. Raises ContentError as the directory and numbers do.
    """
    lines = build_lines(documents)
    directory = build_directory(documents, build_region(documents, region), "practice")
    return Facts(
        lines=lines,
        line_ids=tuple(line.id for line in lines),
        always_open=frozenset(line.id for line in lines if line.always),
        directory=directory,
        place_ids=tuple(directory.places),
        moments=tuple(now + timedelta(hours=hours) for hours in range(0, 7 * 24, 3)),
        topics=build_topics(documents, LANGUAGES),
    )


def check_content(documents: Mapping[str, Any], facts: Facts, *, keys: Collection[str] | None = None) -> list[Fault]:
    """Every breach in the replies of the documents, with gaps filled by each value of ``facts`` on both channels.

    ``keys`` narrows the check to some replies. Raises ContentError where the documents cannot be read as replies.
    """
    content, rules = read_content(documents), build_rules(documents)
    check_line_gaps(content, facts.lines)
    faults = []
    for language, replies in content.lines.items():
        for key in sorted(replies if keys is None else keys):
            line = replies[key]
            shape = _check_shape(key, line, language, rules, is_topic=key in content.topics)
            words = (*_check_words(key, line, language, rules, facts), *shape)
            faults += [Fault(language, key, rule) for rule in (*words, *_check_lengths(key, language, content, facts))]
        faults += _check_notes(language, rules, facts)
    if keys is None:
        faults += [Fault("", "", difference) for difference in find_differences(content, PIPELINE_KEYS)]
        if "outreach" in documents:
            faults += [Fault("", "outreach", rule) for rule in find_print_faults(documents)]
        today = facts.moments[0].date()
        faults += [
            Fault("", f"screening {entry.id}", f"wants a new review since {entry.expires} (R3)")
            for name, document in sorted(documents.items())
            if name.startswith("screening/")
            for entry in parse_entries(name, document)
            if entry.expires <= today
        ]
    lost = find_lost_options(content)
    return faults + [Fault("", key, f"offers {option!r}, which nothing answers") for key, option in lost]


def measure_content(documents: Mapping[str, Any], facts: Facts) -> list[Measure]:
    """Grade and longest SMS form of every message, by language and key."""
    content = read_content(documents)
    measures = []
    for language, replies in content.lines.items():
        for key in sorted(replies):
            line = content.reply(key, language)
            forms = tuple(render_all(key, language, SMS, content, facts))
            for number, text in enumerate(line.texts):
                longest = max((count_parts(form[number]) for form in forms), key=lambda parts: parts.units)
                measures.append(Measure(language, key, compute_grade(text, language), longest, line.review.state))
    return measures


def format_table(measures: Sequence[Measure], faults: Sequence[Fault]) -> str:
    """The measures as aligned rows, the faults below, and a closing line."""
    rows = [
        f"{row.language}  {row.key:<26} grade {row.grade:4.1f}  {row.parts.count} part(s) {row.parts.units:>4} units"
        f"  {row.review}"
        for row in measures
    ]
    closing = f"{len(measures)} messages, {len(faults)} fault(s)"
    return "\n".join([*rows, *map(str, faults), closing])


def _check_notes(language: str, rules: Rules, facts: Facts) -> Iterator[Fault]:
    """What is said of a line comes by gap, and is held to the same words."""
    for line_id in facts.line_ids:
        note = facts.lines.get(line_id).gaps(language, SMS)["note"]
        yield from (Fault(language, f"note of {line_id}", rule) for rule in rules.find_banned(note, language))


def _check_words(key: str, line: ReplyLine, language: str, rules: Rules, facts: Facts) -> Iterator[str]:
    for text in line.texts:
        plain = re.sub(r"\{[^{}]*\}", "*", text)
        yield from rules.find_banned(plain, language)
        if re.search(r"\d{3}|\d-\d", plain):
            yield "a number is typed where a gap belongs"
        if fold_for_sms(plain) != re.sub("[áíóúÁÍÓÚ]", lambda found: fold_for_sms(found[0]), plain):
            yield "a typographic character"
        if find_encoding(fold_for_sms(plain)) is not Encoding.GSM7:
            yield "a character that would leave GSM-7 (V1)"
        grade = compute_grade(text, language)
        if grade > HIGHEST_GRADE:
            yield f"reading grade {grade:.1f} (V2)"
        numbers = {gap.name for gap in find_gaps(text) if gap.attribute in ("digits", "how")}
        if len(numbers) > 1 and numbers != _TWO_NUMBERS.get(key):
            yield "more than one number in a message (N1)"
        yield from rules.find_unsaid(text, numbers, language)
        if rules.says_always(plain, language) and not numbers <= facts.always_open | {"line"}:
            yield "says any hour of a line that may be closed (V5)"


def _check_shape(key: str, line: ReplyLine, language: str, rules: Rules, *, is_topic: bool) -> Iterator[str]:
    if len(line.texts) > 1:
        yield "two messages leave no room for what follows in the same turn (V1, C1)"
    for text in line.texts:
        if text.count("?") > 1 or (language == "es" and text.count("?") != text.count("¿")):
            yield "more than one question, or one without its opening mark (V1)"
        if "?" in text and not rules.gives_choices(text, language):
            yield "a question without two ways (V3)"
        opted = find_opting_out(text, rules.opting_out)
        if opted:
            yield f"asks with {opted!r}, which ends all texts when it comes back alone (K2)"
        if "!" in text or "¡" in text:
            yield "an exclamation (V4)"
    if PERSON in line.offers and not rules.mentions_person(line.texts[-1], language):
        yield "offers a person without saying so (V3)"
    if not key.startswith(ADVOCATES_OWN):
        yield from _check_ending(key, line, language, rules, is_topic=is_topic)


def _check_ending(key: str, line: ReplyLine, language: str, rules: Rules, *, is_topic: bool) -> Iterator[str]:
    whole = " ".join(line.texts)
    if key in DULL_KEYS:
        if "{" in whole or line.offers or rules.mentions_person(whole, language):
            yield "shows what this is about (R10)"
    elif key in PIPELINE_KEYS:
        return
    elif not is_topic and not line.offers and "?" in whole:
        yield "a question that offers nothing (V3)"
    elif is_topic and not (rules.mentions_person(line.texts[-1], language) and line.offers):
        yield "no offer of a person (C5)"
    elif is_topic and not re.search(r"\{|\bN[UÚ]MB?ERO?\b", whole):
        yield "no resource (C5)"


def _check_lengths(key: str, language: str, content: Content, facts: Facts) -> Iterator[str]:
    most = 1 if key.startswith("crisis_") else 2
    for channel in CHANNELS:
        forms = render_all(key, language, channel, content, facts)
        longest = max(
            (count_parts(fold_for_sms(text)) for form in forms for text in form), key=lambda parts: parts.units
        )
        if longest.count > most:
            yield f"{longest.units} units on {channel} are more than {most} part(s) (V1)"
        if longest.encoding is not Encoding.GSM7:
            yield f"not GSM-7 on {channel} with its gaps filled (V1)"


def render_all(
    key: str,
    language: str,
    channel: str,
    content: Content,
    facts: Facts,
    hotline_name: str = "M" * LONGEST_HOTLINE_NAME,
) -> Iterator[tuple[str, ...]]:
    """Every form of a reply: its messages with each value that their gaps can take."""
    named = {gap.name for text in content.reply(key, language).texts for gap in find_gaps(text)}
    for params in _list_params(named, facts):
        for moment in facts.moments if "place" in named else facts.moments[:1]:
            yield render(
                ReplyRef(key, params),
                language=language,
                channel=channel,
                content=content,
                lines=facts.lines,
                directory=facts.directory,
                now=moment,
                hotline_name=hotline_name,
            )


def _list_params(named: set[str], facts: Facts) -> list[dict[str, str]]:
    if "line" in named:
        return [{"line": line_id} for line_id in facts.line_ids]
    if "place" in named:
        return [{"place": place_id} for place_id in facts.place_ids]
    labelled = [name for name, topic in facts.topics.items() if topic.label]
    if named & set(TOPIC_GAPS):
        return [dict.fromkeys(TOPIC_GAPS, name) for name in labelled]
    return [{}]
