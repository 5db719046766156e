"""Connections to the Redis-protocol instances: with ``wire`` and ``sentinel`` the only import of the client library."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError, ResponseError

from storage.sentinel_url import is_sentinel_url, parse_sentinel_url
from storage.wire import Part, pack, parse_target, raise_first
from storage.wires import Wires

if TYPE_CHECKING:
    from redis.asyncio.sentinel import Sentinel

StoreError = RedisError
"""What every call on a store may raise when the instance is away or refuses."""

_POOL_SIZE = 48
_AT_ONCE = 1000
_BLOCKING = "XREAD"
"""The only command of ours that may wait at the server."""

COPY_MILLISECONDS = 1000
"""How long a write waits for its copies; after that it is as if the store had not answered."""

READS = frozenset(
    [
        "BGREWRITEAOF",
        "EXISTS",
        "GET",
        "HEXISTS",
        "HGET",
        "HGETALL",
        "HKEYS",
        "HLEN",
        "HMGET",
        "HVALS",
        "INFO",
        "LINDEX",
        "LLEN",
        "LRANGE",
        "MGET",
        "PING",
        "PTTL",
        "SCAN",
        "SCARD",
        "SISMEMBER",
        "SMEMBERS",
        "TTL",
        "TYPE",
        "XLEN",
        "XRANGE",
        "XREAD",
        "XREVRANGE",
        "ZCARD",
        "ZCOUNT",
        "ZRANGE",
        "ZRANGEBYSCORE",
        "ZSCORE",
    ]
)
"""What changes nothing. Whatever is not named here waits for its copies."""


class NotCopied(RedisError):
    """A write is on the primary and not on as many other servers as it must be; whether it stays is unknown."""


class Store:
    """One store, by ``unix://``, ``redis://``, ``rediss://`` or a URL of Sentinel's. Values come back as bytes.

    Calls share a connection and time out after 10 seconds; nothing is retried here, since a repeated write is the
    caller's decision. By Sentinel a write returns once its copies are on other servers too, and raises NotCopied, a
    StoreError, with the outcome unknown if they are not (X4); there each call has a connection of its own for it.
    """

    def __init__(self, url: str) -> None:
        self._copies = 0
        self._sentinel: Sentinel | None = None
        if is_sentinel_url(url):
            self._client = self._connect_by_sentinel(url)
        else:
            self._client, self._wires = Redis(protocol=2), Wires(parse_target(url))
        self._callbacks = dict(self._client.response_callbacks)

    def _connect_by_sentinel(self, url: str) -> Redis:
        from storage.sentinel import connect_by_sentinel

        parsed = parse_sentinel_url(url)
        self._copies = parsed.copies
        client, self._sentinel = connect_by_sentinel(
            parsed,
            max_connections=_POOL_SIZE,
            timeout=10,
            socket_timeout=10,
            socket_connect_timeout=2,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )
        return client

    async def call(self, *parts: Part) -> Any:
        """One command. Raises StoreError."""
        if self._sentinel:
            return (await self.call_all([parts]))[0]
        ask_alone = parts[0] == _BLOCKING and "BLOCK" in parts
        answers = await (self._wires.ask_alone(pack(parts)) if ask_alone else self._wires.ask(pack(parts), 1))
        return self._read(parts[0], answers[0])

    async def call_all(self, commands: Iterable[Sequence[Part]]) -> list[Any]:
        """Several commands in one round trip, not as one step. Raises StoreError."""
        listed = list(commands)
        if self._sentinel:
            pipeline = self._client.pipeline(transaction=False)
            for command in listed:
                pipeline.execute_command(*command)
            return await self._execute(pipeline, changes=any(command[0] not in READS for command in listed))
        if not listed:
            return []
        answers = await self._wires.ask(b"".join(map(pack, listed)), len(listed))
        raise_first(answers)
        return [self._read(command[0], answer) for command, answer in zip(listed, answers, strict=True)]

    def _read(self, name: Part, answer: Any) -> Any:
        """The answer as the client library gives it: pairs as a dict, OK as True."""
        if isinstance(answer, Exception):
            raise answer
        callback = self._callbacks.get(str(name))
        return callback(answer) if callback else answer

    async def remove(self, *names: str) -> None:
        """Removes keys. Raises StoreError, by Sentinel also where a copy may still have them, gone here or not (P3)."""
        # Removing what is gone is no write, and would wait for no copy: so it is written over first.
        over = [("SET", name, "", "EX", 1) for name in names] if self._copies else []
        await self.call_all([*over, ("DEL", *names)])

    async def _execute(self, pipeline: Pipeline, *, changes: bool) -> list[Any]:
        copies = self._copies if changes else 0
        if copies:
            # On the same connection and in the same round trip: it is that connection's writes that are waited for.
            pipeline.execute_command("WAIT", copies, COPY_MILLISECONDS)
        try:
            answers = await pipeline.execute()
            if copies and int(answers.pop()) < copies:
                raise NotCopied("a write has too few copies")
        except (NotCopied, ResponseError) as error:
            if self._sentinel and not isinstance(error, NoScriptError):
                # It may be a primary that was cut off: whoever connects anew asks Sentinel which one it is now.
                await self._client.connection_pool.disconnect(inuse_connections=False)
            raise
        return answers

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

    async def read_persistence(self) -> dict[str, str]:
        """What the instance says of its append-only file. Raises StoreError."""
        return {name: str(value) for name, value in (await self.call("INFO", "persistence")).items()}

    def script(self, text: str) -> "Script":
        """A Lua script, kept by the server after its first run."""
        return Script(self, text)

    async def run_script(self, script: "Script", keys: Sequence[Part], args: Sequence[Part]) -> Any:
        """Runs a script of ``script``. Raises StoreError."""
        try:
            return await self._evaluate(script, keys, args)
        except NoScriptError:
            # Its first run on this server: another one may have become the primary, and scripts are not copied.
            await self.call("SCRIPT", "LOAD", script.text)
            return await self._evaluate(script, keys, args)

    async def _evaluate(self, script: "Script", keys: Sequence[Part], args: Sequence[Part]) -> Any:
        return await self.call("EVALSHA", script.sha, len(keys), *keys, *args)

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._client.aclose()
        if self._sentinel:
            await self._sentinel.aclose()
        else:
            await self._wires.aclose()


class Script:
    """A Lua script that runs as one step."""

    def __init__(self, store: Store, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        self._store = store

    async def run(self, keys: Sequence[Part], args: Iterable[Part]) -> Any:
        """Runs the script. Raises StoreError."""
        return await self._store.run_script(self, keys, [*args])
