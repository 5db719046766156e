"""A provider, texters and a tiny front door, all on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from benchmarks import provider as provider_module
from benchmarks import texters as texters_module
from benchmarks.provider import Provider
from benchmarks.texters import Mailboxes, Texters, build_http
from tests.benchmarks.front_door import FrontDoor


@dataclass
class Street:
    provider: Provider
    door: FrontDoor
    texters: Texters


@pytest.fixture
async def street(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Street]:
    """One side, ready to be texted; waits are cut to what loopback needs."""
    monkeypatch.setattr(texters_module, "LIMIT_SECONDS", 0.4)
    monkeypatch.setattr(provider_module, "QUIET_SECONDS", 0.1)
    monkeypatch.setattr(provider_module, "STATUS_DELAYS", (("sent", 0.01), ("delivered", 0.02)))
    mailboxes = Mailboxes()
    answers = {"hi": ["welcome", "hello"], "and you": ["fine"], "bye": ["bye"]}
    async with (
        Provider(mailboxes.receive) as provider,
        build_http() as http,
        FrontDoor(provider, answers) as door,
    ):
        yield Street(provider, door, Texters(door.door(), http, mailboxes))
