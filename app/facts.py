"""How old the confirmations of lines and places are: counted when the content is loaded, and again every day (D3)."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from app.metrics import Metrics
from app.world import Words, World
from hotline.verification import Freshness, Verification, find_freshness
from storage.figures import Figures


class Facts:
    """Counts once a day, since an age in days changes no faster."""

    def __init__(self, words: Words) -> None:
        known = words.lines.known or words.lines.by_id
        self._verifications: list[tuple[str, Verification]] = [
            *(("line", line.verification) for line in known.values()),
            *(("place", place.verification) for place in words.directory.places.values()),
        ]
        self._day: date | None = None
        self._figures: Figures = {}

    def read(self, now: datetime) -> Figures:
        """How many lines and places are how old at ``now`` (aware)."""
        if now.date() != self._day:
            counted = Counter((kind, find_freshness(one, now).value) for kind, one in self._verifications)
            ages: dict[tuple[str, ...], float] = {
                (kind, age.value): float(counted[kind, age.value]) for kind in ("line", "place") for age in Freshness
            }
            self._day, self._figures = now.date(), {"porchlight_facts": ages}
        return self._figures


def build_measure(metrics: Metrics, world: World) -> Callable[[int, Figures], None]:
    """What the worker's loop calls with its partitions and the store's figures; the facts stand beside those."""
    facts = Facts(world.words)

    def measure(owned: int, figures: Figures) -> None:
        metrics.put("porchlight_partitions", owned)
        metrics.take_readings({**figures, **facts.read(world.clock.now())} if figures else {})

    return measure
