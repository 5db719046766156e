"""What the console asks of its ports, run against the in-memory ones and the store's: fakes are implementations."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import cast

import pytest

from console.ports import Account, Accounts, Command, Desk, Lock, Passkey
from hotline.messages import ConversationId
from storage.accounts import LockKind, StoreAccounts
from storage.connection import Store
from storage.desk import StoreDesk
from storage.inbox import Inbox
from tests.console.fakes import STAFF_KEYS, FakeAccounts, FakeClock, FakeDesk, FakeSeals
from tests.real_store import RealStores

type Tell = Callable[..., Awaitable[None]]

ROBIN = Account("robin", "Robin", "$argon2id$hash", ("advocate", "supervisor"), "es")


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


async def test_a_login_is_good_in_one_browser_is_listed_and_is_revoked(accounts: Accounts) -> None:
    await accounts.put(ROBIN)
    await accounts.end_logins("robin")
    revision = (await _find(accounts)).revision
    first, second = [await accounts.create_login("robin", "agent", label) for label in ("one", "two")]
    assert await accounts.find_login(first) is None
    assert await accounts.find_login(first, "agent") == await _find(accounts)
    assert {login.label for login in await accounts.list_logins("robin")} == {"one", "two"}
    assert await accounts.make_half(first) == await accounts.make_half(first) == await accounts.find_half(first)
    assert not await accounts.end_login_of("luz", (await accounts.list_logins("robin"))[0].id)
    await accounts.end_logins("robin", keep=second)
    assert await accounts.find_login(first, "agent") is None
    assert await accounts.find_half(first) is None
    assert (await accounts.find_login(second, "agent")).revision == revision + 1
    await accounts.suspend("robin")
    assert await accounts.find_login(second, "agent") is None
    assert list(await accounts.list_logins("robin")) == []


async def test_keys_locks_and_the_roster_go_together(accounts: Accounts) -> None:
    await accounts.put(ROBIN)
    public, other = b"\x01" * 32, b"\x02" * 32
    assert await accounts.put_reader_key("robin", public, [_lock("a", "password")])
    assert not await accounts.put_reader_key("robin", other, [_lock("b", "password")])
    assert await accounts.add_lock("robin", _lock("c", "recovery"))
    assert await accounts.add_lock("robin", _lock("d", "recovery"))
    assert [lock.id for lock in await accounts.list_locks("robin")] == ["a", "d"]
    account = await _find(accounts)
    assert (account.public, account.recovery) == (public, True)
    await accounts.reset("robin")
    account = await _find(accounts)
    assert (account.public, account.recovery, account.state, account.password_hash) == (None, False, "invited", "")
    assert await accounts.find_former_key("robin") == public
    assert [lock.id for lock in await accounts.list_locks("robin")] == ["d"]
    assert await accounts.put_reader_key("robin", public, [_lock("e", "password")])
    assert await accounts.find_former_key("robin") is None
    assert (await _find(accounts)).recovery
    await accounts.reset("robin", keep_recovery=False)
    assert await accounts.find_former_key("robin") is None
    assert list(await accounts.list_locks("robin")) == []
    with pytest.raises(ValueError):
        await accounts.put_reader_key("robin", public[:31], [_lock("a", "password")])


async def test_invitations_codes_and_challenges_are_good_once(accounts: Accounts) -> None:
    await accounts.put(replace(ROBIN, state="invited"))
    old = await accounts.create_invitation("robin", ("advocate",), "en", "admin")
    token = await accounts.create_invitation("robin", ("admin",), "es", "admin")
    assert await accounts.find_invitation(old) is None
    assert (await accounts.find_invitation(token)).roles == ("admin",)
    assert (await accounts.take_invitation(token)).name == "robin"
    assert await accounts.take_invitation(token) is None
    await accounts.activate("robin")
    assert (await _find(accounts)).state == "active"
    step = int(time.time())
    assert [await accounts.claim_code("robin", step) for _ in range(2)] == [True, False]
    await accounts.put_challenge("browser", "login", "words")
    assert [await accounts.take_challenge("browser", what) for what in ("other", "login", "login")] == [
        None,
        "words",
        None,
    ]
    await accounts.set_totp("robin", "JBSWY3DP")
    assert (await _find(accounts)).has_totp and await accounts.find_totp("robin") == "JBSWY3DP"
    await accounts.remove_totp("robin")
    assert await accounts.find_totp("robin") is None


async def test_a_passkey_is_known_once_and_goes_with_its_lock(accounts: Accounts) -> None:
    await accounts.put(ROBIN)
    passkey = Passkey("id-1", "robin", b"cose", 3, "Firefox", "2026-11-21")
    assert [await accounts.add_passkey(passkey), await accounts.add_passkey(passkey)] == [True, False]
    await accounts.set_passkey_count("id-1", 4)
    assert await accounts.find_passkey("id-1") == replace(passkey, count=4)
    assert (await _find(accounts)).has_second_factor
    await accounts.add_lock("robin", _lock("id-1", "passkey"))
    await accounts.remove_passkey("robin", "id-1")
    assert await accounts.find_passkey("id-1") is None
    assert list(await accounts.list_passkeys("robin")) == list(await accounts.list_locks("robin")) == []


async def test_changes_to_nobody_make_nobody(accounts: Accounts) -> None:
    for act in (accounts.suspend, accounts.reset, accounts.restore, accounts.end_logins, accounts.activate):
        await act("ghost")
    assert await accounts.find("ghost") is None
    assert "ghost" not in {account.name for account in await accounts.list_all()}


async def _find(accounts: Accounts) -> Account:
    account = await accounts.find("robin")
    assert account
    return account


def _lock(lock_id: str, kind: LockKind) -> Lock:
    return Lock(lock_id, kind, "aa", "bb", lock_id)


@pytest.fixture(params=["memory", "store"])
async def events(request: pytest.FixtureRequest, stores: RealStores) -> AsyncIterator[tuple[Desk, Tell]]:
    clock = FakeClock()
    if request.param == "memory":
        fake = FakeDesk(clock, FakeSeals())
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
