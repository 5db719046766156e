"""What the store's figures say, over a real store and a worker's real turns (R9, H3, P5)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.facts import Facts
from app.metric_table import METRICS
from app.metrics import Metrics
from hotline.messages import AddressHash
from hotline.numbers import build_lines
from hotline.verification import Freshness, Serving, Verification, decide_serving, find_freshness
from storage.commit import Writes
from storage.content_files import find_version, load_documents
from storage.figures import StoreFigures
from storage.keyspace import partition_of
from storage.turn_writes import bury
from tests.storage.night_shift import NightShift

TODAY = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
LANE = "00000003" + "a" * 24


@pytest.fixture
async def night(store, keys, content_keys, inbox):
    return await NightShift(store, keys, content_keys, inbox).opens("wren")


async def test_an_empty_store_says_nought_everywhere_and_leaves_no_figure_out(store, night):
    found = await StoreFigures(store, night.clock).read()
    wanted = {
        metric.name: metric for metric in METRICS if metric.kind == "reading" and metric.name != "porchlight_facts"
    }
    assert set(found) == set(wanted)
    for name, values in found.items():
        assert set(values.values()) == {0.0}, name
        assert all(wanted[name].listed(labels) == labels for labels in values), name


async def test_whoever_waits_longest_is_shown_by_level(store, night):
    """H3."""
    await night.texts("PERSON")
    (waiting,) = await night.waiting()
    level = (waiting.level.label,)
    night.clock.at += timedelta(seconds=75)
    found = await StoreFigures(store, night.clock).read()
    assert found["porchlight_longest_wait_seconds"][level] == 75
    assert found["porchlight_waiting"][level] == 1
    assert found["porchlight_open"]["waiting",] == 1
    assert await night.clicks("claim", "wren", waiting.id) == "done"
    found = await StoreFigures(store, night.clock).read()
    assert found["porchlight_longest_wait_seconds"][level] == 0
    assert sum(found["porchlight_waiting"].values()) == 0
    assert found["porchlight_open"] == {("waiting",): 0, ("with_advocate",): 1, ("held",): 0}


async def test_a_message_that_could_not_be_sent_counts_while_its_texter_waits(store, night):
    """X5."""
    await night.texts("PERSON")
    (waiting,) = await night.waiting()
    assert (await StoreFigures(store, night.clock).read())["porchlight_unsent"][()] == 0
    await store.call("HSET", f"conversation:{waiting.id}", "reasons", "asked,unsent")
    assert (await StoreFigures(store, night.clock).read())["porchlight_unsent"][()] == 1
    await store.call("HSET", f"conversation:{waiting.id}", "owner", "with_advocate")
    assert (await StoreFigures(store, night.clock).read())["porchlight_unsent"][()] == 0


async def test_the_oldest_text_without_an_answer_is_shown_by_the_stores_clock(store, night):
    seconds, _ = await store.call("TIME")
    for age, partition in ((40, 3), (90, 7), (5, 11)):
        await store.call("XADD", f"inbox:{partition}", f"{(int(seconds) - age) * 1000}-0", "a", LANE)
    await store.call("XADD", "outbox:1", "*", "a", LANE)
    found = await StoreFigures(store, night.clock).read()
    assert found["porchlight_queue_entries"] == {("inbox",): 3, ("outbox",): 1, ("pages",): 0}
    assert 90 <= found["porchlight_queue_oldest_seconds"]["inbox",] < 95
    assert found["porchlight_queue_oldest_seconds"]["outbox",] < 5


async def test_dead_letters_workers_and_copies_past_their_time_are_counted(store, night):
    """R9, P5."""
    writes = Writes()
    bury(writes, LANE, "message", b"sealed", "ValueError")
    for operation in writes.operations:
        await store.call(*operation)
    now = night.clock.now().timestamp()
    await store.call("ZADD", "workers", 1, "a", 2, "b")
    await store.call("ZADD", "erase-due:sms:3", now - 700, "x", now - 10, "y", now + 99, "z")
    await store.call("ZADD", f"erase-due:telegram:{partition_of(AddressHash(LANE))}", now - 601, "x")
    found = await StoreFigures(store, night.clock).read()
    assert found["porchlight_dead_letters"][()] == 1
    assert found["porchlight_workers"][()] == 2
    assert found["porchlight_overdue_erasures"] == {("sms",): 1, ("telegram",): 1}


@pytest.mark.parametrize(
    ("days", "freshness", "serving"),
    [
        (0, Freshness.FRESH, Serving.NORMAL), (90, Freshness.FRESH, Serving.NORMAL),
        (91, Freshness.PAST_90_DAYS, Serving.LAST), (180, Freshness.PAST_90_DAYS, Serving.LAST),
        (181, Freshness.PAST_180_DAYS, Serving.HIDDEN), (-5, Freshness.UNCONFIRMED, Serving.HIDDEN),
    ],
)  # fmt: skip
def test_a_fact_is_as_old_as_it_is_served(days, freshness, serving):
    """D3: what operators see and what texters get follow from one rule."""
    one = Verification((TODAY - timedelta(days=days)).date(), "somebody")
    assert find_freshness(one, TODAY) is freshness
    assert decide_serving(one, mode="live", now=TODAY) is serving


def test_facts_are_counted_again_on_the_next_day_and_not_before():
    """D3: 90 days pass while the program runs."""
    old, new = ((TODAY - timedelta(days=days)).date() for days in (200, 90))
    line = lambda on: SimpleNamespace(verification=Verification(on, "somebody" if on else None))  # noqa: E731
    words = SimpleNamespace(
        lines=SimpleNamespace(known={"a": line(new), "b": line(old)}, by_id={}),
        directory=SimpleNamespace(places={"c": line(None)}),
    )
    facts = Facts(words)
    first = facts.read(TODAY)
    assert {key: count for key, count in first["porchlight_facts"].items() if count} == {
        ("line", "fresh"): 1, ("line", "past_180_days"): 1, ("place", "unconfirmed"): 1,
    }  # fmt: skip
    assert facts.read(TODAY + timedelta(hours=3)) is first
    assert facts.read(TODAY + timedelta(days=1))["porchlight_facts"]["line", "past_90_days"] == 1


def test_a_line_that_is_too_old_to_be_shown_is_still_counted():
    lines = build_lines(load_documents()).served(mode="live", now=TODAY + timedelta(days=4000))
    words = SimpleNamespace(lines=lines, directory=SimpleNamespace(places={}))
    counted = Facts(words).read(TODAY + timedelta(days=4000))["porchlight_facts"]
    assert sum(counted.values()) == len(lines.known) > len(lines.by_id)


def test_the_contents_version_changes_with_a_word():
    documents = dict(load_documents())
    metrics, version = Metrics("worker"), find_version(documents)
    metrics.tell_build("0.1.0", version)
    assert f'content="{version}"'.encode() in metrics.page()
    assert find_version({**documents, "more": 1}) != version == find_version(dict(reversed(documents.items())))
