"""Turns a reply key into the messages that are sent, in the texter's language and for the texter's channel (V1, V9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from hotline.content import ATTRIBUTES, LINE_ATTRIBUTES, PARAMS, TOPIC_GAPS, Content, Gap, fill_gaps, find_gaps
from hotline.errors import ContentError
from hotline.gsm import Parts, count_parts
from hotline.gsm import fold_for_sms as for_sms
from hotline.messages import CHANNELS, SMS
from hotline.ports import ReplyRef

__all__ = ["LineSource", "Parts", "PlaceSource", "check_line_gaps", "count_parts", "for_sms", "render"]


class LineGaps(Protocol):
    """A hotline number as far as a reply needs it."""

    def gaps(self, language: str, channel: str) -> Mapping[str, str]:
        """``digits`` and ``how`` for this language and channel."""


class LineSource(Protocol):
    """All hotline numbers."""

    def get(self, line_id: str, /) -> LineGaps:
        """The line of an id; raises for an id that is not there."""


class PlaceGaps(Protocol):
    """A resource as far as a reply needs it."""

    def gaps(self, language: str, channel: str, now: datetime) -> Mapping[str, str]:
        """``name``, ``phone``, ``hours`` and ``where`` for this language; an unknown one is empty."""


class PlaceSource(Protocol):
    """All resources that may be served."""

    def get(self, resource_id: str, /) -> PlaceGaps:
        """The resource of an id; raises for an id that is not there."""


def render(
    ref: ReplyRef,
    *,
    language: str,
    channel: str,
    content: Content,
    lines: LineSource,
    directory: PlaceSource,
    now: datetime,
    hotline_name: str,
) -> tuple[str, ...]:
    """The one or two messages of a reply, gaps filled, accents dropped for SMS (V9). ``now`` is aware UTC.

    A line of a text whose facts about a place are all unknown is left out. Raises UnknownReply for a key without words
    and ContentError for a ``line`` or ``place`` that the reply needs and the reference does not name.
    """
    texts = content.reply(ref.key, language).texts
    values = {Gap("hotline"): hotline_name}
    for name in {gap.name for text in texts for gap in find_gaps(text)} - {"hotline"}:
        thing = ref.params.get(name) if name in PARAMS else name
        if thing is None:
            raise ContentError(f"reply {ref.key!r} needs a {name}")
        if name == "place":
            filled = directory.get(thing).gaps(language, channel, now)
        elif name == "said":
            filled = {"words": thing}
        elif name in TOPIC_GAPS:
            filled = content.topic(thing).gaps(language)
        else:
            filled = lines.get(thing).gaps(language, channel)
        values |= {
            Gap(name, attribute): filled.get(attribute, "") for attribute in ATTRIBUTES.get(name, LINE_ATTRIBUTES)
        }
    messages = tuple(_fill_lines(text, values) for text in texts)
    return tuple(for_sms(message) for message in messages) if channel == SMS else messages


def check_line_gaps(content: Content, lines: LineSource) -> None:
    """Checks at start that every line a reply names is there and can be said on every channel (R9).

    Raises ContentError naming reply and line.
    """
    for language, replies in content.lines.items():
        for key, line in replies.items():
            for gap in {gap for text in line.texts for gap in find_gaps(text)}:
                if gap.name not in PARAMS and gap.name != "hotline":
                    _check_line_gap(lines, key, gap, language)


def _check_line_gap(lines: LineSource, key: str, gap: Gap, language: str) -> None:
    for channel in CHANNELS:
        try:
            value = lines.get(gap.name).gaps(language, channel)[gap.attribute]
        except (LookupError, ContentError):
            value = ""
        if not value:
            raise ContentError(f"replies/{language}: {key}: nothing fills {gap.name}.{gap.attribute} on {channel}")


def _fill_lines(text: str, values: Mapping[Gap, str]) -> str:
    kept = [fill_gaps(line, values).strip() for line in text.splitlines() if not _is_empty(line, values)]
    return "\n".join(kept).strip()


def _is_empty(line: str, values: Mapping[Gap, str]) -> bool:
    gaps = tuple(find_gaps(line))
    return bool(gaps) and all(gap.name == "place" and not values[gap] for gap in gaps)
