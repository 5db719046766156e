"""What lies in a lane: inbox entries and deadlines, opened when their turn comes."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.lanes import Lane
from app.outreach_turns import Read, stands_apart
from app.world import World
from hotline.messages import InboundMessage, Kind
from hotline.screening.result import Level
from storage.inbox import COMMAND, MESSAGE, DeskCommand, parse_command, parse_message
from storage.page_links import find_link_code
from storage.streams import Entry
from vault.errors import SealBroken

MOST_JOINED = 10
"""Texts that are answered as one turn; more behind them are the next. A flood must not hold up other conversations."""


@dataclass(slots=True)
class Item:
    """Something to work off in a lane."""

    entry: Entry | None = None
    deadline: tuple[str, str] | None = None
    """Kind and conversation id of a deadline that has come."""
    opened: InboundMessage | DeskCommand | None = field(default=None, repr=False)
    broken: bool = False
    """True if its key is gone (P3)."""
    attempts: int = 0
    calm: bool = False
    """True once it was looked at and can wait while the whole service is flooded."""

    pressing: bool = False
    """True once it was looked at and has a sign of danger, or could not be screened: it stands in no line."""

    imminent: bool = False
    """True if what it was looked at for is danger to life: its lane goes before all others."""

    read: Read | None = field(default=None, repr=False)
    """What its first try took it for; a code must not be counted twice, nor forgotten."""

    def waited(self) -> float:
        """Seconds since the entry was put in, by the store's clock then and ours now; 0 for a deadline."""
        return time.time() - int(self.entry.id.split("-")[0]) / 1000 if self.entry else 0.0


class ItemOpener:
    """Opens entries, once each."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def open(self, lane: Lane[Item], item: Item) -> None:
        """Fills ``opened``, or marks the item as broken. Raises StoreError."""
        if item.opened or item.broken or not item.entry:
            return
        try:
            plain = await self._world.content_keys.open_inbox(item.entry.fields[b"m"], lane.name)
        except SealBroken:
            item.broken = True
            return
        is_message = item.entry.fields[b"k"].decode() == MESSAGE
        item.opened = parse_message(plain) if is_message else parse_command(plain)
        self._world.watch.step("opened")

    async def open_joined(self, lane: Lane[Item]) -> list[Item]:
        """The head of the lane and the plain texts right behind it: they are answered together (C13)."""
        head: list[Item] = []
        for item in list(itertools.islice(lane.items, MOST_JOINED)):
            if not item.entry or item.entry.fields[b"k"].decode() == COMMAND:
                break
            await self.open(lane, item)
            if head and not (self._joins(item) and self._joins(head[-1])):
                break
            head.append(item)
        return head

    async def cannot_wait(self, lane: Lane[Item]) -> bool:
        """True unless a lane begins with plain texts that have no sign of danger: in a flood all else goes ahead.

        A screening that fails cannot wait either (R9). What is danger only with the texts before it waits its turn.
        Each text is looked at once. Raises StoreError.
        """
        items = await self.open_joined(lane)
        if not items or not all(self._joins(item) for item in items):
            return True
        return any(self._is_pressing(item) for item in items if not item.calm)

    def _is_pressing(self, item: Item) -> bool:
        assert isinstance(item.opened, InboundMessage)  # noqa: S101
        if not item.pressing:
            level = self._glance(item.opened.text)
            item.pressing, item.imminent = level is None or level >= Level.HIGH, level is Level.IMMINENT
            item.calm = not item.pressing
        return item.pressing

    def _glance(self, text: str) -> Level | None:
        try:
            services = self._world.services
            found = services.glance(text) if services.glance else services.screen(text, ())
        except Exception:
            return None
        return found.level

    def _joins(self, item: Item) -> bool:
        """True for plain text; a keyword, a short way out, or an act with the texter's own word has its own turn.

        So has what cannot be read: it goes ahead, to a person (R9).
        """
        message = item.opened
        if not isinstance(message, InboundMessage) or message.kind is not Kind.TEXT or message.opt_out:
            return False
        if find_link_code(message.text):
            return False
        services, text = self._world.services, message.text
        try:
            apart = stands_apart(text, services.site_words) or services.find_keyword(text) or services.is_exit(text)
            return not (apart or services.find_act(text))
        except Exception:
            return False


def are_late(items: Sequence[Item], world: World) -> bool:
    """True if even the newest text was sent before a session that began with it would have ended (R10)."""
    times = [item.opened.sent_at for item in items if isinstance(item.opened, InboundMessage) and item.opened.sent_at]
    kept = timedelta(seconds=world.timings.session_seconds)
    return bool(times) and max(times) < world.now() - kept
