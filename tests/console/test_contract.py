"""What the console asks of its ports, run against the in-memory ones and the store's: fakes are implementations."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from console.ports import Account, Accounts, Command, Desk
from hotline.messages import ConversationId
from storage.accounts import StoreAccounts
from storage.connection import Store
from storage.desk import StoreDesk
from storage.inbox import Inbox
from tests.console.fakes import STAFF_KEYS, FakeAccounts, FakeClock, FakeDesk, FakeKeys
from tests.real_store import RealStores

type Tell = Callable[..., Awaitable[None]]

ROBIN = Account("robin", "Robin", "$argon2id$hash", ("advocate", "supervisor"), "es")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealStores]:
    stores = RealStores(Path(tmp_path_factory.mktemp("store")))
    stores.start("store")
    stores.start("keys")
    yield stores
    stores.stop()


@pytest.fixture(params=["memory", "store"])
async def accounts(request: pytest.FixtureRequest, stores: RealStores) -> AsyncIterator[Accounts]:
    if request.param == "memory":
        fake = FakeAccounts(FakeClock())
        await fake.put(ROBIN)
        yield fake
        return
    staff = Store(stores.url("store", "staff"))
    await StoreAccounts(staff).put(ROBIN)
    await staff.aclose()
    store, keys = Store(stores.url("store", "console")), Store(stores.url("keys", "console"))
    yield StoreAccounts(store, keys, STAFF_KEYS)
    await store.aclose()
    await keys.aclose()


async def test_an_account_is_found_whole_or_not_at_all(accounts: Accounts) -> None:
    assert await accounts.find("robin") == ROBIN
    assert await accounts.find("nobody") is None
    assert "$argon2id" not in repr(await accounts.find("robin"))


async def test_a_login_is_random_found_kept_and_ended(accounts: Accounts) -> None:
    first, second = await accounts.create_login("robin"), await accounts.create_login("robin")
    assert first != second
    assert len(first) >= 43
    assert await accounts.find_login(first) == ROBIN
    await accounts.touch_login(first)
    await accounts.end_login(first)
    assert await accounts.find_login(first) is None
    await accounts.touch_login(first)
    assert await accounts.find_login(first) is None
    assert await accounts.find_login(second) == ROBIN
    assert await accounts.find_login("unknown") is None


async def test_failures_are_counted_by_name_and_peer_and_forgotten_on_success(accounts: Accounts) -> None:
    await accounts.clear_failures("robin", "10.0.0.1")
    await accounts.clear_failures("robin", "10.0.0.2")
    assert [await accounts.count_failure("robin", "10.0.0.1") for _ in range(3)] == [1, 2, 3]
    assert await accounts.count_failure("robin", "10.0.0.2") == 1
    await accounts.clear_failures("robin", "10.0.0.1")
    assert await accounts.count_failure("robin", "10.0.0.1") == 1


@pytest.fixture(params=["memory", "store"])
async def events(request: pytest.FixtureRequest, stores: RealStores) -> AsyncIterator[tuple[Desk, Tell]]:
    clock = FakeClock()
    if request.param == "memory":
        fake = FakeDesk(clock, FakeKeys())
        yield fake, fake.tell
        return
    store, worker = Store(stores.url("store", "console")), Store(stores.url("store", "worker"))

    async def tell(kind: str, conversation: ConversationId | None = None) -> None:
        await worker.call("XADD", "events", "*", "kind", kind, "c", conversation or "")

    # Its commands need an inbox; signs and lists do not.
    yield StoreDesk(store, cast(Inbox, None), clock, 60), tell
    await store.aclose()
    await worker.aclose()


async def test_signs_come_in_order_and_are_replayed_after_an_id(events: tuple[Desk, Tell]) -> None:
    desk, tell = events
    live = desk.events(None)
    first = asyncio.ensure_future(anext(live))
    await asyncio.sleep(0.2)
    await tell("waiting")
    await tell("window", ConversationId("c1"))
    async with asyncio.timeout(5):
        seen = [await first, await anext(live)]
        again = desk.events(seen[0].id)
        assert await anext(again) == seen[1]
    assert [(event.kind, event.conversation) for event in seen] == [("waiting", None), ("window", "c1")]
    assert len({event.id for event in seen}) == 2


async def test_what_is_not_there_is_neither_listed_nor_kept(events: tuple[Desk, Tell]) -> None:
    desk, _ = events
    nothing = ConversationId("nothing")
    assert list(await desk.list_open()) == []
    assert await desk.find(nothing) is None
    assert list(await desk.read_window(nothing)) == []
    assert not await desk.renew(nothing, "robin")
    assert await desk.submit(Command("claim", nothing, "robin")) == "gone"
    await desk.set_present("robin", 45)
