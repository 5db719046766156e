"""What the pager is to do: page a rung for a conversation, or send one person a test, a code or a greeting (H3)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from hotline.messages import AddressHash
from storage.connection import Store
from storage.keyspace import ALERT_SECONDS, partition_of
from storage.records import time_text
from storage.streams import PAGES

RUNG, TEST, CODE, LINKED = "rung", "test", "code", "linked"
ALERT = "page-alert"


@dataclass(frozen=True, slots=True)
class Alert:
    """The last time when those on call could not be reached; ``reached`` is the rung that could, or empty."""

    at: datetime
    reached: str


class PageQueue:
    """Asks the pager for one person's messages, and keeps the alert that supervisors see."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ask(self, kind: str, name: str, way: str = "") -> None:
        """Asks for a test page, or for a code or greeting by one way."""
        await self._store.call(*page_entry(lane_of(name), kind, name=name, way=way))

    async def set_alert(self, alert: Alert) -> None:
        """Keeps the last alert for a day."""
        text = json.dumps([time_text(alert.at), alert.reached])
        await self._store.call("SET", ALERT, text, "EX", ALERT_SECONDS)

    async def find_alert(self) -> Alert | None:
        """The alert that nobody has seen yet."""
        text = await self._store.call("GET", ALERT)
        at, reached = json.loads(text) if text else ("", "")
        return Alert(datetime.fromisoformat(at), reached) if at else None

    async def clear_alert(self) -> None:
        """A supervisor has seen it."""
        await self._store.call("DEL", ALERT)


def page_entry(
    lane: str, kind: str, *, conversation: str = "", rungs: str = "", name: str = "", way: str = ""
) -> tuple[str, ...]:
    """The command that queues one entry; ids, names and codes alone."""
    return (
        "XADD", f"{PAGES}:{partition_of(lane)}", "*",
        "a", lane, "k", kind, "c", conversation, "r", rungs, "n", name, "w", way,
    )  # fmt: skip


def lane_of(name: str) -> AddressHash:
    """The lane of what is for one person and for no conversation."""
    return AddressHash(hashlib.sha256(f"staff|{name}".encode()).hexdigest()[:32])
