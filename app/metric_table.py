"""Every figure there is: its name, who shows it, and the closed list of what each label may say (P1, P6).

A value that is not on its list is shown as ``other``: whatever a caller hands over, no label can say who.
"""

from dataclasses import dataclass
from typing import Literal

from app.logging import EVENTS
from app.steps import ERASED, ERASING, SEND_STEPS, TURN_STEPS
from hotline.messages import CHANNELS
from hotline.outcomes import OUTCOMES
from hotline.verification import Freshness

OTHER = "other"
"""What a label says of a value that is on no list."""

FAULTS = ("starting", "store", "keys", "inbox_key", "partitions", "stalled", "crashed", "content")
"""Why a program is not ready: one of these words, and nothing else."""

# Said again here: the package of screening is slow to import, and the webhooks must answer soon after their start.
_LEVELS = ("none", "concern", "high", "imminent")
_QUEUES = ("inbox", "outbox", "pages")
_WEBHOOKS = ("message", "repeated", "status", "nothing", "unreadable", "forbidden", "too_large", "store_away")
_ERASURES = ("erased", "reconciled", "put_off", "refused", "given_up", "lost")

# Each goal of docs/performance.md is a bound of its own, so that a share of replies within it can be read exactly.
_REPLY = (0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 30)
_ANSWER = (0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1, 10)
_STORE = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10)
_SCREENING = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.25, 1)
_DIALOGUE = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 2.5)
_ERASE = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 86400)

type Kind = Literal["counter", "gauge", "histogram", "reading"]
"""A reading is a gauge that comes from the store, and is shown only while it is fresh."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. ``labels``: a name and all that it may say."""

    name: str
    kind: Kind
    help: str
    programs: tuple[str, ...]
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    buckets: tuple[float, ...] = ()

    def listed(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """The values as they may be shown."""
        return tuple(v if v in known else OTHER for v, (_, known) in zip(values, self.labels, strict=True))


_ALL, _WORKER, _WEBHOOKS_ALONE = ("webhooks", "worker", "console", "read_api"), ("worker",), ("webhooks",)
_CHANNEL = ("channel", tuple(CHANNELS))
_LEVEL = ("level", _LEVELS)


def _outcome(*values: str) -> tuple[str, tuple[str, ...]]:
    return ("outcome", values)


def _kind(*values: str) -> tuple[str, tuple[str, ...]]:
    return ("kind", values)


# fmt: off
METRICS: tuple[Metric, ...] = (
    Metric("porchlight_fault", "gauge", "1 for what keeps this program from its work", _ALL, (_kind(*FAULTS),)),
    Metric("porchlight_webhooks", "counter", "Requests of providers", _WEBHOOKS_ALONE,
           (_CHANNEL, _outcome(*_WEBHOOKS))),
    Metric("porchlight_webhook_seconds", "histogram", "From a provider's request to our 200: the message is on disk",
           _WEBHOOKS_ALONE, (_CHANNEL,), _ANSWER),
    Metric("porchlight_spooled", "counter", "Texts and statuses that went to the disk, as the store was away",
           _WEBHOOKS_ALONE, (_kind("spooled", "spool_handed_on", "spool_refused", "spool_broken", "spool_missing"),)),
    Metric("porchlight_spool_entries", "gauge", "Texts and statuses that lie there now", _WEBHOOKS_ALONE),
    Metric("porchlight_spool_oldest_seconds", "gauge", "How long the oldest of them has", _WEBHOOKS_ALONE),
    Metric("porchlight_steps", "counter", "Steps that the worker has taken", _WORKER,
           (("step", (*TURN_STEPS, *SEND_STEPS, ERASING, ERASED)),)),
    Metric("porchlight_last_step_seconds", "gauge", "When the worker last took a step (Unix)", _WORKER),
    Metric("porchlight_content_version", "gauge", "Which version of the live content is served; 0 for the files",
           ("worker", "console", "read_api")),
    Metric("porchlight_partitions", "gauge", "Partitions that this worker owns", _WORKER),
    Metric("porchlight_screenings", "counter", "Screened texts by level", _WORKER, (_LEVEL,)),
    Metric("porchlight_screening_seconds", "histogram", "Screening of one text", _WORKER, (), _SCREENING),
    Metric("porchlight_dialogue_seconds", "histogram", "The dialogue engine's part of one turn", _WORKER,
           (_outcome("answered", "failed"),), _DIALOGUE),
    Metric("porchlight_store_seconds", "histogram", "A turn's commit on disk; a question to the store, to the keys",
           _WORKER, (_kind("commit", "store", "keys"),), _STORE),
    Metric("porchlight_turn_seconds", "histogram", "From a text's arrival to the commit of its answer, by level",
           _WORKER, (_LEVEL,), _REPLY),
    Metric("porchlight_reply_seconds", "histogram", "From the decision on a reply to its provider", _WORKER,
           (_CHANNEL,), _REPLY),
    Metric("porchlight_sends", "counter", "Messages that providers took or refused, or could not deliver later",
           _WORKER, (_CHANNEL, _outcome("taken", "refused", "undelivered"))),
    Metric("porchlight_closed", "counter", "Conversations closed by advocates", _WORKER, (_outcome(*OUTCOMES),)),
    Metric("porchlight_failures", "counter", "What went wrong, by event", _ALL, (_kind(*sorted(EVENTS)),)),
    Metric("porchlight_pages", "counter", "Pages handed to providers", _WORKER,
           (_kind("browser", "sms", "telegram"), _outcome("taken", "refused"))),
    Metric("porchlight_page_seconds", "histogram", "From the commit to the page's provider", _WORKER, (), _REPLY),
    Metric("porchlight_erasures", "counter", "Copies at providers, by what became of them", _WORKER,
           (_CHANNEL, _outcome(*_ERASURES))),
    Metric("porchlight_erase_seconds", "histogram", "From the end of our need of a copy until it was gone", _WORKER,
           (_CHANNEL,), _ERASE),
    Metric("porchlight_provider_copies", "gauge", "Copies that should be gone and are not", _WORKER, (_CHANNEL,)),
    Metric("porchlight_overdue_erasures", "reading", "Copies on the erase list that were due ten minutes ago", _WORKER,
           (_CHANNEL,)),
    Metric("porchlight_certificate_seconds", "gauge", "Until the certificate of one of our names is over; 0 if it is",
           _WORKER, (_kind("public", "console"),)),
    Metric("porchlight_dead_letters", "reading", "Messages that could not be worked off", _WORKER),
    Metric("porchlight_workers", "reading", "Workers that are alive", _WORKER),
    Metric("porchlight_open", "reading", "Conversations on the advocates' lists", _WORKER,
           (_kind("waiting", "with_advocate", "held"),)),
    Metric("porchlight_waiting", "reading", "Conversations that wait for an advocate", _WORKER, (_LEVEL,)),
    Metric("porchlight_longest_wait_seconds", "reading", "How long the one that waits longest has waited", _WORKER,
           (_LEVEL,)),
    Metric("porchlight_unsent", "reading", "Waiting conversations to which a message could not be sent", _WORKER),
    Metric("porchlight_queue_entries", "reading", "Entries that are not worked off yet", _WORKER,
           (("queue", _QUEUES),)),
    Metric("porchlight_queue_oldest_seconds", "reading", "Age of the oldest of them", _WORKER, (("queue", _QUEUES),)),
    Metric("porchlight_facts", "reading", "Lines and places by how long ago somebody confirmed them", _WORKER,
           (_kind("line", "place"), ("age", tuple(age.value for age in Freshness)))),
)
# fmt: on
"""Prometheus adds ``_total`` to the name of a counter, and ``_bucket``, ``_sum`` and ``_count`` to a histogram's."""

BUILD = "porchlight_build_info"
"""The one figure with labels of no list: our version, and a hash of the content; both the same for everybody."""

BUILD_LABELS = ("version", "content")

LABELS = frozenset(name for metric in METRICS for name, _ in metric.labels) | set(BUILD_LABELS)
"""The only label names."""
