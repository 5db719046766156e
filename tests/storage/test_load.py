"""The facts of the supervisor's page, in a real store: names and times, and nothing of a conversation (A5)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.accounts import Account, StoreAccounts
from storage.clocks import StoreClocks
from storage.connection import Store
from storage.load import LoadFacts, StoreLoad
from storage.presence import Presence
from storage.records import time_text
from tests.real_store import RealStores

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def console(servers: RealStores) -> AsyncIterator[Store]:
    """The store with the console's rights alone."""
    console = Store(servers.url("store", "console"))
    yield console
    await console.aclose()


async def read(console: Store) -> LoadFacts:
    return await StoreLoad(console, StoreAccounts(console), Clock()).read()


async def put(store: Store, name: str, minutes: int, owner: str = "waiting", rung: int = 1, seen: str = "") -> None:
    since = time_text(NOW - timedelta(minutes=minutes))
    row = {"id": name, "owner": owner, "rung": rung, "acknowledged_at": seen, "waiting_since": since}
    await store.call("HSET", f"conversation:{name}", *(part for pair in row.items() for part in pair))
    await store.call("SADD", "open", name)


async def test_an_empty_house_is_known_to_be_empty(store: Store, console: Store) -> None:
    assert await read(console) == LoadFacts(present=(), on_break=(), caps={}, pages=[], clocks=[])


async def test_who_takes_a_break_is_told_from_who_is_there(store: Store, console: Store) -> None:
    presence = Presence(store, Clock())
    for name in ("robin", "luz"):
        await presence.set_present(name, 45)
    await presence.set_break("luz", True)
    facts = await read(console)
    assert (facts.present, facts.on_break) == (("robin",), ("luz",))
    await presence.set_break("luz", False)
    assert (await read(console)).on_break == ()


async def test_a_cap_is_the_accounts_own_and_of_those_who_may_come_in(store: Store, console: Store) -> None:
    accounts = StoreAccounts(store)
    for name in ("robin", "luz", "gone"):
        await accounts.put(Account(name, name, "hash"))
    await accounts.set_open_cap("luz", 2)
    await accounts.suspend("gone")
    assert (await read(console)).caps == {"robin": 4, "luz": 2}


async def test_a_page_is_out_while_somebody_waits_and_nobody_has_acknowledged_it(store: Store, console: Store) -> None:
    """H3."""
    await put(store, "paged", 3)
    await put(store, "paged_longer", 9, rung=4)
    await put(store, "coming", 5, seen=time_text(NOW))
    await put(store, "not_yet_paged", 1, rung=0)
    await put(store, "taken", 7, owner="with_advocate")
    await store.call("SADD", "open", "vanished")
    assert (await read(console)).pages == [NOW - timedelta(minutes=9), NOW - timedelta(minutes=3)]


async def test_every_running_clock_is_told_by_kind_and_time(store: Store, console: Store) -> None:
    """A4."""
    clocks = StoreClocks(store)
    await clocks.start("report", NOW - timedelta(hours=1))
    await clocks.start("rapid_response", NOW)
    assert (await read(console)).clocks == [
        ("rapid_response", NOW + timedelta(hours=2)),
        ("report", NOW + timedelta(hours=23)),
    ]
