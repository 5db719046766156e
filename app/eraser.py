"""Erases what is due at one provider, apart from messages: it never holds up a turn or a send (P5)."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby

from app.steps import ERASED, ERASING
from app.world import World
from connectors.contract import Erasure
from connectors.errors import SendError
from hotline.messages import SMS, TELEGRAM, Address, ChannelName
from storage.connection import StoreError
from storage.erasures import DueCopy, Erasures, KeptCopy

CALLS_A_PASS = {SMS: 20, TELEGRAM: 10}
"""Telegram's limit of thirty calls a second is shared with what we send, which must not wait for this."""
_MOST_READ = {SMS: 60, TELEGRAM: 400}
"""A few passes of texts, which go one by one; a chat's messages go in one call however many they are."""
_AT_ONCE = 2
BEHIND_SECONDS = 0.25
"""For how long a call waits for a moment in which no texter does: all of a busy evening is erased as well."""
_LOOK_SECONDS = 0.02
_SHORTEST_WAIT, _LONGEST_WAIT = 5.0, {SMS: 3600.0, TELEGRAM: 60.0}
"""Between tries, in seconds. Whoever has asked for an empty chat is waiting for it."""
_FLOOD = frozenset({"429", "20429"})
_FLOOD_SECONDS = 5.0


class Eraser:
    """One channel's copies: a pass takes what is due; what cannot go yet is put off, what never can is counted."""

    def __init__(self, world: World, channel: ChannelName, is_awaited: Callable[[], bool] = lambda: False) -> None:
        """``is_awaited``: True while texters wait for something of this worker."""
        self._world = world
        self._is_awaited = is_awaited
        self._channel = channel
        self._list = Erasures(world.store, world.erase_keys)
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._resumes_at = 0.0

    async def run(self, owned: Collection[int]) -> None:
        """One pass over these partitions, of a few calls. Raises StoreError and nothing else: turns go on beside it."""
        try:
            await self._pass(owned)
        except (StoreError, OSError, TimeoutError):
            raise
        except Exception as error:
            self._world.watch.failed("erase_failed", type(error).__name__)

    async def _pass(self, owned: Collection[int]) -> None:
        await self._world.erase_keys.forget_lost()
        if not owned:
            return  # A key made by who owns nothing, as while all is wiped, would be left over (P3).
        # Made here, so that no turn has to.
        await self._world.erase_keys.get(self._channel, self._world.now())
        now = self._now()
        if now < self._resumes_at:
            return
        due = await self._list.read_due(self._channel, owned, now, _MOST_READ[self._channel])
        if self._channel == TELEGRAM:
            # Nobody can ask Telegram what it holds; what was asked for and is still here is what we know of.
            self._world.watch.copies(TELEGRAM, sum(copy.is_asked_for for copy in due))
        over = [copy for copy in due if copy.copy is None or now >= copy.copy.until]
        if over:
            await self._let_go(over)
        calls = _group(copy for copy in due if copy not in over)
        erased: list[DueCopy] = []
        try:
            await asyncio.gather(*(self._erase(copies, erased) for copies in calls[: CALLS_A_PASS[self._channel]]))
        finally:
            await self._note_erased(erased)

    async def _note_erased(self, erased: Sequence[DueCopy]) -> None:
        """One write for a whole pass. What is asked for once more after a crash is gone already, which is success."""
        await self._list.drop(erased)
        for copy in erased:
            self._tell("erased", copy)

    async def _let_go(self, over: Sequence[DueCopy]) -> None:
        """Their time is over or their key is gone. Nothing is lost with a Telegram message that nobody asked about."""
        await self._list.drop(over)
        for copy in over:
            if copy.is_asked_for:
                self._tell("given_up" if copy.copy else "lost", copy)

    async def _erase(self, copies: Sequence[DueCopy], erased: list[DueCopy]) -> None:
        kept = [copy.copy for copy in copies if copy.copy]
        async with self._at_once:
            await self._let_texters_go_first()
            if self._now() < self._resumes_at:
                return
            self._world.watch.step(ERASING)
            try:
                await self._world.connectors[self._channel].erase(_build_erasure(kept))
            except SendError as error:
                await self._note_failure(copies, error)
                return
            self._world.watch.step(ERASED)
        erased += copies

    async def _let_texters_go_first(self) -> None:
        until = time.monotonic() + BEHIND_SECONDS
        while self._is_awaited() and time.monotonic() < until:
            await asyncio.sleep(_LOOK_SECONDS)

    async def _note_failure(self, copies: Sequence[DueCopy], error: SendError) -> None:
        """A wrong token is ours to mend, so nothing is given up for it."""
        if error.code in _FLOOD:
            self._resumes_at = self._now() + max(error.retry_after_seconds, _FLOOD_SECONDS)
        if error.retryable or error.alert:
            await self._list.put_off(copies, self._now() + self._find_wait(copies, error))
            self._count("put_off")
            if error.alert:
                self._world.watch.failed("erase_failed", error.code)
            return
        await self._list.drop(copies)
        self._world.watch.failed("erase_failed", error.code)
        for copy in copies:
            self._tell("refused", copy)

    def _find_wait(self, copies: Sequence[DueCopy], error: SendError) -> float:
        """Longer the older a copy is, unless the provider says how long."""
        oldest = min((copy.copy.made_at for copy in copies if copy.copy), default=0)
        wait = min(max((self._now() - oldest) / 2, _SHORTEST_WAIT), _LONGEST_WAIT[self._channel])
        return max(wait, error.retry_after_seconds)

    def _tell(self, outcome: str, copy: DueCopy) -> None:
        age = self._now() - copy.copy.made_at if copy.copy else 0.0
        self._world.watch.erased(self._channel, outcome, age)

    def _count(self, outcome: str) -> None:
        self._world.watch.erased(self._channel, outcome, 0.0)

    def _now(self) -> float:
        return self._world.now().timestamp()


def _group(copies: Iterable[DueCopy]) -> list[list[DueCopy]]:
    """What one call can ask for: an SMS by itself, a chat's messages together."""

    def chat_of(copy: DueCopy) -> str:
        kept = copy.copy
        return f"{kept.address}" if kept and kept.channel == TELEGRAM else copy.name

    return [list(group) for _, group in groupby(sorted(copies, key=chat_of), key=chat_of)]


def _build_erasure(kept: Sequence[KeptCopy]) -> Erasure:
    address = kept[0].address if kept else Address("")
    return Erasure(kept[0].channel, address, tuple(copy.external_id for copy in kept))
