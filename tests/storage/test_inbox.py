"""The inbox keeps each message once, and only the worker can open it (X4, P2)."""

import pytest

from hotline.messages import SMS, Address, ExternalId, InboundMessage
from storage.connection import Store, StoreError
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.inbox import Inbox, parse_message
from storage.keyspace import PARTITIONS, partition_of
from tests.real_store import RealStores
from tests.storage.conftest import ADDRESS_KEYS

SOMEONE = Address("+17025550123")


def _message(external_id: str | None, text: str = "hello there") -> InboundMessage:
    return InboundMessage(SMS, SOMEONE, ExternalId(external_id) if external_id else None, text=text)


async def _entries(store: Store) -> list[dict[bytes, bytes]]:
    rows = await store.call_all([("XRANGE", f"inbox:{p}", "-", "+") for p in range(PARTITIONS)])
    return [fields for row in rows for _, fields in row]


async def test_a_message_that_came_in_can_be_opened_by_the_worker(
    inbox: Inbox, store: Store, content_keys: ContentKeys
) -> None:
    assert await inbox.put_message(_message("SM1"))
    (fields,) = await _entries(store)
    opened = parse_message(await content_keys.open_inbox(fields[b"m"], fields[b"a"].decode()))
    assert opened == _message("SM1")


async def test_the_same_provider_id_is_kept_once(inbox: Inbox, store: Store) -> None:
    assert await inbox.put_message(_message("SM1"))
    assert not await inbox.put_message(_message("SM1"))
    assert len(await _entries(store)) == 1


async def test_a_message_without_an_id_is_never_dropped(inbox: Inbox, store: Store) -> None:
    assert await inbox.put_message(_message(None))
    assert await inbox.put_message(_message(None))
    assert len(await _entries(store)) == 2


async def test_one_address_always_has_the_same_place(inbox: Inbox, store: Store) -> None:
    for number in range(5):
        await inbox.put_message(_message(f"SM{number}"))
    lane = ADDRESS_KEYS.hash_address(SMS, SOMEONE)
    assert int(await store.call("XLEN", f"inbox:{partition_of(lane)}")) == 5


async def test_the_internet_facing_program_can_put_in_and_cannot_read(
    servers: RealStores, store: Store, content_keys: ContentKeys
) -> None:
    await content_keys.ensure_inbox()
    public = Store(servers.url("store", "webhooks"))
    keys = Store(servers.url("keys", "webhooks"))
    inbox = Inbox(public, InboxPublicKeys(keys), ADDRESS_KEYS)
    assert await inbox.put_message(_message("SM9"))
    lane = ADDRESS_KEYS.hash_address(SMS, SOMEONE)
    for command in (("XRANGE", f"inbox:{partition_of(lane)}", "-", "+"), ("GET", "open"), ("CONFIG", "GET", "*")):
        with pytest.raises(StoreError):
            await public.call(*command)
    with pytest.raises(StoreError):
        await keys.call("GET", "content-key:x")
    await public.aclose()
    await keys.aclose()


async def test_nothing_readable_lies_in_the_store(inbox: Inbox, store: Store, servers: RealStores) -> None:
    await inbox.put_message(_message("SMcanary", "zebra marmalade lantern"))
    files = b"".join(path.read_bytes() for path in servers.store.folder.rglob("*") if path.is_file())
    assert b"inbox:" in files
    for canary in (b"marmalade", b"7025550123", b"SMcanary"):
        assert canary not in files
