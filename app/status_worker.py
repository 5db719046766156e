"""Works off statuses: what a provider says became of a message that we sent (X1, X5)."""

import asyncio

from app.lanes import Lane
from app.world import World
from hotline.messages import AddressHash, Status, StatusUpdate
from storage import erasures, turn_writes
from storage.commit import Writes
from storage.inbox import UNSENT, DeskCommand, parse_status
from storage.streams import Entry
from vault.errors import SealBroken

_EARLY_TRIES = 5
_EARLY_SECONDS = 0.2


class StatusWorker:
    """Notes statuses for advocates; a failed message is brought before one."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def work_off(self, lane: Lane[Entry]) -> None:
        """Works off the head of a lane. Raises LeaseLost and StoreError."""
        entry = lane.items[0]
        writes = Writes()
        try:
            update = parse_status(await self._world.content_keys.open_inbox(entry.fields[b"m"], lane.name))
        except SealBroken:
            update = None
        sent = await self._find_sent(update) if update else None
        if update and sent:
            conversation, number = sent.split(":")
            turn_writes.set_status_if_kept(writes, conversation, number, update.status)
            turn_writes.tell_consoles_if_kept(writes, "window", conversation)
            if update.status is Status.FAILED:
                await self._tell_unsent(update, conversation)
        if update and update.status.is_final:
            erasures.hurry_sms(writes, lane.name, self._world.now().timestamp())
        turn_writes.complete_inbox(writes, entry.partition, [entry.id])
        await self._world.committer.commit(entry.partition, writes)
        lane.items.popleft()

    async def _tell_unsent(self, update: StatusUpdate, conversation: str) -> None:
        address = await self._world.store.call("HGET", f"conversation:{conversation}", "address_hash")
        if address:
            self._world.watch.sent(update.channel, "undelivered", 0.0)
            unsent = DeskCommand("", UNSENT, conversation, "")
            await self._world.inbox.put_command(AddressHash(address.decode()), unsent)

    async def _find_sent(self, update: StatusUpdate) -> str | None:
        """Whose message this is, noted under whichever key; a status may overtake our own note of having sent it."""
        for _ in range(_EARLY_TRIES):
            hashes = self._world.address_keys.hash_external_id_under_all(update.channel, update.external_id)
            found = [
                one for one in await self._world.store.call("MGET", *(f"sent:{hashed}" for hashed in hashes)) if one
            ]
            if found:
                return str(found[0].decode())
            await asyncio.sleep(_EARLY_SECONDS)
        return None
