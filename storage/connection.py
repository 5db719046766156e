"""Connections to the Redis-protocol instances: the only import of the client library."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

StoreError = RedisError
"""What every call on a store may raise when the instance is away or refuses."""

type Part = str | bytes | int | float

_POOL_SIZE = 48
_AT_ONCE = 1000


class Store:
    """One instance, addressed by ``unix://`` or ``redis://``. Values come back as bytes.

    Waits for a free connection instead of failing in a burst; calls time out after 10 seconds; nothing is retried
    here, since a repeated write is the caller's decision.
    """

    def __init__(self, url: str) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_POOL_SIZE,
            timeout=10,
            socket_timeout=10,
            socket_connect_timeout=2,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )
        self._client = Redis(connection_pool=pool)

    async def call(self, *parts: Part) -> Any:
        """One command. Raises StoreError."""
        return await self._client.execute_command(*parts)  # type: ignore[no-untyped-call]

    async def call_all(self, commands: Iterable[Sequence[Part]]) -> list[Any]:
        """Several commands in one round trip, not as one step. Raises StoreError."""
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        return await pipeline.execute()

    async def walk(self, pattern: str = "*") -> AsyncIterator[list[str]]:
        """Names of keys that a glob covers, some at a time: every one that is there all the while, maybe twice."""
        cursor = 0
        while True:
            cursor, names = await self.call("SCAN", cursor, "MATCH", pattern, "COUNT", _AT_ONCE)
            if names:
                yield [name.decode("utf-8", "replace") for name in names]
            if int(cursor) == 0:
                return

    async def scan(self, pattern: str) -> list[str]:
        """Names of all keys that a glob covers. Raises StoreError."""
        return sorted({name async for names in self.walk(pattern) for name in names})

    async def scan_older(self, pattern: str, longest: int, seconds: int, going: int = 0) -> list[str]:
        """Those among ``scan`` that were given their ``longest`` seconds to live at least ``seconds`` ago.

        What has ``going`` seconds or fewer left is going by itself, and is not among them.
        """
        names = await self.scan(pattern)
        left = await self.call_all([("TTL", name) for name in names]) if names else []
        ages = zip(names, map(int, left), strict=True)
        return [name for name, rest in ages if rest < 0 or going < rest <= longest - seconds]

    async def read_persistence(self) -> dict[str, str]:
        """What the instance says of its append-only file. Raises StoreError."""
        return {name: str(value) for name, value in (await self.call("INFO", "persistence")).items()}

    def script(self, text: str) -> "Script":
        """A Lua script, kept by the server after its first run."""
        return Script(self._client, text)

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._client.aclose()


class Script:
    """A Lua script that runs as one step."""

    def __init__(self, client: Redis, text: str) -> None:
        self._script = client.register_script(text)

    async def run(self, keys: Sequence[Part], args: Iterable[Part]) -> Any:
        """Runs the script. Raises StoreError."""
        return await self._script(keys=[*keys], args=[*args])  # type: ignore[list-item]
