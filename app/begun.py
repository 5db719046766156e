"""What this worker has begun to send: messages that were marked in the commit that put them into the outbox (X5)."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from vault.content import ContentKey

FRESH_SECONDS = 1.0
"""A lease that was ours a moment ago is ours still: it lasts three seconds."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The moment (monotonic seconds) right before a message's commit was asked for, and the key that seals it."""

    asked_at: float
    key: ContentKey


class Begun:
    """By a message's random number, how it was begun: for a second, whoever sends it in the end (P3)."""

    def __init__(self) -> None:
        self._begun: dict[str, Beginning] = {}

    def note(self, keys: Mapping[str, ContentKey]) -> None:
        """To be called before the commit: its messages may be read from the outbox before its answer is."""
        if keys:
            now = time.monotonic()
            self._begun.update({number: Beginning(now, key) for number, key in keys.items()})
            asyncio.get_running_loop().call_later(FRESH_SECONDS, self._forget, tuple(keys))

    def is_fresh(self, number: str) -> bool:
        """True if this message may go out without being marked once more."""
        begun = self._begun.get(number)
        return begun is not None and time.monotonic() - begun.asked_at < FRESH_SECONDS

    def take(self, number: str) -> Beginning | None:
        """How it was begun, once, if it was just now: whoever tries a second time may have sent it the first time."""
        begun = self._begun[number] if self.is_fresh(number) else None
        self._forget((number,))
        return begun

    def _forget(self, numbers: tuple[str, ...]) -> None:
        for number in numbers:
            self._begun.pop(number, None)
