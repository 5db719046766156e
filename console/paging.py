"""What the calendar's and the paging pages work with, and how a typed phone number is read (A6)."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hotline.messages import Address
from storage.contacts import StoreContacts
from storage.page_links import PageLinks
from storage.page_queue import PageQueue
from storage.shifts import StoreShifts

_TYPED = re.compile(r"\+?[\d\s().-]{10,24}")
_US_NUMBER = re.compile(r"1?([2-9]\d{2}[2-9]\d{6})")


@dataclass(frozen=True, slots=True)
class PagingDesk:
    """The calendar, people's ways, the queue to the pager, and what pages need to know of the installation.

    ``push_key`` is empty where browsers cannot be pushed to, ``bot_name`` where no link can be given.
    """

    contacts: StoreContacts
    shifts: StoreShifts
    queue: PageQueue
    links: PageLinks
    zone: ZoneInfo
    push_key: str = ""
    bot_name: str = ""
    practice: bool = False


def parse_us_number(text: str) -> Address | None:
    """A US number as people write it, in E.164; None for anything else."""
    typed = text.strip()
    found = _US_NUMBER.fullmatch(re.sub(r"\D", "", typed)) if _TYPED.fullmatch(typed) and typed.isascii() else None
    return Address(f"+1{found[1]}") if found else None
