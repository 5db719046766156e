"""What the supervisor's page is told of people and times beside the lists: names and times, no content (A5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.conversations import Owner
from hotline.ports import Clock
from storage.account_rows import AccountRows
from storage.clocks import StoreClocks
from storage.connection import Store
from storage.presence import Presence
from storage.records import parse_time

_PAGED = ("owner", "rung", "acknowledged_at", "waiting_since")


@dataclass(frozen=True, slots=True)
class LoadFacts:
    """The facts of a moment; None where this installation does not know."""

    present: Sequence[str] = ()
    """Account names whose console is open."""
    on_break: Sequence[str] = ()
    caps: Mapping[str, int] = field(default_factory=dict)
    """How many conversations each active account may hold at once."""
    pages: Sequence[datetime] | None = None
    """Since when each conversation waits that was paged for and that nobody has acknowledged."""
    clocks: Sequence[tuple[str, datetime]] | None = None
    """Kind of a clock that an advocate has started, and when it is due (A4)."""


class StoreLoad:
    """Reads the facts from the store."""

    def __init__(self, store: Store, accounts: AccountRows, clock: Clock) -> None:
        self._store = store
        self._accounts = accounts
        self._clock = clock
        self._presence = Presence(store, clock)
        self._clocks = StoreClocks(store)

    async def read(self) -> LoadFacts:
        """The facts of this moment."""
        accounts = await self._accounts.list_all()
        return LoadFacts(
            present=await self._presence.list_present(),
            on_break=await self._presence.list_resting(),
            caps={one.name: one.open_cap for one in accounts if one.state == "active"},
            pages=await self._list_pages(),
            clocks=[(clock.kind, clock.due) for clock in await self._clocks.read(self._clock.now())],
        )

    async def _list_pages(self) -> Sequence[datetime]:
        open_now = [member.decode() for member in await self._store.call("SMEMBERS", "open")]
        rows = await self._store.call_all([("HMGET", f"conversation:{one}", *_PAGED) for one in open_now])
        waiting = [
            parse_time(since.decode())
            for owner, rung, acknowledged, since in rows
            if owner == Owner.WAITING.value.encode() and int(rung or 0) > 0 and not acknowledged and since
        ]
        return sorted(at for at in waiting if at)
