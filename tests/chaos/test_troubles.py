"""What a run says of itself: what was not there to break, not looked at, or seen twice is told as that."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest

from app.stack import Stack
from tests.chaos.plan import ALL_WORKERS, SMS, Script, Step, Trouble, build_plan
from tests.chaos.records import Findings, Words
from tests.chaos.report import exit_code, lines, zero_lines
from tests.chaos.story import Result
from tests.chaos.texters import Feed, Texter
from tests.chaos.troubles import Troubles
from tests.proof.canaries import Aviary


def build_result(**changed: Any) -> Result:
    plan = build_plan(1, conversations=2, texts=4, seconds=10, every=5)
    zeros = dict.fromkeys(("lapses", "missed_troubles", "unwritten", "repeated", "refused", "visits"), 0)
    lists: dict[str, Any] = {name: [] for name in ("conversations", "spans", "failed_troubles", "left", "readable")}
    return Result(**{"plan": plan, "findings": Findings(), "searched": {"logs": 9}, **zeros, **lists, **changed})


def test_a_run_in_which_all_is_well_ends_with_0_and_a_place_in_which_nothing_lay_does_not_p1() -> None:
    assert exit_code(build_result()) == 0
    assert exit_code(build_result(searched={"logs": 9, "dumps": 0})) == 0
    assert exit_code(build_result(searched={"logs": 0})) == 1


def test_where_nobody_looked_the_table_says_so() -> None:
    assert any("nobody looked" in name for name in zero_lines(build_result(searched={})))
    assert not any("nobody looked" in name for name in zero_lines(build_result()))


def test_what_was_not_there_to_break_is_counted() -> None:
    assert any("2 of which found nothing running" in line for line in lines(build_result(missed_troubles=2)))


@pytest.mark.parametrize(("pids", "missed"), [([], 1), ([101, 102], 0)])
async def test_a_trouble_that_finds_nothing_has_no_span(
    pids: list[int], missed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[int, int]] = []
    asked: list[str] = []
    monkeypatch.setattr("tests.chaos.troubles.os.killpg", lambda pid, number: sent.append((pid, number)))
    stack = SimpleNamespace(pids=lambda name: [asked.append(name), pids][1])
    troubles = Troubles(cast(Stack, stack), cast(aiohttp.ClientSession, None), tmp_path / "clock")
    await troubles._make_in_time(Trouble(0, "kill", ALL_WORKERS), 0.0)
    assert (troubles.missed, len(troubles.spans), troubles.failed) == (missed, 1 - missed, [])
    assert asked == ["worker"]
    assert sent == [(pid, signal.SIGKILL) for pid in pids]


@dataclass
class Phone:
    """Shows one message, whatever was seen of it already."""

    looks: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def post(self, _url: str, json: dict[str, Any]) -> AsyncIterator[Any]:
        """A provider that never gets 200."""

        async def read() -> dict[str, Any]:
            return {"status": 503}

        yield SimpleNamespace(status=200, json=read)

    @asynccontextmanager
    async def get(self, _url: str, params: dict[str, int]) -> AsyncIterator[Any]:
        self.looks.append(params["after"])
        one = {"n": 7, "call": "send", "channel": "sms", "outcome": "accepted", "address": "a", "text": "hello"}

        async def read() -> dict[str, Any]:
            return {"receipts": [{**one, "at_monotonic": 1.0}]}

        yield SimpleNamespace(json=read)


async def test_two_looks_at_the_same_time_see_a_message_once() -> None:
    feed = Feed(cast(aiohttp.ClientSession, Phone()), "")
    await feed.read()
    await feed.read()
    assert len(feed.messages["sms", "a"]) == 1


async def test_a_run_ends_though_a_text_is_never_taken() -> None:
    phone = cast(aiohttp.ClientSession, Phone())
    texter = Texter(phone, "", Feed(phone, ""), SMS, Aviary.hatch().name("0"))
    now, words = time.monotonic(), Words({}, frozenset(), "asked", "We are", "left", ("joined",))
    async with asyncio.timeout(5):
        await texter.play(Script(SMS, (Step(0, ("menu",)),)), words, now, now + 0.1, 0.1)
    assert len(texter.conversation.steps) == 1
