"""Telegram's updates, case by case, and that reading them is total."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import PayloadError
from connectors.telegram.payload import build_external_id, find_message_id, parse_update
from hotline.messages import TELEGRAM, InboundMessage, Kind
from tests.connectors.payloads import (
    CHAT,
    CHAT_ID,
    FROM,
    IGNORED_UPDATES,
    MEDIA_UPDATES,
    PHOTO_SIZE,
    membership,
    message,
    text_update,
    update,
)


def parse(body: Any) -> InboundMessage | None:
    return parse_update(json.dumps(body).encode())


def test_a_text_is_read_whole() -> None:
    expected = InboundMessage(TELEGRAM, str(CHAT_ID), "910001:41", Kind.TEXT, "i need food & a bed, ñ 👋")  # type: ignore[arg-type]
    assert parse(text_update("i need food & a bed, ñ 👋")) == expected


@pytest.mark.parametrize(
    ("date", "sent_at"),
    [(1795200000, datetime(2026, 11, 20, 18, 40, tzinfo=UTC)), (True, None), (10**30, None), ("soon", None)],
)
def test_when_it_was_sent_is_read_and_nonsense_is_not(date: object, sent_at: datetime | None) -> None:
    """R10: Telegram repeats for a day what it could not bring."""
    update = text_update("hi")
    update["message"]["date"] = date
    message = parse(update)
    assert message and message.sent_at == sent_at


@pytest.mark.parametrize("name", MEDIA_UPDATES)
def test_what_cannot_be_read_here_is_media(name: str) -> None:
    """C12: pictures, voice, stickers, places, contacts and edited messages."""
    expected = InboundMessage(TELEGRAM, str(CHAT_ID), "910001:41", Kind.MEDIA)  # type: ignore[arg-type]
    assert parse(MEDIA_UPDATES[name]) == expected


@pytest.mark.parametrize("name", IGNORED_UPDATES)
def test_everything_else_is_nothing_for_us(name: str) -> None:
    """X2: private chats only, and every kind of update is answered."""
    assert parse(IGNORED_UPDATES[name]) is None


def test_the_words_under_a_picture_are_read() -> None:
    parsed = parse(update(message=message(photo=[PHOTO_SIZE], caption="he took this")))
    assert parsed is not None
    assert (parsed.kind, parsed.text) == (Kind.TEXT, "he took this")


@pytest.mark.parametrize("text", ["/start", "/start card", "/start card017", "/start@porch_bot card_17-b"])
@pytest.mark.parametrize(("language", "hello"), [("en", "hi"), ("es-MX", "hola"), (None, "hi"), (7, "hi")])
def test_the_start_button_is_a_hello(text: str, language: object, hello: str) -> None:
    """K8."""
    parsed = parse(text_update(text, **{"from": {**FROM, "language_code": language}}))
    assert parsed is not None
    assert (parsed.kind, parsed.text) == (Kind.TEXT, hello)


@pytest.mark.parametrize("text", ["/start sun4", "/start SUN4", "/start@porch_bot sun4"])
def test_what_may_be_a_site_code_is_handed_on_before_its_hello(text: str) -> None:
    """O2: the worker counts it or drops it; either way the texter is greeted as by any button."""
    parsed = parse(text_update(text, **{"from": {**FROM, "language_code": "es"}}))
    assert parsed is not None
    assert (parsed.kind, parsed.text) == (Kind.TEXT, "/start sun4 hola")


@pytest.mark.parametrize(
    "text", ["/restart", "/starting", "/start he has my phone", '/ask_person{"a": 1}', "/stop", "/START x y"]
)
def test_any_other_text_with_a_slash_stays_text(text: str) -> None:
    """K8."""
    parsed = parse(text_update(text))
    assert parsed is not None
    assert (parsed.kind, parsed.text) == (Kind.TEXT, text)


def test_a_staff_members_link_is_handed_on_as_it_is_and_nothing_like_it_is() -> None:
    """A6: the worker reads it; anything else that a start button carries is a hello."""
    link = "/start page-" + "aB3_-" * 4 + "xy"
    parsed, longer = parse(text_update(link)), parse(text_update(link + "z"))
    assert parsed is not None and parsed.text == link
    assert longer is not None and longer.text == "hi"


def test_blocking_and_coming_back_are_told() -> None:
    """X2, K2."""
    blocked, back = parse(membership("member", "kicked")), parse(membership("kicked", "member"))
    assert blocked == InboundMessage(TELEGRAM, str(CHAT_ID), "910001:", Kind.BLOCKED)  # type: ignore[arg-type]
    assert back == InboundMessage(TELEGRAM, str(CHAT_ID), "910001:", Kind.UNBLOCKED)  # type: ignore[arg-type]


def test_two_updates_about_one_message_have_two_ids() -> None:
    """X4: an edit is not taken for a repeat of the message, and a repeat is the same."""
    first, edited = parse(text_update("one")), parse({**MEDIA_UPDATES["edited text"], "update_id": 910002})
    assert first is not None
    assert edited is not None
    assert first.external_id != edited.external_id
    assert parse(text_update("one")) == first


@pytest.mark.parametrize(("ids", "number"), [((5, 41), 41), ((None, 41), 41), ((5, None), None), ((5, -3), None)])
def test_an_external_id_gives_back_its_message(ids: tuple[int | None, int | None], number: int | None) -> None:
    assert find_message_id(build_external_id(*ids)) == number


def test_half_a_character_is_replaced_so_that_it_can_be_sealed() -> None:
    parsed = parse_update(json.dumps(text_update("PLANT")).replace("PLANT", "a\\ud800b").encode())
    assert parsed is not None
    assert parsed.text == "a?b"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"{}", id="no id"),
        pytest.param(b"[" * 200_000, id="nested too deeply"),
        pytest.param(b'{"a":' * 200_000, id="objects nested too deeply"),
        pytest.param(b'{"update_id": ' + b"9" * 5000 + b"}", id="a number too long"),
        pytest.param(json.dumps({**text_update("x"), "update_id": True}).encode(), id="an id that is no number"),
        pytest.param(json.dumps(text_update("x", chat=None)).encode(), id="no chat"),
        pytest.param(json.dumps(text_update("x", chat={"type": "private"})).encode(), id="no chat id"),
        pytest.param(json.dumps(text_update("x", message_id="41")).encode(), id="a message id in words"),
        pytest.param(json.dumps(update(message=message(text={"a": 1}))).encode(), id="a text that is no text"),
        pytest.param(json.dumps(update(message="hello")).encode(), id="a message that is no object"),
    ],
)
def test_what_cannot_be_read_is_a_payload_error_without_its_words(body: bytes) -> None:
    with pytest.raises(PayloadError) as caught:
        parse_update(body)
    assert str(CHAT_ID) not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("private") | st.just(CHAT_ID),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, JSON)
def test_words_are_read_as_the_bot_api_library_reads_them(text: object, caption: object) -> None:
    """Which takes a second and 36 MB to load, for two fields."""
    from telegram import Update

    body = update(message={"message_id": 41, "chat": CHAT, "date": 0, "text": text, "caption": caption})
    library = Update.de_json(json.loads(json.dumps(body)), None).message
    words = library and (library.text or library.caption)
    try:
        read = parse(body)
    except PayloadError:
        assert not isinstance(words, str | None)
    else:
        assert read
        assert read.text == (words or "").encode("utf-8", "replace").decode().strip()


@given(st.binary())
def test_reading_any_bytes_gives_a_value_or_a_payload_error(body: bytes) -> None:
    with suppress(PayloadError):
        parse_update(body)


MESSAGE = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("text", "caption", "message_id", "from", "date", "photo", "location"), JSON)
    | {"chat": st.fixed_dictionaries({"id": JSON, "type": JSON}) | JSON},
)
KINDS = ("message", "edited_message", "my_chat_member", "channel_post")


@given(st.sampled_from(KINDS), MESSAGE, st.dictionaries(st.sampled_from(["old_chat_member", "new_chat_member"]), JSON))
def test_reading_any_update_gives_a_value_or_a_payload_error(kind: str, fields: Any, members: Any) -> None:
    body = {"update_id": 1, kind: {**message(), **fields, **members}}
    with suppress(PayloadError):
        parsed = parse(body)
        assert parsed is None or parsed.text.encode().decode() == parsed.text


def test_nothing_that_a_texter_said_is_in_a_repr() -> None:
    shown = repr(parse(text_update("planted words")))
    assert "planted words" not in shown
    assert str(CHAT_ID) not in shown
