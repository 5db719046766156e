"""What a worker tells of itself: steps, levels, sends and failures, as constant names and codes only (P6)."""

from typing import Protocol

from app.logging import EventLog
from app.metrics import Metrics
from app.steps import Observer, ignore


def tell_failure(log: EventLog, metrics: Metrics, event: str, code: str = "") -> None:
    """Counts a failure, so that its alarm can sound, and writes its event; the way of every program."""
    metrics.count("porchlight_failures", event)
    log.note(event, level="warning", code=code)


class Watch(Protocol):
    """Is told what happens; it never hears words, numbers or ids of texters."""

    def step(self, step: str) -> None:
        """The worker came to a step."""

    def screened(self, level: str) -> None:
        """A text was screened."""

    def took(self, work: str, seconds: float, kind: str = "") -> None:
        """A turn (by level), a dialogue (by outcome), a screening or the store (by kind) took so long."""

    def sent(self, channel: str, outcome: str, seconds: float) -> None:
        """A message was taken or refused by its provider so long after it was decided on, or not delivered later."""

    def closed(self, outcome: str) -> None:
        """An advocate closed a conversation with this outcome code."""

    def paged(self, kind: str, outcome: str, seconds: float) -> None:
        """A page to staff was taken or refused by its provider, so long after the commit that made it due."""

    def erased(self, channel: str, outcome: str, seconds: float) -> None:
        """A provider's copy of that age is gone, or why not yet or never."""

    def copies(self, channel: str, count: int) -> None:
        """So many copies are still at a provider that should be gone."""

    def failed(self, event: str, code: str = "") -> None:
        """Something went wrong; ``event`` is one of the log's events."""


class WorkerWatch:
    """Tells the log and the figures; ``observer`` hears of every step besides."""

    def __init__(self, log: EventLog, metrics: Metrics, observer: Observer = ignore) -> None:
        self._log = log
        self._metrics = metrics
        self._observer = observer

    def step(self, step: str) -> None:
        """Counts a step."""
        self._metrics.observe_step(step)
        self._observer(step)

    def screened(self, level: str) -> None:
        """Counts a level."""
        self._metrics.count("porchlight_screenings", level)

    def took(self, work: str, seconds: float, kind: str = "") -> None:
        """Notes how long a piece of work took. Raises KeyError for work that is no figure."""
        self._metrics.observe(f"porchlight_{work}_seconds", seconds, *filter(None, (kind,)))

    def sent(self, channel: str, outcome: str, seconds: float) -> None:
        """Counts a message and how long it took."""
        self._metrics.count("porchlight_sends", channel, outcome)
        if outcome == "taken":
            self._metrics.observe("porchlight_reply_seconds", seconds, channel)

    def closed(self, outcome: str) -> None:
        """Counts an outcome."""
        self._metrics.count("porchlight_closed", outcome)

    def paged(self, kind: str, outcome: str, seconds: float) -> None:
        """Counts a page and how long it took (H3)."""
        self._metrics.observe_page(kind, outcome, seconds)

    def erased(self, channel: str, outcome: str, seconds: float) -> None:
        """Counts a copy and how old it became (P5)."""
        self._metrics.observe_erasure(channel, outcome, seconds)

    def copies(self, channel: str, count: int) -> None:
        """Sets how many are left."""
        self._metrics.put("porchlight_provider_copies", count, channel)

    def failed(self, event: str, code: str = "") -> None:
        """Counts a failure and writes its event."""
        tell_failure(self._log, self._metrics, event, code)
