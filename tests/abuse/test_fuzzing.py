"""Both webhooks, fuzzed through the real application over a real store: never a 500, never a word in the open (P2).

The short form runs with every ``make test``; the long one, 10,000 cases in all, is a proof of its own.
"""

import asyncio
import base64
import contextlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.readiness import Readiness
from app.webhooks import Webhooks, build_webhooks
from connectors.contract import WebhookRequest
from connectors.errors import PayloadError
from connectors.sms.connector import SmsConfig, SmsConnector
from connectors.sms.form import parse_form
from connectors.sms.payload import parse_webhook
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from connectors.telegram.payload import parse_update
from hotline.messages import SMS, TELEGRAM
from storage.connection import Store
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.inbox import Inbox
from storage.keyspace import PARTITIONS
from tests.abuse.mutations import CANARY, encode_pairs, sms_pairs, update_bodies
from tests.connectors.payloads import AUTH_TOKEN, PUBLIC_URL, SECRET, SMS_URL, sign
from tests.real_store import RealStores
from tests.storage.conftest import ADDRESS_KEYS, SERVER_KEY
from vault.keyring import Keyring

SHORT, LONG, BATCH = 300, 2_500, 100
_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
short = settings(max_examples=SHORT, deadline=None, suppress_health_check=_QUIET, derandomize=True)
long = settings(
    max_examples=LONG, deadline=None, suppress_health_check=_QUIET, database=None, phases=[Phase.generate, Phase.shrink]
)


@dataclass
class Fuzzed:
    """The application as the provider reaches it, without a socket; remembers every answer."""

    servers: RealStores
    answers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self._open())

    async def _open(self) -> None:
        worker_keys = Store(self.servers.url("keys", "worker"))
        await ContentKeys(worker_keys, Keyring([SERVER_KEY])).ensure_inbox()
        await worker_keys.aclose()
        store, keys = Store(self.servers.url("store", "webhooks")), Store(self.servers.url("keys", "webhooks"))
        self.stores, inbox = (store, keys), Inbox(store, InboxPublicKeys(keys), ADDRESS_KEYS)
        connectors = {
            SMS: SmsConnector(SmsConfig(PUBLIC_URL, AUTH_TOKEN), sending=False),
            TELEGRAM: TelegramConnector(TelegramConfig(webhook_secret=SECRET), sending=False),
        }
        webhooks = Webhooks(connectors, inbox, PUBLIC_URL, lambda channel, outcome: None)
        self.application = build_webhooks(webhooks, Readiness(store, keys).find_fault)
        self.looking = Store(self.servers.url("store", "worker"))

    def posts(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """The status of one request; anything that is raised is a failure, as it would be a 500."""
        status = self.loop.run_until_complete(self._post(path, headers, body))
        self.answers[status] = self.answers.get(status, 0) + 1
        assert status in {200, 403, 413}
        if sum(self.answers.values()) % BATCH == 0:
            self.holds_no_word()
        return status

    async def _post(self, path: str, headers: dict[str, str], body: bytes) -> int:
        sent: list[Any] = []
        scope = {
            "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
            "http_version": "1.1", "scheme": "http", "server": ("h", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Any:
            return next(messages, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        return int(sent[0]["status"])

    def holds_no_word(self) -> None:
        """Looks through everything that the store keeps, and empties it."""
        self.loop.run_until_complete(self._look())

    async def _look(self) -> None:
        for partition in range(PARTITIONS):
            for _, fields in await self.looking.call("XRANGE", f"inbox:{partition}", "-", "+"):
                kept = b" ".join(fields.values())
                assert CANARY.encode() not in kept and b"7025550" not in kept
            await self.looking.call("DEL", f"inbox:{partition}")
        cursor: Any = 0
        while True:
            cursor, some = await self.looking.call("SCAN", cursor, "MATCH", "seen:*", "COUNT", 1000)
            if some:
                await self.looking.call("DEL", *some)
            if int(cursor) == 0:
                return

    def close(self) -> None:
        self.holds_no_word()
        for store in (*self.stores, self.looking):
            self.loop.run_until_complete(store.aclose())
        self.loop.close()


@pytest.fixture
def fuzzed(servers: RealStores) -> Iterator[Fuzzed]:
    fuzzed = Fuzzed(servers)
    yield fuzzed
    fuzzed.close()


@pytest.fixture
def signed(fuzzed: Fuzzed) -> Iterator[Fuzzed]:
    """The same, where most requests must get past the signature, or nothing behind it was tried."""
    yield fuzzed
    assert fuzzed.answers.get(200, 0) > 9 * fuzzed.answers.get(403, 0), fuzzed.answers


def _post_form(fuzzed: Fuzzed, body: bytes) -> int:
    """Signs whatever the body is, as its sender would."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="surrogatepass")
        signature = sign(SMS_URL, pairs, AUTH_TOKEN)
    except ValueError:
        signature = base64.b64encode(hmac.new(AUTH_TOKEN.encode(), SMS_URL.encode() + body, "sha1").digest()).decode()
    return fuzzed.posts("/webhooks/sms", {"x-twilio-signature": signature}, body)


def _post_update(fuzzed: Fuzzed, body: bytes, secret: str = SECRET) -> int:
    return fuzzed.posts("/webhooks/telegram", {"x-telegram-bot-api-secret-token": secret}, body)


@short
@given(pairs=sms_pairs())
def test_a_signed_form_of_any_shape_is_never_a_server_error_and_never_kept_in_the_open(
    signed: Fuzzed, pairs: list[tuple[str, str]]
) -> None:
    _post_form(signed, encode_pairs(pairs))


@short
@given(body=update_bodies())
def test_a_signed_update_of_any_shape_is_always_answered_200(fuzzed: Fuzzed, body: bytes) -> None:
    assert _post_update(fuzzed, body) == 200


@short
@given(body=st.one_of(st.binary(max_size=300), update_bodies()), secret=st.text(max_size=40))
def test_what_is_not_signed_is_refused_whatever_it_says(fuzzed: Fuzzed, body: bytes, secret: str) -> None:
    assert _post_update(fuzzed, body, secret) == 403
    assert fuzzed.posts("/webhooks/sms", {"x-twilio-signature": secret}, body) == 403


@short
@given(body=st.one_of(st.binary(max_size=400), update_bodies(), sms_pairs().map(encode_pairs)))
def test_the_parsers_raise_what_they_say_and_nothing_else(body: bytes) -> None:
    _parse(body)


def _parse(body: bytes) -> None:
    for parse in (parse_update, lambda one: parse_webhook(parse_form(one))):
        with contextlib.suppress(PayloadError):
            parse(body)


BRACKETS = 100_000


@pytest.mark.parametrize(
    "body",
    [
        b"[" * BRACKETS,
        b'{"message":' * 20_000,
        b"[" * BRACKETS + b"]" * BRACKETS,
        b'{"update_id":' + b"9" * 5000 + b"}",
        b'{"update_id":1e999}',
        b'{"update_id":1,"update_id":2,"message":{},"message":null}',
        b'{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"text":"\\ud800\\udfff"}}',
        b'{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"text":"\xff\xfe"}}',
        b'{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"text":"a\\u0000b"}}',
        b"\xff\xfe{\x00",
        b"\xef\xbb\xbf{}",
        b"\0" * 1000,
    ],
)
def test_deep_huge_doubled_and_broken_json_is_answered_200_and_brings_nothing_down(fuzzed: Fuzzed, body: bytes) -> None:
    assert _post_update(fuzzed, body) == 200


def test_a_form_of_ten_thousand_fields_is_refused(fuzzed: Fuzzed) -> None:
    assert _post_form(fuzzed, b"&".join(b"a%d=1" % number for number in range(10_000))) == 403


def test_a_megabyte_of_emoji_is_refused(fuzzed: Fuzzed) -> None:
    assert _post_update(fuzzed, "\U0001f600".encode() * 250_000) == 413
    assert _post_form(fuzzed, b"Body=" + b"%F0%9F%98%80" * 80_000) == 413


def test_a_text_with_nuls_and_half_characters_is_kept_sealed_and_can_be_read_again(fuzzed: Fuzzed) -> None:
    request = WebhookRequest(
        "", {}, b'{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"text":"a\\u0000\\ud800b"}}'
    )
    message = TelegramConnector(TelegramConfig(webhook_secret=SECRET), sending=False).parse(request)
    assert message and message.text == "a\0?b"


@pytest.mark.proof
@pytest.mark.timeout(3600)
@long
@given(pairs=sms_pairs())
def test_two_thousand_five_hundred_signed_forms(signed: Fuzzed, pairs: list[tuple[str, str]]) -> None:
    _post_form(signed, encode_pairs(pairs))


@pytest.mark.proof
@pytest.mark.timeout(3600)
@long
@given(body=update_bodies())
def test_two_thousand_five_hundred_signed_updates(fuzzed: Fuzzed, body: bytes) -> None:
    assert _post_update(fuzzed, body) == 200


@pytest.mark.proof
@pytest.mark.timeout(3600)
@long
@given(body=st.one_of(st.binary(max_size=400), update_bodies()), secret=st.text(max_size=40))
def test_two_thousand_five_hundred_forged_ones(fuzzed: Fuzzed, body: bytes, secret: str) -> None:
    assert _post_update(fuzzed, body, secret) == 403


@pytest.mark.proof
@pytest.mark.timeout(3600)
@long
@given(body=st.one_of(st.binary(max_size=400), update_bodies(), sms_pairs().map(encode_pairs)))
def test_two_thousand_five_hundred_bodies_through_both_parsers(body: bytes) -> None:
    _parse(body)
