"""Giant, slow, idle and forged callers at the webhooks' door, as it is served; a signed one is answered beside them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app import patience, rounds
from app.webhook_requests import MOST_BYTES
from hotline.messages import Status
from tests.abuse.door import Door, as_bytes, text_of
from tests.connectors.payloads import SECRET, SMS_STATUS, signed

TELEGRAM = b"POST /webhooks/telegram HTTP/1.1\r\nhost: h\r\nx-telegram-bot-api-secret-token: "


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with Door().serving() as door:
        yield door


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


async def test_a_signed_text_is_taken(door: Door) -> None:
    assert _status(await door.call(as_bytes(text_of(1)))) == 200
    (message,) = door.inbox.messages
    assert message.text == "i need help"
    assert message.sent_at and abs(datetime.now(UTC) - message.sent_at) < timedelta(minutes=1), "Twilio does not say"


async def test_of_what_became_of_a_message_only_its_end_is_kept(door: Door) -> None:
    """That it is on its way was noted when the provider took it; a status kept twice costs as much as a text."""
    for status in ("queued", "sent", "delivered", "undelivered", "failed"):
        told = signed({**SMS_STATUS, "SmsStatus": status, "MessageStatus": status})
        assert _status(await door.call(as_bytes(told))) == 200
    assert [update.status for update in door.inbox.statuses] == [Status.DELIVERED, Status.FAILED, Status.FAILED]
    assert door.counted["sms", "status"] == 5


async def test_that_a_text_arrived_waits_for_its_round_and_that_it_did_not_waits_for_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R9: a person hears of the one; were this program to end in between, the other would only be erased later."""
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 60)

    def tell(status: str) -> bytes:
        return as_bytes(signed({**SMS_STATUS, "SmsStatus": status, "MessageStatus": status}))

    arrived = asyncio.create_task(door.call(tell("delivered"), wait=60))
    assert _status(await door.call(tell("undelivered"))) == 200
    assert _status(await door.call(as_bytes(text_of(1)))) == 200
    assert [update.status for update in door.inbox.statuses] == [Status.FAILED] and not arrived.done()
    arrived.cancel()


async def test_a_body_that_says_it_is_a_gigabyte_is_refused_before_a_byte_of_it(door: Door) -> None:
    head = TELEGRAM + SECRET.encode() + b"\r\ncontent-length: 1000000000\r\n\r\n"
    answer = await door.call(head)
    assert _status(answer) == 413 and b"connection: close" in answer


async def test_a_body_without_a_length_is_refused_when_it_is_too_long(door: Door) -> None:
    head = TELEGRAM + SECRET.encode() + b"\r\ntransfer-encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = await door.call(head + chunk * (MOST_BYTES // 0x10000 + 1))
    assert _status(answer) == 413 and not door.inbox.messages


async def test_an_unsigned_body_is_refused_unread(door: Door) -> None:
    for head in (
        TELEGRAM + b"guessed\r\n",
        b"POST /webhooks/sms HTTP/1.1\r\nhost: h\r\n",
        b"POST /webhooks/sms HTTP/1.1\r\nhost: h\r\nx-twilio-signature: x\r\n",
    ):
        answer = await door.call(head + b"content-length: 200000\r\n\r\n")
        assert _status(answer) == 403 and b"connection: close" in answer
    assert not door.inbox.messages


async def test_a_well_formed_signature_that_is_wrong_is_refused_and_nothing_kept(door: Door) -> None:
    forged = signed({"From": "+17025550123", "Body": "hi"}, token="guessed")
    assert _status(await door.call(as_bytes(forged))) == 403
    assert not door.inbox.messages and door.counted["sms", "forbidden"] == 1


@pytest.mark.parametrize(("first", "status"), [("right", b" 200 "), ("wrong", b" 403 ")])
async def test_of_two_signatures_the_first_counts_x1(door: Door, first: str, status: bytes) -> None:
    """A proxy that lets a second one through behind Twilio's own must not let a stranger choose."""
    request = text_of(1)
    right, wrong = request.headers["x-twilio-signature"], "A" * 27 + "="
    both = f"{right}\r\nx-twilio-signature: {wrong}" if first == "right" else f"{wrong}\r\nx-twilio-signature: {right}"
    sent = as_bytes(replace(request, headers={**request.headers, "x-twilio-signature": both}))
    assert status in await door.call(sent)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/webhooks/sms", b" 405 "),
        ("POST", "/webhooks/sms/other", b" 404 "),
        ("POST", "/healthz", b" 405 "),
        ("GET", "/readyz", b" 200 "),
    ],
)
async def test_what_is_no_providers_post_goes_the_usual_way(door: Door, method: str, path: str, status: bytes) -> None:
    sent = f"{method} {path} HTTP/1.1\r\nhost: hotline.example\r\ncontent-length: 0\r\n\r\n"
    assert status in await door.call(sent.encode())


async def test_a_head_that_does_not_end_closes_the_connection(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    for begun in (b"", b"POST /webhooks/sms HT", b"POST /webhooks/sms HTTP/1.1\r\nx-a: b\r\n"):
        began = time.monotonic()
        assert await door.call(begun, wait=3) == b""
        assert 0.15 < time.monotonic() - began < 2


async def test_a_body_that_does_not_come_closes_the_connection(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.2)
    head = TELEGRAM + SECRET.encode() + b"\r\ncontent-length: 1000\r\n\r\n{"
    began = time.monotonic()
    assert b" 200 " not in await door.call(head, wait=3)
    assert time.monotonic() - began < 2 and not door.inbox.messages


async def test_a_byte_now_and_then_does_not_prolong_the_wait(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.4)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    began = time.monotonic()

    async def drip() -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(b"POST /webhooks/sms HTTP/1.1\r\n")
            while True:
                writer.write(b"x-a: b\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)

    dripping = asyncio.create_task(drip())
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 3) == b""
    assert time.monotonic() - began < 2
    dripping.cancel()
    writer.close()


async def test_line_ends_after_an_answer_do_not_hold_a_connection_for_ever(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    assert await _reads_to_the_end(door, as_bytes(text_of(1)) + b"\r\n") < 3


async def _reads_to_the_end(door: Door, sent: bytes) -> float:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    began = time.monotonic()
    writer.write(sent[:-2])
    await reader.readuntil(b"\r\n\r\n")
    writer.write(sent[-2:])
    with contextlib.suppress(ConnectionError):
        await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return time.monotonic() - began


async def test_a_head_without_end_is_refused_and_not_gathered(door: Door) -> None:
    head = b"POST /webhooks/sms HTTP/1.1\r\nx-a: " + b"a" * (patience.MOST_HEAD_BYTES + 300_000)
    answer = await door.call(head)
    assert answer == b"" or _status(answer) == 400


async def test_a_signed_text_is_answered_beside_five_hundred_slow_callers(door: Door) -> None:
    slow = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(500)]
    for number, (_, writer) in enumerate(slow):
        writer.write(b"POST /webhooks/sms HTTP/1.1\r\n" if number % 2 else TELEGRAM + SECRET.encode())
    began = time.monotonic()
    assert _status(await door.call(as_bytes(text_of(1)))) == 200
    assert time.monotonic() - began < 2
    for _, writer in slow:
        writer.close()


async def test_when_the_door_is_full_the_one_that_waits_longest_goes(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "MOST_CONNECTIONS", 20)
    slow = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(25)]
    assert _status(await door.call(as_bytes(text_of(1)))) == 200
    assert await asyncio.wait_for(slow[0][0].read(), 3) == b""
    assert not slow[-1][0].at_eof()
    for _, writer in slow:
        writer.close()


async def test_who_only_idles_after_an_answer_goes_before_anybody_who_is_waited_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(12)]
    for reader, writer in idle:
        writer.write(b"GET / HTTP/1.1\r\nhost: h\r\n\r\n")
        assert b"404" in await reader.readuntil(b"\r\n\r\n")
    monkeypatch.setattr(patience, "MOST_CONNECTIONS", 12)
    slow = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(6)]
    assert _status(await door.call(as_bytes(text_of(1)))) == 200
    for reader, _ in idle[:6]:
        await asyncio.wait_for(reader.read(), 3)
    assert not any(reader.at_eof() for reader, _ in (*idle[7:], *slow))
    for _, writer in (*idle, *slow):
        writer.close()


async def test_a_replayed_request_is_handled_once_x4(door: Door) -> None:
    request = as_bytes(text_of(7))
    assert [_status(await door.call(request)) for _ in range(3)] == [200] * 3
    assert len(door.inbox.messages) == 1 and door.counted["sms", "repeated"] == 2
