"""A sealed reply on the worker's side: opened, checked, then obeyed, and never half (P2, A8, R10)."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.desk_commands import Circumstances
from app.reply_opening import answer_command
from app.world_wiring import build_words
from hotline.conversations import Conversation, Owner, Session
from hotline.messages import SMS, Address, ConversationId
from hotline.turns import Outcome
from storage.content_files import load_documents
from storage.inbox import DeskCommand
from vault.errors import SealBroken
from vault.inbox import InboxPrivateKey
from vault.purposes import Purpose

AT = datetime(2026, 11, 21, tzinfo=UTC)
INBOX = InboxPrivateKey.create("0" * 16)
HELD = Conversation(
    ConversationId("c1"), SMS, Session(Address("+17025550123")), owner=Owner.WITH_ADVOCATE, advocate="robin"
)


class Keys:
    async def open_inbox(self, sealed: bytes, context: str) -> bytes:
        if not sealed:
            raise SealBroken(Purpose.INBOX)
        return INBOX.open(sealed, context)


def _seal(text: str, context: str = "reply|c1|robin") -> str:
    return base64.b64encode(INBOX.public().seal(text.encode(), context)).decode()


async def _answer(text: str, before: Conversation = HELD, *confirmed: str, action: str = "reply") -> Outcome:
    words = SimpleNamespace(knows_number=lambda digits, at: digits == "988")
    world = SimpleNamespace(content_keys=Keys(), words=words)
    command = DeskCommand("1", action, "c1", "robin", text, confirmed)
    return await answer_command(world, command, before, Circumstances(AT))  # type: ignore[arg-type]


async def test_a_sealed_reply_goes_out_as_it_was_written() -> None:
    outcome = await _answer(_seal("  I am here.\r\nTake your time, or call 988. "))
    assert outcome.result == "done"
    assert outcome.words == ("I am here.\nTake your time, or call 988.",)


@pytest.mark.parametrize(
    "text",
    [
        "I am here.",
        "aGVsbG8=",
        _seal("I am here.", "reply|c1|luz"),
        _seal("I am here.", "reply|c2|robin"),
        _seal("I am here.", "the lane"),
        base64.b64encode(INBOX.public().seal(b"\xff\xfe", "reply|c1|robin")).decode(),
    ],
    ids=["not sealed", "no seal", "another advocate", "another conversation", "another purpose", "no words"],
)
async def test_a_reply_that_is_not_sealed_for_this_conversation_and_advocate_is_unreadable(text: str) -> None:
    outcome = await _answer(text)
    assert (outcome.result, outcome.words, outcome.conversation) == ("unreadable", (), HELD)


@pytest.mark.parametrize(
    ("text", "result"),
    [(" ", "empty"), ("x" * 1601, "too_long"), ("call me on 702 555 0199", "personal_number")],
)
async def test_words_that_may_not_go_out_are_answered_with_a_code(text: str, result: str) -> None:
    outcome = await _answer(_seal(text))
    assert (outcome.result, outcome.words, outcome.conversation) == (result, (), HELD)


async def test_each_second_click_lets_through_what_it_was_asked_for() -> None:
    """A8 and R10."""
    text, silent = _seal("call me on 702 555 0199"), replace(HELD, silent=True)
    assert (await _answer(text, silent)).result == "confirm"
    assert (await _answer(text, silent, "number")).result == "confirm"
    assert (await _answer(text, silent, "near")).result == "personal_number"
    assert (await _answer(text, silent, "near", "number")).words


async def test_whose_it_is_comes_before_what_it_says() -> None:
    assert (await _answer("rubbish", replace(HELD, advocate="luz"))).result == "not_yours"


async def test_other_clicks_need_no_words() -> None:
    assert (await _answer("", action="release")).result == "done"


def test_the_numbers_of_our_lines_and_places_are_known() -> None:
    settings = SimpleNamespace(region="nevada", mode="practice", hotline_name="Porchlight")
    words = build_words(settings, load_documents())  # type: ignore[arg-type]
    place = next(iter(words.directory.places.values()))
    digits = "".join(filter(str.isdecimal, place.gaps("en", SMS, AT)["phone"]))[-10:]
    assert words.knows_number("988", AT)
    assert words.knows_number(digits, AT)
    assert not words.knows_number("7025550199", AT)
