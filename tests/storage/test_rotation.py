"""Keys are rotated while everything goes on: nothing is lost between two hashes of one address, no STOP (P4, P9)."""

import asyncio
import base64
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.lanes import Lane
from app.turn_items import Item
from app.turn_worker import TurnWorker
from hotline.messages import SMS, Address, AddressHash, ConversationId, ExternalId, InboundMessage, Status, StatusUpdate
from storage import key_use
from storage.accounts import Account, StoreAccounts
from storage.audit import Audit
from storage.commit import Committer, Overtaken, Writes
from storage.connection import Store
from storage.contacts import PHONE, StoreContacts
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.conversations import Conversations, Loaded
from storage.inbox import Inbox
from storage.key_use import count_staff_use, reseal_staff_fields
from storage.keyspace import PARTITIONS, partition_of
from storage.ownership import Ownership
from storage.streams import Entry
from tests.storage.conftest import ADDRESS_KEYS
from tests.storage.night_shift import SOMEONE, MovedClock, NightShift
from vault import key_files
from vault.addresses import AddressKeys
from vault.key_files import create_key_file, list_keys, load_keyring, rotate_key_file
from vault.keyring import key_id_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)
NEW = b"n" * 32
BOTH = AddressKeys((NEW, *ADDRESS_KEYS.secrets), ("0000000b", "0000000a"))
OLD_LANE, NEW_LANE = ADDRESS_KEYS.hash_address(SMS, SOMEONE), BOTH.hash_address(SMS, SOMEONE)


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("rowan")


def _world_with(night: NightShift, keys: AddressKeys) -> None:
    night.world = replace(night.world, address_keys=keys)


def _webhooks_with(store: Store, keys: Store, address_keys: AddressKeys) -> Inbox:
    return Inbox(store, InboxPublicKeys(keys), address_keys)


def _late(secrets: tuple[bytes, ...] = ADDRESS_KEYS.secrets) -> AddressKeys:
    """The keys of a program that has not looked yet, and finds the new one when it does."""
    looks: Callable[[bool], tuple[tuple[bytes, ...], tuple[str, ...]] | None]
    looks = lambda at_once: ((NEW, *secrets), ("0000000b", "0000000a")) if at_once else None  # noqa: E731
    return AddressKeys(secrets, ("0000000a",), looks)


async def _text(inbox: Inbox, text: str, number: int) -> bool:
    return await inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId(f"SM{number}"), text=text))


async def _entries(store: Store) -> list[tuple[int, Entry]]:
    found = []
    for partition in range(PARTITIONS):
        for identifier, fields in await store.call("XRANGE", f"inbox:{partition}", "-", "+"):
            lane = fields[b"a"].decode()
            found.append((partition, Entry("inbox", partition, identifier.decode(), lane, fields)))
    return found


@pytest.mark.parametrize("worker", ["behind", "ahead"])
async def test_a_conversation_goes_on_whichever_program_takes_the_new_key_up_first(
    worker: str, night: NightShift, store: Store, keys: Store
) -> None:
    await night.texts("!imminent")
    (before,) = await night.waiting()
    _world_with(night, _late() if worker == "behind" else BOTH)
    webhooks = _webhooks_with(store, keys, BOTH if worker == "behind" else ADDRESS_KEYS)
    await _text(webhooks, "are you there", 90)
    await night.works()
    (after,) = await night.waiting()
    assert after.id == before.id
    lane = NEW_LANE if worker == "behind" else OLD_LANE
    assert await store.call("HGET", f"conversation:{after.id}", "address_hash") == lane.encode()
    assert await store.call("GET", f"address:{lane}") == after.id.encode()
    other = OLD_LANE if worker == "behind" else NEW_LANE
    assert await store.call("GET", f"address:{other}") is None
    assert not [m for m in await store.call("ZRANGE", f"deadlines:{partition_of(other)}", 0, -1) if other.encode() in m]


@pytest.mark.parametrize("webhooks", ["behind", "ahead"])
async def test_a_stop_from_before_holds_and_a_start_lifts_it_in_any_order(
    webhooks: str, night: NightShift, store: Store, keys: Store
) -> None:
    await night.texts("STOP")
    _world_with(night, BOTH if webhooks == "behind" else _late())
    door = _webhooks_with(store, keys, ADDRESS_KEYS if webhooks == "behind" else BOTH)
    for number in (91, 92):
        await _text(door, "MENU", number)
        await night.works()
        assert await store.call("EXISTS", f"opted-out:{OLD_LANE}", f"opted-out:{NEW_LANE}") == 1
        assert not any([await store.call("XLEN", f"outbox:{p}") for p in range(PARTITIONS)]), "nothing is sent"
    await _text(door, "START", 93)
    await night.works()
    assert not await store.call("EXISTS", f"opted-out:{OLD_LANE}", f"opted-out:{NEW_LANE}")


async def test_an_opt_out_says_under_which_key_it_stands(night: NightShift, store: Store, keys: Store) -> None:
    await night.texts("STOP")
    _world_with(night, BOTH)
    await _text(_webhooks_with(store, keys, BOTH), "hello", 94)
    await night.works()
    assert await store.call("GET", f"opted-out:{NEW_LANE}") == b"0000000b"
    assert await store.call("GET", f"opted-out:{OLD_LANE}") is None


async def test_a_repeated_delivery_is_seen_by_programs_that_know_the_old_or_the_new_key(
    night: NightShift, store: Store, keys: Store
) -> None:
    """X4: also once the old key is dropped."""
    old, both, new = (_webhooks_with(store, keys, one) for one in (ADDRESS_KEYS, BOTH, AddressKeys((NEW,))))
    assert await _text(old, "hi", 1) and not await _text(both, "hi", 1)
    assert await _text(both, "hi", 2) and not await _text(old, "hi", 2) and not await _text(new, "hi", 2)


class _Meeting(Conversations):
    """The first two who load wait for each other: neither knows what the other is about to write."""

    def __init__(self, store: Store, content_keys: ContentKeys) -> None:
        super().__init__(store, content_keys)
        self._waiting, self._both = 2, asyncio.Event()

    async def load(
        self, lanes: Sequence[AddressHash], wanted: ConversationId | None = None, now: float = math.inf
    ) -> Loaded:
        loaded = await super().load(lanes, wanted, now)
        self._waiting -= 1
        if self._waiting == 0:
            self._both.set()
        async with asyncio.timeout(30):
            await self._both.wait()
        return loaded


async def test_two_texts_in_two_lanes_at_once_make_one_conversation(
    night: NightShift, store: Store, keys: Store, content_keys: ContentKeys
) -> None:
    """The text before the switch and the one after it are worked off side by side, by two workers or one."""
    _world_with(night, BOTH)
    night.world = replace(night.world, conversations=_Meeting(store, content_keys))
    await _text(_webhooks_with(store, keys, ADDRESS_KEYS), "!imminent", 1)
    await _text(_webhooks_with(store, keys, BOTH), "please help", 2)
    await Ownership(store, "w").beat()
    # However busy the machine is: a lease that lapsed would begin a lane anew, and the two would not meet.
    await store.call_all([("PERSIST", f"lease:{partition}") for partition in range(PARTITIONS)])
    worker, lanes = TurnWorker(night.world), []
    for partition, entry in await _entries(store):
        lane = Lane[Item](entry.lane, partition)
        lane.items.append(Item(entry=entry))
        lanes.append(lane)
    assert len(lanes) == 2

    async def work(lane: Lane[Item]) -> None:
        while lane.items:
            await worker.work_off(lane)

    await asyncio.gather(*(work(lane) for lane in lanes))
    (listed,) = await night.waiting()
    found = [await store.call("GET", f"address:{lane}") for lane in (OLD_LANE, NEW_LANE)]
    assert [one for one in found if one] == [listed.id.encode()]
    assert len(await store.call("LRANGE", f"window:{listed.id}", 0, -1)) >= 4, "both texts and their replies"
    assert night.tally.failures == [("attempt_failed", "Overtaken")]


async def test_nothing_is_written_over_what_was_decided_meanwhile(store: Store) -> None:
    await Ownership(store, "w").beat()
    await store.call("SET", "address:" + "a" * 32, "c2")
    writes = Writes()
    writes.facts = (("address:" + "a" * 32, "", b""),)
    writes.add("SET", "address:" + "a" * 32, "c1")
    with pytest.raises(Overtaken):
        await Committer(store, "w").commit(0, writes)
    assert await store.call("GET", "address:" + "a" * 32) == b"c2"


async def test_a_click_and_a_deadline_follow_a_conversation_into_its_new_lane(
    night: NightShift, store: Store, keys: Store
) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    stale = next(iter(await store.call("ZRANGE", f"deadlines:{partition_of(OLD_LANE)}", 0, -1)))
    _world_with(night, BOTH)
    await _text(_webhooks_with(store, keys, BOTH), "hello?", 2)
    await night.works()
    await store.call("ZADD", f"deadlines:{partition_of(OLD_LANE)}", 1, stale)
    from storage.inbox import DeskCommand

    command = DeskCommand("k1", "claim", listed.id, "rowan")
    await _webhooks_with(store, keys, BOTH).put_command(AddressHash(OLD_LANE), command)
    await night.works()
    await night.works()
    assert await store.call("GET", "result:k1") == b"done"
    assert await store.call("HGET", f"conversation:{listed.id}", "address_hash") == NEW_LANE.encode()
    assert stale not in await store.call("ZRANGE", f"deadlines:{partition_of(OLD_LANE)}", 0, -1)


async def test_a_status_finds_its_message_whichever_key_either_side_knows(
    night: NightShift, store: Store, keys: Store
) -> None:
    from app.status_worker import StatusWorker

    await night.texts("!imminent")
    (listed,) = await night.waiting()
    for number, (noted, asked) in enumerate([(ADDRESS_KEYS, BOTH), (BOTH, ADDRESS_KEYS), (BOTH, AddressKeys((NEW,)))]):
        identifier = ExternalId(f"SM-out-{number}")
        for hashed in noted.hash_external_id_under_all(SMS, identifier):
            await store.call("SET", f"sent:{hashed}", f"{listed.id}:n{number}")
        worker = StatusWorker(replace(night.world, address_keys=asked))
        update = StatusUpdate(SMS, identifier, Status.DELIVERED, "", False)
        assert await worker._find_sent(update) == f"{listed.id}:n{number}"


async def test_staff_fields_and_the_audit_outlive_a_rotation_and_go_to_the_newest_key(
    store: Store, keys: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An advocate stays logged in and can log in; the chain holds; nobody writes under the older key any more."""
    monkeypatch.setattr(key_files, "_LOOK_SECONDS", 3600.0)
    path = tmp_path / "staff.key"
    create_key_file(path, NOW)
    console = load_keyring(path)
    accounts = StoreAccounts(store, keys, console)
    await accounts.put(Account("rowan", "rowan", "hash"))
    await accounts.set_totp("rowan", "JBSWY3DP")
    login = await accounts.create_login("rowan")
    way = await StoreContacts(store, console).add("rowan", PHONE, Address("+17025550142"), NOW, proved=True)
    await Audit(store, console, MovedClock()).note("rowan", "logged_in")
    rotate_key_file(path, NOW)
    other = load_keyring(path)
    await Audit(store, other, MovedClock()).note("command-line", "key_rotated:staff")
    behind = Audit(store, console, MovedClock())
    await behind.note("rowan", "locked")
    lines = await behind.read_lines()
    newest, old = list_keys(path)
    assert [line.decode().split('"')[-2][:8] for line in lines] == [old.id, newest.id, newest.id]
    assert behind.verify(lines) is None and Audit(store, other, MovedClock()).verify(lines) is None
    assert await accounts.find_login(login) and await accounts.find_totp("rowan") == "JBSWY3DP"
    assert await reseal_staff_fields(store, other) == 2
    assert key_id_of(base64.b64decode(await store.call("HGET", "account:rowan", "totp"))) == newest.id
    assert await accounts.find_totp("rowan") == "JBSWY3DP"
    (found,) = await StoreContacts(store, console).list_ways("rowan")
    assert found.address == way.address
    use = await count_staff_use(store)
    assert use[old.id, "staff field"] == 0 and use[old.id, "audit entry"] == 1


async def test_what_somebody_changes_while_fields_are_sealed_anew_stays_as_they_changed_it(
    store: Store, keys: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "staff.key"
    create_key_file(path, NOW)
    ring = load_keyring(path)
    accounts = StoreAccounts(store, keys, ring)
    await accounts.put(Account("rowan", "rowan", "hash"))
    await accounts.set_totp("rowan", "JBSWY3DP")
    rotate_key_file(path, NOW)
    read = key_use._read_sealed_fields

    async def read_and_meet_a_new_app(of: Store) -> list[tuple[str, str, bytes]]:
        found = await read(of)
        await accounts.set_totp("rowan", "KRSXG5DS")
        return found

    monkeypatch.setattr(key_use, "_read_sealed_fields", read_and_meet_a_new_app)
    assert await reseal_staff_fields(store, load_keyring(path)) == 0
    assert await accounts.find_totp("rowan") == "KRSXG5DS"


async def test_an_entry_under_an_older_key_after_one_under_a_newer_is_a_forgery(store: Store, tmp_path: Path) -> None:
    """Whoever has a key that was rotated away, because it leaked, cannot write the audit on with it."""
    path = tmp_path / "staff.key"
    create_key_file(path, NOW)
    leaked = load_keyring(path)
    leaked._look = None
    rotate_key_file(path, NOW)
    ours = load_keyring(path)
    await Audit(store, ours, MovedClock()).note("rowan", "logged_in")
    await Audit(store, leaked, MovedClock()).note("mallory", "logged_in")
    broken = Audit(store, ours, MovedClock()).verify(await Audit(store, ours, MovedClock()).read_lines())
    assert broken is not None and broken.seq == 2
