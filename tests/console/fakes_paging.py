"""The console's part in paging, over a store in memory."""

from typing import Any
from zoneinfo import ZoneInfo

from console.paging import PagingDesk
from storage.contacts import StoreContacts
from storage.page_links import PageLinks
from storage.page_queue import PageQueue
from storage.shifts import StoreShifts
from tests.console.fakes import STAFF_KEYS
from tests.console.memory_store import MemoryStore

PUSH_KEY = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"


def build_paging(store: MemoryStore, **changes: Any) -> PagingDesk:
    """The paging parts of a console over this store."""
    return PagingDesk(
        **{
            "contacts": StoreContacts(store, STAFF_KEYS),  # type: ignore[arg-type]
            "shifts": StoreShifts(store),  # type: ignore[arg-type]
            "queue": PageQueue(store),  # type: ignore[arg-type]
            "links": PageLinks(store),  # type: ignore[arg-type]
            "zone": ZoneInfo("America/Los_Angeles"),
            "push_key": PUSH_KEY,
            "bot_name": "practice_line_bot",
            "practice": True,
        }
        | changes
    )
