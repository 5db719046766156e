import io
import json
import logging
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logging import ALLOWED, EVENTS, EventLog, LibraryHandler, configure_logging, describe_error, keep_allowed

TEXT = "please help me I am at the bus station"
NUMBER = "+17025550142"


def written(note):
    stream = io.StringIO()
    note(EventLog("worker", stream))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_keeps_its_allowed_fields():
    def note(log):
        log.note("send_failed", channel="sms", code=21610, head="9f3c2ab1d4e5f607", seconds=1.5)

    (event,) = written(note)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "send_failed", "program": "worker", "level": "info", "channel": "sms", "code": 21610,
        "head": "9f3c2ab1d4e5f607", "seconds": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "field", ["body", "text", "address", "to", "exception", "exc_info", "message", "url", "event_data"]
)
def test_a_field_that_is_not_on_the_list_is_dropped(field):
    """P6."""
    (event,) = written(lambda log: log.note("send_failed", **{field: TEXT}))
    assert set(event) == {"event", "program", "level", "timestamp"}


@pytest.mark.parametrize("field", sorted(set(ALLOWED) - {"event", "program", "level", "error"}))
@pytest.mark.parametrize("value", [TEXT, NUMBER, "17025550142", 17025550142, "maria@example.org", ["a"], {"a": 1}])
def test_a_listed_field_cannot_carry_words_or_numbers_of_people(field, value):
    """P1, P6: an allowed name is no way round the list."""
    (event,) = written(lambda log: log.note("send_failed", **{field: value}))
    assert field not in event


def test_an_event_that_nobody_listed_does_not_show_its_name():
    (event,) = written(lambda log: log.note(TEXT))
    assert event["event"] == "unlisted"


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1) | st.integers() | st.floats() | st.none()))
def test_whatever_is_noted_only_listed_fields_with_fitting_values_come_through(fields):
    kept = keep_allowed(None, "msg", {"event": "swept", **fields})
    for name, value in kept.items():
        assert name == "timestamp" or ALLOWED[name](value)
        assert " " not in str(value)


def test_an_exception_is_told_by_type_and_place_and_never_by_its_text():
    """P1."""
    try:
        raise ValueError(f"{TEXT} {NUMBER}")
    except ValueError as error:
        described = describe_error(error)
    assert described["error"] == "ValueError"
    assert re.fullmatch(r"tests/app/test_logging\.py:\d+", described["place"])
    (event,) = written(lambda log: log.note("attempt_failed", error=ValueError(TEXT)))
    assert event["error"] == "ValueError"
    assert TEXT not in str(event)


def test_records_of_libraries_shrink_to_name_and_level():
    """P6: httpx logs a bot's token, python-telegram-bot message text."""
    stream = io.StringIO()
    logger = logging.Logger("httpx")
    logger.addHandler(LibraryHandler(EventLog("worker", stream)))
    logger.warning("HTTP Request: POST https://api.example/bot123:ABC/sendMessage %s", TEXT)
    try:
        raise ValueError(TEXT)
    except ValueError:
        logger.exception("failed with %s", NUMBER)
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (first["event"], first["logger"], first["level"]) == ("library", "httpx", "warning")
    assert (second["error"], second["level"]) == ("ValueError", "error")
    for leaked in ("ABC", TEXT, NUMBER):
        assert leaked not in stream.getvalue()


CRASH = f"""
import asyncio, logging, sys, threading, warnings
from app.logging import configure_logging, get_logger
noisy = logging.getLogger("noisy")
noisy.addHandler(logging.StreamHandler())
noisy.setLevel(logging.DEBUG)
configure_logging("worker")
noisy.error({TEXT!r})
logging.getLogger("late").warning("%d", {TEXT!r})
warnings.warn({TEXT!r})
thread = threading.Thread(target=lambda: int({TEXT!r})); thread.start(); thread.join()
async def fail(): raise ValueError({TEXT!r})
async def main():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
asyncio.run(main())
class Odd:
    def __del__(self): raise ValueError({TEXT!r})
Odd()
get_logger().note("recycled")
raise ValueError({TEXT!r})
"""


def test_a_crash_in_any_corner_of_a_process_writes_no_word():
    """P1, P6: excepthook, threads, destructors, asyncio, warnings, a logger with a handler of its own."""
    done = subprocess.run([sys.executable, "-c", CRASH], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "bus station" not in done.stdout + done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert [event["event"] for event in events].count("crashed") >= 3
    assert {event.get("logger") for event in events} >= {"noisy", "late", "py.warnings", "asyncio"}
    assert "recycled" in {event["event"] for event in events}


def test_the_list_of_events_is_what_the_code_notes_and_nothing_more():
    root = Path(__file__).resolve().parents[2]
    folders = {"app": "note|failed", "console": "note|failed", "storage": "note|_tell", "bot": "note|_tell"}
    paths = [(path, verbs) for folder, verbs in folders.items() for path in (root / folder).rglob("*.py")]
    sources = [(path.read_text("utf-8"), verbs) for path, verbs in paths if ".venv" not in path.parts]
    noted = {name for text, verbs in sources for name in re.findall(rf"\b(?:{verbs})\(\s*\"([a-z_]+)\"", text)}
    told = {name for text, _ in sources for name in re.findall(r"partial\(watch\.failed, \"([a-z_]+)\"", text)}
    assert noted | told == EVENTS - {"unlisted"}


def test_configuring_does_not_load_the_slow_library():
    code = "import sys, app.logging as l; l.configure_logging('worker'); print('structlog' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_the_first_event_loads_nothing_that_draws_on_terminals_and_leaves_it_to_whoever_does():
    code = (
        "import sys, app.logging as l; l.configure_logging('worker').note('recycled');"
        "print('structlog' in sys.modules, any(name.split('.')[0] in {'rich', 'pygments'} for name in sys.modules));"
        "from rich.text import Text; print(Text('x').plain)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True False\nx\n"
    assert json.loads(done.stderr)["event"] == "recycled"


def test_the_process_log_is_the_configured_one(monkeypatch):
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    assert callable(warnings.showwarning)
    before = (logging.root.handlers[:], logging.root.level, logging.lastResort, logging.raiseExceptions)
    stream = io.StringIO()
    try:
        configure_logging("console", stream).note("swept", port=8081)
        assert json.loads(stream.getvalue())["program"] == "console"
    finally:
        logging.captureWarnings(False)
        logging.root.handlers[:], level, logging.lastResort, logging.raiseExceptions = before
        logging.root.setLevel(level)
