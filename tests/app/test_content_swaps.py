"""The console and the actions take newer content up while they serve (G2, D7)."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.console import _Kept, _take_files
from app.swapped import Swapped, follow
from bot.actions.__main__ import _follow, build_content
from bot.actions.server import ActionsSettingsError
from storage.connection import Store
from storage.content_desk import ContentDesk
from storage.content_files import CONTENT_FOLDER
from storage.content_sets import ContentSets
from storage.content_texts import load_texts
from tests.storage.conftest import servers, store
from tests.storage.content_stage import PEOPLE, StageClock

__all__ = ["servers", "store"]

_LOOK_SECONDS = 0.01


@dataclass
class Newer:
    """Content of which tests say when it is newer."""

    waiting: list[Any] = field(default_factory=list)

    async def look(self) -> Any:
        return self.waiting.pop() if self.waiting else None


def _say(words: str, gate: asyncio.Event | None = None) -> Starlette:
    async def answer(_request: Any) -> PlainTextResponse:
        if gate:
            await gate.wait()
        return PlainTextResponse(words)

    return Starlette(routes=[Route("/", answer)])


async def test_a_request_that_has_begun_ends_on_its_version_and_the_next_one_has_the_new():
    gate, content, told = asyncio.Event(), Newer(), []
    door = Swapped(_say("old", gate))
    transport = httpx.ASGITransport(door)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://console") as browser,
        follow(content, door, told.append, _LOOK_SECONDS),  # type: ignore[arg-type]
    ):
        begun = asyncio.create_task(browser.get("/"))
        await asyncio.sleep(0.05)
        content.waiting.append((_say("new"), "0a"))
        while not told:
            await asyncio.sleep(_LOOK_SECONDS)
        assert (await browser.get("/")).text == "new"
        gate.set()
        assert (await begun).text == "old"
        assert told == ["0a"]


@pytest.fixture
async def desk(store):
    async def check(texts, whole):
        return []

    async def people():
        return PEOPLE

    return ContentDesk(
        ContentSets(store),
        StageClock(),
        files=lambda: load_texts(CONTENT_FOLDER),
        check=check,
        list_approvers=people,
        software="1.0",
    )


async def test_the_actions_no_longer_know_a_place_that_was_pulled(servers, desk):
    """With the store user that they really have."""
    environment = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_CONTENT_URL": servers.url("store", "actions")}
    content = build_content(environment)
    actions = dict(await content.start())
    place = next(iter(_places(actions)))
    following = asyncio.create_task(_follow(content, actions, _LOOK_SECONDS))
    await desk.pull("dan", place, "it closed")
    async with asyncio.timeout(60):
        while place in _places(actions):
            await asyncio.sleep(_LOOK_SECONDS)
    following.cancel()
    assert _places(actions)
    again = build_content(environment)
    assert place not in _places(await again.start())


async def test_actions_without_a_store_know_their_files():
    content = build_content({"PORCHLIGHT_MODE": "practice"})
    assert _places(await content.start())
    assert await content.look() is None


def test_actions_do_not_start_live_with_files_alone():
    """They would go on naming a place that was pulled (D7)."""
    with pytest.raises(ActionsSettingsError, match="CONTENT_URL"):
        build_content({"PORCHLIGHT_MODE": "live"})


def _places(actions: Any) -> Any:
    return actions["action_find_place"]._knowledge.directory.places


async def test_a_console_that_cannot_make_a_draft_of_a_release_serves_all_the_same(servers, tmp_path):
    told: list[str] = []
    kept = object.__new__(_Kept)
    kept.settings = type("S", (), {"mode": "practice", "region": "nevada", "hotline_name": "P"})()
    kept.store = Store(f"unix://{tmp_path}/nobody")
    kept.tell_content = lambda event, code: told.append(event)  # type: ignore[method-assign]
    await _take_files(kept)
    assert told == ["content_stale"]
