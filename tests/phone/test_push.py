"""The push service's emulator: takes what a push service takes, refuses what it refuses (RFC 8030, RFC 8292)."""

import base64
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio

from phone.push.signatures import is_signed, read_base64
from tests.phone.stage import open_stage
from vault.web_push import VapidKey

KEY = VapidKey.create()
GOOD = {"ttl": "60", "urgency": "high", "topic": "page"}


@pytest_asyncio.fixture
async def stage():
    async with open_stage(VAPID_PUBLIC_KEY=KEY.public) as opened:
        yield opened


async def push(stage, key=KEY, audience=None, at=None, body=b"", **changes):
    url = f"http://127.0.0.1:{stage.port}/push/robin"
    token = key.sign(audience or url, "mailto:practice@localhost", at or datetime.now(UTC))
    headers = {name: value for name, value in ({"authorization": token} | GOOD | changes).items() if value is not None}
    return await stage.client.post("/push/robin", headers=headers, content=body)


async def test_a_push_is_taken_and_noted_with_its_headers_and_without_a_body(stage):
    assert (await push(stage)).status_code == 201
    noted = (await stage.client.get("/practice/pushes", params={"subscription": "robin"})).json()["pushes"]
    assert [(one["method"], one["length"], one["status"], one["headers"]["topic"]) for one in noted] == [
        ("POST", 0, 201, "page")
    ]


async def test_what_no_push_service_takes_is_refused(stage):
    assert (await push(stage, ttl=None)).status_code == 400
    assert (await push(stage, topic="not a topic")).status_code == 400
    assert (await push(stage, body=b"x" * 5000)).status_code == 413
    assert (await push(stage, body=b"plain words")).status_code == 400
    assert (await push(stage, authorization=None)).status_code == 401
    assert (await push(stage, authorization="vapid t=a.b.c, k=d")).status_code == 401


async def test_a_token_of_another_key_service_or_hour_is_refused(stage):
    assert (await push(stage, key=VapidKey.create())).status_code == 403
    assert (await push(stage, audience="https://push.example/robin")).status_code == 403
    assert (await push(stage, at=datetime.now(UTC) - timedelta(hours=2))).status_code == 403
    assert (await push(stage, at=datetime.now(UTC) + timedelta(hours=30))).status_code == 403


@pytest.mark.parametrize("kind", ["404", "410", "429", "500"])
async def test_it_answers_what_it_is_told_to(stage, kind):
    await stage.fault("push", kind, address="robin", seconds=7)
    answer = await push(stage)
    assert answer.status_code == int(kind)
    assert answer.headers.get("retry-after") == ("7" if kind == "429" else None)
    assert (await push(stage)).status_code == 201


async def test_it_holds_a_push_without_an_answer(stage):
    await stage.fault("push", "timeout", seconds=0.2)
    began = time.monotonic()
    with pytest.raises(httpx.TransportError):
        await push(stage)
    assert time.monotonic() - began >= 0.2


def test_the_emulators_own_arithmetic_knows_a_signature_of_the_library_and_no_changed_one():
    """Two implementations agree, on what is good and on what is not."""
    head, claims, rest = (
        KEY.sign("https://push.example/x", "mailto:a@b.example", datetime.now(UTC)).split()[1].split(".")
    )
    signature, public = read_base64(rest.split(",")[0]), read_base64(KEY.public)
    message = f"{head.removeprefix('t=')}.{claims}".encode()
    assert is_signed(message, signature, public)
    assert not is_signed(message + b"x", signature, public)
    assert not is_signed(message, signature[:-1] + bytes([signature[-1] ^ 1]), public)
    assert not is_signed(message, bytes(64), public)
    assert not is_signed(message, signature, public[:-1] + bytes([public[-1] ^ 1]))


def test_the_example_of_rfc_8292_verifies():
    head = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9"
    claims = "eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAi"
    claims += "OjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
    signature = "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
    key = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
    assert is_signed(f"{head}.{claims}".encode(), read_base64(signature), read_base64(key))
    assert base64.urlsafe_b64decode(claims + "==").startswith(b'{"aud":"https://push.example.net"')
