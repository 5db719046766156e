"""Live signs over a real connection: ids, replay, heartbeats, and the end with the login."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from console.context import Pace
from hotline.messages import ConversationId
from tests.console.conftest import Stage, try_login
from tests.console.fakes import PASSWORD
from tests.console.serving import serve

QUICK_PACE = Pace(heartbeat_seconds=0.2, check_seconds=0.05, present_seconds=45)


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def test_an_event_arrives_without_asking_again_and_carries_no_content(stage: Stage) -> None:
    async with serve(stage.build()) as url, _stream(url) as events:
        assert await anext(events) == {"event": "hello", "data": "1"}
        await stage.hold("c1", by="luz")
        assert await _next(events, "waiting") == {"id": "1", "event": "waiting", "data": "1"}


async def test_what_was_missed_is_replayed_after_the_last_id(stage: Stage) -> None:
    async with serve(stage.build()) as url:
        for _ in range(3):
            await stage.desk.tell("waiting")
        async with _stream(url, last="1") as events:
            assert [(await anext(events))["id"] for _ in range(2)] == ["2", "3"]


async def test_signs_of_a_window_go_only_to_the_advocate_who_holds_it(stage: Stage) -> None:
    await stage.hold("mine")
    await stage.hold("theirs", by="luz")
    async with serve(stage.build()) as url:
        async with _stream(url, query="?conversation=mine") as events:
            await anext(events)
            await stage.desk.tell("window", ConversationId("theirs"))
            await stage.desk.tell("window", ConversationId("mine"))
            sign = await _next(events, "window")
            await stage.desk.tell("waiting")
            assert (await _next(events, "waiting"))["id"] == str(int(sign["id"]) + 1)
        async with _stream(url, query="?conversation=theirs") as events:
            await anext(events)
            await stage.desk.tell("window", ConversationId("theirs"))
            await stage.desk.tell("waiting")
            assert await _first_of(events, {"window", "waiting"}) == "waiting"


async def test_heartbeats_come_while_nothing_happens_and_keep_the_advocate_on_shift(stage: Stage) -> None:
    async with serve(stage.build()) as url, _stream(url) as events:
        await _next(events, "beat")
        await _next(events, "beat")
        assert stage.desk.present == {"robin": 45}


async def test_a_supervisor_who_looks_on_is_not_on_shift(stage: Stage) -> None:
    async with serve(stage.build()) as url, _stream(url, name="supervisor") as events:
        await _next(events, "beat")
        assert stage.desk.present == {}


@pytest.mark.parametrize("how", ["ended", "idle", "role taken away"])
async def test_the_stream_ends_when_the_login_does(stage: Stage, how: str) -> None:
    async with serve(stage.build()) as url, _stream(url) as events:
        await anext(events)
        if how == "ended":
            stage.accounts.logins.clear()
        elif how == "idle":
            stage.clock.pass_seconds(31 * 60)
        else:
            stage.accounts.add("robin", "admin")
        await stage.desk.tell("waiting")
        assert await _first_of(events, {"locked"}) == "locked"
        with pytest.raises(StopAsyncIteration):
            await anext(events)


async def test_the_stream_ends_at_once_when_the_program_stops_and_the_login_stays(stage: Stage) -> None:
    async with serve(stage.build()) as url, _stream(url) as events:
        await anext(events)
        stage.stopping.set()
        async with asyncio.timeout(1):
            assert [event["event"] async for event in events if event["event"] != "beat"] == []
    assert stage.accounts.logins


@asynccontextmanager
async def _stream(
    url: str, name: str = "robin", query: str = "", last: str | None = None
) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    async with httpx.AsyncClient(base_url=url, timeout=5) as client:
        await try_login(client, name, PASSWORD)
        headers = {"Last-Event-ID": last} if last else {}
        async with client.stream("GET", f"/events{query}", headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store"
            yield _read(answer.aiter_lines())


async def _read(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    event: dict[str, str] = {}
    async for line in lines:
        if not line and event:
            yield event
            event = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            event[name] = value


async def _next(events: AsyncIterator[dict[str, str]], name: str) -> dict[str, str]:
    async with asyncio.timeout(5):
        async for event in events:
            if event["event"] == name:
                return event
    raise AssertionError("the stream ended")


async def _first_of(events: AsyncIterator[dict[str, str]], names: set[str]) -> str:
    async with asyncio.timeout(5):
        async for event in events:
            if event["event"] in names:
                return event["event"]
    raise AssertionError("the stream ended")


async def test_a_second_advocate_hears_of_new_messages_too_a2(stage: Stage) -> None:
    await stage.hold("theirs", by="luz", partner="robin")
    async with serve(stage.build()) as url, _stream(url, query="?conversation=theirs") as events:
        await anext(events)
        await stage.desk.tell("window", ConversationId("theirs"))
        assert await _next(events, "window")
