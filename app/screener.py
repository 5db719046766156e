"""Screens texts for the worker: tells the watch, and does nothing twice for a text that was looked at alone."""

import hashlib
import os
import time
from collections.abc import Sequence

from app.watch import Watch
from hotline.screening import Earlier, Rules, ScreeningResult, screen

_MOST_GLANCES = 256
"""More than wait at a gate at once; what is looked at and never screened alone would stay for ever."""


class Screener:
    """One version's rules. Of a text that was looked at it keeps what came of it, under a digest with a random key."""

    def __init__(self, rules: Rules, watch: Watch) -> None:
        self._rules = rules
        self._watch = watch
        self._key = os.urandom(32)
        self._glances: dict[bytes, tuple[ScreeningResult, float]] = {}

    def glance(self, text: str) -> ScreeningResult:
        """``screen`` for a text that is only looked at while it waits, by itself; it is not told."""
        began = time.perf_counter()
        result = screen(text, (), self._rules)
        if len(self._glances) >= _MOST_GLANCES:
            del self._glances[next(iter(self._glances))]
        self._glances[self._digest(text)] = result, time.perf_counter() - began
        return result

    def screen(self, text: str, context: Sequence[Earlier]) -> ScreeningResult:
        """Level and reasons of a text, told with the time that they took. What fails is told, and raised."""
        try:
            seen = None if context or not self._glances else self._glances.pop(self._digest(text), None)
            result, seconds = seen or self._screen(text, context)
        except Exception as error:
            self._watch.failed("screening_failed", type(error).__name__)
            raise
        self._watch.took("screening", seconds)
        self._watch.screened(result.level.label)
        return result

    def _screen(self, text: str, context: Sequence[Earlier]) -> tuple[ScreeningResult, float]:
        began = time.perf_counter()
        return screen(text, context, self._rules), time.perf_counter() - began

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
