"""The erase list: which copies at providers are to go, and when; sealed, and openable for that alone (P4, P5).

A copy's name on the list is the keyed hash of its provider's id. An SMS is due as soon as nobody needs it; a Telegram
message only if its texter asks, and is let go of at the end of its time.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from hotline.messages import SMS, TELEGRAM, Address, AddressHash, ChannelName, ExternalId
from storage.commit import Writes
from storage.connection import Store
from storage.erase_keys import COPY_SECONDS, EraseKeys
from storage.keyspace import CLEARED_SECONDS, partition_of
from vault.content import ContentKey
from vault.errors import SealBroken
from vault.purposes import Purpose


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """One message at its provider. Times are Unix seconds; an SMS needs no address to be found."""

    channel: ChannelName
    address: Address = field(repr=False)
    external_id: ExternalId
    made_at: int

    @property
    def until(self) -> int:
        """From here on we ask no more."""
        return self.made_at + COPY_SECONDS[self.channel]


@dataclass(frozen=True, slots=True)
class DueCopy:
    """An entry that is due. ``copy`` is None if its key is gone."""

    name: str
    place: str
    due: float
    copy: KeptCopy | None

    @property
    def is_asked_for(self) -> bool:
        """False for a Telegram message whose time is over and whose texter asked for nothing."""
        return self.copy is None or self.due != self.copy.until


def put_copy(
    writes: Writes, key: ContentKey, name: str, lane: AddressHash, copy: KeptCopy, due: float | None = None
) -> None:
    """Puts a copy on the list; without ``due`` it goes only if the chat is cleared in time."""
    place, seconds = _place(copy.channel, name, lane), COPY_SECONDS[copy.channel]
    writes.add("HSET", f"erasures:{place}", name, _seal(key, copy))
    writes.add("EXPIRE", f"erasures:{place}", seconds)
    writes.add("ZADD", f"erase-due:{place}", copy.until if due is None else due, name)
    writes.add("EXPIRE", f"erase-due:{place}", seconds)
    if copy.channel == TELEGRAM:
        chat = f"erase-of:{lane}"
        writes.add("ZREMRANGEBYSCORE", chat, "-inf", copy.made_at)
        writes.add("ZADD", chat, copy.until, name)
        writes.add("EXPIRE", chat, seconds)


def clear_chat(writes: Writes, lanes: Sequence[AddressHash], now: float) -> None:
    """Everything on the list of this address is due now, and so is what is still on its way out (K6).

    ``lanes``: the address under every key that is kept, the newest first.
    """
    for lane in lanes:
        due = f"erase-due:{_place(TELEGRAM, '', lane)}"
        writes.add("ZUNIONSTORE", due, 2, due, f"erase-of:{lane}", "WEIGHTS", 1, 0, "AGGREGATE", "MIN")
        writes.add("EXPIRE", due, COPY_SECONDS[TELEGRAM])
        writes.add("DEL", f"erase-of:{lane}")
    writes.add("SET", f"cleared:{lanes[0]}", now, "EX", CLEARED_SECONDS)


def hurry_sms(writes: Writes, name: str, now: float) -> None:
    """Its final status has come: nobody needs Twilio's record any more."""
    writes.add("ZADD", f"erase-due:{_place(SMS, name, AddressHash(''))}", "XX", "LT", now, name)


class Erasures:
    """What is due, for the worker that owns its partition."""

    def __init__(self, store: Store, keys: EraseKeys) -> None:
        self._store = store
        self._keys = keys

    async def read_due(self, channel: ChannelName, owned: Collection[int], now: float, limit: int) -> Sequence[DueCopy]:
        """At most so many of what is due, the oldest first. Raises StoreError."""
        places = [f"{channel}:{partition}" for partition in sorted(owned)]
        rows = await self._store.call_all(
            [("ZRANGEBYSCORE", f"erase-due:{p}", "-inf", now, "WITHSCORES", "LIMIT", 0, limit) for p in places]
        )
        found = [
            (float(due), place, name.decode())
            for place, row in zip(places, rows, strict=True)
            for name, due in zip(row[::2], row[1::2], strict=True)
        ]
        chosen = sorted(found)[:limit]
        sealed = await self._store.call_all([("HGET", f"erasures:{place}", name) for _, place, name in chosen])
        return [
            DueCopy(name, place, due, await self._open(value))
            for (due, place, name), value in zip(chosen, sealed, strict=True)
        ]

    async def has_sms(self, names: Sequence[str]) -> bool:
        """True if a text is on the list, by one of its names under the keys that are kept. Raises StoreError."""
        places = [(_place(SMS, name, AddressHash("")), name) for name in names]
        return any(await self._store.call_all([("HEXISTS", f"erasures:{place}", name) for place, name in places]))

    async def drop(self, copies: Collection[DueCopy]) -> None:
        """Takes entries off the list. Raises StoreError."""
        # The value goes first: a name without one is dropped when it is read, a value without a name never would be.
        await self._store.call_all(
            [
                command
                for copy in copies
                for command in (
                    ("HDEL", f"erasures:{copy.place}", copy.name),
                    ("ZREM", f"erase-due:{copy.place}", copy.name),
                )
            ]
        )

    async def put_off(self, copies: Collection[DueCopy], due: float) -> None:
        """They are asked for again then, and once more before their time is over. Raises StoreError."""
        await self._store.call_all(
            [("ZADD", f"erase-due:{copy.place}", "XX", _before_end(copy, due), copy.name) for copy in copies]
        )

    async def _open(self, value: bytes | None) -> KeptCopy | None:
        name, _, sealed = (value or b"").partition(b"|")
        key = await self._keys.find(name.decode()) if name else None
        if key is None:
            return None
        try:
            channel, address, external_id, made_at = json.loads(key.open(Purpose.ERASURE, sealed))
        except (SealBroken, ValueError):
            return None
        return KeptCopy(ChannelName(channel), Address(address), ExternalId(external_id), made_at)


def _before_end(copy: DueCopy, due: float) -> float:
    """Never the very end of its time, which stands for what nobody asked for."""
    return min(due, copy.copy.until + 0.5) if copy.copy else due


def _seal(key: ContentKey, copy: KeptCopy) -> bytes:
    address = copy.address if copy.channel == TELEGRAM else ""
    plain = json.dumps([copy.channel, address, copy.external_id, copy.made_at]).encode()
    return key.conversation.encode() + b"|" + key.seal(Purpose.ERASURE, plain)


def _place(channel: ChannelName, name: str, lane: AddressHash) -> str:
    """A chat's messages lie together, so that they can be cleared in its commit; an SMS is found by its own name."""
    return f"{channel}:{partition_of(lane if channel == TELEGRAM else name)}"
