"""The load maker: providers, mailboxes and connections that texters of any door share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from benchmarks.provider import Provider
from benchmarks.texters import Door, Mailboxes, Texters, build_http


@dataclass(frozen=True, slots=True)
class Loader:
    """What texts, and what receives the answers, in this one process."""

    provider: Provider
    mailboxes: Mailboxes
    http: aiohttp.ClientSession

    def build_texters(self, door: Door) -> Texters:
        """Texters of a door."""
        return Texters(door, self.http, self.mailboxes)


@asynccontextmanager
async def open_loader() -> AsyncIterator[Loader]:
    """Listens on free loopback ports until left."""
    mailboxes = Mailboxes()
    async with Provider(mailboxes.receive) as provider, build_http() as http:
        yield Loader(provider, mailboxes, http)
