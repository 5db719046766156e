"""The panic command: everything about texters gone in seconds, verified, with programs running or not (P3)."""

import asyncio
import time

import aiohttp
import pytest

from app.audit_command import verify_audit
from app.stack import Stack
from app.wipe_command import wipe
from hotline.messages import AddressHash
from storage import wiping
from storage.accounts import Account, StoreAccounts
from storage.connection import Store
from storage.data_map import find_stored
from storage.inbox import MESSAGE, SealedEntry
from storage.ownership import LEASE_MILLISECONDS
from storage.spool import Spool
from storage.wiping import WIPED, WIPED_KEYS, WIPED_STORE, Wiper
from tests.app.operations import operator_settings, put_conversations
from tests.functional.people import Texter, set_on_shift


@pytest.fixture
async def stores(tmp_path, monkeypatch):
    """Without programs nobody's lease needs to be waited for."""
    monkeypatch.setattr(wiping, "LEASE_MILLISECONDS", 200)
    async with Stack(tmp_path, programs=(), free_ports=True) as stack:
        store, keys = Store(stack.store_url()), Store(stack.keys_url())
        yield stack, store, keys
        await store.aclose()
        await keys.aclose()


async def left_of_texters(store, keys):
    rows = {row.pattern for row in (*WIPED_STORE, *WIPED_KEYS)}
    found = [("store", name) for name in await store.scan("*")] + [("keys", name) for name in await keys.scan("*")]
    return [name for instance, name in found if find_stored(instance, name).pattern in rows]


def test_every_row_about_texters_is_wiped_and_none_of_staff():
    wiped = {row.pattern for row in (*WIPED_STORE, *WIPED_KEYS)}
    assert {
        "inbox:*", "outbox:*", "dead", "conversation:*", "window:*", "address:*", "opted-out:*", "deadlines:*", "open",
        "status:*", "seen:*", "sent:*", "events", "content-key:*", "epoch:*", "wraps:*", "inbox-key:*",
    } <= wiped  # fmt: skip
    assert not wiped & {"account:*", "audit", "shifts", "contacts:*", "locks:*", "referrals:*", "half:*"}


async def test_a_wipe_leaves_nothing_of_texters_in_stores_or_file_and_all_of_staff(stores, tmp_path):
    stack, store, keys = stores
    ids = await put_conversations(store, keys, stack, 200)
    await StoreAccounts(store).put(Account("rowan", "rowan", "hash"))
    said = []
    assert await wipe(operator_settings(stack), said.append), said
    assert not [name for name in await left_of_texters(store, keys) if not name.startswith("inbox-key:")]
    assert (await StoreAccounts(store).find("rowan")).alias == "rowan"
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("appendonly*") if path.is_file())
    assert files and not [one for one in ids if one.encode() in files]
    assert any("opted-out:*" in line and "200 removed" in line for line in said)
    assert (await verify_audit(stack.env("staff"), "", None))[0]
    assert b'"wiped"' in await store.call("LINDEX", "audit", -1)


async def test_a_name_that_stays_in_the_append_only_file_is_found(stores):
    """The search can fail: without the rewrite it does."""
    stack, store, keys = stores
    await put_conversations(store, keys, stack, 5)
    wiper = Wiper(store, keys, None)
    await wiper.wipe()
    await wiper.verify([stack.settings.data])
    assert any("names of what was wiped" in line for line in wiper.found.left)


async def test_what_is_still_there_makes_the_wipe_say_that_it_is_not_verified(stores):
    _, store, keys = stores
    wiper = Wiper(store, keys, None)
    await wiper.wipe()
    await store.call("SET", "opted-out:" + "a" * 32, "1")
    await keys.call("SET", "content-key:late", b"x")
    await wiper.verify([])
    assert sorted(wiper.found.left) == ["keys: content-key:*", "store: opted-out:*"]


async def test_no_turn_that_began_before_a_wipe_is_written_while_it_is_on_or_after_it(stores, monkeypatch):
    from storage.commit import Committer, LeaseLost, Writes
    from storage.ownership import Ownership

    _, store, keys = stores
    worker = Ownership(store, "worker")
    await worker.beat()
    monkeypatch.setattr(wiping, "LEASE_MILLISECONDS", 1000)
    writes = Writes()
    writes.add("SET", "address:" + "a" * 32, "late")
    await keys.call("SET", "content-key:1", b"x")
    going = asyncio.create_task(Wiper(store, keys, None).wipe())
    await asyncio.sleep(0.5)
    assert not going.done()
    assert not await keys.call("EXISTS", "content-key:1"), "words go first, before anything is waited for"
    with pytest.raises(LeaseLost):
        await Committer(store, "worker").commit(3, writes)
    await going
    with pytest.raises(LeaseLost):
        await Committer(store, "worker").commit(3, writes)
    assert await worker.beat() == set(), "no partition is taken while the wipe is on"


async def test_a_wipe_does_not_need_the_server_key(stores):
    stack, store, keys = stores
    await put_conversations(store, keys, stack, 5)
    stack.settings.key_file.unlink()
    said = []
    assert await wipe(operator_settings(stack), said.append), said
    assert not await left_of_texters(store, keys)


async def test_what_lies_in_the_spool_is_wiped_too(stores):
    stack = stores[0]
    spool = Spool(stack.settings.spool)
    await spool.keep(SealedEntry(AddressHash("a" * 32), MESSAGE, b"sealed", ("seen:1",)))
    said = []
    assert await wipe(operator_settings(stack), said.append), said
    assert any(line.split()[:2] == ["spool", "1"] for line in said), said
    assert not (stack.settings.spool / "spool-0").read_bytes()[17:].strip(b"\0")
    spool.close()
    assert len(Spool(stack.settings.spool)) == 0


@pytest.mark.slow
async def test_with_programs_running_a_wiped_texter_is_a_stranger_and_texts_meanwhile_are_answered(tmp_path):
    async with (
        Stack(tmp_path, programs={"webhooks", "worker", "phone"}, free_ports=True) as stack,
        aiohttp.ClientSession() as http,
    ):
        await set_on_shift(http, stack, True)
        texter, other = Texter(http, stack), Texter(http, stack, "telegram")
        await texter.texts("i want to kill myself")
        assert (await texter.state())["owner"] == "waiting"
        before = stack.pids("worker")
        said = []

        async def write_meanwhile():
            await asyncio.sleep(0.5)
            return await other.posts("i want to kill myself")

        meanwhile = asyncio.create_task(write_meanwhile())
        assert await wipe(operator_settings(stack), said.append), "\n".join(said)
        assert (await meanwhile)["status"] == 200
        await other.settles(40)
        assert any("988" in reply for reply in await other.reads()), "it is answered after the wipe"
        assert stack.pids("worker") != before, "the worker began anew, with empty memory"
        assert await texter.state() == {} or (await texter.state()).get("owner") != "waiting"
        assert await texter.texts("hi"), "served as new"


@pytest.mark.proof
@pytest.mark.slow
async def test_ten_thousand_conversations_are_wiped_and_verified_within_thirty_seconds(stores, monkeypatch):
    stack, store, keys = stores
    monkeypatch.setattr(wiping, "LEASE_MILLISECONDS", LEASE_MILLISECONDS)
    await put_conversations(store, keys, stack, 10_000)
    said = []
    began = time.monotonic()
    assert await wipe(operator_settings(stack), said.append), said
    seconds = time.monotonic() - began
    print("\n".join(said))
    assert seconds < 30
    assert await store.call("EXISTS", WIPED)
