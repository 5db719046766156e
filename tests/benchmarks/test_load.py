"""The load maker against a tiny front door of the same wire format."""

import asyncio
import dataclasses
import time
from datetime import UTC, datetime

import pytest

from benchmarks import texters as texters_module
from benchmarks.load import arrivals, run_closed, run_open
from benchmarks.texters import wait_quiet
from connectors.sms.client import build_client
from tests.benchmarks.conftest import Street
from tests.benchmarks.front_door import ACCOUNT


async def test_every_text_is_signed_as_the_official_validator_expects(street: Street):
    exchange = await street.texters.ask("+19992000000", "hi", ("welcome", "hello"))
    assert (exchange.status, exchange.outcome) == (200, "answered")


async def test_a_text_that_is_not_signed_is_counted_as_refused(street: Street):
    street.texters._wire = street.door.door(token="another-token").build_wire()
    exchange = await street.texters.ask("+19992000000", "hi", ("welcome", "hello"))
    assert (exchange.status, exchange.outcome) == (403, "refused")


async def test_an_answer_counts_when_its_last_message_has_come(street: Street):
    street.door.delay_seconds = 0.05
    exchange = await street.texters.ask("+19992000000", "hi", ("welcome", "hello"))
    assert exchange.answered_at - exchange.asked_at >= 0.1
    assert exchange.receipts[0][0] < exchange.answered_at
    assert exchange.asked_at < exchange.acked_at < exchange.answered_at


async def test_other_words_than_the_known_ones_are_not_an_answer(street: Street):
    exchange = await street.texters.ask("+19992000000", "hi", ("welcome", "sorry"))
    assert exchange.outcome == "otherwise"


async def test_nobody_waits_any_longer_once_other_words_have_come(street: Street):
    began = time.monotonic()
    await street.texters.ask("+19992000000", "bye", ("take care", "bye"))
    assert time.monotonic() - began < 0.3


async def test_a_part_of_an_answer_is_not_an_answer(street: Street):
    exchange = await street.texters.ask("+19992000000", "bye", ("bye", "take care"))
    assert exchange.outcome == "otherwise"


async def test_silence_is_counted_as_unanswered(street: Street):
    street.door.answers["hi"] = []
    assert (await street.texters.ask("+19992000000", "hi", ("welcome",))).outcome == "unanswered"


async def test_answers_are_learned_before_they_are_expected(street: Street):
    await street.texters.learn(quiet_seconds=0.1)
    assert street.texters.answers == {(0, 0): ("welcome", "hello"), (0, 1): ("fine",), (0, 2): ("bye",)}


async def test_a_side_that_does_not_answer_a_question_is_not_measured(street: Street):
    street.door.answers["and you"] = []
    with pytest.raises(RuntimeError, match="ours gives no answer to 'and you'"):
        await street.texters.learn(quiet_seconds=0.1)


async def test_the_closed_loop_keeps_so_many_texts_outstanding_until_its_last_answer(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(texters_module, "LIMIT_SECONDS", 20)
    await street.texters.learn(quiet_seconds=0.5)
    street.door.delay_seconds = 0.1
    load = await run_closed(street.texters, outstanding=8, seconds=1)
    assert {e.outcome for e in load.exchanges} == {"answered"}
    asked, answered = [e.asked_at for e in load.exchanges], [e.answered_at for e in load.exchanges]
    assert max(sum(e.asked_at <= moment < e.answered_at for e in load.exchanges) for moment in asked) == 8
    assert max(1, max(answered) - min(asked)) <= load.seconds
    assert 16 <= len(load.exchanges) < 8 * load.seconds / 0.1


async def test_a_lost_answer_does_not_lengthen_the_closed_loop(street: Street):
    await street.texters.learn(quiet_seconds=0.1)
    street.door.answers["bye"] = []
    load = await run_closed(street.texters, outstanding=2, seconds=0.1)
    assert {"answered", "unanswered"} == {e.outcome for e in load.exchanges}
    assert load.seconds < 0.3


async def test_the_open_loop_asks_on_time_whether_or_not_answers_come(street: Street):
    await street.texters.learn(quiet_seconds=0.1)
    street.door.answers["hi"] = []
    load = await run_open(street.texters, rate=60, seconds=0.5, seed=1)
    assert len(load.exchanges) == len(arrivals(60, 0.5, 1)) > 15
    moments = sorted(e.asked_at for e in load.exchanges)
    assert moments[-1] - moments[0] < 3, "waiting for each answer would have taken 12 seconds"
    assert {e.outcome for e in load.exchanges} == {"unanswered"}


async def test_no_text_goes_to_a_texter_who_was_not_answered(street: Street):
    await street.texters.learn(quiet_seconds=0.1)
    street.door.answers["hi"] = ["welcome"]
    conversation = street.texters.new_conversation()
    await conversation.ask_next()
    assert not conversation.has_more


def test_the_same_seed_gives_both_sides_the_same_moments():
    assert arrivals(10, 60, 3) == arrivals(10, 60, 3) != arrivals(10, 60, 4)
    assert 500 < len(arrivals(10, 60, 3)) < 700


def test_every_texter_has_a_number_in_an_area_code_that_nobody_has(street_numbers: list[str]):
    assert len(set(street_numbers)) == len(street_numbers)
    assert all(number.startswith("+1999") and len(number) == 12 for number in street_numbers)


@pytest.fixture
def street_numbers(street: Street) -> list[str]:
    return [street.texters.new_address() for _ in range(1000)]


async def test_the_provider_reports_what_it_took_as_sent_and_delivered(street: Street):
    await street.texters.ask("+19992000000", "bye", ("bye",))
    assert not street.provider.is_quiet
    await wait_quiet(street.provider)
    assert street.door.statuses == ["sent", "delivered"]
    assert (street.provider.sends, street.provider.callbacks, street.provider.callbacks_refused) == (1, 2, 0)


async def test_the_provider_can_be_asked_what_was_sent_to_a_number(street: Street):
    await street.texters.ask("+19992000000", "hi", ("welcome", "hello"))
    await street.texters.ask("+19992000001", "bye", ("bye",))
    client = build_client(ACCOUNT, "any", street.provider.url)
    sent = await client.messages.list_async(to="+19992000000", limit=20)
    await client.http_client.close()
    assert [message.body for message in sent] == ["hello", "welcome"]
    assert all(abs((datetime.now(UTC) - message.date_created).total_seconds()) < 60 for message in sent)


async def test_a_provider_from_afar_stamps_the_receipt_before_it_answers(street: Street):
    street.provider.answer_seconds = 0.2
    exchange = await asyncio.wait_for(street.texters.ask("+19992000000", "bye", ("bye",)), 1)
    assert exchange.answered_at - exchange.asked_at < 0.2


async def test_messages_that_nobody_waits_for_are_counted(street: Street):
    street.texters.mailboxes.close("+19992000000")
    street.texters.mailboxes.receive("+19992000000", "late", 1.0)
    assert street.texters.mailboxes.strays == 1


def test_no_token_is_in_the_representation_of_a_door(street: Street):
    assert "invented-token" not in repr(street.door.door())
    assert dataclasses.replace(street.door.door(), auth_token="").auth_token == ""
