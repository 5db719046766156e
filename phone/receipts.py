"""Every call that the providers took or refused, with the moment on the machine's monotonic clock."""

import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Any

RING_LENGTH = 50_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """One call: ``call`` is send, redact, delete, text or status; ``outcome`` accepted or a fault's or error's code."""

    n: int
    channel: str
    call: str
    outcome: str
    address: str = field(repr=False)
    external_id: str
    text: str = field(repr=False)
    at: float
    at_monotonic: float


class Receipts:
    """A ring of the last receipts, and counts that never forget."""

    def __init__(self) -> None:
        self._ring: deque[Receipt] = deque(maxlen=RING_LENGTH)
        self._counts: Counter[str] = Counter()
        self._total = 0

    def add(self, channel: str, call: str, outcome: str, address: str, external_id: str = "", text: str = "") -> None:
        """Notes one call, now."""
        self._total += 1
        self._counts[f"{channel}.{call}.{outcome}"] += 1
        now, monotonic = time.time(), time.monotonic()
        self._ring.append(Receipt(self._total, channel, call, outcome, address, external_id, text, now, monotonic))

    def report(self, channel: str | None, after: int) -> dict[str, Any]:
        """The receipts after number ``after``, of one channel or of all, and the counts."""
        receipts = [asdict(r) for r in self._ring if r.n > after and channel in {None, r.channel}]
        return {"receipts": receipts, "counts": dict(self._counts), "total": self._total}

    def clear(self) -> None:
        """Forgets receipts and counts; numbers go on."""
        self._ring.clear()
        self._counts.clear()
