"""Looks through a whole instance a page at a time, inside it: what 100,000 conversations cost a sweep, no turn feels.

Each page is one short step of the instance and one round trip; turns go on between two of them. Only what a sweep must
look at again comes back.
"""

from collections.abc import AsyncIterator, Sequence

from storage.connection import Store

_PAGE = 500
"""Keys in one step: a millisecond of the instance's time at most, and no turn waits longer for it."""

# What leads nowhere goes in the step that looks, so that a turn in between loses nothing: what it wrote is seen, or
# written after. Times are ISO 8601 in UTC and stand in their order as texts.
_STORE_PAGE = """
local page = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local dropped, old = 0, {}
for _, name in ipairs(page[2]) do
  local kind, rest = string.match(name, '^(%a+):(.*)$')
  if kind == 'window' or kind == 'status' then
    if redis.call('EXISTS', 'conversation:' .. rest) == 0 then dropped = dropped + redis.call('DEL', name) end
  elseif kind == 'address' then
    local id = redis.call('GET', name)
    if id and redis.call('EXISTS', 'conversation:' .. id) == 0 then dropped = dropped + redis.call('DEL', name) end
  elseif kind == 'conversation' then
    if (redis.call('HGET', name, 'last_at') or '') < ARGV[3] then old[#old + 1] = rest end
  end
end
return {page[1], dropped, old}
"""

_KEYS_PAGE = """
local page = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local longest, seconds, going = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local found = {}
for _, name in ipairs(page[2]) do
  local kind, rest = string.match(name, '^([%a-]+):(.*)$')
  for i = 6, #ARGV do
    if kind == ARGV[i] then
      local left = redis.call('TTL', name)
      local goes = left >= 0 and left <= going
      if not goes and (left < 0 or longest - left >= seconds) then found[#found + 1] = rest end
    end
  end
end
return {page[1], found}
"""

_WITHOUT_ROW = """
local missing = {}
for _, id in ipairs(ARGV) do
  if redis.call('EXISTS', 'conversation:' .. id) == 0 then missing[#missing + 1] = id end
end
return missing
"""


async def drop_strays(store: Store, idle_before: str) -> AsyncIterator[tuple[int, list[str]]]:
    """For each page: how many windows, statuses and addresses without a conversation it lost, and which conversations
    were last written before ``idle_before`` (a time as text). Raises StoreError."""
    script, cursor = store.script(_STORE_PAGE), "0"
    while True:
        found, dropped, old = await script.run([], [cursor, _PAGE, idle_before])
        cursor = found.decode()
        yield int(dropped), [name.decode() for name in old]
        if cursor == "0":
            return


async def find_older(
    keys: Store, kinds: Sequence[str], longest: int, seconds: int, going_seconds: int = -1
) -> AsyncIterator[list[str]]:
    """Ids of the keys of these kinds that were given their ``longest`` seconds to live at least ``seconds`` ago.

    Left out is what has ``going_seconds`` or less to live. An id may come twice. Raises StoreError.
    """
    script, cursor = keys.script(_KEYS_PAGE), "0"
    while True:
        at, found = await script.run([], [cursor, _PAGE, longest, seconds, going_seconds, *kinds])
        cursor = at.decode()
        if found:
            yield [name.decode() for name in found]
        if cursor == "0":
            return


async def keep_without_row(store: Store, ids: Sequence[str]) -> list[str]:
    """Those among them whose conversation is not there. Raises StoreError."""
    missing = await store.script(_WITHOUT_ROW).run([], ids)
    return [one.decode() for one in missing]
