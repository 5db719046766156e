"""Asking Twilio what it still holds: what was lost comes in, what goes, what must stay, what is told (X4, P5, X5)."""

from datetime import timedelta

import pytest

from app.copies_command import count_copies
from app.reconciler import LOST_WITHIN, Reconciler
from hotline.messages import SMS, ExternalId, InboundMessage, Kind
from tests.connectors.payloads import ACCOUNT, AUTH_TOKEN, BOT_TOKEN, HOTLINE
from tests.connectors.provider import Fault
from tests.storage.copy_shift import ADDRESSES, OURS, CopyShift, keep_at_twilio


async def take_in(shift: CopyShift, sid: str, age: timedelta) -> bool:
    """Twilio holds a text whose webhook was taken, or comes now."""
    keep_at_twilio(shift, sid, age)
    return await shift.inbox.put_message(InboundMessage(SMS, ADDRESSES[SMS], ExternalId(sid), text="hi"))


async def test_a_text_whose_webhook_never_came_is_brought_in_once_and_stays_there_till_it_is_answered_x4(
    shift: CopyShift,
) -> None:
    sid = "SM" + "a" * 32
    keep_at_twilio(shift, sid, timedelta(minutes=25), body="i want to die")
    await Reconciler(shift.world).run()
    assert set(shift.provider.sms) == {sid}, "nothing of a texter's goes before it was heard"
    assert await shift.list_inbox() == [InboundMessage(SMS, ADDRESSES[SMS], ExternalId(sid), text="i want to die")]
    (brought,) = await shift.list_inbox()
    assert brought.sent_at == shift.world.now().replace(microsecond=0) - timedelta(minutes=25), "it is a late one"
    assert not await take_in(shift, sid, timedelta(minutes=25)), "its webhook is a repetition, if it comes after all"
    assert len(await shift.list_inbox()) == 1
    await shift.hears(SMS, sid)
    await shift.passes(seconds=1)
    assert shift.provider.sms == {} and shift.tally.failures == [""]


async def test_lost_texts_come_in_in_their_order_and_one_that_cannot_be_asked_for_holds_up_none_x4(
    shift: CopyShift,
) -> None:
    for number, minutes in ((1, 40), (2, 30), (3, 5)):
        keep_at_twilio(shift, f"SM{number:032x}", timedelta(minutes=minutes), body=f"text {number}")
    keep_at_twilio(shift, "MM" + "a" * 32, timedelta(minutes=3), body="", num_media="1")
    keep_at_twilio(shift, "SM" + "b" * 32, timedelta(minutes=1))
    shift.provider.sms[f"SM{2:032x}"]["from"] = "+1702555XXXX"
    assert await Reconciler(shift.world).run() == 1
    heard = [(message.kind, message.text) for message in await shift.list_inbox()]
    assert heard == [(Kind.TEXT, "text 1"), (Kind.TEXT, "text 3"), (Kind.MEDIA, "")]
    assert len(shift.provider.sms) == 5 and shift.tally.failures == ["", "", "", "unreadable"]


@pytest.mark.parametrize("age", [LOST_WITHIN + timedelta(minutes=1), timedelta(days=13)])
async def test_a_text_that_may_have_been_answered_stays_at_twilio_and_staff_are_told_x4(
    shift: CopyShift, age: timedelta
) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32, age)
    assert await Reconciler(shift.world).run() == 1
    assert len(shift.provider.sms) == 1 and await shift.list_inbox() == []
    assert shift.tally.failures == ["too_old"] and shift.tally.left == {"sms": 1}


async def test_a_store_that_began_anew_answers_nothing_from_before_and_erases_none_of_it_x4(shift: CopyShift) -> None:
    """It began when a worker first asked, though Twilio did not answer then."""
    await shift.store.call("DEL", "taken-since")
    keep_at_twilio(shift, "SM" + "a" * 32, timedelta(hours=5))
    shift.provider.faults.append(Fault(503))
    await Reconciler(shift.world).run_if_due()
    shift.at += timedelta(minutes=10)
    keep_at_twilio(shift, "SM" + "b" * 32, timedelta(minutes=5))
    assert await Reconciler(shift.world).run() == 1
    assert [message.external_id for message in await shift.list_inbox()] == ["SM" + "b" * 32]
    assert shift.tally.failures == ["503", "", "too_old"] and len(shift.provider.sms) == 2


async def test_a_text_that_twilio_refuses_to_let_go_of_for_days_was_heard_all_the_same_p5(shift: CopyShift) -> None:
    """Its mark is gone, its place on the erase list is not."""
    sid = "SM" + "a" * 32
    keep_at_twilio(shift, sid, timedelta(days=3))
    await shift.hears(SMS, sid)
    assert await Reconciler(shift.world).run() == 0
    assert shift.provider.sms == {} and await shift.list_inbox() == [] and shift.tally.failures == []


async def test_an_advert_of_a_short_code_is_nothing_for_us_and_goes_p5(shift: CopyShift) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32, timedelta(minutes=25), **{"from": "72345"})
    assert await Reconciler(shift.world).run() == 0
    assert shift.provider.sms == {} and shift.tally.failures == []


async def test_the_reconciler_takes_what_was_left_behind_and_nothing_young(shift: CopyShift) -> None:
    await take_in(shift, "SM" + "a" * 32, timedelta(minutes=25))
    keep_at_twilio(shift, "SM" + "b" * 32, timedelta(days=13), **OURS)
    await take_in(shift, "SM" + "c" * 32, timedelta(minutes=5))
    shift.provider.sms = dict(sorted(shift.provider.sms.items(), key=lambda item: item[0] != "SM" + "b" * 32))
    assert await Reconciler(shift.world).run() == 0
    assert set(shift.provider.sms) == {"SM" + "c" * 32}
    assert shift.tally.left == {"sms": 0} and set(shift.tally.erased_as) == {("sms", "reconciled")}


async def test_the_reconciler_leaves_what_a_message_that_may_be_out_is_looked_up_by_x5(shift: CopyShift) -> None:
    """A worker that died an hour ago left a message between "sending" and "sent"."""
    keep_at_twilio(shift, "SM" + "a" * 32, timedelta(minutes=55), **OURS)
    begun = (shift.at - timedelta(minutes=56)).isoformat()
    await shift.store.call("HSET", "sending:7", "1-1", begun)
    await Reconciler(shift.world).run()
    assert set(shift.provider.sms) == {"SM" + "a" * 32}
    await shift.store.call("HDEL", "sending:7", "1-1")
    await Reconciler(shift.world).run()
    assert shift.provider.sms == {}


async def test_all_is_looked_through_once_an_hour_whichever_worker_asks_and_sooner_after_a_failure(
    shift: CopyShift,
) -> None:
    keep_at_twilio(shift, "SM" + "b" * 32, timedelta(days=13), **OURS)
    shift.provider.faults.append(Fault(503))
    await Reconciler(shift.world).run_if_due()
    assert 0 < await shift.store.call("TTL", "reconciled") <= 300 and shift.tally.failures == ["503"]
    await Reconciler(shift.world).run_if_due()
    assert len(shift.provider.sms) == 1, "not within the hour"
    await shift.store.call("DEL", "reconciled")
    await Reconciler(shift.world).run_if_due()
    assert shift.provider.sms == {} and 3500 < await shift.store.call("TTL", "reconciled") <= 3600


async def test_a_lost_text_is_looked_for_every_five_minutes_x4(shift: CopyShift) -> None:
    reconciler = Reconciler(shift.world)
    await reconciler.run_if_due()
    keep_at_twilio(shift, "SM" + "a" * 32)
    for minute in range(1, 10):
        shift.at += timedelta(minutes=1)
        await reconciler.run_if_due()
        assert len(await shift.list_inbox()) == (minute >= 5)
    assert len([call for call in shift.provider.calls if call.path.endswith("/Messages.json")]) == 4


async def test_what_twilio_will_not_let_go_of_is_counted(shift: CopyShift) -> None:
    await take_in(shift, "SM" + "a" * 32, timedelta(minutes=25))
    shift.provider.incomplete.add("SM" + "a" * 32)
    assert await Reconciler(shift.world).run() == 1
    assert shift.tally.left == {"sms": 1}


async def test_the_command_tells_counts_and_neither_words_nor_numbers_nor_ids_p5(shift: CopyShift) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32, timedelta(minutes=25))
    keep_at_twilio(shift, "SM" + "b" * 32, timedelta(minutes=5))
    old = shift.provider.sms["SM" + "a" * 32] | {
        "sid": "SM" + "d" * 32,
        "date_created": "Sat, 03 Oct 2026 10:00:00 +0000",
    }
    shift.provider.sms = {"SM" + "d" * 32: old, **shift.provider.sms}
    environ = {
        "PORCHLIGHT_MODE": "practice",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_FROM": HOTLINE,
        "TWILIO_API_URL": shift.provider.url,
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": "secret",
        "TELEGRAM_API_URL": shift.provider.url,
    }
    sms, telegram = await count_copies(environ)
    assert sms.startswith("sms: 1 older than 20 minutes") and "1 younger" in sms
    assert telegram.startswith("telegram: cannot be asked")
    assert len(shift.provider.sms) == 3, "counting erases nothing"
    assert "SM" not in sms and "702" not in sms + telegram
