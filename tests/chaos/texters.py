"""Young people with handsets who write what their script says, and wait for an answer as people do."""

import asyncio
import contextlib
import itertools
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import aiohttp

from tests.chaos.plan import CROWD, SMS, Script, Step
from tests.chaos.records import REACHED, Conversation, Inbound, Message, Words, find_missing
from tests.proof.canaries import Canary

_LOOK_SECONDS = 0.1
_AGAIN_SECONDS = 1.0
_BREATH_SECONDS = 0.2
_MESSAGE_IDS = itertools.count(1_900_000_000)
_SAYINGS = {
    "menu": "MENU",
    "number": "NUMBER",
    "photo": "",
    "hungry": "im hungry {word}",
    "who": "who can see this",
    "person": "PERSON",
    "imminent": "i want to kill myself {word}",
}


class Feed:
    """What the providers' emulators note, read all the time: their ring forgets what is older than 50,000 calls."""

    def __init__(self, http: aiohttp.ClientSession, phone: str) -> None:
        self._http, self._url = http, f"{phone}/practice/received"
        self._after = 0
        self.messages: dict[tuple[str, str], list[Message]] = defaultdict(list)
        self.taken: dict[str, float] = {}
        """Id of a text to when the provider first got 200 for it."""
        self.pushes: list[float] = []
        self.refused = 0
        """Texts that a provider gave up after all its tries; it brings them again here, where Twilio's would not."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                await self.read()
            await asyncio.sleep(_LOOK_SECONDS)

    async def read(self) -> None:
        """What came since the last look."""
        async with self._http.get(self._url, params={"after": self._after}) as answer:
            receipts = (await answer.json())["receipts"]
        for one in receipts:
            if one["n"] > self._after:  # the last look of all may meet the one before it under way
                self._after = one["n"]
                self._note(one)

    def _note(self, one: Mapping[str, Any]) -> None:
        at = float(one["at_monotonic"])
        if one["call"] == "send" and one["channel"] == "push":
            if one["outcome"] == "accepted":
                self.pushes.append(at)
        elif one["call"] == "send" and one["outcome"] in REACHED:
            self.messages[one["channel"], one["address"]].append(Message(one["text"], at, one["outcome"]))
        elif one["call"] == "text" and one["outcome"] == "taken":
            self.taken.setdefault(one["external_id"], at)
        elif one["call"] == "text":
            self.refused += 1


class Texter:
    """One conversation, from its script."""

    def __init__(self, http: aiohttp.ClientSession, phone: str, feed: Feed, channel: str, canary: Canary) -> None:
        self._http, self._phone, self._feed, self._canary = http, phone, feed, canary
        address = f"+1{canary.number}" if channel == SMS else canary.chat
        self.conversation = Conversation(channel, address)
        self.conversation.received = feed.messages[channel, address]
        self.repeated = 0
        self.unwritten = 0
        self._ahead = 0.0
        self._brings_until = float("inf")
        self._repeats: list[asyncio.Task[None]] = []

    async def play(self, script: Script, words: Words, began: float, until: float, patience: float) -> None:
        """The script from ``began`` on; whoever gets no answer for ``patience`` seconds goes on all the same.

        After ``until`` nothing more is begun, and what was not is counted in ``unwritten``.
        """
        self._brings_until = until + patience
        owed: Inbound | None = None
        for number, step in enumerate(script.steps):
            await asyncio.sleep(max(0.0, began + step.at - time.monotonic()))
            if time.monotonic() > until:
                self.unwritten = sum(len(one.kinds) for one in script.steps[number:])
                break
            if step.late_hours:
                await self.let_pass(step.late_hours * 3600)
            texts = await self._write(step)
            await self._wait(number, words, patience)
            if owed:
                await self._repeat(owed)
            owed = texts[0] if step.repeat == "later" else None
        if owed:
            await self._repeat(owed)
        await asyncio.gather(*self._repeats)

    async def let_pass(self, seconds: float) -> bool:
        """Lets so much time pass for this conversation; False if nobody could be told."""
        self._ahead += seconds
        body = {**self._who(), "offset_seconds": self._ahead}
        for _ in range(5):
            with contextlib.suppress(aiohttp.ClientError):
                async with self._http.post(f"{self._phone}/practice/clock", json=body) as answer:
                    if answer.status == 200:
                        return True
            await asyncio.sleep(_AGAIN_SECONDS)
        return False

    async def says(self, kind: str) -> Inbound:
        """One text, brought by its provider until it is taken."""
        text = self._new(kind)
        self.conversation.steps.append([text])
        await self._bring(text)
        return text

    async def _write(self, step: Step) -> list[Inbound]:
        texts = [self._new(kind) for kind in step.kinds]
        self.conversation.steps.append(texts)
        if step.repeat == "at once":
            self._repeats.append(asyncio.create_task(self._repeat(texts[0])))
        if step.manner == CROWD:
            await asyncio.gather(*(self._bring(text) for text in texts))
        else:
            for text in texts:
                await self._bring(text)
        return texts

    def _new(self, kind: str) -> Inbound:
        number = next(_MESSAGE_IDS)
        sid = f"SM{number:032x}" if self.conversation.channel == SMS else str(number)
        return Inbound(kind, sid, time.monotonic())

    async def _bring(self, text: Inbound) -> None:
        text.posted_at = time.monotonic()
        while not await self._post(text) and time.monotonic() < self._brings_until:
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _post(self, text: Inbound) -> bool:
        words = _SAYINGS[text.kind].format(word=self._canary.word)
        kind = "photo" if text.kind == "photo" else "text"
        body = {**self._who(), "text": words, "kind": kind, "external_id": text.external_id}
        with contextlib.suppress(aiohttp.ClientError):
            async with self._http.post(f"{self._phone}/practice/texts", json=body) as answer:
                assert answer.status == 200, await answer.text()
                return bool((await answer.json())["status"] == 200)
        return False

    async def _repeat(self, text: Inbound) -> None:
        """The provider has forgotten that it was taken, or thinks so."""
        self.repeated += 1
        await self._post(text)

    async def _wait(self, number: int, words: Words, patience: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while find_missing(self.conversation, number, words):
                    await asyncio.sleep(_LOOK_SECONDS)
        await asyncio.sleep(_BREATH_SECONDS)

    def _who(self) -> dict[str, str]:
        return {"channel": self.conversation.channel, "address": self.conversation.address}
