"""How long each step of a hand-off may take, and who is paged when: the region pack's ladder as values (H3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.screening.result import Level

ON_SHIFT, ON_CALL, SUPERVISOR = "on_shift", "on_call", "supervisor"
RUNGS = (ON_SHIFT, ON_CALL, SUPERVISOR)
"""Who can be paged; the rung after them is a line that answers now, which the texter is told."""

_ALL_ON_CALL = (ON_SHIFT, ON_CALL)


@dataclass(frozen=True, slots=True)
class PageStep:
    """One page of the ladder: to whom it goes, and how many seconds until the next; the last one is repeated."""

    to: tuple[str, ...]
    next_seconds: float


def _pages() -> Mapping[Level, tuple[PageStep, ...]]:
    return {
        Level.IMMINENT: (PageStep(_ALL_ON_CALL, 60), PageStep(_ALL_ON_CALL, 60), PageStep(RUNGS, 60)),
        Level.HIGH: (PageStep((ON_SHIFT,), 60), PageStep(_ALL_ON_CALL, 240), PageStep(RUNGS, 300)),
        Level.CONCERN: (PageStep((ON_SHIFT,), 300), PageStep(_ALL_ON_CALL, 600), PageStep(RUNGS, 900)),
    }


@dataclass(frozen=True, slots=True)
class Timings:
    """The region pack's times, in seconds."""

    session_seconds: float = 1800
    imminent_wait_seconds: float = 120
    high_wait_seconds: float = 300
    lease_seconds: float = 90
    transfer_seconds: float = 60
    """How long an offer to another advocate stands."""
    hold_seconds: float = 7200
    """How long a hold lasts unless the advocate says otherwise (A4)."""
    hold_ceiling_seconds: float = 14400
    """The longest that a hold lasts, from its first click on."""
    pages: Mapping[Level, tuple[PageStep, ...]] = field(default_factory=_pages)

    def steps(self, level: Level) -> tuple[PageStep, ...]:
        """The pages of a level; whoever waits below concern is paged as concern."""
        return self.pages[max(level, Level.CONCERN)]
