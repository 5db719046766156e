"""A copy of the disk with every long-term key opens no line, since what opens was never on a disk (P2, P3)."""

import asyncio
import itertools
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from hotline.conversations import Conversation, Owner, Session
from hotline.messages import SMS, Address, ConversationId
from storage import turn_writes
from storage.commit import Committer, Writes
from storage.connection import Store
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.conversations import Conversations
from storage.desk import StoreDesk, WindowEntry
from storage.epochs import Epochs
from storage.inbox import Inbox
from storage.keyspace import partition_of
from storage.ownership import Ownership
from storage.records import time_text
from storage.roster import Roster
from storage.seals import StoreSeals
from tests.real_store import RealStores
from tests.storage.test_conversations import StandingClock
from vault.addresses import AddressKeys
from vault.content import ContentKey
from vault.errors import SealBroken
from vault.keyring import Keyring, ServerKey
from vault.purposes import Purpose
from vault.readers import LinePlace, ReaderPrivateKey, open_line, open_wrap

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
WORDS = ("perihelion he wont let me leave", "perihelion I am here with you")
SERVER, STAFF = ServerKey(b"serv", bytes(range(32))), ServerKey(b"stff", bytes(range(1, 33)))
ADDRESS_KEYS = AddressKeys((b"address" * 5,))
TEAM = {name: ReaderPrivateKey.create() for name in ("robin", "luz", "sam")}
SOMEONE = Address("+17025550123")
LANE = ADDRESS_KEYS.hash_address(SMS, SOMEONE)
C1 = ConversationId("c1")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[RealStores]:
    (tmp_path / "live").mkdir()
    with RealStores(tmp_path / "live") as stores:
        yield stores


async def _hold_a_conversation(stores: RealStores) -> None:
    """As the worker writes it: the roster, state under the content key, lines under the epoch."""
    store, keys = Store(stores.url("store", "worker")), Store(stores.url("keys", "worker"))
    await Ownership(store, "w").beat()
    roster = Roster(store)
    for name, private in TEAM.items():
        await roster.put(name, private.public())
    content_key = await ContentKeys(keys, Keyring([SERVER])).create(C1)
    epoch = await Epochs(keys).ensure(C1, await roster.read())
    conversation = Conversation(C1, SMS, Session(SOMEONE), owner=Owner.WITH_ADVOCATE, advocate="robin")
    writes = Writes()
    turn_writes.keep_conversation(writes, conversation, LANE, content_key, NOW)
    turn_writes.keep_window(writes, epoch, turn_writes.TEXTER, WORDS[0], NOW)
    turn_writes.keep_window(writes, epoch, turn_writes.ADVOCATE, WORDS[1], NOW, "n1")
    await Committer(store, "w").commit(partition_of(LANE), writes)
    await store.aclose()
    await keys.aclose()


async def _read_window(stores: RealStores) -> Sequence[WindowEntry]:
    store, keys = Store(stores.url("store", "worker")), Store(stores.url("keys", "worker"))
    desk = StoreDesk(store, Inbox(store, InboxPublicKeys(keys), ADDRESS_KEYS), StandingClock(), 90)
    lines = await desk.read_window(C1)
    await store.aclose()
    await keys.aclose()
    return lines


async def test_a_reader_opens_the_lines_while_the_memory_only_instance_lives(stores: RealStores) -> None:
    """The same try as below, with the one thing that a disk does not hold: without it the test would prove nothing."""
    await _hold_a_conversation(stores)
    store, keys = Store(stores.url("store", "console")), Store(stores.url("keys", "console"))
    wraps = await StoreSeals(keys, Roster(store)).read_wraps(C1, "robin")
    lines = await _read_window(stores)
    opened = [
        open_line(open_wrap(TEAM["robin"], C1, line.epoch, "robin", wraps[line.epoch]), _place(line), line.sealed)
        for line in lines
    ]
    assert opened == list(WORDS)
    await store.aclose()
    await keys.aclose()


async def test_a_disk_image_with_every_long_term_key_opens_no_line(stores: RealStores, tmp_path: Path) -> None:
    await _hold_a_conversation(stores)
    stores.kill("store")
    stores.kill("keys")
    (tmp_path / "image").mkdir()
    image = RealStores(tmp_path / "image")
    for taken, copy in ((stores.store, image.store), (stores.keys, image.keys)):
        shutil.copytree(taken.folder, copy.folder, dirs_exist_ok=True)
    for name in ("store", "keys"):
        await asyncio.to_thread(image.start, name)
    try:
        lines = await _read_window(image)
        assert len(lines) == 2
        store, keys = Store(image.url("store", "worker")), Store(image.url("keys", "worker"))
        assert await keys.call("DBSIZE") == 0
        content_keys = ContentKeys(keys, Keyring([SERVER, STAFF]))
        assert await content_keys.find(C1) is None
        assert (await Conversations(store, content_keys).load([LANE])).unreadable
        row = await store.call("HGETALL", f"conversation:{C1}")
        values = [*(line.sealed for line in lines), *row.values()]
        assert [value for value in values if _opens(value)] == []
        assert [line for line, private in itertools.product(lines, TEAM.values()) if _opens_line(line, private)] == []
        await store.aclose()
        await keys.aclose()
    finally:
        image.stop()
    files = [path for path in image.store.folder.parent.rglob("*") if path.is_file()]
    assert any(b"window:c1" in path.read_bytes() for path in files)
    assert [path for path in files if b"perihelion" in path.read_bytes()] == []


def _place(line: WindowEntry) -> LinePlace:
    return LinePlace(C1, line.epoch, line.who, time_text(line.at), line.number)


def _opens_line(line: WindowEntry, private: ReaderPrivateKey) -> bool:
    """With a reader's key as if it were the epoch's, and as if the line were a wrap."""
    try:
        open_line(private, _place(line), line.sealed)
    except SealBroken:
        pass
    else:
        return True
    for name in TEAM:
        try:
            open_wrap(private, C1, line.epoch, name, bytes(8) + line.sealed)
        except SealBroken:
            continue
        return True
    return False


def _opens(value: bytes) -> bool:
    """With every long-term secret, for every purpose: as a keyring, as a content key, and bare."""
    secrets = [SERVER.secret, STAFF.secret, *(key.ljust(32, b"\0")[:32] for key in ADDRESS_KEYS.secrets)]
    secrets += [private.raw for private in TEAM.values()]
    for secret, purpose in itertools.product(secrets, Purpose):
        derived = ServerKey(b"serv", secret).derive(purpose)
        ring = Keyring([ServerKey(b"serv", secret), ServerKey(b"stff", secret)])
        tries = [lambda: ring.open(purpose, value, C1)]  # noqa: B023
        tries += [lambda key=key: ContentKey(C1, key).open(purpose, value) for key in (secret, derived)]  # type: ignore[misc]  # noqa: B023
        tries += [lambda c=c: c.decrypt(value[:12], value[12:], None) for c in (AESGCM(secret), AESGCMSIV(derived))]  # type: ignore[misc]
        for attempt in tries:
            try:
                attempt()
            except (SealBroken, InvalidTag, ValueError):
                continue
            return True
    return False
