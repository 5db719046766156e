"""A wrong clock, lost time, lost keys, a provider that stays away: danger is heard, and nobody is left in silence."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from connectors.contract import Confirm, SendResult
from connectors.errors import SendError
from hotline.messages import OutboundMessage
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from tests.storage.night_shift import SOMEONE, NightShift


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> AsyncIterator[NightShift]:
    yield await NightShift(store, keys, content_keys, inbox).opens("rowan")


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(days=4000)], ids=str)
async def test_with_a_clock_that_jumps_danger_is_answered_and_waits_for_a_person(
    night: NightShift, jump: timedelta
) -> None:
    """R7, H3: whatever the clock says, the crisis reply goes out, a page with it, and nothing of it is taken back."""
    await night.texts("hi")
    night.clock.at += jump
    replies = await night.texts("!imminent")
    assert any(reply.startswith("crisis") for reply in replies), replies
    assert [(one.owner, one.level.label) for one in await night.waiting()] == [("waiting", "imminent")]
    paged = await night.pages()
    assert paged
    night.clock.at -= jump
    await night.passes(seconds=1)
    assert len(await night.waiting()) == 1, "nor does it fall off the list when the clock is set right"
    assert await night.texts("are you there") is not None


@pytest.mark.parametrize("away", [timedelta(minutes=31), timedelta(days=3)], ids=str)
async def test_a_text_that_lay_there_while_its_session_ran_out_is_answered_and_its_answer_can_go_out_c13(
    night: NightShift, away: timedelta
) -> None:
    """Every worker was dead: text and deadline are both due when one comes back, and the text put the deadline off."""
    await night.texts("hi")
    night.clock.at += away
    assert await night.texts("food please") == ["phone_ok", "food"]
    assert await night.passes(minutes=29) == []
    assert await night.texts("food please") == ["food"], "the session goes on"
    await night.passes(minutes=31)
    assert await night.texts("food please") == ["food", "welcome"], "and ends when its time has come"


async def test_a_provider_that_stays_away_is_given_up_after_its_time_and_the_texter_comes_before_a_person_x5(
    night: NightShift,
) -> None:
    tries = []

    class Away:
        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            tries.append(message)
            night.clock.at += timedelta(minutes=4)
            raise SendError("connection", retryable=True)

        async def find_sent(self, message: OutboundMessage) -> SendResult | None:
            return None

    night.world.connectors["sms"] = Away()  # type: ignore[index]
    await night.inbox.put_message(_hello(night))
    await night.works()
    await night.sends()
    assert len(tries) >= 4
    assert ("send_failed", "connection") in night.tally.failures
    night.tally.failures.clear()
    await night.works()
    assert [one.owner for one in await night.waiting()] == ["waiting"]


def _hello(night: NightShift):  # type: ignore[no-untyped-def]
    from hotline.messages import SMS, ExternalId, InboundMessage

    return InboundMessage(SMS, SOMEONE, ExternalId("SMhello"), text="hi")


async def test_words_of_ours_whose_key_died_before_they_went_out_bring_a_person_and_not_silence_p3(
    night: NightShift, keys: Store
) -> None:
    """The keys instance is killed between a commit and its sending: the texter waits, and nobody else knows."""
    await night.inbox.put_message(_hello(night))
    await night.works()
    for name in await keys.scan("content-key:*"):
        await keys.call("DEL", name)
    await night.sends()
    assert set(night.tally.failures) == {("send_failed", "unreadable")}
    night.tally.failures.clear()
    await night.works()
    assert [(one.owner, one.level.label) for one in await night.waiting()] == [("waiting", "high")]
    assert await night.pages()
