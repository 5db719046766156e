"""Logs: constant event names and an allow-list of fields, as JSON lines; nothing that anybody wrote gets through (P6).

Call sites say ``log.note("store_lost", code="TimeoutError")``. Records of libraries shrink to their logger's name and
level: their texts carry tokens, URLs and messages (httpx at INFO, python-telegram-bot at DEBUG).
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

_ROOT = Path(__file__).resolve().parent.parent

EVENTS = frozenset({
    "library", "crashed", "unlisted",
    "store_lost", "lane_dropped", "dead_letter", "attempt_failed", "send_failed", "dialogue_failed",
    "screening_failed", "unreadable", "keys_lost", "erase_failed", "recycled", "page_failed", "page_climbed",
    "page_unheard", "figures_failed", "audit_head", "swept", "rewrite_failed", "text_late", "text_left",
    "engine_left_out", "spooled", "spool_handed_on", "spool_refused", "spool_broken", "spool_missing",
    "restart_put_off", "learned_missing", "content_refused", "content_stale",
    "assistant_refused",
    "content_drafted", "content_confirmed", "content_forced", "content_rolled_back", "content_pulled",
})  # fmt: skip
"""Every event there is. A test holds call sites against it, both ways."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,47}")
_RANDOM_ID = re.compile(r"[0-9a-f]{8,40}|[A-Za-z0-9_-]{16,43}")
_PLACE = re.compile(r"[A-Za-z0-9_./-]{1,80}:\d{1,5}")
_DIGIT_RUN = re.compile(r"\d{7}")


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(_WORD.fullmatch(value)) and not _DIGIT_RUN.search(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < 1_000_000


def _is_code(value: Any) -> bool:
    return _is_word(value) or _is_number(value)


def _is_random_id(value: Any) -> bool:
    return isinstance(value, str) and bool(_RANDOM_ID.fullmatch(value)) and not value.isdecimal()


def _is_place(value: Any) -> bool:
    return isinstance(value, str) and bool(_PLACE.fullmatch(value))


ALLOWED: Mapping[str, Callable[[Any], bool]] = {
    "event": EVENTS.__contains__,
    "program": _is_word,
    "level": _is_word,
    "logger": _is_word,
    "step": _is_word,
    "channel": _is_word,
    "kind": _is_word,
    "reason": _is_word,
    "code": _is_code,
    "error": _is_word,
    "place": _is_place,
    "head": _is_random_id,
    "count": _is_number,
    "seconds": _is_number,
    "port": _is_number,
    "partition": _is_number,
}
"""Field to what it may hold. A field that is not here is dropped, and so is one that does not look as it should."""


def keep_allowed(_logger: Any, _method: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """The structlog processor that lets only allowed fields through."""
    kept = {name: event[name] for name in ALLOWED if name in event and ALLOWED[name](event[name])}
    kept.setdefault("event", "unlisted")
    if "timestamp" in event:
        kept["timestamp"] = event["timestamp"]
    return kept


class EventLog:
    """Writes events. The logging library behind it is loaded with the first one: it is slow to import."""

    def __init__(self, program: str, stream: TextIO | None = None) -> None:
        self.program = program
        self._stream = stream
        self._logger: Any = None

    def note(self, event: str, *, level: str = "info", error: BaseException | None = None, **fields: Any) -> None:
        """Writes one event; an exception is told by its type and place, never by its text."""
        if self._logger is None:
            self._logger = _build_logger(self._stream or sys.stderr)
        described = describe_error(error) if error is not None else {}
        self._logger.msg(event, **{**fields, **described, "level": level, "program": self.program})


def describe_error(error: BaseException) -> dict[str, str]:
    """Type and place of an exception: the last line of ours in its traceback, or the last of all."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(name, line) for name, line in frames if name.startswith(str(_ROOT)) and "/.venv/" not in name]
    described = {"error": type(error).__name__}
    if frames:
        name, line = (ours or frames)[-1]
        shown = Path(name).relative_to(_ROOT).as_posix() if ours else Path(name).name
        described["place"] = f"{shown}:{line}"
    return described


class LibraryHandler(logging.Handler):
    """Takes the records of libraries: the logger's name, the level, and the type and place of an exception."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Writes what may be told of a record."""
        error = record.exc_info[1] if record.exc_info else None
        self._log.note("library", level=record.levelname.lower(), error=error, logger=record.name)


_log = EventLog("porchlight")


def configure_logging(program: str, stream: TextIO | None = None) -> EventLog:
    """Sets this process up so that nothing reaches its log but events, whatever a library or a crash says."""
    global _log  # noqa: PLW0603 - a process has one log
    _log = EventLog(program, stream)
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(LibraryHandler(_log))
    root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        _empty(logging.getLogger(name))
    logging.raiseExceptions = False  # or a bad record would be printed with its arguments
    logging.lastResort = None
    logging.captureWarnings(True)
    sys.excepthook = _note_crash
    sys.unraisablehook = lambda unraisable: _log.note("crashed", level="error", error=unraisable.exc_value)
    threading.excepthook = lambda args: _log.note("crashed", level="error", error=args.exc_value)
    return _log


def get_logger() -> EventLog:
    """The log of this process."""
    return _log


def _load_structlog() -> Any:
    """Without the library for drawing on terminals that it takes along where it is installed: half of the time.

    The first event may be noted while somebody waits for an answer: that nobody is there to be paged is one.
    """
    loaded: Any = sys.modules
    if "rich" in loaded:
        return import_module("structlog")
    loaded["rich"] = None  # how an import is told that there is none
    try:
        return import_module("structlog")
    finally:
        loaded.pop("rich", None)  # another thread's first event may have come at the same time


def _empty(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True
    logger.setLevel(logging.NOTSET)


def _note_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.note("crashed", level="error", error=error.with_traceback(trace))


def _build_logger(stream: TextIO) -> Any:
    structlog = _load_structlog()
    return structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.BoundLogger,
        cache_logger_on_first_use=False,
    )
