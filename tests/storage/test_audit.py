"""The audit over a real store (A6)."""

import asyncio
from datetime import UTC, datetime

import pytest

from hotline.audit import parse_line
from hotline.errors import ContentError
from storage.audit import Audit, AuditLost
from storage.connection import Store, StoreError
from tests.real_store import RealStores
from tests.storage.conftest import SERVER_KEY
from vault.keyring import Keyring, ServerKey

NEW_KEY = ServerKey(b"new!", bytes(range(32, 64)))


class StillClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 4, 0, 0, 7, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def build_audit(store: Store, *keys: ServerKey, **more: object) -> Audit:
    return Audit(store, Keyring(keys or [SERVER_KEY]), StillClock(), **more)  # type: ignore[arg-type]


async def test_entries_come_back_newest_first_and_the_chain_holds(store: Store) -> None:
    audit = build_audit(store)
    await audit.note("robin", "claimed", "0a1b")
    await audit.note("luz", "closed:placed", "0a1c")
    found = [(one.seq, one.actor, one.action, one.object) async for one in audit.read_back()]
    assert found == [(2, "luz", "closed:placed", "0a1c"), (1, "robin", "claimed", "0a1b")]
    assert [one.seq async for one in audit.read_back(before=2)] == [1]
    assert audit.verify(await audit.read_lines()) is None


async def test_many_at_once_from_several_programs_make_one_chain(store: Store) -> None:
    """Each program has its own object; every entry is there once."""
    audits = [build_audit(store) for _ in range(4)]
    await asyncio.gather(*(audits[n % 4].note(f"p{n}", "claimed", "c1") for n in range(60)))
    lines = await audits[0].read_lines()
    assert sorted(parse_line(line).entry.actor for line in lines) == sorted(f"p{n}" for n in range(60))
    assert audits[0].verify(lines) is None


async def test_more_than_one_chunk_is_read_whole(store: Store) -> None:
    audit = build_audit(store)
    for n in range(1003):
        await audit.note("robin", "login", str(n))
    assert [one.seq async for one in audit.read_back()] == list(range(1003, 0, -1))
    lines = await audit.read_lines()
    assert len(lines) == 1003
    assert audit.verify(lines) is None


async def test_a_change_behind_our_back_is_found(store: Store) -> None:
    audit = build_audit(store)
    for name in ("robin", "luz", "robin"):
        await audit.note(name, "claimed", "c1")
    line = (await audit.read_lines())[1]
    await store.call("LSET", "audit", 1, line.replace(b"luz", b"max"))
    broken = audit.verify(await audit.read_lines())
    assert broken is not None
    assert (broken.seq, broken.flaw) == (2, "changed")


async def test_a_cut_off_end_is_seen_by_the_program_that_wrote_it_and_with_a_number_kept_elsewhere(
    store: Store,
) -> None:
    audit = build_audit(store)
    await audit.note("robin", "login")
    await audit.note("robin", "claimed", "c1")
    newest = await audit.find_newest()
    assert newest is not None
    await store.call("RPOP", "audit")
    lines = await audit.read_lines()
    assert audit.verify(lines) is None  # the limit: by itself the rest is a whole chain
    broken = audit.verify(lines, (newest.entry.seq, newest.mac[:40]))
    assert broken is not None
    assert (broken.seq, broken.flaw) == (2, "cut_off")
    with pytest.raises(AuditLost):
        await audit.note("robin", "closed", "c1")


async def test_a_rotated_key_goes_on_with_the_chain_and_a_foreign_key_does_not(store: Store) -> None:
    await build_audit(store).note("robin", "login")
    rotated = build_audit(store, NEW_KEY, SERVER_KEY)
    await rotated.note("luz", "login")
    assert rotated.verify(await rotated.read_lines()) is None
    assert build_audit(store, NEW_KEY).verify(await rotated.read_lines()) is not None


async def test_the_first_entry_of_a_day_tells_the_head(store: Store) -> None:
    heads: list[tuple[int, str]] = []
    audit = build_audit(store, saw_head=lambda seq, mac: heads.append((seq, mac)))
    for _ in range(3):
        await audit.note("robin", "login")
    assert [seq for seq, _ in heads] == [1]
    audit._clock.at = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)  # type: ignore[attr-defined]
    await audit.note("robin", "login")
    assert [seq for seq, _ in heads] == [1, 4]
    assert heads[1][1] == parse_line((await audit.read_lines())[3]).mac


async def test_words_are_refused_and_nothing_is_written(store: Store) -> None:
    with pytest.raises(ContentError):
        await build_audit(store).note("robin", "claimed", "he said no")
    assert await build_audit(store).find_newest() is None


async def test_with_the_consoles_own_rights_entries_can_be_added_and_none_removed_or_changed(
    servers: RealStores, store: Store
) -> None:
    for program in ("console", "staff"):
        mine = Store(servers.url("store", program))
        audit = build_audit(mine)
        await audit.note("robin", "login")
        assert audit.verify(await audit.read_lines()) is None
        for command in (
            ("DEL", "audit"), ("LSET", "audit", 0, "x"), ("LTRIM", "audit", 1, -1), ("RPOP", "audit"),
            ("LPOP", "audit"), ("LREM", "audit", 0, "x"), ("RENAME", "audit", "login:1"), ("EXPIRE", "audit", 1),
            ("SET", "audit", "x"), ("LINSERT", "audit", "BEFORE", "x", "y"), ("LPUSH", "audit", "x"),
            ("EVAL", "return redis.call('DEL', KEYS[1])", 1, "audit"),
        ):  # fmt: skip
            with pytest.raises(StoreError):
                await mine.call(*command)
        await mine.aclose()
