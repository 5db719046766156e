"""Pages: one sentence, by every way at once, up the ladder until somebody is reached (H3, A6, X5)."""

import asyncio
import time
from typing import Any

import pytest

from app import page_sender
from hotline.messages import SMS, Address
from storage.commit import LeaseLost
from storage.connection import Store
from storage.contacts import BROWSER, CHAT, PHONE
from storage.page_queue import CODE, TEST
from storage.shifts import SHIFTS
from storage.wire import Part
from tests.paging.conftest import PARTITION, SENTENCE, Night
from tests.storage.conftest import ADDRESS_KEYS


async def test_one_on_call_is_paged_by_browser_text_and_telegram_with_the_fixed_sentence_alone(night: Night) -> None:
    await night.hire("robin", BROWSER, PHONE, CHAT)
    await night.plan("robin", "on_call")
    await night.page("on_call")
    (push,) = await night.pushes()
    assert (push["status"], push["length"], push["method"]) == (201, 0, "POST")
    assert await night.received("sms") == [(night.address("robin", PHONE), SENTENCE["en"])]
    assert await night.received("telegram") == [(night.address("robin", CHAT), SENTENCE["en"])]
    assert await night.entries() == []


async def test_a_push_says_nothing_at_all_about_what_it_is_for(night: Night) -> None:
    """A6: no payload; headers alone, the same for every page."""
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await night.page("on_call")
    headers = (await night.pushes())[0]["headers"]
    assert {name: headers[name] for name in ("ttl", "urgency", "topic", "content-length")} == {
        "ttl": "300",
        "urgency": "high",
        "topic": "page",
        "content-length": "0",
    }
    assert set(headers) <= {
        "ttl", "urgency", "topic", "content-length", "authorization", "host", "accept", "accept-encoding",
        "user-agent", "content-type",
    }  # fmt: skip
    said = " ".join(value for name, value in headers.items() if name != "authorization").lower()
    assert not any(word in said for word in ("c1", "suicide", "imminent", "porchlight", "hotline"))


async def test_people_are_paged_in_their_own_language(night: Night) -> None:
    await night.hire("luz", PHONE, language="es")
    await night.plan("luz", "on_call")
    await night.page("on_call")
    assert [text for _, text in await night.received("sms")] == [SENTENCE["es"]]


async def test_all_on_call_are_paged_within_five_seconds_of_the_commit_h3(night: Night) -> None:
    """Thirty people, three ways each."""
    for number in range(30):
        await night.hire(f"person{number}", BROWSER, PHONE, CHAT)
        await night.plan(f"person{number}", "on_call")
    await night.wait("on_shift", "on_call")
    began = time.monotonic()
    await night.work()
    seconds = time.monotonic() - began
    assert len(await night.pushes()) == 30
    assert len(night.watch.pages) == 90
    print(f"90 pages in {seconds:.2f} s, the last {max(page[2] for page in night.watch.pages):.2f} s after the commit")
    assert seconds < 5 and max(page[2] for page in night.watch.pages) < 5


async def test_only_those_whose_turn_it_is_are_paged(night: Night) -> None:
    for name, begin in (("now", -1), ("later", 1), ("earlier", -4)):
        await night.hire(name, BROWSER)
        await night.plan(name, "on_call", begin)
    await night.hire("shift", BROWSER)
    await night.plan("shift", "on_shift")
    await night.page("on_call")
    assert [push["subscription"] for push in await night.pushes()] == ["now"]


async def test_one_who_has_the_console_open_counts_as_on_shift(night: Night) -> None:
    await night.hire("robin", BROWSER)
    await night.hire("calling", BROWSER)
    await night.plan("calling", "on_call")
    await night.world.paging.presence.set_present("robin", 30)
    await night.page("on_shift")
    assert [push["subscription"] for push in await night.pushes()] == ["robin"]


async def test_an_open_console_is_reached_without_any_way_to_be_paged(night: Night) -> None:
    await night.hire("robin")
    await night.hire("calling", BROWSER)
    await night.plan("calling", "on_call")
    await night.world.paging.presence.set_present("robin", 30)
    await night.page("on_shift")
    assert await night.pushes() == [] and night.watch.failures == []


async def test_nobody_on_shift_pages_those_on_call_at_once_and_alarms_nobody(night: Night) -> None:
    await night.hire("calling", BROWSER)
    await night.plan("calling", "on_call")
    await night.page("on_shift")
    assert len(await night.pushes("calling")) == 1
    assert night.watch.failures == [("page_climbed", "on_shift")]
    assert await night.world.paging.queue.find_alert() is None


async def test_nobody_on_call_pages_the_planned_supervisor_at_once_and_shows_an_alert(night: Night) -> None:
    for name in ("sam", "spare"):
        await night.hire(name, BROWSER, roles=("supervisor",))
    await night.plan("sam", "supervisor")
    await night.page("on_shift", "on_call")
    assert [push["subscription"] for push in await night.pushes()] == ["sam"]
    alert = await night.world.paging.queue.find_alert()
    assert alert is not None and alert.reached == "supervisor"


async def test_without_a_planned_supervisor_every_supervisor_is_paged(night: Night) -> None:
    for name in ("sam", "spare"):
        await night.hire(name, BROWSER, roles=("advocate", "supervisor"))
    await night.hire("robin", BROWSER)
    await night.page("on_call")
    assert sorted(push["subscription"] for push in await night.pushes()) == ["sam", "spare"]


async def test_a_page_reads_the_calendar_once_however_high_it_climbs(night: Night, monkeypatch) -> None:
    read, call = list[str](), Store.call

    async def note(store: Store, *parts: Part) -> Any:
        read.append(" ".join(map(str, parts[:2])))
        return await call(store, *parts)

    await night.wait("on_shift", "on_call")
    monkeypatch.setattr(Store, "call", note)
    await night.work()
    assert ("page_unheard", "") in night.watch.failures
    assert [sum(one.startswith(name) for one in read) for name in (f"HGETALL {SHIFTS}", "ZRANGEBYSCORE")] == [1, 1]
    assert not any(one.startswith("SMEMBERS paged") for one in read), "nobody is there to be paged"


async def test_when_nobody_at_all_is_reached_the_log_and_the_alert_say_so(night: Night) -> None:
    await night.page("on_shift", "on_call")
    assert ("page_unheard", "") in night.watch.failures
    alert = await night.world.paging.queue.find_alert()
    assert alert is not None and alert.reached == ""
    assert await night.entries() == []


@pytest.mark.parametrize("status", ["404", "410"])
async def test_a_subscription_that_is_gone_is_removed_and_the_next_rung_paged(night: Night, status: str) -> None:
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await night.hire("sam", BROWSER, roles=("supervisor",))
    await night.phone.fault("push", status, address="robin")
    await night.page("on_call")
    assert await night.ways("robin") == []
    assert [push["subscription"] for push in await night.pushes()] == ["robin", "sam"]
    assert await night.world.paging.contacts.list_people() == ("sam",)


@pytest.mark.parametrize("fault", ["429", "500", "503", "drop"])
async def test_a_push_service_in_trouble_is_asked_once_more(night: Night, fault: str) -> None:
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await night.phone.fault("push", fault, address="robin", seconds=0)
    await night.page("on_call")
    assert len(await night.pushes("robin")) == 2
    assert [way.trouble for way in await night.ways("robin")] == [""]


async def test_a_refused_text_leaves_the_other_ways_and_its_owner_sees_it(night: Night) -> None:
    await night.hire("robin", PHONE, CHAT)
    await night.plan("robin", "on_call")
    await night.phone.fault("sms", "21211", address=night.address("robin", PHONE))
    await night.page("on_call")
    assert len(await night.received("telegram")) == 1
    assert [(way.kind, way.trouble) for way in await night.ways("robin")] == [(PHONE, "21211"), (CHAT, "")]
    await night.page("on_call")
    assert [way.trouble for way in await night.ways("robin")] == ["", ""]


async def test_a_provider_that_hangs_holds_up_neither_the_other_ways_nor_the_next_rung(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_sender, "WAY_SECONDS", 0.4)
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await night.hire("sam", PHONE, roles=("supervisor",))
    await night.phone.fault("push", "timeout", address="robin", seconds=20)
    began = time.monotonic()
    await night.page("on_call")
    assert time.monotonic() - began < 3
    assert len(await night.received("sms")) == 1
    assert [way.trouble for way in await night.ways("robin")] == ["timeout"]


async def test_a_phone_that_said_stop_is_not_texted_k2(night: Night) -> None:
    await night.hire("robin", PHONE)
    await night.plan("robin", "on_call")
    lane = ADDRESS_KEYS.hash_address(SMS, night.address("robin", PHONE))
    await night.store.call("SET", f"opted-out:{lane}", "1")
    await night.page("on_call")
    assert await night.received("sms") == []
    assert [way.trouble for way in await night.ways("robin")] == ["opted_out"]


async def test_a_conversation_that_was_taken_meanwhile_pages_nobody(night: Night) -> None:
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await night.wait("on_call", owner="with_advocate")
    await night.work()
    assert await night.pushes() == [] and await night.entries() == []


async def test_a_phone_that_is_not_proved_and_an_account_that_is_gone_are_not_paged(night: Night) -> None:
    await night.hire("robin")
    await night.world.paging.contacts.add(
        "robin", PHONE, night.address("robin", PHONE), night.clock.now(), proved=False
    )
    await night.world.paging.contacts.add("ghost", PHONE, Address("+17025560000"), night.clock.now(), proved=True)
    for name in ("robin", "ghost"):
        await night.plan(name, "on_call")
    await night.page("on_call")
    assert await night.received("sms") == []


async def test_a_crash_after_sending_pages_nobody_twice_and_misses_nobody_x5(night: Night) -> None:
    """The lease is lost before the entry is deleted; the next worker finds it again."""
    for name in ("robin", "luz"):
        await night.hire(name, BROWSER)
        await night.plan(name, "on_call")
    await night.phone.fault("push", "403", address="luz")
    entry = await night.wait("on_call")
    committed = night.world.committer.commit

    async def lose(_partition: int, _writes: object) -> None:
        raise LeaseLost

    night.world.committer.commit = lose
    with pytest.raises(LeaseLost):
        await night.work()
    night.world.committer.commit = committed
    await night.work()
    assert [push["status"] for push in await night.pushes("robin")] == [201]
    assert len(await night.pushes("luz")) == 2
    assert await night.entries() == []
    assert not await night.store.call("EXISTS", f"paged:{PARTITION}:{entry.id}")


async def test_each_step_is_a_page_of_its_own(night: Night) -> None:
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await night.page("on_call")
    await night.page("on_call")
    assert len(await night.pushes("robin")) == 2


async def test_a_test_page_looks_like_a_page_and_goes_to_its_owner_alone(night: Night) -> None:
    await night.hire("robin", BROWSER, PHONE)
    await night.hire("luz", BROWSER)
    await night.world.paging.queue.ask(TEST, "robin")
    await night.work()
    assert await night.received("sms") == [(night.address("robin", PHONE), SENTENCE["en"])]
    assert [push["subscription"] for push in await night.pushes()] == ["robin"]


async def test_a_code_goes_to_the_phone_that_it_proves(night: Night) -> None:
    await night.hire("robin")
    number = night.address("robin", PHONE)
    way = await night.world.paging.contacts.add("robin", PHONE, number, night.clock.now(), proved=False)
    await night.world.paging.contacts.create_proof(way)
    await night.world.paging.queue.ask(CODE, "robin", way.id)
    await night.work()
    ((address, text),) = await night.received("sms")
    code = text.removeprefix("Your code is ").removesuffix(".")
    assert address == number and await night.world.paging.contacts.prove("robin", way.id, code)


async def test_an_entry_that_cannot_be_worked_off_is_told_and_dropped(night: Night) -> None:
    """The hand-off's deadline asks again; a broken entry must not stop those behind it."""
    await night.wait("nonsense")
    await night.work()
    assert night.watch.failures == [("page_failed", "ValueError")]
    assert await night.entries() == []


async def test_pages_of_two_conversations_do_not_wait_for_each_other(night: Night) -> None:
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await asyncio.gather(night.page("on_call"), night.world.paging.queue.ask(TEST, "robin"))
    await night.work()
    assert len(await night.pushes("robin")) == 2
