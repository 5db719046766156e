"""Epochs over a real memory-only instance: who may read, from when on, and until when (P2, P3)."""

from collections.abc import Sequence

import pytest

from hotline.messages import ConversationId
from storage.connection import Store
from storage.epochs import Epoch, Epochs
from storage.keyspace import BACKSTOP_SECONDS
from storage.roster import Roster
from storage.seals import Missing, StoreSeals, Wrap
from vault.errors import SealBroken
from vault.readers import LinePlace, ReaderPrivateKey, open_line, open_wrap, wrap_epoch

C1 = ConversationId("c1")
AT = "2026-11-21T04:00:00+00:00"
ROBIN, LUZ = ReaderPrivateKey.create(), ReaderPrivateKey.create()
TEAM = {"robin": ROBIN.public(), "luz": LUZ.public()}


@pytest.fixture
async def epochs(keys: Store) -> Epochs:
    epochs = Epochs(keys)
    await epochs.delete(C1)
    return epochs


async def _open(keys: Store, reader: ReaderPrivateKey, name: str, epoch: Epoch, sealed: bytes) -> str:
    wrap = await keys.call("HGET", f"wraps:{C1}", f"{epoch.id}|{name}")
    private = open_wrap(reader, C1, epoch.id, name, wrap)
    return open_line(private, LinePlace(C1, epoch.id, "texter", AT, ""), sealed)


async def test_the_same_team_keeps_its_epoch_and_everybody_opens_its_lines(epochs: Epochs, keys: Store) -> None:
    epoch = await epochs.ensure(C1, TEAM)
    again = await epochs.ensure(C1, dict(reversed(TEAM.items())))
    assert again == epoch
    sealed = again.seal("texter", AT, "", "he wont let me")
    assert await _open(keys, ROBIN, "robin", epoch, sealed) == "he wont let me"
    assert await _open(keys, LUZ, "luz", epoch, sealed) == "he wont let me"


async def test_who_was_taken_off_the_roster_opens_nothing_new_with_all_that_the_instance_holds(
    epochs: Epochs, keys: Store
) -> None:
    """P2: revoked."""
    old = await epochs.ensure(C1, TEAM)
    stolen = open_wrap(LUZ, C1, old.id, "luz", await keys.call("HGET", f"wraps:{C1}", f"{old.id}|luz"))
    new = await epochs.ensure(C1, {"robin": ROBIN.public()})
    sealed = new.seal("texter", AT, "", "something new")
    assert await _open(keys, ROBIN, "robin", new, sealed) == "something new"
    held = await keys.call("HGETALL", f"wraps:{C1}")
    assert not [field for field in held if field.endswith(b"|luz")]
    for epoch in (old.id, new.id):
        with pytest.raises(SealBroken):
            open_line(stolen, LinePlace(C1, epoch, "texter", AT, ""), sealed)
        for wrap in held.values():
            with pytest.raises(SealBroken):
                open_wrap(LUZ, C1, epoch, "luz", wrap)


async def test_a_new_reader_opens_what_comes_and_what_was_before_after_healing(
    epochs: Epochs, keys: Store, store: Store
) -> None:
    roster = Roster(store)
    await roster.put("robin", ROBIN.public())
    old = await epochs.ensure(C1, await roster.read())
    before = old.seal("texter", AT, "", "before")
    await roster.put("luz", LUZ.public())
    new = await epochs.ensure(C1, await roster.read())
    assert await _open(keys, LUZ, "luz", new, new.seal("texter", AT, "", "after")) == "after"
    seals = StoreSeals(keys, roster)
    assert old.id not in await seals.read_wraps(C1, "luz")
    (missing,) = await seals.missing_wraps(C1)
    private = open_wrap(ROBIN, C1, old.id, "robin", (await seals.read_wraps(C1, "robin"))[old.id])
    healed = wrap_epoch(private, missing.public, C1, missing.epoch, missing.name)
    assert await seals.put_wraps(C1, [Wrap(missing.epoch, missing.name, healed)]) == 1
    assert await _open(keys, LUZ, "luz", old, before) == "before"
    assert int(await keys.call("TTL", f"wraps:{C1}")) > 0


async def test_a_wrap_that_comes_while_the_conversation_is_closed_is_not_kept(
    epochs: Epochs, keys: Store, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P3."""
    roster = Roster(store)
    await roster.put("robin", ROBIN.public())
    epoch = await epochs.ensure(C1, await roster.read())
    await roster.put("luz", LUZ.public())
    seals = StoreSeals(keys, roster)
    private = open_wrap(ROBIN, C1, epoch.id, "robin", (await seals.read_wraps(C1, "robin"))[epoch.id])
    late = Wrap(epoch.id, "luz", wrap_epoch(private, LUZ.public(), C1, epoch.id, "luz"))
    looked = await seals.missing_wraps(C1)
    await epochs.delete(C1)

    async def as_it_was(conversation: ConversationId) -> Sequence[Missing]:
        return looked

    monkeypatch.setattr(seals, "missing_wraps", as_it_was)
    assert await seals.put_wraps(C1, [late]) == 0
    assert int(await keys.call("EXISTS", f"wraps:{C1}")) == 0


async def test_an_epoch_that_is_gone_is_followed_by_a_new_one(epochs: Epochs, keys: Store) -> None:
    """P3: the instance died between two lines."""
    first = await epochs.ensure(C1, TEAM)
    await epochs.delete(C1)
    second = await epochs.ensure(C1, TEAM)
    assert second.id != first.id
    assert await _open(keys, ROBIN, "robin", second, second.seal("texter", AT, "", "on")) == "on"


async def test_a_key_that_nothing_can_be_sealed_to_leaves_the_others_their_words(epochs: Epochs, keys: Store) -> None:
    epoch = await epochs.ensure(C1, {**TEAM, "broken": bytes(32)})
    assert await _open(keys, ROBIN, "robin", epoch, epoch.seal("texter", AT, "", "on")) == "on"


async def test_without_any_reader_lines_are_sealed_to_nobody(epochs: Epochs, keys: Store) -> None:
    epoch = await epochs.ensure(C1, {})
    assert epoch.seal("texter", AT, "", "words")
    assert await keys.call("HGETALL", f"wraps:{C1}") == {}


async def test_epoch_and_wraps_expire_by_themselves_and_are_put_off_while_a_conversation_goes_on(
    epochs: Epochs, keys: Store
) -> None:
    """P3: the backstop."""
    await epochs.ensure(C1, TEAM)
    for name in (f"epoch:{C1}", f"wraps:{C1}"):
        assert 0 < int(await keys.call("TTL", name)) <= BACKSTOP_SECONDS
        await keys.call("EXPIRE", name, 10)
    await epochs.extend(C1)
    for name in (f"epoch:{C1}", f"wraps:{C1}"):
        assert int(await keys.call("TTL", name)) > BACKSTOP_SECONDS - 10
    await epochs.delete(C1)
    assert int(await keys.call("EXISTS", f"epoch:{C1}", f"wraps:{C1}")) == 0
