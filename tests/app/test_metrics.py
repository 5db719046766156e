import re

import httpx
import pytest

from app.metrics import LABELS, Metrics, build_private_app


@pytest.fixture
def metrics():
    metrics = Metrics("worker")
    metrics.count_webhook("sms", "message")
    metrics.observe_step("committed")
    metrics.count_screening("imminent")
    metrics.count_send("telegram", "sent")
    metrics.count_failure("dialogue")
    metrics.observe_reply("sms", 0.4)
    metrics.set_gauges(2, 1)
    return metrics


async def get(application, path):
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://private") as client:
        return await client.get(path)


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
async def test_the_private_port_tells_health_readiness_and_figures(metrics, ready, status):
    async def is_ready():
        return ready

    application = build_private_app(metrics, is_ready)
    assert (await get(application, "/healthz")).status_code == 200
    assert (await get(application, "/readyz")).status_code == status
    page = (await get(application, "/metrics")).text
    assert 'porchlight_webhooks_total{channel="sms",outcome="message"} 1.0' in page
    assert "porchlight_dead_letters 2.0" in page


def test_no_label_can_say_who(metrics):
    """P1, P6: only kinds; no conversation, address or id."""
    names = set(re.findall(r"[{,](\w+)=\"", metrics.page().decode()))
    assert names - {"le"} <= LABELS
    assert not LABELS & {"conversation", "address", "texter", "advocate", "id", "external_id", "number", "chat"}


def test_two_programs_in_one_process_keep_their_own_figures():
    first, second = Metrics("webhooks"), Metrics("worker")
    first.count_failure("store")
    assert b'porchlight_failures_total{kind="store"}' not in second.page()
