"""Connections to the Redis-protocol instances: the only import of the client library."""

from collections.abc import Iterable, Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

StoreError = RedisError
"""What every call on a store may raise when the instance is away or refuses."""

type Part = str | bytes | int | float

_POOL_SIZE = 48


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

    async def scan(self, pattern: str) -> list[str]:
        """Names of all keys that a glob covers: every one that is there all the while. Raises StoreError."""
        cursor, found = 0, set[str]()
        while True:
            cursor, some = await self.call("SCAN", cursor, "MATCH", pattern, "COUNT", 500)
            found.update(name.decode() for name in some)
            if int(cursor) == 0:
                return sorted(found)

    async def scan_older(self, pattern: str, longest: int, seconds: int) -> list[str]:
        """Those among ``scan`` that were given their ``longest`` seconds to live at least ``seconds`` ago."""
        names = await self.scan(pattern)
        left = await self.call_all([("TTL", name) for name in names]) if names else []
        return [name for name, rest in zip(names, left, strict=True) if int(rest) < 0 or longest - rest >= seconds]

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
