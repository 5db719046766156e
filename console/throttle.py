"""Slows down guessing: after five failures for a name from one peer, each further try waits longer."""

from datetime import datetime, timedelta

from console.ports import Accounts
from hotline.ports import Clock

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 15 * 60


def decide_wait_seconds(tries: int) -> int:
    """Seconds to wait after so many tries: none up to five, then 30, doubling, at most 15 minutes."""
    if tries < FREE_TRIES:
        return 0
    doublings = min(tries - FREE_TRIES, 16)
    return min(FIRST_WAIT_SECONDS << doublings, LONGEST_WAIT_SECONDS)


class Throttle:
    """Counts tries in the store, where a restart does not forget them, and holds the waits in memory."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._until: dict[tuple[str, str], datetime] = {}
        self._told: set[tuple[str, str]] = set()

    async def claim_try(self, name: str, peer: str) -> int:
        """Takes one try and answers 0, or the seconds to wait before there is one (then none is taken).

        A try is counted before the password is looked at, so that many at once gain nothing.
        """
        now = self._clock.now()
        self._until = {key: until for key, until in self._until.items() if until > now - timedelta(hours=1)}
        until = self._until.get((name, peer))
        if until is not None and until > now:
            return int((until - now).total_seconds()) + 1
        tries = await self._accounts.count_failure(name, peer)
        wait = decide_wait_seconds(tries)
        waited_out = until is not None and self._until.get((name, peer)) == until
        self._until[name, peer] = now + timedelta(seconds=wait)
        return 0 if tries <= FREE_TRIES or waited_out else wait

    def tell_burst(self, name: str, peer: str) -> bool:
        """True once for each burst of failures, for the audit; a thousand tries are not a thousand entries."""
        self._told &= self._until.keys()
        first = (name, peer) not in self._told
        self._told.add((name, peer))
        return first

    async def clear(self, name: str, peer: str) -> None:
        """Forgets the tries after a good login."""
        self._until.pop((name, peer), None)
        await self._accounts.clear_failures(name, peer)
