"""What the console asks of its seals, run against the in-memory ones and the store's: fakes are implementations."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from console.ports import Seals, Wrap
from hotline.messages import ConversationId
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.epochs import Epochs
from storage.roster import Roster
from storage.seals import StoreSeals
from tests.console.fakes import FakeClock
from tests.console.fakes_seals import FakeSeals
from tests.real_store import RealStores
from vault.errors import SealBroken
from vault.keyring import Keyring, ServerKey
from vault.readers import ReaderPrivateKey, open_wrap, wrap_epoch

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
