"""``porchlight talk --jsonl``: plays scripts through the whole product, by way of the practice phone."""

import asyncio
import json
import re
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

import aiohttp

from app.stack import Stack
from hotline.screening import Level

_SIDE_BY_SIDE = 48
_SETTLE_SECONDS = 180.0
"""Every text is answered within seconds, but a machine may have other work beside hundreds of texters."""

_SILENCE = re.compile(r"\[SILENCE (\d+)\s*([smh])\]")
_UNITS = {"s": 1, "m": 60, "h": 3600}
_ON_SHIFT_SECONDS = 24 * 3600
_LEVELS = {level.label: level for level in Level}
_WAITS = {"waiting", "with_advocate"}


@dataclass(frozen=True, slots=True)
class Script:
    """One texter's side of a conversation, and how the world stands."""

    id: Any
    channel: str
    turns: tuple[str, ...] = field(repr=False)
    on_shift: bool
    now: datetime | None
    region: str


def parse_scripts(lines: Iterable[str]) -> list[Script]:
    """The scripts of a JSON Lines list. Raises ValueError naming the line that is not one."""
    return [_parse_script(line, number) for number, line in enumerate(lines, 1) if line.strip()]


async def play_scripts(stack: Stack, scripts: Iterable[Script]) -> AsyncIterator[dict[str, Any]]:
    """Plays scripts side by side, those that need an advocate on shift first; answers come as they end."""
    timeout = aiohttp.ClientTimeout(total=90)
    connections = aiohttp.TCPConnector(limit=2 * _SIDE_BY_SIDE)
    async with aiohttp.ClientSession(timeout=timeout, connector=connections) as http:
        for on_shift, group in groupby(sorted(scripts, key=lambda s: not s.on_shift), key=lambda s: s.on_shift):
            await _set_presence(http, stack, on_shift)
            room = asyncio.Semaphore(_SIDE_BY_SIDE)
            playing = [asyncio.create_task(Texter(http, stack, script, room).play()) for script in group]
            try:
                for ended in asyncio.as_completed(playing):
                    yield await ended
            finally:
                for one in playing:
                    one.cancel()
                await asyncio.gather(*playing, return_exceptions=True)


async def play_and_print(scripts: list[Script], out: TextIO) -> None:
    """Plays scripts on a stack of its own in practice mode, and prints an answer a line, each as it ends."""
    with tempfile.TemporaryDirectory(prefix="porchlight-") as folder:
        for region, group in groupby(sorted(scripts, key=lambda s: s.region), key=lambda s: s.region):
            environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_REGION": region}
            programs = {"webhooks", "worker", "phone", "actions", "rasa"}
            async with Stack(Path(folder) / region, environ=environ, programs=programs, free_ports=True) as stack:
                async for answer in play_scripts(stack, group):
                    out.write(json.dumps(answer, ensure_ascii=False) + "\n")
                    out.flush()


class Texter:
    """Plays one script from an address that nobody had before."""

    def __init__(self, http: aiohttp.ClientSession, stack: Stack, script: Script, room: asyncio.Semaphore) -> None:
        self._http = http
        self._phone, self._worker = stack.url("phone"), stack.url("worker")
        self._script = script
        self._room = room
        self._address = _new_address(script.channel)
        self._offset = (script.now - datetime.now(UTC)).total_seconds() if script.now else 0.0
        self._seen = 0
        self._level = Level.NONE

    async def play(self) -> dict[str, Any]:
        """The replies to each turn, when a hand-off came, and the highest level reached."""
        async with self._room:
            if self._offset:
                await self._move_clock()
            replies, handoff = [], None
            for number, turn in enumerate(self._script.turns, 1):
                replies.append(await self._play_turn(turn))
                if await self._waits() and handoff is None:
                    handoff = number
        return {
            "id": self._script.id,
            "replies": replies,
            "handoff_by_turn": handoff,
            "level": self._level.label,
        }

    async def _play_turn(self, turn: str) -> list[str]:
        silence = _SILENCE.fullmatch(turn.strip())
        if silence:
            self._offset += int(silence[1]) * _UNITS[silence[2]]
            await self._move_clock()
        else:
            photo = turn.strip() == "[PHOTO]"
            body = {"text": "" if photo else turn, "kind": "photo" if photo else "text"}
            await self._post("/practice/texts", body)
        await self._settle()
        return await self._new_messages()

    async def _settle(self) -> None:
        """Waits until everything of this address is worked off and out."""
        wait, give_up_at = 0.01, time.monotonic() + _SETTLE_SECONDS
        while not await self._is_settled():
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"script {self._script.id}: a text was not worked off in {_SETTLE_SECONDS:.0f} s")
            await asyncio.sleep(wait)
            wait = min(0.2, wait * 1.5)

    async def _is_settled(self) -> bool:
        async with self._http.get(f"{self._worker}/practice/settled", params=self._who()) as answer:
            return answer.status == 200

    async def _new_messages(self) -> list[str]:
        query = {**self._who(), "after": str(self._seen), "side": "hotline"}
        async with self._http.get(f"{self._phone}/practice/messages", params=query) as answer:
            messages = (await answer.json())["messages"]
        self._seen = max([self._seen, *(message["n"] for message in messages)])
        return [message["text"] for message in messages]

    async def _waits(self) -> bool:
        async with self._http.get(f"{self._worker}/practice/state", params=self._who()) as answer:
            state = await answer.json()
        self._level = max(self._level, _LEVELS[state["level"]])
        return state["owner"] in _WAITS

    async def _move_clock(self) -> None:
        await self._post("/practice/clock", {"offset_seconds": self._offset})

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self._http.post(f"{self._phone}{path}", json={**self._who(), **body}) as answer:
            answer.raise_for_status()

    def _who(self) -> dict[str, str]:
        return {"channel": self._script.channel, "address": self._address}


async def _set_presence(http: aiohttp.ClientSession, stack: Stack, on_shift: bool) -> None:
    body = {"seconds": _ON_SHIFT_SECONDS if on_shift else 0}
    async with http.post(f"{stack.url('worker')}/practice/presence", json=body) as answer:
        answer.raise_for_status()


def _new_address(channel: str) -> str:
    if channel == "telegram":
        return str(10**9 + secrets.randbelow(10**9))
    return f"+1702{2000000 + secrets.randbelow(7999999)}"


def _parse_script(line: str, number: int) -> Script:
    try:
        asked = json.loads(line)
        setup = asked.get("setup") or {}
        now = datetime.fromisoformat(setup["now"]) if setup.get("now") else None
        script = Script(
            id=asked["id"],
            channel=asked.get("channel", "sms"),
            turns=tuple(str(turn) for turn in asked["turns"]),
            on_shift=setup.get("advocates", "on_shift") == "on_shift",
            now=now.replace(tzinfo=UTC) if now and now.tzinfo is None else now,
            region=setup.get("region", "nevada"),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ValueError(f"line {number} is not a script: id, channel, turns, setup") from None
    if script.channel not in {"sms", "telegram"}:
        raise ValueError(f"line {number}: the channel is sms or telegram")
    return script
