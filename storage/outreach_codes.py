"""What outreach keeps: batches of print with their site codes, hellos by code as counts, the staff word (O2, O3).

A hello is counted by month and code and by nothing else: no time, no address, no conversation.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hotline.outreach_words import list_free_codes, list_staff_months
from storage.commit import Writes
from storage.connection import Store
from storage.keyspace import REFERRAL_SECONDS, STAFF_WORD_SECONDS
from storage.tallies import is_left_out

BATCHES = "print-batches"


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
        """A new batch with a code of its own, drawn by chance. Raises NoCodeLeft."""
        for _ in range(3):
            taken = {code.decode() for code in await self._store.call("HGETALL", BATCHES)}
            free = list_free_codes(site_words, taken)
            if not free:
                break
            batch = Batch(secrets.choice(free), product, language, copies, made_on)
            row = json.dumps([product, language, copies, made_on.isoformat()])
            if await self._store.call("HSETNX", BATCHES, batch.code, row):
                return batch
        raise NoCodeLeft

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
        """Forgets a batch: its code is plain text from now on and may be drawn again; its counts stay."""
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
