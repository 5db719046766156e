"""The people of the stories: a texter with a handset, and an advocate with a browser."""

import asyncio
import itertools
import time
from typing import Any

import aiohttp

from app.stack import Stack
from storage.connection import Store

_NUMBERS = itertools.count(1)


async def empty_waiting_list(store_url: str) -> None:
    """Takes away what waits or is with an advocate: conversations of other stories would stand before ours."""
    store = Store(store_url)
    for identifier in await store.call("SMEMBERS", "open"):
        name = identifier.decode()
        lane = await store.call("HGET", f"conversation:{name}", "address_hash")
        await store.call("DEL", f"conversation:{name}", f"window:{name}", f"address:{(lane or b'').decode()}")
    await store.call("DEL", "open")
    await store.aclose()


class Texter:
    """A young person with a handset; speaks through the practice phone, as Twilio and Telegram would."""

    def __init__(self, http: aiohttp.ClientSession, stack: Stack, channel: str = "sms") -> None:
        self._http = http
        self._phone, self._worker = stack.url("phone"), stack.url("worker")
        self.channel = channel
        number = next(_NUMBERS) + int(time.monotonic() * 10) % 100_000 * 10
        self.address = f"+1775{2_000_000 + number:07d}" if channel == "sms" else str(700_000_000 + number)
        self._seen = 0

    async def texts(self, text: str, **more: Any) -> list[str]:
        """Sends a text and waits until everything that follows from it is out; what came back."""
        posted = await self.posts(text, **more)
        assert posted["status"] == 200, posted
        await self.settles()
        return await self.reads()

    async def posts(self, text: str, **more: Any) -> dict[str, Any]:
        """Sends a text and does not wait for more than the webhook's answer."""
        return await self._post("/practice/texts", {"text": text, **more})

    async def settles(self, seconds: float = 30) -> None:
        """Waits until nothing of this texter is being worked on."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    async with self._http.get(f"{self._worker}/practice/settled", params=self._who()) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.02)

    async def hears(self, seconds: float = 60) -> list[str]:
        """What answers a text that may still lie at the door, sealed, while the store is away: at least one message."""
        found: list[str] = []
        async with asyncio.timeout(seconds):
            while not found:
                await asyncio.sleep(0.05)
                await self.settles(seconds)
                found = await self.reads()
        await self.settles(seconds)
        return [*found, *await self.reads()]

    async def reads(self) -> list[str]:
        """The messages that arrived since the last look."""
        query = {**self._who(), "after": str(self._seen), "side": "hotline"}
        async with self._http.get(f"{self._phone}/practice/messages", params=query) as answer:
            messages = (await answer.json())["messages"]
        self._seen = max([self._seen, *(message["n"] for message in messages)])
        return [message["text"] for message in messages]

    async def waits_for(self, words: str, seconds: float = 20) -> str:
        """The first message with these words in it."""
        async with asyncio.timeout(seconds):
            while True:
                found = [text for text in await self.reads() if words in text]
                if found:
                    return found[0]
                await asyncio.sleep(0.02)

    async def waits_for_a_message(self, seconds: float = 20) -> list[str]:
        """The next messages, whenever they come."""
        async with asyncio.timeout(seconds):
            while not (found := await self.reads()):
                await asyncio.sleep(0.02)
            return found

    async def skips(self, seconds: float) -> None:
        """Lets time pass on this conversation's clock, and whatever is due happen."""
        await self._post("/practice/clock", {"offset_seconds": seconds})
        await asyncio.sleep(0.3)
        await self.settles()

    async def state(self) -> dict[str, str]:
        """Owner and level of the conversation."""
        async with self._http.get(f"{self._worker}/practice/state", params=self._who()) as answer:
            return dict(await answer.json())

    async def copies(self) -> list[dict[str, Any]]:
        """What the provider still holds of this conversation."""
        async with self._http.get(f"{self._phone}/practice/copies", params=self._who()) as answer:
            return list((await answer.json())["copies"])

    async def deletes_at_provider(self) -> None:
        """Somebody else has deleted everything there: the texter by hand in the app, or staff in Twilio's console."""
        await self._post("/practice/copies/delete", {})

    async def waits_until_gone(self, seconds: float = 20, left: int = 0) -> None:
        """Waits until the provider holds no more than so many messages."""
        async with asyncio.timeout(seconds):
            while len(await self.copies()) > left:
                await asyncio.sleep(0.05)

    async def meets_fault(self, kind: str, count: int = 1, **more: Any) -> None:
        """The provider will fail so the next times."""
        await self._post("/practice/faults", {"kind": kind, "count": count, **more})

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._http.post(f"{self._phone}{path}", json={**self._who(), **body}) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    def _who(self) -> dict[str, str]:
        return {"channel": self.channel, "address": self.address}


async def set_on_shift(http: aiohttp.ClientSession, stack: Stack, on_shift: bool) -> None:
    """Puts an invented advocate on shift, or nobody."""
    body = {"seconds": 3600 if on_shift else 0}
    async with http.post(f"{stack.url('worker')}/practice/presence", json=body) as answer:
        assert answer.status == 200
