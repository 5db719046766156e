"""Walks two live stores and says what in them is not as the data map says (P3)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from storage.connection import Store
from storage.data_map import find_stored
from storage.keyspace import BACKSTOP_SECONDS, SWEEP_SECONDS
from storage.stored import Stored

_GRACE_SECONDS = 2 * SWEEP_SECONDS + 60
"""What is over is gone after a sweep, which is looked for every ten seconds and follows the last one in a minute."""
_ORPHAN_SECONDS = 120 + _GRACE_SECONDS

_NOT_OURS_TO_READ = ("half:*", "challenge:*")
"""The worker, whose eyes the walk has, may not even ask of what kind these are; their names are checked."""

_AHEAD: Mapping[str, tuple[float, float]] = {
    "workers": (_GRACE_SECONDS, 60),
    "present": (_GRACE_SECONDS, 3600),
    "resting": (_GRACE_SECONDS, 12 * 3600),
    "clocks": (7 * 24 * 3600 + _GRACE_SECONDS, 72 * 3600),
    "deadlines:*": (_GRACE_SECONDS, 4 * 3600),
}
"""How long a sorted set's entries may be over, and how far ahead they may lie."""

_BY_ENTRIES = frozenset({"open", "attempts:*", "sending:*", "shifts", *_AHEAD})
"""Keys that have no end of their own, as streams have none: their entries have. Every other key must end by itself."""


async def walk(store: Store, keys: Store, now: float) -> list[str]:
    """Every fault: what is not in the map, of another kind, or past its bound. ``now``: Unix time. Changes nothing.

    A row that a conversation left behind may lie there until the next sweep, and no longer.
    """
    faults: list[str] = []
    for instance, one in (("store", store), ("keys", keys)):
        for name in await one.scan("*"):
            stored = find_stored(instance, name)
            if stored is None:
                faults.append(f"{instance}: {_shown(name)} is not in the data map")
            elif stored.pattern not in _NOT_OURS_TO_READ:
                faults += [f"{instance}: {_shown(name)} {fault}" for fault in await _look(one, stored, name, now)]
    return faults + await _find_orphans(store, keys)


async def _look(store: Store, stored: Stored, name: str, now: float) -> list[str]:
    kind, left = await store.call_all([("TYPE", name), ("TTL", name)])
    if kind == b"none":
        return []
    if kind.decode() != stored.kind:
        return [f"is a {kind.decode()}, not a {stored.kind}"]
    faults = [f"has an unknown field {field}" for field in await _fields(store, stored, name)]
    if stored.kind != "stream" and stored.pattern not in _BY_ENTRIES:
        if not _ends_in_time(stored, int(left)):
            faults.append(f"has {left} seconds to live, not {stored.longest_seconds} at most")
    else:
        faults += [f"has an entry {fault}" for fault in await _old_entries(store, stored, name, now)]
    return faults


def _ends_in_time(stored: Stored, left: int) -> bool:
    if stored.longest_seconds is None:
        return left == -1
    return left == -2 or 0 <= left <= stored.longest_seconds


async def _fields(store: Store, stored: Stored, name: str) -> list[str]:
    """Names of fields that the map does not speak of."""
    found: set[bytes] = set()
    if stored.kind == "hash":
        found = set(await store.call("HKEYS", name))
    if stored.kind == "stream":
        found = {field for _, entry in await store.call("XRANGE", name, "-", "+") for field in entry}
    return [field.decode() for field in found if stored.find_field(field.decode()) is None]


async def _old_entries(store: Store, stored: Stored, name: str, now: float) -> list[str]:
    """Entries that are past their time, each in words without a value."""
    longest = (stored.longest_seconds or 0) + _GRACE_SECONDS
    if stored.kind == "stream":
        oldest = await store.call("XRANGE", name, "-", "+", "COUNT", 1)
        return [f"of {_age(identifier, now):.0f} s ago" for identifier, _ in oldest if _age(identifier, now) > longest]
    if stored.kind == "zset":
        return await _wrong_scores(store, stored, name, now)
    if stored.pattern in {"attempts:*", "sending:*"}:
        return [f"of {_age(one, now):.0f} s ago" for one in await store.call("HKEYS", name) if _age(one, now) > longest]
    if stored.pattern == "shifts":
        return [f"until {row[3]}" for row in map(json.loads, await store.call("HVALS", name)) if _is_over(row[3], now)]
    return []


async def _wrong_scores(store: Store, stored: Stored, name: str, now: float) -> list[str]:
    over, ahead = _AHEAD[stored.pattern]
    unit = 1000 if stored.pattern == "workers" else 1
    flat = await store.call("ZRANGE", name, 0, -1, "WITHSCORES")
    away = [float(score) / unit - now for score in flat[1::2]]
    return [f"{seconds:.0f} s from now" for seconds in away if not -over <= seconds <= ahead + 60]


def _age(identifier: bytes, now: float) -> float:
    return now - int(identifier.partition(b"-")[0]) / 1000


def _is_over(until: str, now: float) -> bool:
    return datetime.fromisoformat(until).timestamp() + timedelta(days=8).total_seconds() + _GRACE_SECONDS < now


async def _scan_older(store: Store, pattern: str, seconds: int) -> list[str]:
    """Keys that were made or put off at least so long ago."""
    names = await store.scan(pattern)
    left = await store.call_all([("TTL", name) for name in names])
    ages = zip(names, map(int, left), strict=True)
    return [name for name, rest in ages if rest < 0 or 0 < rest <= BACKSTOP_SECONDS - seconds]


async def _find_orphans(store: Store, keys: Store) -> list[str]:
    """What belongs to a conversation that is gone: list places, windows, statuses, addresses, keys."""
    there = {name.partition(":")[2] for name in await store.scan("conversation:*")}
    listed = {one.decode() for one in await store.call("SMEMBERS", "open")}
    faults = [f"open: {one} is gone" for one in listed - there]
    for kind in ("window", "status"):
        old = await _scan_older(store, f"{kind}:*", _GRACE_SECONDS)
        faults += [f"{name} has no conversation" for name in old if _id(name) not in there]
    for name in await _scan_older(store, "address:*", _GRACE_SECONDS):
        identifier = await store.call("GET", name)
        if identifier and identifier.decode() not in there:
            faults.append(f"{_shown(name)} leads to no conversation")
    for kind in ("content-key", "epoch", "wraps"):
        old = await _scan_older(keys, f"{kind}:*", _ORPHAN_SECONDS)
        left = await keys.call_all([("TTL", name) for name in old]) if old else []
        lasting = [name for name, rest in zip(old, left, strict=True) if not 0 <= int(rest) <= 300]
        faults += [f"{name} has no conversation" for name in lasting if _id(name) not in there]
    return await _still_so(faults, store)


async def _still_so(faults: list[str], store: Store) -> list[str]:
    """Without those that a turn made or ended while we looked."""
    there = {name.partition(":")[2] for name in await store.scan("conversation:*")}
    return [fault for fault in faults if not any(one in fault for one in there)]


def _id(name: str) -> str:
    return name.partition(":")[2]


def _shown(name: str) -> str:
    """A key's name as a report may have it: the kind, and little of the rest."""
    kind, _, rest = name.partition(":")
    return f"{kind}:{rest[:6]}" if rest else kind
