"""Clocks, counts and breaks in a real store: what is kept is codes and times alone (A4, A5, O4)."""

from datetime import UTC, date, datetime, timedelta

from app.world import SystemClock
from storage.clocks import StoreClocks
from storage.connection import Store
from storage.keyspace import REFERRAL_SECONDS
from storage.presence import Presence
from storage.resource_counts import StoreResourceCounts

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


async def test_a_clock_is_an_id_a_kind_and_a_time_and_nothing_else(store: Store) -> None:
    """A4."""
    clocks = StoreClocks(store)
    await clocks.start("report", NOW)
    rapid = await clocks.start("rapid_response", NOW)
    running = await clocks.read(NOW)
    assert [clock.kind for clock in running] == ["rapid_response", "report"]
    assert running[0] == rapid
    assert len({clock.id for clock in running}) == 2
    members = await store.call("ZRANGE", "clocks", 0, -1)
    assert sorted(member.decode() for member in members) == sorted(f"{clock.id}|{clock.kind}" for clock in running)
    assert await clocks.end(rapid.id, NOW)
    assert not await clocks.end(rapid.id, NOW)
    assert await clocks.read(NOW + timedelta(days=8, seconds=1)) == []
    assert await store.call("EXISTS", "clocks") == 0


async def test_referrals_and_flags_are_counts_by_place_and_code(store: Store) -> None:
    """O4, A2."""
    counts, day = StoreResourceCounts(store), date(2026, 11, 21)
    for agreed in (True, True, False):
        await counts.record_referral("the_nest", agreed, day)
    assert await counts.read_referrals(day) == {("the_nest", True): 2, ("the_nest", False): 1}
    assert 0 < await store.call("TTL", "referrals:2026-11-21") <= REFERRAL_SECONDS
    await counts.flag("the_nest", "closed")
    await counts.flag("the_nest", "closed")
    await counts.flag("runaway", "other")
    assert await counts.read_flags() == {("the_nest", "closed"): 2, ("runaway", "other"): 1}
    await counts.clear_flags("the_nest")
    assert await counts.read_flags() == {("runaway", "other"): 1}


async def test_an_open_page_does_not_end_a_break(store: Store) -> None:
    """A5."""
    presence = Presence(store, SystemClock())
    await presence.set_present("robin", 45)
    await presence.set_present("luz", 45)
    assert await presence.present_names() == ["luz", "robin"]
    await presence.set_break("robin", True)
    await presence.set_present("robin", 45)
    assert await presence.present_names() == ["luz"]
    assert await presence.is_on_break("robin")
    await presence.set_break("robin", False)
    await presence.set_present("robin", 45)
    assert await presence.present_names() == ["luz", "robin"]
    await presence.clear()
