"""What outreach keeps: batches of print with their site codes, hellos by code as counts, the staff word (O2, O3).

A hello is counted by month and code and by nothing else: no time, no address, no conversation.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hotline.outreach_words import list_free_codes, list_staff_months
from storage.commit import Writes
from storage.connection import Store
from storage.keyspace import REFERRAL_SECONDS, STAFF_WORD_SECONDS
from storage.tallies import is_left_out

BATCHES = "print-batches"
_MONTH = timedelta(days=31)


class NoCodeLeft(Exception):
    """Every word with every number is taken: end batches that nobody carries any more, or add words."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One printing: what, in which language, how many, since when. No place and no person."""

    code: str
    product: str
    language: str
    copies: int
    made_on: date


class OutreachCodes:
    """The register of batches, the counts, the staff word of a month."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add_batch(
        self, site_words: Sequence[str], product: str, language: str, copies: int, made_on: date
    ) -> Batch:
        """A new batch with a code of its own, drawn by chance. Raises NoCodeLeft.

        No code comes again while hellos of an earlier batch are kept: they would be taken for the new one's.
        """
        for _ in range(3):
            taken = {code.decode() for code in await self._store.call("HGETALL", BATCHES)}
            taken |= await self._list_counted(made_on)
            free = list_free_codes(site_words, taken)
            if not free:
                break
            batch = Batch(secrets.choice(free), product, language, copies, made_on)
            row = json.dumps([product, language, copies, made_on.isoformat()])
            if await self._store.call("HSETNX", BATCHES, batch.code, row):
                return batch
        raise NoCodeLeft

    async def _list_counted(self, today: date) -> set[str]:
        """Codes with counts of any month that is still kept: a month's counts end as long after its last hello."""
        kept = timedelta(seconds=REFERRAL_SECONDS) + _MONTH
        months = {f"{today - timedelta(days=days):%Y-%m}" for days in range(0, kept.days + 1, 7)}
        rows = [await self._store.call("HGETALL", f"hellos:{month}") for month in sorted(months)]
        return {code.decode() for row in rows for code in row}

    async def find_batch(self, code: str) -> Batch | None:
        """The batch of a code, or None."""
        row = await self._store.call("HGET", BATCHES, code)
        return _parse(code, row) if row else None

    async def list_batches(self) -> Sequence[Batch]:
        """Every batch, the newest first."""
        rows = await self._store.call("HGETALL", BATCHES)
        batches = [_parse(code.decode(), row) for code, row in rows.items()]
        return sorted(batches, key=lambda batch: (batch.made_on, batch.code), reverse=True)

    async def end_batch(self, code: str) -> None:
        """Forgets a batch: its code is plain text from now on; its counts stay, and until they end nobody draws it."""
        await self._store.call("HDEL", BATCHES, code)

    async def read_hellos(self, month: str) -> Mapping[str, int]:
        """Hellos by code in a month (``2026-11``); only ``hotline.disclosure`` turns them into what may be shown."""
        row = await self._store.call("HGETALL", f"hellos:{month}")
        return {code.decode(): int(count) for code, count in row.items()}

    async def staff_word(self, site_words: Sequence[str], today: date) -> str:
        """This month's staff word; the first who asks draws it."""
        month = list_staff_months(today)[0]
        drawn = f"{secrets.choice(list(site_words))}{secrets.randbelow(900) + 100}"
        await self._store.call("SET", _staff_key(month), drawn, "NX", "EX", STAFF_WORD_SECONDS)
        return str((await self._store.call("GET", _staff_key(month))).decode())

    async def working_staff_words(self, today: date) -> Sequence[str]:
        """The words that work today."""
        found = await self._store.call("MGET", *(_staff_key(month) for month in list_staff_months(today)))
        return [word.decode() for word in found if word]


def count_hello(writes: Writes, code: str, day: date) -> None:
    """Adds one to a code's hellos of the month, in the turn's own commit; one in eight is left out (O2, O4)."""
    if is_left_out():
        return
    key = f"hellos:{day:%Y-%m}"
    writes.add("HINCRBY", key, code, 1)
    writes.add("EXPIRE", key, REFERRAL_SECONDS)


def _staff_key(month: str) -> str:
    return f"staff-word:{month}"


def _parse(code: str, row: bytes) -> Batch:
    product, language, copies, made_on = json.loads(row)
    return Batch(code, product, language, copies, date.fromisoformat(made_on))
