"""What init and doctor see at the providers: a call each, nothing changed there (G: a newcomer agency)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from twilio.rest.messaging.v1.tollfree_verification import TollfreeVerificationInstance  # type: ignore[import-untyped]

from connectors.registry import examine_channel
from connectors.sms import examination
from connectors.sms.connector import STATUS_PATH, SmsConfig
from connectors.sms.registration import RETRY_OVERRIDES, WEBHOOK_PATH
from connectors.telegram.connector import TelegramConfig
from connectors.telegram.registration import ALLOWED_UPDATES
from hotline.findings import Grade, find_worst
from tests.connectors.payloads import ACCOUNT, BOT_TOKEN, HOTLINE
from tests.connectors.provider import FakeProvider, Fault, telegram_fault, twilio_fault

PUBLIC = "https://hotline.example.org"
OURS = PUBLIC + WEBHOOK_PATH + RETRY_OVERRIDES
SERVICE = "MG" + "b2" * 16


@pytest.fixture
async def provider():
    async with FakeProvider() as provider:
        yield provider


def _sms(provider: FakeProvider, **changed: str) -> SmsConfig:
    config = SmsConfig(PUBLIC, "token", account_sid=ACCOUNT, from_number=HOTLINE, api_url=provider.url)
    return replace(config, **changed)


def _answer(**fields: object) -> Fault:
    return Fault(200, fields)


def _account(status: str = "active", kind: str = "Full") -> Fault:
    return _answer(sid=ACCOUNT, status=status, type=kind)


def _number(**changed: object) -> Fault:
    number = {"sid": "PN" + "d4" * 16, "sms_url": OURS, "sms_application_sid": "", "capabilities": {"sms": True}}
    return _answer(incoming_phone_numbers=[number | changed], next_page_uri=None)


def _service(**changed: object) -> Fault:
    service = {
        "sid": SERVICE, "inbound_request_url": OURS, "use_inbound_webhook_on_number": False,
        "status_callback": PUBLIC + STATUS_PATH, "us_app_to_person_registered": True,
    }  # fmt: skip
    return _answer(**service | changed)


def _toll_free(*states: str) -> Fault:
    return _answer(verifications=[{"sid": f"HH{n:032x}", "status": one} for n, one in enumerate(states)], meta={
        "key": "verifications", "next_page_url": None, "url": "x", "first_page_url": "x", "previous_page_url": None,
        "page": 0, "page_size": 50})  # fmt: skip


async def _told(provider: FakeProvider, config: SmsConfig | TelegramConfig, *answers: Fault) -> tuple[Grade, str]:
    provider.faults = list(answers)
    found = await examine_channel(config)
    assert all(call.method == "GET" or "/bot" in call.path for call in provider.calls)
    return find_worst(found), "\n".join(one.line() for one in found)


async def test_a_registered_messaging_service_that_leads_to_us_is_well(provider: FakeProvider) -> None:
    grade, told = await _told(provider, _sms(provider, messaging_service_sid=SERVICE), _account(), _service())
    assert grade is Grade.WELL, told


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([_account("suspended"), _number()], "suspended"),
        ([_account(kind="Trial"), _number()], "trial"),
        ([twilio_fault(401, 20003)], "refuses our SID or token"),
        ([Fault(drop=True)], "cannot be asked"),
        ([_account(), _answer(incoming_phone_numbers=[], next_page_uri=None)], "not a number of this account"),
        ([_account(), _number(sms_url="https://elsewhere.example/sms")], "elsewhere"),
        ([_account(), _number(sms_application_sid="AP1")], "application"),
        ([_account(), _number(capabilities={"sms": False})], "takes no texts"),
    ],
)
async def test_what_keeps_texts_from_us_is_wrong_and_says_what_to_do(
    provider: FakeProvider, answers: list[Fault], said: str
) -> None:
    grade, told = await _told(provider, _sms(provider), *answers)
    assert grade is Grade.WRONG
    assert said in told and " -> " in told
    assert HOTLINE not in told and ACCOUNT not in told


async def test_a_webhook_without_retries_is_to_be_looked_at(provider: FakeProvider) -> None:
    number = _sms(provider, from_number="+4915550100")
    grade, told = await _told(provider, number, _account(), _number(sms_url=PUBLIC + WEBHOOK_PATH))
    assert grade is Grade.LOOK and "no retries" in told


@pytest.mark.parametrize(
    ("states", "grade"),
    [
        ((), Grade.WRONG),
        (("TWILIO_REJECTED",), Grade.WRONG),
        (("PENDING_REVIEW",), Grade.LOOK),
        (("TWILIO_REJECTED", "TWILIO_APPROVED"), Grade.WELL),
    ],
)
async def test_a_toll_free_number_needs_its_verification(
    provider: FakeProvider, states: tuple[str, ...], grade: Grade
) -> None:
    config = _sms(provider, from_number="+18885550100")
    found, told = await _told(provider, config, _account(), _number(), _toll_free(*states))
    assert found is grade, told


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"us_app_to_person_registered": False}, "A2P 10DLC"),
        ({"use_inbound_webhook_on_number": True}, "leaves texts to its numbers"),
        ({"status_callback": ""}, "status callback"),
        ({"inbound_request_url": None}, "elsewhere"),
    ],
)
async def test_a_service_that_is_not_registered_or_leads_elsewhere_is_wrong(
    provider: FakeProvider, changed: dict[str, object], said: str
) -> None:
    config = _sms(provider, messaging_service_sid=SERVICE)
    grade, told = await _told(provider, config, _account(), _service(**changed))
    assert grade is Grade.WRONG and said in told


def _webhook(**changed: object) -> Fault:
    info = {"url": f"{PUBLIC}/webhooks/telegram", "has_custom_certificate": False, "pending_update_count": 0,
            "allowed_updates": list(ALLOWED_UPDATES)}  # fmt: skip
    return _answer(ok=True, result=info | changed)


@pytest.mark.parametrize(
    ("answer", "grade", "said"),
    [
        (_webhook(), Grade.WELL, "to our webhook"),
        (_webhook(url=""), Grade.WRONG, "elsewhere"),
        (_webhook(pending_update_count=40), Grade.WRONG, "40 messages wait"),
        (_webhook(allowed_updates=["message"]), Grade.LOOK, "other kinds"),
        (_webhook(last_error_date=int(datetime.now(UTC).timestamp()), last_error_message="x"), Grade.LOOK, "lately"),
        (telegram_fault(401, "Unauthorized"), Grade.WRONG, "token"),
    ],
)
async def test_a_bot_whose_messages_come_to_us_is_well_and_any_other_is_not(
    provider: FakeProvider, answer: Fault, grade: Grade, said: str
) -> None:
    config = TelegramConfig(webhook_secret="s" * 32, bot_token=BOT_TOKEN, public_url=PUBLIC, api_url=provider.url)
    found, told = await _told(provider, config, answer)
    assert found is grade and said in told
    assert BOT_TOKEN not in told


def test_the_states_of_a_verification_are_those_of_twilios_library() -> None:
    states = TollfreeVerificationInstance.Status
    assert (states.TWILIO_APPROVED, states.TWILIO_REJECTED) == (examination._APPROVED, examination._REJECTED)
