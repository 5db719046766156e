"""How old the confirmations of lines and places are: counted when the content is loaded, and again every day (D3)."""

from collections import Counter
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


class Measure:
    """What the worker's loop calls with its partitions and the store's figures; the facts stand beside those."""

    def __init__(self, metrics: Metrics, world: World) -> None:
        self._metrics = metrics
        self._clock = world.clock
        self._facts = Facts(world.words)

    def serve(self, words: Words) -> None:
        """From here on the facts are those of another version of the content."""
        self._facts = Facts(words)

    def __call__(self, owned: int, figures: Figures) -> None:
        """Shows the figures, if this worker looks for all."""
        self._metrics.put("porchlight_partitions", owned)
        self._metrics.take_readings({**figures, **self._facts.read(self._clock.now())} if figures else {})
