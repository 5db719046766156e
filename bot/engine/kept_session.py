"""Calls of custom actions over connections that stay open; Rasa opens and closes one for each."""

import asyncio
from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig

_REQUEST = EndpointConfig.request
_SESSION = EndpointConfig.session
_KEEP_SECONDS = 15
"""Shorter than the action server keeps a connection, so that it is hardly ever the server who ends one."""


class KeptSession:
    """A session that is entered for each call and stays open after it."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        self.loop = asyncio.get_running_loop()
        self.session: aiohttp.ClientSession = _SESSION(endpoint)
        connector = self.session.connector
        if isinstance(connector, aiohttp.TCPConnector):
            connector._keepalive_timeout = _KEEP_SECONDS

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self.session

    async def __aexit__(self, *_: object) -> None:
        """Stays open."""


def _keep_session(endpoint: EndpointConfig) -> KeptSession:
    kept: KeptSession | None = endpoint.__dict__.get("kept_session")
    if kept is None or kept.session.closed or kept.loop is not asyncio.get_running_loop():
        kept = endpoint.__dict__["kept_session"] = KeptSession(endpoint)
    return kept


async def _request(endpoint: EndpointConfig, *positional: Any, **named: Any) -> Any:
    """A call; once more if a kept connection was closed under it. Actions only answer, so asking twice does no harm."""
    try:
        return await _REQUEST(endpoint, *positional, **named)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        return await _REQUEST(endpoint, *positional, **named)


async def close_session(endpoint: EndpointConfig | None) -> None:
    """Closes what was kept open, if there is anything."""
    kept: KeptSession | None = endpoint.__dict__.pop("kept_session", None) if endpoint else None
    if kept is not None:
        await kept.session.close()


def install() -> None:
    """Applies it to every endpoint of this process."""
    EndpointConfig.session = _keep_session
    EndpointConfig.request = _request
