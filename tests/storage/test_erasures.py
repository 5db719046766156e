"""The erase list and who works it off: what goes when, what is tried again, what is given up (P4, P5, C12, K6)."""

import json
from datetime import timedelta

import pytest

from app.reconciler import Reconciler
from hotline.messages import SMS, TELEGRAM
from storage import erasures
from storage.commit import Committer, Writes
from tests.connectors.provider import Fault, telegram_fault, twilio_fault
from tests.storage.copy_shift import ADDRESSES, ALL, HASHES, SERVER_KEY, CopyShift, find_keys, keep_at_twilio
from vault.content import ContentKey
from vault.errors import SealBroken
from vault.keyring import Keyring
from vault.purposes import Purpose

PICTURE = "MM" + "c3" * 16
ERASED, DUE = ("sms", "erased"), "erase-due:*"


async def test_a_text_and_its_pictures_leave_twilio_with_the_first_pass_after_its_turn_c12(shift: CopyShift) -> None:
    keep_at_twilio(shift, PICTURE)
    shift.provider.media[PICTURE] = ["ME1", "ME2"]
    await shift.hears(SMS, PICTURE)
    await shift.passes()
    assert shift.provider.sms == {} and shift.provider.media[PICTURE] == []
    assert not [call for call in shift.provider.calls if call.method == "GET" and not call.path.endswith("Media.json")]
    assert shift.tally.erased_as == [ERASED] and await shift.list_keys() == set()


async def test_our_message_stays_at_twilio_for_its_final_status_and_no_longer_than_ten_minutes(
    shift: CopyShift,
) -> None:
    """X5: until then Twilio may still have to tell what became of it."""
    first, second = await shift.sends(SMS), await shift.sends(SMS)
    await shift.passes(minutes=9)
    assert set(shift.provider.sms) == {first, second}
    writes = Writes()
    erasures.hurry_sms(writes, HASHES.hash_external_id(SMS, first), shift.at.timestamp())
    await Committer(shift.store, "w").commit(0, writes)
    await shift.passes()
    assert set(shift.provider.sms) == {second}
    await shift.passes(minutes=2)
    assert shift.provider.sms == {}


async def test_a_final_status_of_a_message_that_is_not_on_the_list_adds_nothing(shift: CopyShift) -> None:
    await shift.sends(SMS)
    writes = Writes()
    erasures.hurry_sms(writes, "0" * 32, shift.at.timestamp())
    await Committer(shift.store, "w").commit(0, writes)
    assert not await shift.store.call("ZSCORE", "erase-due:sms:0", "0" * 32)


async def test_a_message_that_twilio_still_has_on_its_way_is_asked_for_again(shift: CopyShift) -> None:
    """20009."""
    sid = await shift.sends(SMS)
    shift.provider.incomplete.add(sid)
    await shift.passes(minutes=11)
    await shift.passes(seconds=30)
    assert sid in shift.provider.sms
    shift.provider.incomplete.clear()
    await shift.passes(minutes=10)
    assert shift.provider.sms == {} and shift.tally.erased_as == [("sms", "put_off"), ERASED]


@pytest.mark.parametrize("fault", [Fault(500), Fault(503), twilio_fault(401, 20003), Fault(404, "<html>")])
async def test_nothing_is_given_up_for_a_fault_that_passes_or_a_token_that_we_must_mend(
    shift: CopyShift, fault: Fault
) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32)
    await shift.hears(SMS, "SM" + "a" * 32)
    shift.provider.faults.append(fault)
    await shift.passes()
    if fault.status == 404:
        assert shift.tally.erased_as == [ERASED], "gone already is gone"
        return
    assert shift.provider.sms and shift.tally.erased_as == [("sms", "put_off")]
    assert ("20003" in shift.tally.failures) == (fault.status == 401)
    await shift.passes(minutes=1)
    assert shift.provider.sms == {}


async def test_a_flood_slows_the_eraser_of_that_channel_alone(shift: CopyShift) -> None:
    sids = ["SM" + f"{number:032x}" for number in range(3)]
    for sid in sids:
        keep_at_twilio(shift, sid)
        await shift.hears(SMS, sid)
    number = (await shift.sends(TELEGRAM)).rpartition(":")[2]
    await shift.clears()
    shift.provider.faults += [twilio_fault(429, 20429, **{"Retry-After": "30"})]
    await shift.passes()
    calls = len(shift.provider.calls)
    keep_at_twilio(shift, "SM" + "e" * 32)
    await shift.hears(SMS, "SM" + "e" * 32)
    assert int(number) not in shift.provider.telegram, "Telegram's goes on"
    await shift.passes(seconds=20)
    assert len(shift.provider.calls) == calls, "Twilio is left alone as long as it asked, for a new one too"
    await shift.passes(seconds=20)
    assert shift.provider.sms == {}


async def test_after_fourteen_days_twilio_is_asked_no_more_and_it_is_counted_p4(shift: CopyShift) -> None:
    sid = await shift.sends(SMS)
    shift.provider.incomplete.add(sid)
    await shift.passes(days=13, hours=23)
    await shift.passes(minutes=59)
    asked = len(shift.provider.calls)
    await shift.passes(hours=3)
    assert len(shift.provider.calls) == asked
    assert shift.tally.erased_as[-1] == ("sms", "given_up") and await shift.list_keys() == set()


async def test_nothing_of_a_chat_is_deleted_unasked_and_after_47_hours_it_is_let_go_p4(shift: CopyShift) -> None:
    """The number that we gave would vanish from their phone."""
    await shift.hears(TELEGRAM, "91:41")
    await shift.sends(TELEGRAM)
    await shift.passes(hours=46)
    assert len(shift.provider.telegram) == 1 and await shift.list_keys()
    await shift.passes(hours=2)
    assert len(shift.provider.telegram) == 1 and not await find_keys(shift.store, "erasures:*")
    assert shift.tally.erased_as == []


async def test_clear_takes_both_sides_of_the_chat_also_those_of_an_earlier_session_k6(shift: CopyShift) -> None:
    await shift.hears(TELEGRAM, "91:9001")
    await shift.sends(TELEGRAM)
    await shift.passes(hours=40)
    await shift.hears(TELEGRAM, "92:9002")
    await shift.clears()
    await shift.passes()
    asked = [json.loads(call.form["message_ids"]) for call in shift.provider.calls if "delete" in call.path]
    assert asked == [[1, 9001, 9002]], "one call for the chat"
    assert shift.provider.telegram == {} and await shift.list_keys() == set()


async def test_what_is_on_its_way_while_a_chat_is_cleared_goes_too_a_minute_after_it_arrived_k6(
    shift: CopyShift,
) -> None:
    decided_at = shift.at
    await shift.clears()
    await shift.sends(TELEGRAM, decided_at)
    await shift.passes(seconds=50)
    assert len(shift.provider.telegram) == 1, "there is time to read it"
    await shift.passes(seconds=11)
    assert shift.provider.telegram == {}
    later = await shift.sends(TELEGRAM, shift.at)
    await shift.passes(minutes=10)
    assert set(shift.provider.telegram) == {int(later.rpartition(":")[2])}, "what comes after is another chat"


async def test_clearing_leaves_every_other_chat_alone(shift: CopyShift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ADDRESSES, TELEGRAM, "555000999")
    other = await shift.sends(TELEGRAM)
    monkeypatch.undo()
    await shift.sends(TELEGRAM)
    await shift.clears()
    await shift.passes()
    assert set(shift.provider.telegram) == {int(other.rpartition(":")[2])}


async def test_a_message_that_is_too_old_for_telegram_is_counted_and_the_rest_goes(shift: CopyShift) -> None:
    for _ in range(3):
        await shift.sends(TELEGRAM)
    shift.provider.too_old = {2}
    await shift.clears()
    await shift.passes()
    assert set(shift.provider.telegram) == {2} and shift.tally.failures == ["too_late"]
    assert await shift.list_keys() == set(), "and it is not asked for again"


async def test_a_chat_whose_texter_blocked_us_is_given_up_with_a_count(shift: CopyShift) -> None:
    await shift.sends(TELEGRAM)
    await shift.clears()
    shift.provider.faults.append(telegram_fault(403, "Forbidden: bot was blocked by the user"))
    await shift.passes()
    assert shift.tally.erased_as == [("telegram", "refused")] and await shift.list_keys() == set()


async def test_a_flood_at_telegram_is_waited_out_and_the_chat_is_emptied(shift: CopyShift) -> None:
    await shift.sends(TELEGRAM)
    await shift.clears()
    shift.provider.faults.append(telegram_fault(429, "Too Many Requests: retry after 9", retry_after=9))
    await shift.passes()
    await shift.passes(seconds=5)
    assert shift.provider.telegram and shift.tally.left["telegram"] == 1
    await shift.passes(seconds=60)
    await shift.passes(seconds=1)
    assert shift.provider.telegram == {} and shift.tally.left["telegram"] == 0


async def test_a_worker_that_dies_after_the_commit_loses_nothing_of_the_list(shift: CopyShift) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32)
    await shift.hears(SMS, "SM" + "a" * 32)
    await shift.sends(TELEGRAM)
    await shift.clears()
    shift.begins_anew()
    await shift.passes()
    assert shift.provider.sms == {} and shift.provider.telegram == {}


async def test_the_list_opens_for_erasing_alone_and_holds_no_number_p4(shift: CopyShift) -> None:
    await shift.hears(SMS, "SM" + "a" * 32)
    await shift.sends(TELEGRAM)
    values = [
        value
        for key in await find_keys(shift.store, "erasures:*")
        for value in (await shift.store.call("HGETALL", key)).values()
    ]
    assert len(values) == 2
    for value in values:
        name, _, sealed = value.partition(b"|")
        key = await shift.erase_keys.find(name.decode())
        assert key
        plain = key.open(Purpose.ERASURE, sealed).decode()
        assert ADDRESSES[SMS] not in plain and (ADDRESSES[TELEGRAM] in plain) == name.startswith(b"telegram")
        for purpose in set(Purpose) - {Purpose.ERASURE}:
            with pytest.raises(SealBroken):
                key.open(purpose, sealed)
        for purpose in Purpose:
            with pytest.raises(SealBroken):
                Keyring([SERVER_KEY]).open(purpose, sealed, name.decode())
        with pytest.raises(SealBroken):
            ContentKey.create(name.decode()).open(Purpose.ERASURE, sealed)


async def test_with_the_keys_instance_the_list_is_gone_and_the_reconciler_finds_what_is_left_at_twilio(
    shift: CopyShift,
) -> None:
    """The stated bound: Telegram's ids are lost, Twilio can be asked."""
    sid = await shift.sends(SMS)
    await shift.sends(TELEGRAM)
    for key in await find_keys(shift.keys, "erase-key:*"):
        await shift.keys.call("DEL", key)
    await shift.clears()
    await shift.passes(minutes=30)
    assert set(shift.provider.sms) == {sid} and len(shift.provider.telegram) == 1
    assert sorted(shift.tally.erased_as) == [("sms", "lost"), ("telegram", "lost")]
    assert await Reconciler(shift.world).run() == 0
    assert shift.provider.sms == {}


async def test_the_key_of_a_day_is_shared_by_workers_and_ends_with_what_it_opens_p4(shift: CopyShift) -> None:
    await shift.sends(SMS)
    await shift.sends(TELEGRAM)
    first = await shift.erase_keys.get(SMS, shift.at)
    shift.begins_anew()
    assert (await shift.erase_keys.get(SMS, shift.at)).secret == first.secret
    assert (await shift.erase_keys.get(SMS, shift.at + timedelta(days=1))).secret != first.secret
    lives = {key.decode().split(":")[1]: await shift.keys.call("TTL", key) for key in
             await find_keys(shift.keys, "erase-key:*")}  # fmt: skip
    assert 14 * 86400 < lives["sms"] <= 15 * 86400 and 47 * 3600 < lives["telegram"] <= 71 * 3600


async def test_a_pass_makes_twenty_calls_at_most_and_the_next_one_goes_on(shift: CopyShift) -> None:
    sids = ["SM" + f"{number:032x}" for number in range(30)]
    for sid in sids:
        keep_at_twilio(shift, sid)
        await shift.hears(SMS, sid)
    await shift.passes()
    assert len(shift.provider.sms) == 10
    await shift.passes(seconds=1)
    assert shift.provider.sms == {}


async def test_whatever_an_eraser_stumbles_over_is_told_and_stops_nothing_else(
    shift: CopyShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose eraser fails goes on answering."""
    keep_at_twilio(shift, "SM" + "a" * 32)
    await shift.hears(SMS, "SM" + "a" * 32)

    async def stumble(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(shift.connectors[SMS], "erase", stumble)
    await shift.passes()
    assert shift.tally.failures == ["RuntimeError"]
    monkeypatch.undo()
    await shift.passes()
    assert shift.provider.sms == {}


async def test_a_partition_of_another_worker_is_left_to_it(shift: CopyShift) -> None:
    keep_at_twilio(shift, "SM" + "a" * 32)
    await shift.hears(SMS, "SM" + "a" * 32)
    (place,) = await find_keys(shift.store, DUE)
    mine = int(place.decode().rpartition(":")[2])
    await shift.erasers[SMS].run(ALL - {mine})
    assert shift.provider.sms
    await shift.erasers[SMS].run({mine})
    assert shift.provider.sms == {}
