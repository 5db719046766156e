"""What the worker does now and then, in no message's path: sweeps, changes the inbox's key, rewrites the file (P3).

The store writes down every command before it answers. What a command wrote stays in that file after it was deleted,
sealed under keys that were never on a disk, until the file is rewritten from what is there now. Each duty is noted
in the store with an end, so that it is done in time however often workers come and go, and by one worker at a time.
"""

from app.world import World
from storage.connection import StoreError
from storage.keyspace import INBOX_EPOCH_SECONDS, REWRITE_SECONDS, SWEEP_SECONDS
from storage.sweep import Sweep

_SWEEP, _REWRITE, _ROTATE = "duty:sweep", "duty:rewrite", "duty:inbox-key"


class Sweeper:
    """Asked often; does what is due. What goes wrong in it is told to the log, and disturbs no message."""

    def __init__(self, world: World, rewrite_seconds: int = REWRITE_SECONDS) -> None:
        self._world = world
        self._rewrite_seconds = rewrite_seconds
        self._sweep = Sweep(world.store, world.content_keys, world.epochs, world.clock)

    async def do_due(self) -> None:
        """Does what nobody has done of late. Raises StoreError if the store is away."""
        swept, rewritten, rotated = await self._world.store.call_all(
            [("EXISTS", _SWEEP), ("EXISTS", _REWRITE), ("EXISTS", _ROTATE)]
        )
        if not rotated:
            await self._world.content_keys.rotate_inbox()
            await self._world.store.call("SET", _ROTATE, "1", "EX", INBOX_EPOCH_SECONDS)
        if not swept:
            await self._run_sweep()
        if not rewritten:
            await self._rewrite()

    async def _run_sweep(self) -> None:
        try:
            found = await self._sweep.run()
        except Exception as error:
            self._world.watch.failed("erase_failed", type(error).__name__)
            return
        if found.keys or found.rows or found.conversations:
            self._world.watch.failed("swept")
        await self._world.store.call("SET", _SWEEP, "1", "EX", SWEEP_SECONDS)

    async def _rewrite(self) -> None:
        """Noted once it is under way: a worker that dies before has put nothing off."""
        try:
            state = await self._world.store.read_persistence()
            if state.get("aof_last_bgrewrite_status") == "err":
                self._world.watch.failed("rewrite_failed")
            if state.get("aof_enabled") == "1" and state.get("aof_rewrite_in_progress") == "0":
                await self._world.store.call("BGREWRITEAOF")
        except StoreError as error:
            # A store that is run for us by others may not allow it; nobody's message waits for that.
            self._world.watch.failed("rewrite_failed", type(error).__name__)
        await self._world.store.call("SET", _REWRITE, "1", "EX", self._rewrite_seconds)
