"""The handsets: what each invented person's phone shows, in bounded memory."""

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from phone.events import Events

CONVERSATIONS = 10_000
BUBBLES_EACH = 200


@dataclass(slots=True)
class Bubble:
    """One message on a handset; ``side`` is hotline, texter or carrier; ``at`` seconds since the epoch."""

    n: int
    side: str
    text: str = field(repr=False)
    at: float
    external_id: str
    kind: str = "text"
    deleted: bool = False
    status: str = ""
    provider_copy: str = "kept"
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The bubble as the practice API shows it; a deleted one has no text."""
        shown = {name: getattr(self, name) for name in ("n", "side", "at", "external_id", "kind", "deleted")}
        shown |= {"text": "" if self.deleted else self.text, "status": self.status, "provider_copy": self.provider_copy}
        return shown | self.details


class Handset:
    """One conversation as the person holding the phone sees it."""

    def __init__(self, channel: str, address: str) -> None:
        self.channel = channel
        self.address = address
        self.offset_seconds = 0.0
        self.blocked = False
        self.delivering = asyncio.Lock()
        self.news = asyncio.Event()
        self._last = 0
        self._bubbles: OrderedDict[str, Bubble] = OrderedDict()

    def add(self, side: str, text: str, external_id: str, *, kind: str = "text", **details: Any) -> Bubble:
        """Shows one more message, the oldest leaving when the handset is full."""
        self._last += 1
        bubble = Bubble(self._last, side, text, time.time(), external_id, kind, details=details)
        self._bubbles[external_id] = bubble
        while len(self._bubbles) > BUBBLES_EACH:
            self._bubbles.popitem(last=False)
        return bubble

    def find(self, external_id: str) -> Bubble | None:
        """The message with that id, if the handset still has it."""
        return self._bubbles.get(external_id)

    def list_after(self, after: int, side: str) -> list[dict[str, Any]]:
        """Messages with a number above ``after``, of one side or of ``all``, oldest first."""
        newest: deque[dict[str, Any]] = deque()
        for bubble in reversed(self._bubbles.values()):
            if bubble.n <= after:
                break
            if side in {bubble.side, "all"}:
                newest.appendleft(bubble.as_json())
        return list(newest)

    def now(self) -> float:
        """The time that this conversation lives in: the machine's, moved by the practice clock."""
        return time.time() + self.offset_seconds


class Handsets:
    """All handsets by channel and address; the longest unused are forgotten first."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._handsets: OrderedDict[tuple[str, str], Handset] = OrderedDict()

    def open(self, channel: str, address: str) -> Handset:
        """The handset of this address, a new one if there is none."""
        key = (channel, address)
        handset = self._handsets.get(key)
        if handset is None:
            handset = self._handsets[key] = Handset(channel, address)
            while len(self._handsets) > CONVERSATIONS:
                self._handsets.popitem(last=False)
        self._handsets.move_to_end(key)
        return handset

    def show(self, handset: Handset, side: str, text: str, external_id: str, **details: Any) -> Bubble:
        """Puts a message on a handset and tells whoever watches."""
        bubble = handset.add(side, text, external_id, **details)
        self.tell(handset, "message", bubble)
        handset.news.set()
        handset.news = asyncio.Event()
        return bubble

    def change(self, channel: str, address: str, external_id: str, **changes: Any) -> None:
        """Changes fields of a message that is still on its handset."""
        handset = self._handsets.get((channel, address))
        bubble = handset.find(external_id) if handset else None
        if handset is None or bubble is None:
            return
        for name, value in changes.items():
            setattr(bubble, name, value)
        self.tell(handset, "change", bubble)

    def tell(self, handset: Handset, kind: str, bubble: Bubble) -> None:
        """One event about a message."""
        event = {"type": kind, "channel": handset.channel, "address": handset.address, "message": bubble.as_json()}
        self._events.publish(event)

    def clear(self) -> None:
        """Forgets everybody; whoever waits for news looks again."""
        for handset in self._handsets.values():
            handset.news.set()
        self._handsets.clear()
