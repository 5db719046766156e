"""Counts and times for operators, on a private port; no label says who, only what kind (P1, P6)."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

LABELS = frozenset({"channel", "outcome", "step", "level", "kind"})
"""The only label names; their values are words of ours."""

_REPLY_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)
_ERASE_BUCKETS = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 86400)

type Ready = Callable[[], Awaitable[bool]]


class Metrics:
    """One program's figures in a registry of its own."""

    def __init__(self, program: str) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.program = program
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self._webhooks = Counter("porchlight_webhooks", "Requests of providers", ["channel", "outcome"], **own)
        self._steps = Counter("porchlight_steps", "Steps that the worker has taken", ["step"], **own)
        self._levels = Counter("porchlight_screenings", "Screened texts by level", ["level"], **own)
        self._sends = Counter("porchlight_sends", "Messages handed to providers", ["channel", "outcome"], **own)
        self._closed = Counter("porchlight_closed", "Conversations closed by advocates", ["outcome"], **own)
        self._failures = Counter("porchlight_failures", "What went wrong, by kind", ["kind"], **own)
        self._dead = Gauge("porchlight_dead_letters", "Messages that could not be worked off", **own)
        self._waiting = Gauge("porchlight_waiting", "Conversations that wait for an advocate", **own)
        self._last_step_at = Gauge("porchlight_last_step_seconds", "When the worker last took a step (Unix)", **own)
        self._reply_seconds = Histogram(
            "porchlight_reply_seconds", "From the decision on a reply to its provider", ["channel"],
            buckets=_REPLY_BUCKETS, **own,
        )  # fmt: skip
        self._pages = Counter("porchlight_pages", "Pages handed to providers", ["kind", "outcome"], **own)
        self._page_seconds = Histogram(
            "porchlight_page_seconds", "From the commit to the page's provider", buckets=_REPLY_BUCKETS, **own
        )
        self._erasures = Counter(
            "porchlight_erasures", "Copies at providers, by what became of them", ["channel", "outcome"], **own
        )
        self._erase_seconds = Histogram(
            "porchlight_erase_seconds", "From the end of our need of a copy until it was gone", ["channel"],
            buckets=_ERASE_BUCKETS, **own,
        )  # fmt: skip
        self._copies = Gauge("porchlight_provider_copies", "Copies that should be gone and are not", ["channel"], **own)

    def observe_erasure(self, channel: str, outcome: str, seconds: float) -> None:
        """A copy was erased, put off, refused, given up or lost; of one that is gone, its age (P5)."""
        self._erasures.labels(channel, outcome).inc()
        if outcome == "erased":
            self._erase_seconds.labels(channel).observe(max(0.0, seconds))

    def set_copies(self, channel: str, count: int) -> None:
        """How many copies a provider holds that should be gone, when it was last asked."""
        self._copies.labels(channel).set(count)

    def observe_page(self, kind: str, outcome: str, seconds: float) -> None:
        """A page to staff by one kind of way was taken or refused, so long after its commit."""
        self._pages.labels(kind, outcome).inc()
        self._page_seconds.observe(max(0.0, seconds))

    def count_webhook(self, channel: str, outcome: str) -> None:
        """One request of a provider: message, repeated, status, forbidden, store_away ..."""
        self._webhooks.labels(channel, outcome).inc()

    def observe_step(self, step: str) -> None:
        """The worker has come to a step."""
        self._steps.labels(step).inc()
        self._last_step_at.set(time.time())

    def count_screening(self, level: str) -> None:
        """One text was screened."""
        self._levels.labels(level).inc()

    def count_send(self, channel: str, outcome: str) -> None:
        """A message was taken or refused."""
        self._sends.labels(channel, outcome).inc()

    def count_closed(self, outcome: str) -> None:
        """An advocate closed a conversation; ``outcome`` is one of ``hotline/outcomes.py``."""
        self._closed.labels(outcome).inc()

    def count_failure(self, kind: str) -> None:
        """Something went wrong; ``kind`` is one of the log's events."""
        self._failures.labels(kind).inc()

    def observe_reply(self, channel: str, seconds: float) -> None:
        """How long a reply took to its provider."""
        self._reply_seconds.labels(channel).observe(seconds)

    def set_gauges(self, dead_letters: int, open_conversations: int) -> None:
        """How many messages could not be worked off (more than none pages), how many conversations are open."""
        self._dead.set(dead_letters)
        self._waiting.set(open_conversations)

    def page(self) -> bytes:
        """The figures in Prometheus' text format."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry)


def private_routes(metrics: Metrics, is_ready: Ready) -> "Sequence[BaseRoute]":
    """``/metrics``, ``/healthz`` and ``/readyz`` (503 while ``is_ready`` says no), for a private port."""
    from prometheus_client import CONTENT_TYPE_LATEST
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def show_metrics(_request: "Request") -> "Response":
        return Response(metrics.page(), media_type=CONTENT_TYPE_LATEST)

    async def show_alive(_request: "Request") -> "Response":
        return PlainTextResponse("alive\n")

    async def show_ready(_request: "Request") -> "Response":
        ready = await is_ready()
        return PlainTextResponse("ready\n" if ready else "not ready\n", 200 if ready else 503)

    return [Route("/metrics", show_metrics), Route("/healthz", show_alive), Route("/readyz", show_ready)]


def build_private_app(metrics: Metrics, is_ready: Ready) -> Any:
    """The application of a program's private port."""
    from starlette.applications import Starlette

    return Starlette(routes=[*private_routes(metrics, is_ready)])
