"""Nothing that operators see identifies: figures, events, alarms and board, after real turns with canaries (P1, P6)."""

import io
import itertools
import json
import re
from dataclasses import replace
from typing import get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lanes import Lane
from app.logging import ALLOWED, EVENTS, EventLog
from app.metric_table import BUILD, LABELS, METRICS, OTHER
from app.metrics import Metrics
from app.send_worker import SendWorker
from app.watch import Watch, WorkerWatch
from app.watched import WatchedCommitter
from connectors.errors import SendError
from hotline.messages import SMS, Address, ExternalId, InboundMessage
from storage.figures import StoreFigures
from storage.keyspace import PARTITIONS
from storage.streams import Entry
from tests.seeing.rules import ALARMS, BOARD, SCRAPING
from tests.storage.night_shift import NightShift

NUMBER = Address("+17025550167")
WORDS = "my name is Maribel Quintanilla at 4417 Cactus Road"
CANARIES = ("7025550167", "Maribel", "Quintanilla", "Cactus", "SMcanary", "wrencanary")
FORBIDDEN = {
    "conversation", "address", "texter", "advocate", "name", "id", "external_id", "number", "chat", "phone", "user",
    "account", "lane", "hash", "session", "place", "line", "code", "instance", "client", "ip", "peer", "text",
}  # fmt: skip
_METRICS = Metrics("worker")
_SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$")


def labels_of(page: str) -> set[tuple[str, str, str]]:
    """Name of a figure, name of a label and its value, of every sample."""
    found = set()
    for line in page.splitlines():
        if not line.startswith("#"):
            match = _SAMPLE.match(line)
            assert match, line
            found |= {(match[1], name, value) for name, value in re.findall(r'(\w+)="([^"]*)"', match[2] or "")}
    return found


def allowed_values() -> dict[str, set[str]]:
    """The closed list: every label with all that it may ever say."""
    values: dict[str, set[str]] = {"le": {"+Inf"}}
    for metric in METRICS:
        values["le"] |= {str(float(bound)) for bound in metric.buckets}
        for name, known in metric.labels:
            values.setdefault(name, {OTHER}).update(known)
    return values


def check_closed(page: str) -> None:
    allowed = allowed_values()
    for figure, name, value in labels_of(page):
        if figure == BUILD:
            form = r"[0-9]{1,3}(\.[0-9]{1,4}){0,3}([a-z]{1,4}[0-9]{0,3})?" if name == "version" else r"[0-9a-f]{12}|"
            assert value == OTHER or re.fullmatch(form, value)
        else:
            assert value in allowed[name], (figure, name, value)


def test_the_labels_are_few_and_none_could_say_who():
    """P1, P6: a closed list of names, each with a closed list of words of ours."""
    assert {
        "channel", "outcome", "step", "level", "kind", "queue", "age", "version", "content",
    } == LABELS  # fmt: skip
    assert not LABELS & FORBIDDEN
    values = set(itertools.chain.from_iterable(known for metric in METRICS for _, known in metric.labels))
    for value in values:
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,30}", value)
        assert not re.search(r"\d{4}", value)


def test_figures_are_few_enough_that_none_is_of_one_person():
    """No figure has more series than its words allow: 300 at most, whatever happens."""
    for metric in METRICS:
        combinations = 1
        for _, known in metric.labels:
            combinations *= len(known) + 1
        assert combinations <= 300, metric.name


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_caller_hands_over_no_label_says_it(first, second):
    """P6: the last guard, should a caller ever hand over an address."""
    metrics = _METRICS
    metrics.count("porchlight_sends", first, second)
    metrics.observe("porchlight_turn_seconds", 1.0, first)
    metrics.put("porchlight_provider_copies", 1, second)
    metrics.take_readings({"porchlight_waiting": {(first,): 1.0}})
    metrics.tell_build(first, second)
    metrics.tell_fault(first)
    check_closed(metrics.page().decode())


@pytest.mark.parametrize("canary", [str(NUMBER), "9f3c2ab1d4e5f607aa", "Maribel", "00000003aaaaaaaaaaaa"])
def test_a_watch_that_is_told_an_id_shows_none(canary):
    """Every method of the watch, with an address or an id in the place of every word."""
    stream, metrics = io.StringIO(), Metrics("worker")
    watch = WorkerWatch(EventLog("worker", stream), metrics)
    words = {"work": "turn", "event": "send_failed"}
    for name in (name for name in vars(Watch) if not name.startswith("_")):
        method = getattr(watch, name)
        given = {one: kind for one, kind in get_type_hints(method).items() if one != "return"}
        method(**{one: words.get(one, canary) if kind is str else 1 for one, kind in given.items()})
    page = metrics.page().decode()
    assert canary.strip("+") not in page
    assert f'"{OTHER}"' in page
    check_closed(page)
    for line in stream.getvalue().splitlines():
        event = json.loads(line)
        assert event["event"] in EVENTS
        assert set(event) <= set(ALLOWED) | {"timestamp"}


class Refusing:
    """A provider that takes two messages and says no to the next, in the texter's own words."""

    taken = 0

    async def send(self, message, confirm=None):
        self.taken += 1
        if self.taken > 2:
            raise SendError(f"30007 {WORDS}", retryable=False)
        return type("Result", (), {"external_id": ExternalId(f"SMcanary{self.taken}")})()


@pytest.fixture
async def seen(store, keys, content_keys, inbox):
    """A night with a real watch: texts, a hand-off, a claim, sends, a refusal; then page, events and ids."""
    night = await NightShift(store, keys, content_keys, inbox).opens("wrencanary")
    stream, metrics = io.StringIO(), Metrics("worker")
    watch = WorkerWatch(EventLog("worker", stream), metrics)
    committer = WatchedCommitter(store, "w", watch)
    night.world = replace(night.world, watch=watch, connectors={SMS: Refusing()}, committer=committer)
    for number, text in enumerate((WORDS, "PERSON", f"{WORDS} again")):
        await inbox.put_message(InboundMessage(SMS, NUMBER, ExternalId(f"SMcanary-in-{number}"), text=text))
        await night.works()
    (waiting,) = await night.waiting()
    assert await night.clicks("claim", "wrencanary", waiting.id) == "done"
    await send_all(night)
    figures = await StoreFigures(store, night.clock).read()
    metrics.take_readings(figures)
    metrics.tell_build("0.1.0", "0123456789ab")
    lane = night.world.address_keys.hash_address(SMS, NUMBER)
    return metrics.page().decode(), stream.getvalue(), (str(waiting.id), str(lane))


async def send_all(night: NightShift) -> None:
    for partition in range(PARTITIONS):
        for identifier, fields in await night.store.call("XRANGE", f"outbox:{partition}", "-", "+"):
            name = fields[b"a"].decode()
            lane = Lane[Entry](name, partition)
            lane.items.append(Entry("outbox", partition, identifier.decode(), name, fields))
            await SendWorker(night.world).work_off(lane)


async def test_figures_after_real_turns_hold_nothing_of_the_texter_or_the_advocate(seen):
    """P1, P6: neither words nor number nor names nor ids, and no value that is on no list."""
    page, _, ids = seen
    assert 'porchlight_sends_total{channel="sms",outcome="taken"} 2.0' in page
    assert 'porchlight_failures_total{kind="send_failed"}' in page
    assert 'porchlight_open{kind="with_advocate"} 1.0' in page
    assert re.search(r'porchlight_store_seconds_count\{kind="commit"\} [1-9]', page)
    assert re.search(r'porchlight_turn_seconds_count\{level="\w+"\} [1-9]', page)
    for canary in (*CANARIES, *ids):
        assert canary not in page
    check_closed(page)


async def test_events_after_real_turns_hold_nothing_of_the_texter_or_the_advocate(seen):
    """P6: the provider's refusal had the texter's words in it."""
    _, log, ids = seen
    events = [json.loads(line) for line in log.splitlines()]
    assert "send_failed" in {event["event"] for event in events}
    for canary in (*CANARIES, *ids):
        assert canary not in log
    for event in events:
        assert set(event) <= {"event", "program", "level", "timestamp", "code"}


def test_no_field_of_an_event_is_made_for_an_id_of_a_texter():
    """The random id of a conversation ties events of one night together: it is not written down either."""
    assert not set(ALLOWED) & (FORBIDDEN - {"place", "code"})


@pytest.mark.parametrize("path", [ALARMS, BOARD, SCRAPING], ids=lambda path: path.name)
def test_alarms_and_board_ask_for_no_label_that_identifies(path):
    text = path.read_text("utf-8")
    named = set(re.findall(r"\$labels\.(\w+)", text)) | set(re.findall(r"{{\s*(\w+)\s*}}", text))
    named |= set(re.findall(r'(\w+)(?:=~|!~|!=|=)\\?"', text))
    for group in re.findall(r"\bby \(([^)]*)\)", text):
        named |= set(re.findall(r"\w+", group))
    assert named <= LABELS | {"job", "le"}
    assert not re.search(r"\+?\d{10}|\b[A-Z]{2}[0-9a-f]{32}\b", text)
