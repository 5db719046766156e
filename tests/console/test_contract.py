"""What the console asks of its ports, run against the in-memory ones and the store's: fakes are implementations."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from console.ports import Account, Accounts, Command, Desk, Lock, Passkey, Seals, Wrap
from hotline.messages import ConversationId
from storage.accounts import LockKind, StoreAccounts
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.desk import StoreDesk
from storage.epochs import Epochs
from storage.inbox import Inbox
from storage.roster import Roster
from storage.seals import StoreSeals
from tests.console.fakes import STAFF_KEYS, FakeAccounts, FakeClock, FakeDesk, FakeSeals
from tests.real_store import RealStores
from vault.errors import SealBroken
from vault.keyring import Keyring, ServerKey
from vault.readers import ReaderPrivateKey, open_wrap, wrap_epoch

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


type Write = Callable[[], Awaitable[None]]
ROBIN_KEY, LUZ_KEY = ReaderPrivateKey.create(), ReaderPrivateKey.create()
C1 = ConversationId("c1")


@dataclass
class Team:
    """The seals, with a way to change the roster and to write a line."""

    seals: Seals
    join: Callable[[str, bytes], Awaitable[None]]
    leave: Callable[[str], Awaitable[None]]
    write: Write


@pytest.fixture(params=["memory", "store"])
async def team(request: pytest.FixtureRequest, stores: RealStores) -> AsyncIterator[Team]:
    if request.param == "memory":
        fake = FakeSeals()

        async def join_fake(name: str, public: bytes) -> None:
            fake.readers[name] = public

        async def leave_fake(name: str) -> None:
            fake.remove_reader(name)

        async def write_fake() -> None:
            fake.seal(C1, "texter", FakeClock().now(), "", "words")

        yield Team(fake, join_fake, leave_fake, write_fake)
        return
    store, keys = Store(stores.url("store", "worker")), Store(stores.url("keys", "worker"))
    console, console_keys = Store(stores.url("store", "console")), Store(stores.url("keys", "console"))
    await ContentKeys(keys, Keyring([ServerKey(b"test", bytes(32))])).ensure_inbox()
    roster, epochs = Roster(store), Epochs(keys)

    async def write() -> None:
        await epochs.ensure(C1, await roster.read())

    yield Team(StoreSeals(console_keys, Roster(console)), roster.put, roster.remove, write)
    await store.call("DEL", "readers")
    await epochs.delete(C1)
    for one in (store, keys, console, console_keys):
        await one.aclose()


async def test_every_reader_has_a_wrap_that_opens_with_their_own_key_alone(team: Team) -> None:
    """P2."""
    await team.join("robin", ROBIN_KEY.public())
    await team.join("luz", LUZ_KEY.public())
    await team.write()
    (epoch, wrap), *more = (await team.seals.read_wraps(C1, "robin")).items()
    assert not more
    assert list(await team.seals.missing_wraps(C1)) == []
    opened = open_wrap(ROBIN_KEY, C1, epoch, "robin", wrap)
    assert opened == open_wrap(LUZ_KEY, C1, epoch, "luz", (await team.seals.read_wraps(C1, "luz"))[epoch])
    with pytest.raises(SealBroken):
        open_wrap(LUZ_KEY, C1, epoch, "robin", wrap)


async def test_who_leaves_is_handed_no_wrap_any_more_and_who_comes_lacks_the_older_ones(team: Team) -> None:
    """P2."""
    await team.join("robin", ROBIN_KEY.public())
    await team.join("gone", LUZ_KEY.public())
    await team.write()
    await team.write()
    first = set(await team.seals.read_wraps(C1, "robin"))
    await team.leave("gone")
    assert await team.seals.read_wraps(C1, "gone") == {}
    await team.join("luz", LUZ_KEY.public())
    assert [(m.epoch, m.name) for m in await team.seals.missing_wraps(C1)] == [(epoch, "luz") for epoch in first]
    await team.write()
    assert len(await team.seals.read_wraps(C1, "robin")) == 2
    assert set(await team.seals.read_wraps(C1, "luz")).isdisjoint(first)
    await team.join("gone", LUZ_KEY.public())
    assert await team.seals.read_wraps(C1, "gone") == {}


async def test_a_healed_wrap_is_kept_and_no_other_is_changed(team: Team) -> None:
    """P2."""
    await team.join("robin", ROBIN_KEY.public())
    await team.write()
    await team.join("luz", LUZ_KEY.public())
    (missing,) = await team.seals.missing_wraps(C1)
    (epoch, wrap), *_ = (await team.seals.read_wraps(C1, "robin")).items()
    private = open_wrap(ROBIN_KEY, C1, epoch, "robin", wrap)
    good = Wrap(epoch, "luz", wrap_epoch(private, missing.public, C1, epoch, "luz"))
    bad = [
        Wrap(epoch, "robin", wrap_epoch(private, ROBIN_KEY.public(), C1, epoch, "robin")),
        Wrap(epoch, "mallory", wrap_epoch(private, LUZ_KEY.public(), C1, epoch, "mallory")),
        Wrap("f" * 16, "luz", good.sealed),
        Wrap(epoch, "luz", good.sealed + b"x"),
        Wrap(epoch, "luz", wrap_epoch(private, ROBIN_KEY.public(), C1, epoch, "luz")),
    ]
    assert await team.seals.put_wraps(C1, bad) == 0
    assert (await team.seals.read_wraps(C1, "robin"))[epoch] == wrap
    assert await team.seals.put_wraps(C1, [good]) == 1
    assert open_wrap(LUZ_KEY, C1, epoch, "luz", (await team.seals.read_wraps(C1, "luz"))[epoch]) == private


async def test_a_reader_with_a_new_key_lacks_what_was_wrapped_for_the_lost_one(team: Team) -> None:
    """P2: lost key."""
    await team.join("robin", ROBIN_KEY.public())
    await team.write()
    await team.join("robin", LUZ_KEY.public())
    assert await team.seals.read_wraps(C1, "robin") == {}
    assert [m.public for m in await team.seals.missing_wraps(C1)] == [LUZ_KEY.public()]


async def test_the_inbox_key_is_handed_out_to_seal_replies_to(team: Team) -> None:
    assert len((await team.seals.inbox_key()).raw) == 32
