"""Logs without words (P1): what Rasa logs is reduced to where it was logged, and never what was said.

Rasa 3.6 logs message text at ERROR with debug off (a failed action's answer, a disconnected client) and everywhere with
debug on. So nothing of a record is trusted: a record prints its level, its logger and line, and the type of an
exception. Only an ``Event`` of ours, or a structured event's constant name, is printed as it is.
"""

import logging
import re
import sys
import threading
import traceback
import types
import warnings
from typing import Any, TextIO

_CONSTANT_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+){1,8}", re.ASCII)


class Event:
    """A log line that is known to hold no words: a constant name and numbers."""

    def __init__(self, name: str, **numbers: float) -> None:
        self.name = name
        self.numbers = numbers

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{key}={value:g}" for key, value in self.numbers.items())])


def describe_exception(error: BaseException | None) -> str:
    """An exception as its type and the last three places it passed; never its message."""
    if error is None:
        return "no exception"
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'unknown place'}"


def format_record(_formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """A log record as level, place and, if there is one, the type of its exception."""
    said = str(record.msg) if isinstance(record.msg, Event) else f"line {record.lineno}"
    line = f"{record.levelname} {record.name}: {said}"
    if isinstance(record.exc_info, tuple):
        line += f" ({describe_exception(record.exc_info[1])})"
    return line


class SentryProcessor:
    """Stands in the one place of Rasa's structlog chain that it fills from another package: last before rendering.

    It logs the event's constant name through the formatter above and drops the rest.
    """

    def __init__(self, *_values: Any, **_options: Any) -> None:
        pass

    def __call__(self, logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        """Logs the name of an event and drops the event."""
        from structlog import DropEvent

        name = str(event.get("event", ""))
        shown = name if _CONSTANT_NAME.fullmatch(name) else "unnamed event"
        failing = sys.exc_info()[0] is not None and bool(event.get("exc_info"))
        level = logging.getLevelName(method.upper())
        logger.log(level if isinstance(level, int) else logging.ERROR, Event(shown), exc_info=failing)
        raise DropEvent


def _show_warning(  # the signature is that of warnings.showwarning
    _message: Any,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    _line: str | None = None,
) -> None:
    (file or sys.stderr).write(f"WARNING {category.__name__} at {filename.rpartition('/')[2]}:{lineno}\n")


def _show_uncaught(_kind: type[BaseException], error: BaseException, _trace: types.TracebackType | None) -> None:
    sys.stderr.write(f"CRITICAL {describe_exception(error)}\n")


def _show_unraisable(unraisable: Any) -> None:
    sys.stderr.write(f"ERROR {describe_exception(unraisable.exc_value)}\n")


def fill_sentry_place(processor: type) -> None:
    """Puts ``processor`` where Rasa imports its Sentry processor from."""
    module = types.ModuleType("structlog_sentry")
    module.SentryProcessor = processor  # type: ignore[attr-defined]
    sys.modules["structlog_sentry"] = module


class PassingProcessor(SentryProcessor):
    """Leaves events as they are, for commands that see training data alone."""

    def __call__(self, logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        """The event itself."""
        return event


def _show_thread(stopped: threading.ExceptHookArgs) -> None:
    sys.stderr.write(f"ERROR {describe_exception(stopped.exc_value)}\n")


def silence_words() -> None:
    """From now on no log line, warning or uncaught exception of this process can carry a text."""
    logging.Formatter.format = format_record  # type: ignore[method-assign, assignment]
    logging.raiseExceptions = False
    warnings.showwarning = _show_warning  # type: ignore[assignment]
    sys.excepthook = _show_uncaught
    sys.unraisablehook = _show_unraisable
    threading.excepthook = _show_thread
    fill_sentry_place(SentryProcessor)
