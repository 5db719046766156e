"""Opens the spool before the inbox, and tells log and figures what becomes of it."""

from app.logging import EventLog
from app.metrics import Metrics
from app.settings import NOT_GIVEN, Settings
from storage.connection import Store
from storage.content_keys import InboxPublicKeys
from storage.inbox import Inbox
from storage.intake import Intake, LastingKeys
from storage.spool import RememberedKey, Spool


class SpoolWatch:
    """Counts, and writes an event where somebody may want to know when it began and when it was over."""

    def __init__(self, log: EventLog, metrics: Metrics) -> None:
        self._log, self._metrics = log, metrics
        self._empty = True

    def note(self, event: str, count: int) -> None:
        """Counts; of the texts of one outage the first alone is an event."""
        for _ in range(count):
            self._metrics.count("porchlight_spooled", event)
        if event != "spooled" or self._empty:
            self._log.note(event, level="info" if event == "spool_handed_on" else "warning", count=count)
        self._empty = self._empty and event != "spooled"

    def show(self, entries: int, oldest_seconds: float) -> None:
        """What lies in the spool now."""
        self._empty = entries == 0
        self._metrics.put("porchlight_spool_entries", entries)
        self._metrics.put("porchlight_spool_oldest_seconds", oldest_seconds)


def open_intake(settings: Settings, inbox: Inbox, keys: Store, log: EventLog, metrics: Metrics) -> Intake | None:
    """The inbox with the spool before it, or None if there is no folder that takes it: the door opens all the same."""
    if settings.spool == NOT_GIVEN:
        return None
    watch = SpoolWatch(log, metrics)
    for reserve in (settings.mode == "live", False):
        try:
            spool = Spool(settings.spool, reserve=reserve)
            break
        except OSError:
            # A disk that is full: room that is free later will do.
            continue
    else:
        watch.note("spool_missing", 1)
        return None
    remembered = RememberedKey(settings.spool / "inbox-public")
    return Intake(inbox, LastingKeys(InboxPublicKeys(keys), remembered), spool, watch)
