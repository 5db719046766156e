"""A client of whichever server is the primary; what it writes counts once there are copies of it."""

from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.sentinel import (
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)

from storage.sentinel_url import SentinelUrl

_ASK_SECONDS = 0.5


class _SentinelPool(BlockingConnectionPool, SentinelConnectionPool):
    """Waits for a free connection as any other store does, and asks Sentinel for every new one where to go."""


def connect_by_sentinel(url: SentinelUrl, **options: Any) -> tuple[Redis, Sentinel]:
    """A client of whichever server is the primary. ``options`` are the pool's."""
    asked: dict[str, Any] = {
        "socket_timeout": _ASK_SECONDS,
        "socket_connect_timeout": _ASK_SECONDS,
        "ssl": url.tls,
        "protocol": 2,
    }
    sentinel = Sentinel(url.sentinels, sentinel_kwargs={**asked, **url.sentinel_login})  # type: ignore[no-untyped-call]
    connection = SentinelManagedSSLConnection if url.tls else SentinelManagedConnection
    logged_in: dict[str, Any] = {**url.login, **options}
    pool = _SentinelPool(service_name=url.name, sentinel_manager=sentinel, connection_class=connection, **logged_in)
    return Redis(connection_pool=pool), sentinel
