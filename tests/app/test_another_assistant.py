"""Any other Rasa assistant behind our gateway, by its URL alone (X6): the real pipeline, screening and content."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from app.settings import Settings, SettingsError, load_settings
from app.world_wiring import build_dialogue, build_said
from bot.assistant import disarm, parse_messages
from hotline.assistant_words import KEY, find_refusal
from hotline.conversations import Conversation, Session
from hotline.errors import DialogueError
from hotline.messages import SMS, Address, ConversationId, Kind
from hotline.pipeline import handle_inbound
from hotline.ports import Dialogue, DialogueAnswer
from hotline.reply_warnings import build_warning_rules
from hotline.turns import Turn
from storage.content_files import load_documents
from storage.content_following import Served
from tests.app.another_assistant import RestAssistant

PHONE = "+17025550123"
DOCUMENTS = load_documents()
RULES = build_warning_rules(DOCUMENTS)


@dataclass
class Watch:
    told: list[tuple[str, str]] = field(default_factory=list)

    def failed(self, event: str, code: str = "") -> None:
        self.told.append((event, code))

    def screened(self, level: str) -> None:
        """Nothing to keep."""

    def took(self, work: str, seconds: float, kind: str = "") -> None:
        """Nothing to keep."""


class Whichever:
    """The dialogue of the test at hand, so that the content is built once."""

    inner: Dialogue

    async def answer(self, text: str, **more: Any) -> DialogueAnswer:
        return await self.inner.answer(text, **more)


def _given(url: str) -> Settings:
    environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_HOTLINE_NAME": "Lantern", "PORCHLIGHT_ASSISTANT_URL": url}
    return load_settings(environ, "all")


WATCH, WHICHEVER = Watch(), Whichever()
SAID = build_said(_given("http://127.0.0.1:1"), Served(0, DOCUMENTS), WATCH, WHICHEVER)  # type: ignore[arg-type]


class Talk:
    """One texter before the real pipeline, with another assistant behind it."""

    def __init__(self, url: str) -> None:
        WATCH.told.clear()
        self.watch, self.said = WATCH, SAID
        self.dialogue = WHICHEVER.inner = build_dialogue(_given(url), WATCH)  # type: ignore[arg-type]
        self.conversation = Conversation(ConversationId("c1"), SMS, Session(Address(PHONE)))
        self.at = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
        self.alert: str | None = None
        self.keys: list[str] = []

    async def say(self, text: str) -> str:
        self.at += timedelta(seconds=30)
        turn = Turn((text,), self.at, Kind.TEXT, None, True, False, False, None)
        outcome = await handle_inbound(turn, self.conversation, self.said.services)
        self.conversation, self.alert = outcome.conversation, outcome.alert
        if outcome.forget:  # the worker begins anew with the next text
            self.conversation = Conversation(ConversationId("c2"), SMS, Session(Address(PHONE)))
        self.keys = [ref.key for ref in outcome.replies]
        language = self.conversation.language
        shown = [self.said.words.render(ref, language=language, channel=SMS, now=self.at) for ref in outcome.replies]
        return "\n".join(part for parts in shown for part in parts)

    async def past_openings(self) -> "Talk":
        await self.say("is it cold outside")
        await self.say("is it cold outside")
        return self


@pytest.fixture
async def other():
    async with RestAssistant() as other:
        yield other


@pytest.fixture
async def talk(other):
    talk = await Talk(other.url).past_openings()
    yield talk
    await talk.dialogue._dialogue._dialogue.aclose()


async def test_its_words_reach_the_texter_through_our_gateway_by_its_url_alone_x6(other, talk):
    assert "food or a shower" in await talk.say("i got nothing to eat")
    assert other.asked[-1]["message"] == "i got nothing to eat"
    assert {one["sender"] for one in other.asked} == {other.asked[0]["sender"]}
    assert not any(PHONE[-7:] in str(one) for one in (*other.asked, *other.headers))


async def test_danger_keywords_and_a_person_are_ours_and_never_wait_for_it_r1_x6(other, talk):
    before = len(other.asked)
    told = await talk.say("i want to kill myself tonight")
    assert "988" in told and talk.alert
    assert len(other.asked) == before
    asking = await Talk(other.url).past_openings()
    before = len(other.asked)
    await asking.say("STOP")
    assert len(other.asked) == before
    assert KEY not in asking.keys


async def test_it_hands_over_to_a_person_by_a_custom_message_h1_x6(other, talk):
    other.says = [{"recipient_id": "x", "custom": {"handoff": True}}]
    await talk.say("i have another question")
    assert any(key.startswith("handoff") for key in talk.keys)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Call 555 010 9988 now", "number"),
        ("Text 85258 for a bed", "number"),
        ("See www.example.org", "link"),
        ("Look at example.co/beds", "link"),
        ("Add @kind_helper on your app", "link"),
        ("Come to 12 Birch Street", "address"),
        ("You should have left, you let him", "v4_blame"),
        ("I promise you will be fine", "v5_promise"),
        ("Nobody will know, this is anonymous", ""),
        ("What is your name?", "c3_"),
        ("long " * 80, "too_long"),
        ("Do you want to go on or stop?", "opts_out"),
    ],
)
async def test_words_that_no_reply_of_ours_may_hold_become_a_safety_reply_and_the_offer_of_a_person(
    other, talk, text, code
):
    other.says = [{"recipient_id": "x", "text": text}]
    told = await talk.say("what now")
    assert text.strip()[:12] not in told
    assert talk.keys[0] == "dialogue_down"
    event, refused = next(one for one in talk.watch.told if one[0] == "assistant_refused")
    assert refused.startswith(code) and text not in event + refused
    assert ("dialogue_failed", "") not in talk.watch.told


async def test_more_than_two_messages_are_refused_and_a_line_of_ours_may_be_named(other, talk):
    other.says = [{"recipient_id": "x", "text": "a"}] * 3
    await talk.say("what now")
    assert talk.keys[0] == "dialogue_down"
    other.says = [{"recipient_id": "x", "text": "Call 988, or text 741741."}]
    assert "741741" in await talk.say("what now")


@pytest.mark.parametrize("says", [[], b"", b"<html>", {"text": "a"}, [7], [{"text": ""}], [{"image": "http://x/y"}]])
async def test_silence_and_nonsense_of_it_are_a_failure_not_an_answer(other, talk, says):
    other.says = says
    await talk.say("what now")
    assert talk.keys[0] == "dialogue_down"


async def test_when_it_is_down_or_refuses_the_texter_gets_a_safety_reply(other, talk):
    other.status = 500
    await talk.say("what now")
    assert talk.keys[0] == "dialogue_down"


async def test_an_answer_that_comes_in_pieces_is_read_to_its_end_and_one_without_end_is_refused(other, talk):
    other.in_pieces = True
    assert "food or a shower" in await talk.say("what now")
    other.says = [{"text": "a" * 70_000}]
    await talk.say("what now")
    assert talk.keys[0] == "dialogue_down"


@given(st.text(max_size=40))
@example("/restart")
@example(' /greet{"a": "b"}')
def test_no_text_of_a_texter_is_a_command_to_it_k8(text):
    assert not disarm(text).lstrip().startswith("/")
    assert disarm(text)


@given(st.binary(max_size=200))
def test_whatever_it_answers_is_read_or_refused(body):
    try:
        texts, handoff = parse_messages(body)
    except DialogueError:
        return
    assert handoff or all(texts)


@limits(suppress_health_check=[HealthCheck.too_slow])
@given(st.from_regex(r"[2-9]\d{2}[-. ]?[2-9]\d{2}[-. ]?\d{4}", fullmatch=True), st.text(max_size=20))
def test_no_number_that_is_not_ours_passes_n4(number, around):
    assert find_refusal([f"{around} {number} "], RULES, lambda _digits: False)


def test_its_url_needs_tls_unless_it_is_on_this_machine():
    environ = {"PORCHLIGHT_MODE": "live", "PORCHLIGHT_ASSISTANT_URL": "http://assistant.example.org"}
    with pytest.raises(SettingsError, match="PORCHLIGHT_ASSISTANT_URL must use TLS"):
        load_settings(environ, "all")
    with pytest.raises(SettingsError, match="PORCHLIGHT_ASSISTANT_URL must be on this machine in practice"):
        load_settings(environ | {"PORCHLIGHT_MODE": "practice"}, "all")


async def test_after_clear_it_knows_the_texter_by_another_name_k6(other, talk):
    await talk.say("CLEAR")
    before = other.asked[-1]["sender"]
    for _ in range(3):
        await talk.say("is it cold outside")
    assert len(other.asked) > 2
    assert other.asked[-1]["sender"] != before


def test_without_one_the_content_has_no_line_for_its_words():
    assert not any(KEY in path for path in DOCUMENTS)
