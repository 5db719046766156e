"""Sends one page by one way: bounded in time, one more try, and what went wrong kept for its owner to see (H3, X5)."""

import asyncio
import time

from app.world import World
from connectors.errors import SendError
from hotline.gsm import fold_for_sms
from hotline.messages import SMS, TELEGRAM, Address, ChannelName, OutboundMessage
from storage.contacts import BROWSER, CHAT, PHONE, Way

WAY_SECONDS = 4.0
"""Longer than this a way counts as not reached, so that the next rung hears of an imminent one in time."""

_AGAIN_SECONDS = 0.3
_CHANNELS = {PHONE: SMS, CHAT: TELEGRAM}


class PageSender:
    """Sends by browser, SMS or Telegram."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def send(self, way: Way, text: str, queued_at: float | None = None) -> bool:
        """True if the provider took it. ``queued_at`` (Unix) is when the page was committed, for the figures."""
        code = await self._deliver(way, text)
        if queued_at is not None:
            self._world.watch.paged(way.kind, "refused" if code else "taken", time.time() - queued_at)
        if code:
            self._world.watch.failed("page_failed", code)
        if code == "gone":
            await self._world.paging.contacts.remove(way.name, way.id)
        else:
            await self._world.paging.contacts.note_trouble(way, code)
        return not code

    async def _deliver(self, way: Way, text: str) -> str:
        """An empty text, or the code of what went wrong."""
        if way.address is None:
            return "unreadable"
        if way.kind != BROWSER and await self._has_stopped(_CHANNELS[way.kind], way.address):
            return "opted_out"
        try:
            async with asyncio.timeout(WAY_SECONDS):
                await self._try_twice(way, way.address, text)
        except SendError as error:
            return "opted_out" if error.opted_out else error.code
        except TimeoutError:
            return "timeout"
        return ""

    async def _try_twice(self, way: Way, address: Address, text: str) -> None:
        try:
            await self._try(way, address, text)
        except SendError as error:
            if not error.retryable or error.code == "timeout":
                raise
            await asyncio.sleep(max(_AGAIN_SECONDS, error.retry_after_seconds))
            await self._try(way, address, text)

    async def _try(self, way: Way, address: Address, text: str) -> None:
        if way.kind == BROWSER:
            push = self._world.paging.push
            if push is None:
                raise SendError("no_key", retryable=False)
            await push.send(address)
            return
        channel = _CHANNELS[way.kind]
        said = fold_for_sms(text) if channel == SMS else text
        await self._world.connectors[channel].send(OutboundMessage(channel, address, said, self._world.clock.now()))

    async def _has_stopped(self, channel: ChannelName, address: Address) -> bool:
        """A STOP counts for everybody, staff too: the provider would refuse, and we do not ask it to (K2)."""
        lanes = self._world.address_keys.hash_address_under_all(channel, address)
        found = await self._world.store.call_all([("EXISTS", f"opted-out:{lane}") for lane in lanes])
        return any(found)
