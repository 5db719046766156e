"""What the supervisor's page is told of people and times beside the lists: names and times, no content (A5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.connection import Store
from storage.presence import Presence


@dataclass(frozen=True, slots=True)
class LoadFacts:
    """The facts of a moment; None where this installation does not know."""

    present: Sequence[str] = ()
    """Account names whose console is open."""
    on_break: Sequence[str] = ()
    caps: Mapping[str, int] = field(default_factory=dict)
    pages: Sequence[datetime] | None = None
    """Since when each page that nobody has acknowledged is out."""
    clocks: Sequence[tuple[str, datetime]] | None = None
    """Kind of a clock that an advocate has started, and when it is due (A4)."""


class StoreLoad:
    """Reads the facts from the store."""

    def __init__(self, store: Store) -> None:
        self._presence = Presence(store)

    async def read(self) -> LoadFacts:
        """The facts of this moment."""
        return LoadFacts(present=await self._presence.list_present())
