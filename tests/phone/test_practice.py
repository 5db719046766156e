"""The practice API: handsets, faults, receipts, the worker's port, and who may ask (X3, P1)."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import httpx
import pytest

from phone.handsets import BUBBLES_EACH, CONVERSATIONS
from phone.settings import load_settings
from phone.sms.messages import Message, Messages
from phone.world import World
from tests.phone.stage import CHAT, TEXTER, Site, Stage, environment, free_port, open_stage


async def test_messages_are_numbered_and_asked_for_after_a_number(stage):
    for n in range(3):
        await stage.send_sms(f"n{n}")
    shown = await stage.messages()
    assert [m["n"] for m in shown] == [1, 2, 3]
    assert [m["text"] for m in await stage.messages(after=1)] == ["n1", "n2"]
    assert await stage.messages(after=3) == []
    assert abs(shown[0]["at"] - time.time()) < 5


async def test_a_waiting_question_is_answered_as_soon_as_there_is_something(stage):
    started = time.monotonic()
    waiting = asyncio.create_task(stage.messages(wait_seconds=10))
    await asyncio.sleep(0.1)
    await stage.send_sms("now")
    assert [m["text"] for m in await waiting] == ["now"]
    assert time.monotonic() - started < 3
    assert await stage.messages(after=1, wait_seconds=0.1) == []


async def test_a_texters_own_message_does_not_end_the_wait_for_the_hotlines(stage):
    waiting = asyncio.create_task(stage.messages(wait_seconds=10))
    await asyncio.sleep(0.05)
    await stage.write(text="mine")
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await stage.send_sms("theirs")
    assert [m["text"] for m in await waiting] == ["theirs"]


async def test_receipts_tell_what_came_and_when(stage):
    before = time.monotonic()
    await stage.write(text="hello")
    await stage.send_sms("reply")
    await stage.telegram("sendMessage", chat_id=int(CHAT), text="reply")
    report = (await stage.client.get("/practice/received")).json()
    assert [(r["channel"], r["call"], r["outcome"]) for r in report["receipts"]] == [
        ("sms", "text", "taken"),
        ("sms", "send", "accepted"),
        ("telegram", "send", "accepted"),
    ]
    moments = [r["at_monotonic"] for r in report["receipts"]]
    assert before < moments[0] <= moments[1] <= moments[2] <= time.monotonic()
    assert report["total"] == 3
    only = (await stage.client.get("/practice/received", params={"channel": "sms", "after": 1})).json()
    assert [r["text"] for r in only["receipts"]] == ["reply"]


async def test_faults_can_be_taken_back(stage):
    await stage.fault("sms", "503", count=9)
    await stage.client.delete("/practice/faults")
    assert (await stage.send_sms()).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"channel": "sms", "kind": "blocked"},
        {"channel": "telegram", "kind": "21610"},
        {"channel": "fax", "kind": "500"},
        {"channel": "sms", "kind": "500", "count": 0},
        {"channel": "sms", "kind": "21610", "on": "erase"},
    ],
)
async def test_a_fault_that_does_not_exist_is_refused(stage, body):
    answer = await stage.client.post("/practice/faults", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("address", ["0", "-5", "abc", ""])
async def test_a_chat_id_is_a_number_above_0(stage, address):
    body = {"channel": "telegram", "address": address, "text": "hi"}
    assert (await stage.client.post("/practice/texts", json=body)).status_code == 400


async def test_reset_forgets_people_but_not_the_webhooks_or_the_numbers(stage):
    await stage.write("telegram", "one")
    await stage.write(text="STOP")
    await stage.fault("sms", "500")
    await stage.client.post("/practice/reset")
    assert await stage.messages("telegram", side="all") == []
    assert (await stage.send_sms()).status_code == 201
    await stage.write("telegram", "two")
    ids = [call.json["update_id"] for call in stage.site.to("/webhooks/telegram")]
    assert ids[0] < ids[1]


async def test_the_clock_goes_to_the_workers_private_port(stage):
    clock = {"channel": "sms", "address": TEXTER, "offset_seconds": 2700}
    answer = await stage.client.post("/practice/clock", json=clock)
    (call,) = stage.site.to("/practice/clock")
    assert (answer.status_code, answer.json(), call.json) == (200, {"path": "/practice/clock"}, clock)


async def test_whether_all_is_settled_is_the_workers_answer(stage):
    stage.site.answers = [409, 200]
    query = {"channel": "sms", "address": TEXTER, "timeout": "5"}
    statuses = [(await stage.client.get("/practice/settled", params=query)).status_code for _ in range(2)]
    assert statuses == [409, 200]
    assert stage.site.calls[0].query == query


async def test_a_worker_that_does_not_answer_is_503():
    async with open_stage(PORCHLIGHT_WORKER_URL="http://127.0.0.1:9") as stage:
        clock = {"channel": "sms", "address": TEXTER, "offset_seconds": 1}
        assert (await stage.client.post("/practice/clock", json=clock)).status_code == 503
        query = {"channel": "sms", "address": TEXTER}
        assert (await stage.client.get("/practice/settled", params=query)).status_code == 503


async def test_events_of_the_watched_address_are_streamed_and_of_others_are_not(stage):
    async with stage.client.stream("GET", "/practice/events", params={"sms": TEXTER}) as stream:
        lines = stream.aiter_lines()
        assert "ready" in await anext(lines)
        await stage.send_sms("for another", to="+17025550112")
        await stage.send_sms("for this one")
        events = [json.loads(line[6:]) async for line in take(lines, 3) if line.startswith('data: {"type')]
    assert {event["message"]["text"] for event in events} == {"for this one"}


async def take(lines, count):
    """Lines until ``count`` events with a type have been seen."""
    async for line in lines:
        yield line
        count -= line.startswith('data: {"type')
        if count == 0:
            return


@pytest.mark.parametrize(
    "headers", [{"Host": "hotline.example"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
async def test_another_host_or_another_sites_page_is_refused_x3(stage, headers):
    answer = await stage.client.post("/practice/reset", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/practice/received", "/static/phone.js", "/nowhere"])
async def test_every_answer_carries_a_strict_policy(stage, path):
    headers = (await stage.client.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


async def test_the_program_prints_neither_words_nor_addresses_and_stops_when_told_p1():
    port = free_port()
    given = {**os.environ, **environment(port, 9)}
    program = subprocess.Popen([sys.executable, "-m", "phone"], env=given, stdout=-1, stderr=subprocess.STDOUT)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
        stage = Stage(Site(), client, port)
        async with asyncio.timeout(30):
            while not await is_up(client):
                await asyncio.sleep(0.05)
        await stage.write(text="CANARY-words")
        await stage.messages()
        await stage.twilio("GET", "/Messages.json", params={"To": TEXTER})
        await stage.send_sms("CANARY-words", to="CANARY-number")
        await stage.telegram("sendMessage", chat_id="CANARY-chat", text="CANARY-words")
        async with client.stream("GET", "/practice/events", params={"sms": TEXTER}):
            program.send_signal(signal.SIGINT)
            printed, _ = await asyncio.to_thread(program.communicate, timeout=10)
    assert program.returncode == 0
    assert printed == b""


async def is_up(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.ConnectError:
        return False


async def test_hundreds_of_conversations_at_once_are_all_answered(stage):
    async def talk(n: int) -> int:
        body = {"channel": "telegram", "address": str(1000 + n), "text": "hi"}
        answer = await stage.client.post("/practice/texts", json=body)
        await stage.telegram("sendMessage", chat_id=1000 + n, text="hello")
        return answer.json()["status"]

    assert set(await asyncio.gather(*(talk(n) for n in range(300)))) == {200}


def test_a_message_costs_the_same_however_busy_the_phone_is():
    world = World(load_settings(environment(8082, 8080)))
    kept = Messages()

    def play(start: int, count: int) -> None:
        for n in range(start, start + count):
            number = f"+1702{n:07}"
            world.take_fault("sms", "send", number)
            world.receipts.add("sms", "send", "accepted", number)
            world.handsets.show(world.handsets.open("sms", number), "hotline", "hi", f"SM{n}")
            world.handsets.change("sms", number, f"SM{n}", status="delivered")
            kept.add(Message(f"SM{n}", "AC", "+17025550199", number, "hi", "outbound-api", "queued", 1))
            assert next(kept.find_by("+17020000000", ""))

    quiet = _count_lines(lambda: play(0, 100))
    play(100, 8000)
    assert _count_lines(lambda: play(8100, 100)) < 2 * quiet


def _count_lines(work: Callable[[], None]) -> int:
    """Lines of Python that run: the same on a busy machine, where a time is not."""
    lines = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return lines


async def test_memory_is_bounded():
    from phone.events import Events
    from phone.handsets import Handsets

    handsets = Handsets(Events())
    first = handsets.open("sms", "first")
    for n in range(BUBBLES_EACH + 50):
        handsets.show(first, "hotline", "x", f"id{n}")
    assert len(first.list_after(0, "all")) == BUBBLES_EACH
    for n in range(CONVERSATIONS):
        handsets.open("sms", str(n))
    assert handsets.open("sms", "first") is not first
