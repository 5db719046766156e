"""Real servers for the storage tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from storage.connection import Store
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.inbox import Inbox
from tests.connectors.provider import FakeProvider
from tests.real_store import RealStores
from tests.storage.copy_shift import CopyShift, find_keys
from vault.addresses import AddressKeys
from vault.keyring import Keyring, ServerKey

SERVER_KEY = ServerKey(b"test", bytes(range(32)))
ADDRESS_KEYS = AddressKeys((b"a" * 32,))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealStores]:
    with RealStores(tmp_path_factory.mktemp("servers")) as stores:
        yield stores


@pytest.fixture
async def store(servers: RealStores) -> AsyncIterator[Store]:
    store = Store(servers.url("store", "worker"))
    for key in await list_keys(store):
        await store.call("DEL", key)
    yield store
    await store.aclose()


@pytest.fixture
async def keys(servers: RealStores) -> AsyncIterator[Store]:
    keys = Store(servers.url("keys", "worker"))
    yield keys
    await keys.aclose()


@pytest.fixture
def content_keys(keys: Store) -> ContentKeys:
    return ContentKeys(keys, Keyring([SERVER_KEY]))


@pytest.fixture
async def inbox(store: Store, keys: Store, content_keys: ContentKeys) -> Inbox:
    await content_keys.ensure_inbox()
    return Inbox(store, InboxPublicKeys(keys), ADDRESS_KEYS)


async def list_keys(store: Store, pattern: str = "*") -> list[bytes]:
    """Every key that a glob covers, sorted."""
    return await find_keys(store, pattern)


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as running:
        yield running


@pytest.fixture
async def shift(store: Store, keys: Store, provider: FakeProvider) -> AsyncIterator[CopyShift]:
    for key in await find_keys(keys, "erase-key:*"):
        await keys.call("DEL", key)
    shift = CopyShift(store, keys, provider)
    await shift.opens()
    yield shift
    await shift.aclose()
