"""The worker's private routes in practice mode: a conversation's clock, whether all is worked off, who is on shift.

They exist in practice mode alone, on the worker's loopback port; live mode has no such routes.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.world import World
from hotline.messages import Address, AddressHash, ChannelName
from hotline.screening.result import Level
from storage.keyspace import BACKSTOP_SECONDS, partition_of
from storage.presence import Presence

# One step, since work moves from the inbox to the outbox and back between two looks.
_IS_BUSY = """
for i = 1, 2 do
  for _, entry in ipairs(redis.call('XRANGE', KEYS[i], '-', '+')) do
    if entry[2][2] == ARGV[1] then return 1 end
  end
end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[2])) do
  if string.find(member, ARGV[1], 1, true) then return 1 end
end
return 0
"""


class PracticeRoutes:
    """What the practice phone asks of the worker."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._presence = Presence(world.store, world.clock)
        self._is_busy = world.store.script(_IS_BUSY)

    def routes(self) -> list[Route]:
        """The routes, for the private port."""
        return [
            Route("/practice/clock", self.set_clock, methods=["POST"]),
            Route("/practice/settled", self.is_settled),
            Route("/practice/state", self.get_state),
            Route("/practice/presence", self.set_presence, methods=["POST"]),
        ]

    async def set_clock(self, request: Request) -> Response:
        """Puts a conversation's clock ahead by ``offset_seconds`` in all; what is due by then becomes due."""
        body = await request.json()
        lane, *older = self._lanes(body["channel"], body["address"])
        offset = float(body["offset_seconds"])
        before = float(await self._world.store.call("GET", f"offset:{lane}") or 0)
        await self._world.store.call("SET", f"offset:{lane}", offset, "EX", BACKSTOP_SECONDS)
        for one in (lane, *older):
            await self._move_deadlines(one, offset - before)
        return JSONResponse({"offset_seconds": offset})

    async def is_settled(self, request: Request) -> Response:
        """200 if nothing of an address is waiting in inbox or outbox or is due, else 409."""
        settled = True
        for lane in self._lanes(request.query_params["channel"], request.query_params["address"]):
            partition = partition_of(lane)
            names = [f"inbox:{partition}", f"outbox:{partition}", f"deadlines:{partition}"]
            busy = await self._is_busy.run(names, [lane, self._world.clock.now().timestamp()])
            settled = settled and not busy
        return JSONResponse({"settled": settled}, status_code=200 if settled else 409)

    async def get_state(self, request: Request) -> Response:
        """Owner and level of an address's conversation, for scripts that judge them."""
        lanes = self._lanes(request.query_params["channel"], request.query_params["address"])
        found = [one for one in await self._world.store.call("MGET", *(f"address:{lane}" for lane in lanes)) if one]
        owner, level = None, None
        if found:
            name = f"conversation:{found[0].decode()}"
            owner, level = await self._world.store.call("HMGET", name, "owner", "level")
        state = {
            "owner": owner.decode() if owner else "with_bot",
            "level": Level(int(level or 0)).label,
        }
        return JSONResponse(state)

    async def set_presence(self, request: Request) -> Response:
        """Puts an invented advocate on shift for so many seconds, or nobody at all with 0."""
        seconds = float((await request.json())["seconds"])
        if seconds <= 0:
            await self._presence.clear()
        else:
            await self._presence.set_present("practice", seconds)
        return JSONResponse({"on_shift": await self._presence.anyone()})

    async def _move_deadlines(self, lane: AddressHash, seconds: float) -> None:
        name = f"deadlines:{partition_of(lane)}"
        for member in await self._world.store.call("ZRANGE", name, 0, -1):
            if member.decode().split("|")[1] == lane:
                await self._world.store.call("ZINCRBY", name, -seconds, member)

    def _lanes(self, channel: str, address: str) -> tuple[AddressHash, ...]:
        """The newest hash first; after a rotation a conversation may stand under an older one."""
        return self._world.address_keys.hash_address_under_all(ChannelName(channel), Address(address))
