"""Many open conversations in both stores: some were played through by the product itself, the rest are their copies.

Every key of a played conversation is copied under a new random id and a new hash, with its own time to live, so that
each has the size and shape that the product gave it. What is sealed cannot be opened under the new id; nothing in the
measurement reads it.
"""

import asyncio
from dataclasses import dataclass

from hotline.conversations import Owner
from hotline.deadlines import KINDS
from storage.connection import Store
from storage.keyspace import PARTITIONS

_BATCH = 250

_COPY_STORE = """
local function copy(from, to) redis.call('COPY', from, to, 'REPLACE') end
local id, lane, from = ARGV[1], ARGV[2], ARGV[3]
for n = tonumber(ARGV[4]), tonumber(ARGV[4]) + tonumber(ARGV[5]) - 1 do
  local new, hashed = string.sub(redis.sha1hex('c' .. n), 1, 24), string.sub(redis.sha1hex('a' .. n), 1, 32)
  for _, kind in ipairs({'conversation:', 'window:', 'status:'}) do copy(kind .. id, kind .. new) end
  redis.call('HSET', 'conversation:' .. new, 'id', new, 'address_hash', hashed)
  copy('pace:' .. lane, 'pace:' .. hashed)
  copy('address:' .. lane, 'address:' .. hashed)
  redis.call('SET', 'address:' .. hashed, new, 'KEEPTTL')
  local part = tonumber(string.sub(hashed, 1, 8), 16) % tonumber(ARGV[6])
  for i = 9, #ARGV do
    local due = redis.call('ZSCORE', 'deadlines:' .. from, ARGV[i] .. '|' .. lane .. '|' .. id)
    if due then redis.call('ZADD', 'deadlines:' .. part, due, ARGV[i] .. '|' .. hashed .. '|' .. new) end
  end
  for mark = 1, tonumber(ARGV[7]) do
    redis.call('SET', 'seen:' .. string.sub(redis.sha1hex('s' .. n .. '-' .. mark), 1, 32), '1', 'EX', 172800)
  end
  for mark = 1, tonumber(ARGV[8]) do
    local name = 'sent:' .. string.sub(redis.sha1hex('t' .. n .. '-' .. mark), 1, 32)
    redis.call('SET', name, new .. ':' .. string.sub(redis.sha1hex(name), 1, 12), 'EX', 172800)
  end
end
return 1
"""

_COPY_KEYS = """
for n = tonumber(ARGV[2]), tonumber(ARGV[2]) + tonumber(ARGV[3]) - 1 do
  local new = string.sub(redis.sha1hex('c' .. n), 1, 24)
  for _, kind in ipairs({'content-key:', 'epoch:', 'wraps:'}) do
    redis.call('COPY', kind .. ARGV[1], kind .. new, 'REPLACE')
  end
end
return 1
"""


@dataclass(frozen=True, slots=True)
class Played:
    """One conversation that the product made: its id, its address's keyed hash, and how many marks it left."""

    id: str
    lane: str
    seen: int
    sent: int


async def find_played(store: Store) -> list[Played]:
    """Every conversation that is with the bot now. Raises RuntimeError if there is none.

    One that waits for a person is left out: its copies would all be paged for at once, as no evening would have it.
    """
    names = await store.scan("conversation:*")
    seen, sent = len(await store.scan("seen:*")), len(await store.scan("sent:*"))
    rows = [(name, *await store.call("HMGET", name, "owner", "address_hash")) for name in names]
    played = [
        Played(name.partition(":")[2], lane.decode(), round(seen / len(names)), round(sent / len(names)))
        for name, owner, lane in rows
        if owner == Owner.WITH_BOT.encode()
    ]
    if not played:
        raise RuntimeError("no conversation was played that is with the bot")
    return played


async def rewrite_file(store: Store) -> float:
    """Lets the store rewrite its file, and waits for it; the seconds of processor time that it took.

    What was copied makes the file grow as no evening does: the rewrite that this asks for is none of what a text costs.
    """
    await _wait_until_written(store)
    before = await _read_children_seconds(store)
    await store.call("BGREWRITEAOF")
    await _wait_until_written(store)
    return round(await _read_children_seconds(store) - before, 2)


async def _wait_until_written(store: Store) -> None:
    while True:
        state = await store.read_persistence()
        if state["aof_rewrite_in_progress"] == "0" and state["aof_rewrite_scheduled"] == "0":
            return
        await asyncio.sleep(0.1)


async def _read_children_seconds(store: Store) -> float:
    used = await store.call("INFO", "cpu")
    return float(used["used_cpu_user_children"]) + float(used["used_cpu_sys_children"])


async def copy_conversations(store: Store, keys: Store, played: list[Played], first: int, count: int) -> None:
    """Adds ``count`` copies, numbered from ``first``: a number is always the same conversation."""
    copy_store, copy_keys = store.script(_COPY_STORE), keys.script(_COPY_KEYS)
    for number in range(first, first + count, _BATCH):
        one, size = played[number // _BATCH % len(played)], min(_BATCH, first + count - number)
        part = int(one.lane[:8], 16) % PARTITIONS
        # Keys first, as the product does: a row without its key would be taken for one whose key died.
        await copy_keys.run([], [one.id, number, size])
        await copy_store.run([], [one.id, one.lane, part, number, size, PARTITIONS, one.seen, one.sent, *KINDS])
