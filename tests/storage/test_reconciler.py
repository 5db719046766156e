"""Asking Twilio what it still holds: what goes, what must stay yet, and what is told of it (P5, X5)."""

from datetime import timedelta

from app.copies_command import count_copies
from app.reconciler import Reconciler
from hotline.messages import SMS
from tests.connectors.payloads import ACCOUNT, AUTH_TOKEN, BOT_TOKEN, HOTLINE
from tests.connectors.provider import Fault
from tests.storage.copy_shift import ADDRESSES, CopyShift, keep_at_twilio


async def test_the_reconciler_takes_what_was_left_behind_and_nothing_young(shift: CopyShift) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32, timedelta(minutes=25))
    keep_at_twilio(shift, "SM" + "b" * 32, timedelta(days=13), **{"from": HOTLINE, "to": ADDRESSES[SMS]})
    keep_at_twilio(shift, "SM" + "c" * 32, timedelta(minutes=5))
    shift.provider.sms = dict(sorted(shift.provider.sms.items(), key=lambda item: item[0] != "SM" + "b" * 32))
    assert await Reconciler(shift.world).run() == 0
    assert set(shift.provider.sms) == {"SM" + "c" * 32}
    assert shift.tally.left == {"sms": 0} and set(shift.tally.erased_as) == {("sms", "reconciled")}


async def test_the_reconciler_leaves_what_a_message_that_may_be_out_is_looked_up_by_x5(shift: CopyShift) -> None:
    """A worker that died an hour ago left a message between "sending" and "sent"."""
    keep_at_twilio(shift, "SM" + "a" * 32, timedelta(minutes=55), **{"from": HOTLINE, "to": ADDRESSES[SMS]})
    begun = (shift.at - timedelta(minutes=56)).isoformat()
    await shift.store.call("HSET", "sending:7", "1-1", begun)
    await Reconciler(shift.world).run()
    assert set(shift.provider.sms) == {"SM" + "a" * 32}
    await shift.store.call("HDEL", "sending:7", "1-1")
    await Reconciler(shift.world).run()
    assert shift.provider.sms == {}


async def test_the_reconciler_runs_once_an_hour_whichever_worker_asks_and_sooner_after_a_failure(
    shift: CopyShift,
) -> None:
    shift.provider.faults.append(Fault(503))
    await Reconciler(shift.world).run_if_due()
    assert 0 < await shift.store.call("TTL", "reconciled") <= 300 and shift.tally.failures == ["503"]
    await shift.store.call("DEL", "reconciled")
    await Reconciler(shift.world).run_if_due()
    asked = len(shift.provider.calls)
    await Reconciler(shift.world).run_if_due()
    assert len(shift.provider.calls) == asked and 3500 < await shift.store.call("TTL", "reconciled") <= 3600


async def test_what_twilio_will_not_let_go_of_is_counted(shift: CopyShift) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32, timedelta(minutes=25))
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
