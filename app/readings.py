"""Figures that come from the store: shown while they are fresh, and then not at all, since an old figure is no truth.

A missing figure is what the alarm for "no worker" sounds at (docs/runbook.md).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client import Metric as Family
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.metric_table import Metric

FRESH_SECONDS = 30.0


class Readings(Collector):
    """The last readings, under the names of the table; a name that is not there is left out."""

    def __init__(self, table: Sequence[Metric], clock: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._clock = clock
        self._figures: Mapping[str, Mapping[tuple[str, ...], float]] = {}
        self._at = clock()

    def take(self, figures: Mapping[str, Mapping[tuple[str, ...], float]]) -> None:
        """Shows these from now on; nothing, if there are none."""
        self._figures, self._at = figures, self._clock()

    def describe(self) -> Iterator[Family]:
        """The names without values, so that a figure of this name cannot be registered twice."""
        yield from (GaugeMetricFamily(metric.name, metric.help) for metric in self._table)

    def collect(self) -> Iterator[Family]:
        """Asked by each scrape."""
        if self._clock() - self._at > FRESH_SECONDS:
            return
        for metric in self._table:
            if metric.name in self._figures:
                family = GaugeMetricFamily(metric.name, metric.help, labels=[name for name, _ in metric.labels])
                for values, number in self._figures[metric.name].items():
                    family.add_metric(metric.listed(values), number)
                yield family
