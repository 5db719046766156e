"""A reply key becomes messages (V1, V9)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from hotline.content import Content, build_content
from hotline.errors import ContentError, UnknownReply
from hotline.ports import ReplyRef
from hotline.replies import check_line_gaps, for_sms, render

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)


class Line:
    def __init__(self, how: str) -> None:
        self._how = how

    def gaps(self, language: str, channel: str) -> Mapping[str, str]:
        return {"name": "n", "digits": "988", "how": f"{self._how} ({language}, {channel})", "note": "note"}


class Lines:
    def __init__(self, **lines: Line) -> None:
        self._lines = lines

    def get(self, line_id: str) -> Line:
        return self._lines[line_id]


class Place:
    def __init__(self, **values: str) -> None:
        self._values = values

    def gaps(self, language: str, channel: str, now: datetime) -> Mapping[str, str]:
        return {"hours": f"open {now:%H}", **self._values}


class Places:
    def __init__(self, **places: Place) -> None:
        self._places = places

    def get(self, resource_id: str) -> Place:
        return self._places[resource_id]


LINES = Lines(lifeline=Line("call 988"), info_211=Line("call 211"))
PLACES = Places(
    day=Place(name="Día “Uno”", where="1 Oak St", phone="555-0100", notice="They ask."),
    hidden=Place(name="Night", where="", phone="555-0101", notice=""),
)
TEXTS = {
    "plain": "Aquí está {hotline}.",
    "crisis": ["{lifeline.how}", "two {lifeline.digits}"],
    "number_given": "{line.digits}. {line.how}. {line.note}",
    "place_found": "One:\n{place.name}\nAt {place.where}\n{place.hours} {place.phone}\n{place.notice}",
}


def _content() -> Content:
    document = {
        "review": {"state": "drafted", "on": date(2026, 11, 21)},
        "replies": {key: {"text": text} for key, text in TEXTS.items()},
    }
    return build_content({"replies/en/a": document, "replies/es/a": document}, required=())


def _render(
    key: str, *, language: str = "en", channel: str = "telegram", name: str = "Porch", **params: str
) -> tuple[str, ...]:
    return render(
        ReplyRef(key, params),
        language=language,
        channel=channel,
        content=_content(),
        lines=LINES,
        directory=PLACES,
        now=NOW,
        hotline_name=name,
    )


def test_telegram_keeps_accents_and_sms_drops_them_v9() -> None:
    assert _render("plain", language="es") == ("Aquí está Porch.",)
    assert _render("plain", language="es", channel="sms") == ("Aqui esta Porch.",)


def test_a_line_is_said_for_the_language_and_channel() -> None:
    assert _render("crisis", language="es", channel="sms") == ("call 988 (es, sms)", "two 988")


def test_a_line_given_by_the_caller_is_filled() -> None:
    assert _render("number_given", line="info_211") == ("988. call 211 (en, telegram). note",)


def test_a_place_is_filled_for_this_moment() -> None:
    assert _render("place_found", channel="sms", place="day") == (
        'One:\nDia "Uno"\nAt 1 Oak St\nopen 20 555-0100\nThey ask.',
    )


def test_a_line_of_text_about_an_unknown_fact_is_left_out_d4() -> None:
    assert _render("place_found", place="hidden") == ("One:\nNight\nopen 20 555-0101",)


def test_a_value_with_braces_is_sent_as_it_is() -> None:
    assert _render("plain", name="{lifeline.how}") == ("Aquí está {lifeline.how}.",)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(UnknownReply):
        _render("nothing")


def test_a_reference_without_its_place_is_refused() -> None:
    with pytest.raises(ContentError, match="place"):
        _render("place_found")


def test_a_line_that_is_not_in_the_numbers_stops_the_start_r9() -> None:
    content = _content()
    check_line_gaps(content, LINES)
    with pytest.raises(ContentError, match=r"crisis: nothing fills lifeline"):
        check_line_gaps(content, Lines(info_211=Line("x")))


def test_a_line_that_cannot_be_said_stops_the_start_r9() -> None:
    class Mute(Line):
        def gaps(self, language: str, channel: str) -> Mapping[str, str]:
            return {"digits": "988", "how": "" if channel == "sms" else "x"}

    with pytest.raises(ContentError, match=r"lifeline\.how on sms"):
        check_line_gaps(_content(), Lines(lifeline=Mute("")))


def test_for_sms_is_the_fold() -> None:
    assert for_sms("ó") == "o"
