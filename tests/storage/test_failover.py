"""A store on several servers, with real ones: what was acknowledged is there after its primary was killed (X4)."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError

from app.shared_store import main
from hotline.messages import ConversationId
from storage.connection import READS, NotCopied, Store, StoreError
from storage.content_keys import ContentKeys
from storage.inbox import _PUT
from storage.sentinel_url import parse_sentinel_url
from tests.shared_servers import SharedServers
from vault.keyring import Keyring, ServerKey


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[SharedServers]:
    servers = SharedServers(tmp_path)
    servers.start()
    yield servers
    servers.stop()


async def until_copied(store: Store, seconds: float = 6) -> None:
    """Waits until writes have their copies: after the start, or after a new primary was chosen."""
    async with asyncio.timeout(seconds):
        while True:
            with suppress(StoreError, OSError):
                await store.call("SET", "seen:first", "1")
                return
            await asyncio.sleep(0.05)


async def until_copied_key(store: Store) -> None:
    """The same of the keys instance."""
    async with asyncio.timeout(6):
        while True:
            with suppress(StoreError, OSError):
                await store.call("SET", "inbox-public", "1")
                return
            await asyncio.sleep(0.05)


async def put(store: Store, number: int) -> None:
    """Takes an entry in as the webhooks do."""
    await store.script(_PUT).run([f"seen:{number}", "inbox:3"], ["600", "lane", "message", str(number)])


class Writer:
    """Takes entries in at the door, as fast as they are acknowledged; remembers which ones were."""

    def __init__(self, store: Store) -> None:
        self.taken: list[int] = []
        self._store = store
        self._number = 0

    async def write(self) -> None:
        """Until it is cancelled."""
        while True:
            self._number += 1
            number = self._number
            try:
                await put(self._store, number)
            except (StoreError, OSError):
                await asyncio.sleep(0.05)
            else:
                self.taken.append(number)

    async def wait_for(self, count: int, seconds: float = 12) -> None:
        """Until so many more were acknowledged."""
        wanted = len(self.taken) + count
        async with asyncio.timeout(seconds):
            while len(self.taken) < wanted:
                await asyncio.sleep(0.02)


async def test_whatever_was_acknowledged_is_there_after_the_primary_was_killed_x4(servers: SharedServers) -> None:
    webhooks, worker = Store(servers.url("webhooks")), Store(servers.url("worker"))
    await until_copied(webhooks)
    writer = Writer(webhooks)
    writing = [asyncio.create_task(writer.write()) for _ in range(4)]
    await writer.wait_for(500)
    servers.kill(servers.ports[0])
    await writer.wait_for(100)
    for task in writing:
        task.cancel()
    await asyncio.gather(*writing, return_exceptions=True)
    rows = await worker.call("XRANGE", "inbox:3", "-", "+")
    kept = [int(fields[b"m"]) for _, fields in rows]
    assert set(writer.taken) <= set(kept)
    assert len(kept) == len(set(kept)), "and nothing is in twice"
    for store in (webhooks, worker):
        await store.aclose()


async def test_a_write_without_a_copy_is_not_acknowledged_nor_is_its_repetition_x4(tmp_path: Path) -> None:
    """The provider asks again then, until the copy is there: a mark alone is no promise."""
    servers = SharedServers(tmp_path, copies=1)
    servers.start()
    try:
        webhooks, worker = Store(servers.url("webhooks")), Store(servers.url("worker"))
        await until_copied(webhooks)
        servers.pause(servers.ports[1])
        for _ in range(2):
            with pytest.raises(NotCopied):
                await put(webhooks, 7)
            idle = webhooks._client.connection_pool._available_connections
            assert not any(connection.is_connected for connection in idle), "who connects anew asks Sentinel"
        with pytest.raises(NotCopied):
            await worker.call("DEL", "seen:first")
        servers.resume(servers.ports[1])
        await put(webhooks, 7)
        assert len(await worker.call("XRANGE", "inbox:3", "-", "+")) == 1
    finally:
        servers.stop()
    for store in (webhooks, worker):
        await store.aclose()


async def test_content_keys_are_copied_without_a_byte_on_a_disk_p3(tmp_path: Path) -> None:
    """Both servers' folder is one where nobody can make a file: a copy by way of a disk would fail."""
    servers = SharedServers(tmp_path, "keys", copies=1, data="/proc")
    servers.start()
    try:
        worker = Store(servers.url("worker"))
        await until_copied_key(worker)
        await worker.call("SET", "content-key:1", "wrapped", "EX", 60)
        login = servers.url("worker").split("@")[0].replace("+sentinel", "")
        copy = Redis.from_url(f"{login}@127.0.0.1:{servers.ports[1]}")
        assert await copy.get("content-key:1") == b"wrapped"
        keyring = Keyring([ServerKey(b"test", bytes(32))])
        servers.pause(servers.ports[1])
        for _ in range(2):
            with pytest.raises(NotCopied):  # a key that may come back is not shredded
                await ContentKeys(worker, keyring).delete(ConversationId("1"))
        servers.resume(servers.ports[1])
        await ContentKeys(worker, keyring).delete(ConversationId("1"))
        assert await copy.get("content-key:1") is None
        await copy.aclose()
        await worker.aclose()
    finally:
        servers.stop()


async def test_the_internet_facing_program_can_neither_move_the_primary_nor_watch_it(servers: SharedServers) -> None:
    url = parse_sentinel_url(servers.url("webhooks"))
    host, port = url.sentinels[0]
    asker = Redis(host=host, port=port, protocol=2, **url.sentinel_login)
    assert await asker.execute_command("SENTINEL", "MASTERS")
    for command in ("FAILOVER porchlight-store", "SET porchlight-store quorum 9", "REMOVE porchlight-store"):
        with pytest.raises(NoPermissionError):
            await asker.execute_command("SENTINEL", *command.split())
    await asker.aclose()
    with pytest.raises(AuthenticationError):
        await Redis(host=host, port=port, retry=Retry(NoBackoff(), 0)).execute_command("SENTINEL", "MASTERS")
    for user in ("copier", "sentinel"):
        assert f"user {user} " in (servers.folder / "made" / "store.acl").read_text()


async def test_commands_that_need_no_copies_change_nothing(servers: SharedServers) -> None:
    """Of what is named as reading, the server itself says so."""
    worker = parse_sentinel_url(servers.url("worker"))
    client = Redis(port=servers.ports[0], protocol=2, **worker.login)
    rows = await client.execute_command("COMMAND", "INFO", *sorted(READS))
    changing = (
        [row[0].decode() for row in rows.values() if "write" in row["flags"]]
        if isinstance(rows, dict)
        else [row[0].decode() for row in rows if b"write" in row[2]]
    )
    assert changing == []
    await client.aclose()


def test_the_command_line_writes_files_for_its_owner_alone_and_every_programs_url(tmp_path: Path) -> None:
    hosts = "a.example.org:26379,b.example.org:26379,c.example.org:26379"
    assert main([str(tmp_path / "made"), hosts, "a.example.org:6379", "b.example.org:6380"]) == 0
    for path in (tmp_path / "made").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path
    url = parse_sentinel_url((tmp_path / "made" / "worker.redis_url").read_text().strip())
    assert (url.tls, url.copies, url.name, len(url.sentinels)) == (True, 1, "porchlight-store", 3)
    assert "tls-replication yes" in (tmp_path / "made" / "keys.conf").read_text()
    assert " 2\n" in (tmp_path / "made" / "sentinel.conf").read_text(), "two of three Sentinels must agree"
    assert main(["nothing"]) == 2
