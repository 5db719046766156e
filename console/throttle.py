"""Slows down guessing: after five failures for a name from one peer, each further try waits longer.

Nobody can lock an advocate out: tries from elsewhere do not count for them, and a source's wait is a minute at most.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from console.ports import Accounts
from hotline.ports import Clock

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 15 * 60
FREE_TRIES_OF_SOURCE = 60
"""In an hour, for all names together: an office of advocates comes from one address."""

LONGEST_WAIT_OF_SOURCE_SECONDS = 60
CHALLENGES_A_MINUTE = 60
"""What one source may ask to sign: each challenge lies in memory for five minutes."""

_EVERY_NAME = ""
_MOST_SOURCES = 10_000


def decide_wait_seconds(tries: int, free: int = FREE_TRIES, longest: int = LONGEST_WAIT_SECONDS) -> int:
    """Seconds to wait after so many tries: none up to five, then 30, doubling, at most 15 minutes."""
    if tries < free:
        return 0
    doublings = min(tries - free, 16)
    return min(FIRST_WAIT_SECONDS << doublings, longest)


def name_source(peer: str) -> str:
    """Whom an address stands for: itself, or of IPv6 the network that one household has (/64)."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else peer


class Throttle:
    """Counts tries in the store, where a restart does not forget them, and holds the waits in memory."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._until: dict[tuple[str, str], datetime] = {}
        self._told: set[tuple[str, str]] = set()
        self._asked: dict[str, tuple[datetime, int]] = {}

    async def claim_login(self, name: str, peer: str) -> int:
        """Takes one try at a password, for the name and for its source; answers as ``claim_try``."""
        source = name_source(peer)
        of_source = await self.claim_try(_EVERY_NAME, source, FREE_TRIES_OF_SOURCE, LONGEST_WAIT_OF_SOURCE_SECONDS)
        return of_source or await self.claim_try(name, peer)

    def claim_challenge(self, peer: str) -> bool:
        """True if this source may ask for something to sign: so many times a minute, counted in memory."""
        now, source = self._clock.now(), name_source(peer)
        since, count = self._asked.get(source, (now, 0))
        if now - since >= timedelta(minutes=1):
            since, count = now, 0
        if len(self._asked) >= _MOST_SOURCES:
            self._asked = {one: kept for one, kept in self._asked.items() if now - kept[0] < timedelta(minutes=1)}
        self._asked[source] = (since, count + 1)
        return count < CHALLENGES_A_MINUTE

    async def claim_try(self, name: str, peer: str, free: int = FREE_TRIES, longest: int = LONGEST_WAIT_SECONDS) -> int:
        """Takes one try and answers 0, or the seconds to wait before there is one (then none is taken).

        A try is counted before the password is looked at, so that many at once gain nothing.
        """
        now = self._clock.now()
        self._until = {key: until for key, until in self._until.items() if until > now - timedelta(hours=1)}
        until = self._until.get((name, peer))
        if until is not None and until > now:
            return int((until - now).total_seconds()) + 1
        tries = await self._accounts.count_failure(name, peer)
        wait = decide_wait_seconds(tries, free, longest)
        waited_out = until is not None and self._until.get((name, peer)) == until
        self._until[name, peer] = now + timedelta(seconds=wait)
        return 0 if tries <= free or waited_out else wait

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
