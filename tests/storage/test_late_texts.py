"""A text that came in long after it was sent, in a worker over real stores (R9, R10, X4)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.messages import SMS, ExternalId, InboundMessage
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox, parse_message
from tests.storage.night_shift import SOMEONE, NightShift

TEXT = InboundMessage(SMS, SOMEONE, ExternalId("in1"), text="!imminent")


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("ann")


async def test_a_text_of_half_an_hour_ago_is_told_of_to_a_person_and_asked_about(
    night: NightShift, inbox: Inbox
) -> None:
    await inbox.put_message(replace(TEXT, sent_at=night.clock.at - timedelta(minutes=31)))
    await night.works()
    assert await night.goes_out() == ["late_answer"]
    assert len(await night.waiting()) == 1 and await night.pages()


async def test_a_text_of_a_little_ago_is_answered(night: NightShift, inbox: Inbox) -> None:
    await inbox.put_message(replace(TEXT, sent_at=night.clock.at - timedelta(minutes=29)))
    await night.works()
    assert "crisis_suicide" in await night.goes_out()


async def test_a_new_text_right_behind_a_late_one_makes_both_new(night: NightShift, inbox: Inbox) -> None:
    await inbox.put_message(replace(TEXT, sent_at=night.clock.at - timedelta(hours=5)))
    await inbox.put_message(replace(TEXT, external_id=ExternalId("in2"), text="please", sent_at=night.clock.at))
    await night.works()
    assert "crisis_suicide" in await night.goes_out()


async def test_an_entry_of_an_older_version_is_read_and_is_not_late(night: NightShift) -> None:
    plain = json.dumps([SMS, SOMEONE, "in1", "text", "hello", None]).encode()
    assert parse_message(plain) == InboundMessage(SMS, SOMEONE, ExternalId("in1"), text="hello")
