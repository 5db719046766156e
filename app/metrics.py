"""Counts and times for operators, on a private port; no label says who, only what kind (P1, P6)."""

import itertools
import re
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.metric_table import BUILD, BUILD_LABELS, FAULTS, METRICS, OTHER

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from app.readiness import FindFault

_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,4}){0,3}(?:[a-z]{1,4}\d{0,3})?", re.ASCII)
_CONTENT = re.compile(r"[0-9a-f]{12}|")

type Figures = Mapping[str, Mapping[tuple[str, ...], float]]
"""Name of a reading to what it says, by the values of its labels."""


class Metrics:
    """One program's figures in a registry of its own; a figure of another program is not shown, not even as 0."""

    def __init__(self, program: str) -> None:
        from prometheus_client import CollectorRegistry, Gauge
        from prometheus_client.process_collector import ProcessCollector

        from app.readings import Readings

        self.program = program
        self.registry = CollectorRegistry()
        self._children: dict[tuple[str, ...], Any] = {}
        self._table = {metric.name: metric for metric in METRICS if program in metric.programs}
        self._built = {name: self._build(name) for name, metric in self._table.items() if metric.kind != "reading"}
        self._info = Gauge(BUILD, "What runs", BUILD_LABELS, registry=self.registry)
        self._readings = Readings([metric for metric in self._table.values() if metric.kind == "reading"])
        self.registry.register(self._readings)
        ProcessCollector(registry=self.registry)

    def _build(self, name: str) -> Any:
        """A counter begins at 0 for every value of its labels: a first failure would else be no rise from anything."""
        from prometheus_client import Counter, Gauge, Histogram

        metric = self._table[name]
        more = {"buckets": metric.buckets} if metric.buckets else {}
        classes: dict[str, Any] = {"counter": Counter, "gauge": Gauge, "histogram": Histogram}
        built = classes[metric.kind](name, metric.help, [n for n, _ in metric.labels], registry=self.registry, **more)
        if not metric.labels:
            self._children[(name,)] = built
        elif metric.kind != "gauge":
            for values in itertools.product(*(known for _, known in metric.labels)):
                self._children[name, *values] = built.labels(*values)
        return built

    def _of(self, name: str, values: tuple[str, ...]) -> Any:
        child = self._children.get((name, *values))
        if child is not None:
            return child
        return self._built[name].labels(*self._table[name].listed(values))

    def count(self, name: str, *values: str) -> None:
        """One more of a kind. Raises KeyError for a figure that this program does not show."""
        self._of(name, values).inc()

    def observe(self, name: str, seconds: float, *values: str) -> None:
        """Something took so long; clocks that disagree make it 0."""
        self._of(name, values).observe(max(0.0, seconds))

    def put(self, name: str, value: float, *values: str) -> None:
        """So many there are now."""
        self._of(name, values).set(value)

    def take_readings(self, figures: Figures) -> None:
        """What the store was just found to hold; nothing, if another worker looks for all."""
        self._readings.take(figures)

    def tell_build(self, version: str, content: str = "") -> None:
        """Which version of ours this is, and which content it serves (12 hex digits)."""
        self._info.clear()
        fits = _VERSION.fullmatch(version) and _CONTENT.fullmatch(content)
        self._info.labels(*((version, content) if fits else (OTHER, OTHER))).set(1)

    def tell_fault(self, fault: str) -> None:
        """What was just found to keep this program from its work; nothing clears them all."""
        for kind in {*FAULTS, fault} - {""}:
            self.put("porchlight_fault", float(kind == fault), kind)

    def observe_erasure(self, channel: str, outcome: str, seconds: float) -> None:
        """A copy was erased, put off, refused, given up or lost; of one that is gone, its age (P5)."""
        self.count("porchlight_erasures", channel, outcome)
        if outcome == "erased":
            self.observe("porchlight_erase_seconds", seconds, channel)

    def observe_page(self, kind: str, outcome: str, seconds: float) -> None:
        """A page to staff by one kind of way was taken or refused, so long after its commit."""
        self.count("porchlight_pages", kind, outcome)
        self.observe("porchlight_page_seconds", seconds)

    def count_webhook(self, channel: str, outcome: str) -> None:
        """One request of a provider: message, repeated, status, forbidden, store_away ..."""
        self.count("porchlight_webhooks", channel, outcome)

    def observe_webhook(self, channel: str, seconds: float) -> None:
        """How long a provider waited for our 200."""
        self.observe("porchlight_webhook_seconds", seconds, channel)

    def observe_step(self, step: str) -> None:
        """The worker has come to a step."""
        self.count("porchlight_steps", step)
        self.put("porchlight_last_step_seconds", time.time())

    def page(self) -> bytes:
        """The figures in Prometheus' text format."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry)


def private_routes(metrics: Metrics, find_fault: "FindFault") -> "Sequence[BaseRoute]":
    """``/metrics``, ``/healthz`` (alive, no more) and ``/readyz`` (503 and one word while something is wrong)."""
    from prometheus_client import CONTENT_TYPE_LATEST
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def show_metrics(_request: "Request") -> "Response":
        metrics.tell_fault(await find_fault())
        return Response(metrics.page(), media_type=CONTENT_TYPE_LATEST)

    async def show_alive(_request: "Request") -> "Response":
        return PlainTextResponse("alive\n")

    async def show_ready(_request: "Request") -> "Response":
        fault = await find_fault()
        return PlainTextResponse(f"{fault or 'ready'}\n", 503 if fault else 200)

    return [Route("/metrics", show_metrics), Route("/healthz", show_alive), Route("/readyz", show_ready)]


def build_private_app(metrics: Metrics, find_fault: "FindFault") -> Any:
    """The application of a program's private port."""
    from starlette.applications import Starlette

    return Starlette(routes=[*private_routes(metrics, find_fault)])
