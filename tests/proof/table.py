"""The table that ``make prove-privacy`` prints: path by place, and what was found."""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from tests.proof.places import PLACES


@dataclass
class Table:
    """What was walked, where was looked, what was found."""

    began: float = field(default_factory=time.monotonic)
    walked: dict[str, bool] = field(default_factory=dict)
    """Path to whether it showed what it says."""
    looked: dict[str, int] = field(default_factory=dict)
    """Place to bytes searched."""
    hits: set[tuple[str, str, str, str]] = field(default_factory=set)
    """Path, place, where in it, shape."""
    stated: set[tuple[str, str]] = field(default_factory=set)
    """Path and place of what the threat model says is there."""

    def lines(self) -> list[str]:
        """The table, its key, its sums."""
        if not self.walked:
            return []
        found = defaultdict(set)
        for path, place, _, _ in self.hits:
            found[path].add(place)
        width = max(len(path) for path in [*self.walked, *found])
        places = [place for place in PLACES if place.name in self.looked]
        lines = [f"{'path':<{width}}  " + " ".join(f"{place.short:>7}" for place in places)]
        for path in [*self.walked, *(path for path in found if path not in self.walked)]:
            cells = ("FOUND" if place.short in found[path] else self._cell(path, place.short) for place in places)
            broken = "" if self.walked.get(path, True) else "  (the path did not do what it says)"
            lines.append(f"{path:<{width}}  " + " ".join(f"{cell:>7}" for cell in cells) + broken)
        lines += ["", "places (bytes searched):"]
        lines += [f"  {place.short:>7}  {place.name}: {self.looked[place.name]:,}" for place in places]
        lines += [f"  FOUND {path} | {place} | {where} | {shape}" for path, place, where, shape in sorted(self.hits)]
        return [*lines, "", self._sum()]

    def _cell(self, path: str, place: str) -> str:
        return "stated" if (path, place) in self.stated else "."

    def _sum(self) -> str:
        seconds = time.monotonic() - self.began
        return (
            f"{len(self.walked)} paths x {len(self.looked)} places, {sum(self.looked.values()):,} bytes searched in "
            f"{seconds:.0f} s: {len(self.hits)} hit(s)"
        )


TABLE = Table()
"""Of this run."""
