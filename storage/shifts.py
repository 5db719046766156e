"""The on-call calendar in the store: account names, duties and times, nothing else (A6)."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from hotline.shifts import Shift
from storage.connection import Store
from storage.records import time_text

SHIFTS = "shifts"
MOST = 2000
_KEPT = timedelta(days=8)
"""What is over stays long enough for the week to be copied, and then goes."""


class CalendarFull(Exception):
    """There are so many shifts that something must be wrong."""


class StoreShifts:
    """Keeps shifts, each under a random id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_all(self) -> list[Shift]:
        """Every shift, the earliest first."""
        rows = await self._store.call("HGETALL", SHIFTS)
        shifts = [_parse(identifier.decode(), row) for identifier, row in rows.items()]
        return sorted(shifts, key=lambda shift: (shift.from_at, shift.duty, shift.name, shift.id))

    async def add(self, shifts: Iterable[Shift], now: datetime) -> None:
        """Keeps shifts under new ids, and drops those that ended more than eight days ago. Raises CalendarFull."""
        known = await self.list_all()
        new = [replace(shift, id=secrets.token_hex(6)) for shift in shifts]
        if len(known) + len(new) > MOST:
            raise CalendarFull
        flat = [part for shift in new for part in (shift.id, _text(shift))]
        if flat:
            await self._store.call("HSET", SHIFTS, *flat)
        await self.drop_old(now)

    async def drop_old(self, now: datetime) -> None:
        """Drops what ended more than eight days ago."""
        if old := [shift.id for shift in await self.list_all() if shift.until_at < now - _KEPT]:
            await self._store.call("HDEL", SHIFTS, *old)

    async def remove(self, identifier: str) -> bool:
        """Takes a shift out; False if there is none of that id."""
        return bool(await self._store.call("HDEL", SHIFTS, identifier))

    async def forget(self, name: str) -> None:
        """Takes out every shift of an account that is reset."""
        if mine := [shift.id for shift in await self.list_all() if shift.name == name]:
            await self._store.call("HDEL", SHIFTS, *mine)


def _text(shift: Shift) -> str:
    return json.dumps([shift.name, shift.duty, time_text(shift.from_at), time_text(shift.until_at)])


def _parse(identifier: str, row: bytes) -> Shift:
    name, duty, from_at, until_at = json.loads(row)
    return Shift(identifier, name, duty, datetime.fromisoformat(from_at), datetime.fromisoformat(until_at))
