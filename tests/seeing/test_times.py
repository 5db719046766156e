"""Times are taken where the work is done, and tell who is to blame (X4, X5, R1, R7)."""

from dataclasses import replace

import httpx
import pytest

from app.lanes import Lane
from app.metrics import Metrics
from app.screener import Screener
from app.status_worker import StatusWorker
from app.webhooks import Webhooks, build_webhooks
from app.work_loop import Worker
from app.world_wiring import WatchedDialogue
from connectors.sms.connector import SmsConfig, SmsConnector
from hotline.errors import DialogueError
from hotline.messages import SMS, ExternalId, InboundMessage, Status, StatusUpdate
from hotline.screening import build_rules
from storage.content_files import load_documents
from storage.keyspace import PARTITIONS
from storage.streams import Entry
from tests.abuse.door import MemoryInbox, _find_no_fault
from tests.connectors.payloads import AUTH_TOKEN, PUBLIC_URL, SMS_STATUS, SMS_TEXT, signed
from tests.storage.night_shift import SOMEONE, NightShift


class Told:
    """Remembers what the watch was told."""

    def __init__(self):
        self.times, self.failures, self.outcomes = [], [], []

    def took(self, work, seconds, kind=""):
        assert 0 <= seconds < 5
        self.times.append((work, kind))

    def failed(self, event, code=""):
        self.failures.append((event, code))

    def screened(self, level):
        self.outcomes.append(level)

    def sent(self, channel, outcome, seconds):
        self.outcomes.append((channel, outcome))

    def step(self, step): ...


@pytest.fixture
async def night(store, keys, content_keys, inbox):
    return await NightShift(store, keys, content_keys, inbox).opens("wren")


async def test_a_screening_is_timed_and_one_that_fails_is_told_and_raised():
    """R1: the pipeline brings it before an advocate; operators hear of it by its kind alone."""
    told, rules = Told(), build_rules(load_documents())
    screener = Screener(rules, told)
    for _ in range(2):
        assert screener.screen("i need food", ()).level == 0
        screener.glance("i need food")
    assert (told.times, told.outcomes) == ([("screening", "")] * 2, ["none"] * 2), "a look is not told"
    with pytest.raises(AttributeError):
        Screener(None, told).screen("i need food", ())
    assert told.failures == [("screening_failed", "AttributeError")]


@pytest.mark.parametrize("error", [None, DialogueError("down"), RuntimeError("odd")])
async def test_the_engines_part_is_timed_by_what_came_of_it(error):
    """R7."""

    class Engine:
        async def answer(self, text, **more):
            if error:
                raise error
            return "said"

    told = Told()
    asking = WatchedDialogue(Engine(), told).answer("x", language="en", channel="sms", state={}, now=None)
    if error is None:
        assert await asking == "said"
    else:
        with pytest.raises(type(error)):
            await asking
    assert told.times == [("dialogue", "failed" if error else "answered")]
    assert told.failures == ([("dialogue_failed", "")] if isinstance(error, DialogueError) else [])


async def test_our_answer_to_a_provider_is_timed_when_it_is_a_yes():
    """X4: a refusal is quick and would hide a slow disk."""
    metrics = Metrics("webhooks")
    connectors = {SMS: SmsConnector(SmsConfig(PUBLIC_URL, AUTH_TOKEN), sending=False)}
    webhooks = Webhooks(connectors, MemoryInbox(), PUBLIC_URL, metrics.count_webhook, metrics.observe_webhook)
    application = build_webhooks(webhooks, _find_no_fault)
    request = signed(SMS_TEXT)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=PUBLIC_URL) as client:
        await client.post("/webhooks/sms", content=request.body, headers=request.headers | {"x-twilio-signature": "x"})
        assert b'porchlight_webhook_seconds_count{channel="sms"} 0.0' in metrics.page()
        assert (await client.post("/webhooks/sms", content=request.body, headers=request.headers)).status_code == 200
        assert b'porchlight_webhook_seconds_count{channel="sms"} 1.0' in metrics.page()
        told = signed(SMS_STATUS)
        assert (await client.post("/webhooks/sms", content=told.body, headers=told.headers)).status_code == 200
    assert b'porchlight_webhook_seconds_count{channel="sms"} 1.0' in metrics.page(), "nobody waits for a status"


async def test_a_message_that_was_taken_and_never_came_is_counted_as_undelivered(store, night):
    """X5: the provider says so later, by a status."""
    await night.inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId("SM-in"), text="i need food"))
    await night.works()
    await night.sends()
    told = Told()
    worker = StatusWorker(replace(night.world, watch=told))
    await night.inbox.put_status(StatusUpdate(SMS, ExternalId("SM-out"), Status.FAILED, "30007"))
    for partition in range(PARTITIONS):
        for identifier, fields in await store.call("XRANGE", f"inbox:{partition}", "-", "+"):
            if fields[b"k"] == b"status":
                lane = Lane[Entry](fields[b"a"].decode(), partition)
                lane.items.append(Entry("inbox", partition, identifier.decode(), lane.name, fields))
                await worker.work_off(lane)
    assert told.outcomes == [(SMS, "undelivered")]


async def test_one_worker_reads_the_store_for_all_and_every_worker_times_it(night):
    """A figure of two workers would stand there twice."""
    told, measured = Told(), []
    world = replace(night.world, watch=told, connectors={})
    worker = Worker(world, "w", lambda owned, figures: measured.append((owned, bool(figures))))
    for owned in ({1, 2}, {0, 1, 2}):
        worker._owned = owned
        await worker._count()
    assert measured == [(2, False), (3, True)]
    assert told.times == [("store", "store"), ("store", "keys")] * 2


async def test_figures_that_cannot_be_read_disturb_no_turn(night, store):
    """R9: they go missing, which is an alarm; the worker's loops go on."""
    await store.call_all([("SADD", "open", "odd"), ("HSET", "conversation:odd", "owner", "waiting", "level", "x")])
    told, measured = Told(), []
    worker = Worker(replace(night.world, watch=told, connectors={}), "w", lambda *given: measured.append(given))
    worker._owned = {0}
    await worker._count()
    await store.call("DEL", "conversation:odd")
    await store.call("SET", "dead", "no stream")
    await worker._count()
    assert measured == [(1, {}), (1, {})]
    assert told.failures == [("figures_failed", "ValueError"), ("figures_failed", "ResponseError")]
