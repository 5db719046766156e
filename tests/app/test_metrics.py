import httpx
import pytest

from app.metric_table import METRICS
from app.metrics import Metrics, build_private_app
from app.readings import FRESH_SECONDS, Readings
from hotline.screening.result import Level


@pytest.fixture
def metrics():
    metrics = Metrics("worker")
    metrics.observe_step("committed")
    metrics.count("porchlight_sends", "telegram", "taken")
    metrics.observe("porchlight_reply_seconds", 0.14, "sms")
    metrics.take_readings({"porchlight_dead_letters": {(): 2.0}})
    return metrics


async def get(application, path):
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://private") as client:
        return await client.get(path)


@pytest.mark.parametrize(("fault", "status", "word"), [("", 200, "ready\n"), ("store", 503, "store\n")])
async def test_the_private_port_tells_health_readiness_and_figures(metrics, fault, status, word):
    async def find_fault():
        return fault

    application = build_private_app(metrics, find_fault)
    assert (await get(application, "/healthz")).status_code == 200
    ready = await get(application, "/readyz")
    assert (ready.status_code, ready.text) == (status, word)
    page = (await get(application, "/metrics")).text
    assert 'porchlight_sends_total{channel="telegram",outcome="taken"} 1.0' in page
    assert "porchlight_dead_letters 2.0" in page
    assert f'porchlight_fault{{kind="store"}} {float(bool(fault))}' in page


def test_two_programs_in_one_process_keep_their_own_figures():
    first, second = Metrics("webhooks"), Metrics("worker")
    first.count_webhook("sms", "forbidden")
    assert b'porchlight_webhooks_total{channel="sms",outcome="forbidden"} 1.0' in first.page()
    assert b"porchlight_webhooks_total" not in second.page()


@pytest.mark.parametrize("program", ["webhooks", "worker", "console"])
def test_every_figure_of_the_table_is_shown_by_its_programs_and_by_no_other(program):
    metrics = Metrics(program)
    readings = {metric.name: {tuple(v[0] for _, v in metric.labels): 1.0} for metric in METRICS}
    metrics.take_readings(readings)
    metrics.tell_build("1.2.3", "0123456789ab")
    page = metrics.page().decode()
    for metric in METRICS:
        shown = f"# TYPE {metric.name}{'_total' if metric.kind == 'counter' else ''} " in page
        assert shown == (program in metric.programs), metric.name
    assert 'porchlight_build_info{content="0123456789ab",version="1.2.3"} 1.0' in page
    assert "process_resident_memory_bytes " in page
    assert "process_cpu_seconds_total " in page


def test_a_counter_stands_at_nought_before_anything_was_counted():
    """Else the first page that nobody heard is no rise from anything, and no alarm."""
    assert b'porchlight_failures_total{kind="page_unheard"} 0.0' in Metrics("worker").page()


def test_a_reading_that_is_old_is_not_shown_at_all():
    """R9: with no worker to look, an alarm for a figure that is missing sounds; an old figure would say all is well."""
    now = [0.0]
    table = [metric for metric in METRICS if metric.kind == "reading"]
    readings = Readings(table, lambda: now[0])
    readings.take({"porchlight_dead_letters": {(): 0.0}})
    assert [family.name for family in readings.collect()] == ["porchlight_dead_letters"]
    now[0] = FRESH_SECONDS + 1
    assert not list(readings.collect())


def test_the_goals_are_bounds_of_their_histograms():
    """So that the share of replies within a goal is read, not guessed between two bounds."""
    bounds = {metric.name: set(metric.buckets) for metric in METRICS}
    assert 0.15 in bounds["porchlight_reply_seconds"]
    assert 0.02 in bounds["porchlight_webhook_seconds"]
    assert {0.05, 0.15} <= bounds["porchlight_turn_seconds"]
    assert 0.03 in bounds["porchlight_dialogue_seconds"]


def test_the_levels_of_the_table_are_those_of_screening():
    levels = {name: known for metric in METRICS for name, known in metric.labels if name == "level"}
    assert levels == {"level": tuple(level.label for level in Level)}
