"""What we send, and what our fixtures say the providers send, against the providers' published specifications."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import Erasure
from connectors.sms.connector import SmsConnector
from connectors.sms.examination import examine_sms
from connectors.sms.registration import register_sms
from connectors.telegram.connector import TelegramConnector
from connectors.telegram.fields import SERVICE_FIELDS
from connectors.telegram.payload import parse_update
from connectors.telegram.registration import ALLOWED_UPDATES, register_telegram
from hotline.messages import InboundMessage, Kind
from tests.connectors.conftest import sms_config, sms_message, telegram_config, telegram_message
from tests.connectors.payloads import ACCOUNT, IGNORED_UPDATES, MEDIA_UPDATES, membership, message, text_update, update
from tests.connectors.provider import Call, FakeProvider, Fault

SPECIFICATIONS = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def load_specification(name: str) -> dict[str, Any]:
    path = SPECIFICATIONS / name
    if not path.exists():
        reason = f"{name} is not in ../shared/data beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    specification: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return specification


@pytest.fixture(scope="module")
def bot_api() -> dict[str, Any]:
    return load_specification("telegram_bot_api.json")


@pytest.fixture(scope="module")
def twilio_api() -> dict[str, Any]:
    return load_specification("twilio_api_v2010.json")


def check_twilio_call(call: Call, specification: dict[str, Any]) -> str:
    """The path's template; fails where the method or a field is unknown or a required one is missing."""
    for template, operations in specification["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if not re.fullmatch(pattern, call.path):
            continue
        operation = operations[call.method.lower()]
        parameters = {p["name"]: p for p in operation.get("parameters", []) if p["in"] == "query"}
        assert set(call.query) <= set(parameters)
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
        assert set(call.form) <= set(schema.get("properties", {}))
        assert set(schema.get("required", [])) <= set(call.form)
        return str(template)
    raise AssertionError("no such path in the specification")


async def test_every_twilio_request_is_in_its_specification(
    sms: SmsConnector, provider: FakeProvider, twilio_api: dict[str, Any]
) -> None:
    sent = await sms.send(sms_message())
    await sms.find_sent(sms_message())
    provider.sms["MM" + "c" * 32] = dict(provider.sms[sent.external_id])
    provider.media["MM" + "c" * 32] = ["ME1"]
    for external_id in (sent.external_id, "MM" + "c" * 32):
        await sms.erase(Erasure(sms.channel, sms_message().address, (external_id,)))  # type: ignore[arg-type]
    await register_sms(sms_config(provider))
    templates = [check_twilio_call(call, twilio_api).removeprefix("/2010-04-01/Accounts/") for call in provider.calls]
    assert set(templates) == {
        "{AccountSid}/Messages.json",
        "{AccountSid}/Messages/{Sid}.json",
        "{AccountSid}/Messages/{MessageSid}/Media.json",
        "{AccountSid}/Messages/{MessageSid}/Media/{Sid}.json",
        "{AccountSid}/IncomingPhoneNumbers.json",
        "{AccountSid}/IncomingPhoneNumbers/{Sid}.json",
    }


async def test_looking_at_the_account_asks_and_reads_what_twilio_specifies(
    provider: FakeProvider, twilio_api: dict[str, Any]
) -> None:
    number = {"sid": "PN" + "d4" * 16, "sms_url": "", "sms_application_sid": "", "capabilities": {"sms": True}}
    account = {"sid": ACCOUNT, "status": "active", "type": "Full"}
    provider.faults = [Fault(200, account), Fault(200, {"incoming_phone_numbers": [number], "next_page_uri": None})]
    await examine_sms(sms_config(provider))
    templates = [check_twilio_call(call, twilio_api).removeprefix("/2010-04-01/Accounts/") for call in provider.calls]
    assert templates == ["{Sid}.json", "{AccountSid}/IncomingPhoneNumbers.json"]
    assert {call.method for call in provider.calls} == {"GET"}
    schemas = twilio_api["components"]["schemas"]
    assert set(account) <= set(schemas["api.v2010.account"]["properties"])
    assert set(number) <= set(schemas["api.v2010.account.incoming_phone_number"]["properties"])
    assert "active" in schemas["account_enum_status"]["enum"] and "Trial" in schemas["account_enum_type"]["enum"]


async def test_the_provider_of_our_tests_answers_in_twilios_shape(
    sms: SmsConnector, provider: FakeProvider, twilio_api: dict[str, Any]
) -> None:
    await sms.send(sms_message())
    (record,) = provider.sms.values()
    assert set(record) <= set(twilio_api["components"]["schemas"]["api.v2010.account.message"]["properties"])


async def test_every_bot_api_request_is_in_its_specification(
    telegram: TelegramConnector, provider: FakeProvider, bot_api: dict[str, Any]
) -> None:
    sent = await telegram.send(telegram_message())
    await telegram.erase(Erasure(telegram.channel, telegram_message().address, (sent.external_id,)))
    await register_telegram(telegram_config(provider))
    for call in provider.calls:
        fields = {f["name"]: f for f in bot_api["methods"][call.path.rpartition("/")[2]]["fields"]}
        assert set(call.form) <= set(fields)
        assert {name for name, field in fields.items() if field["required"]} <= set(call.form)
    assert len(provider.calls) == 3


def test_the_updates_that_we_ask_for_exist(bot_api: dict[str, Any]) -> None:
    assert set(ALLOWED_UPDATES) <= {field["name"] for field in bot_api["types"]["Update"]["fields"]}


def problems(value: Any, kinds: list[str], types: dict[str, Any], where: str) -> list[str]:
    """Where a value is not of one of the specification's types; one level of naming for a readable failure."""
    found: list[str] = []
    for kind in kinds:
        subtypes = types.get(kind, {}).get("subtypes") or []
        found = problems(value, subtypes, types, where) if subtypes else _problems_of_one(value, kind, types, where)
        if not found:
            return []
    return found


def _problems_of_one(value: Any, kind: str, types: dict[str, Any], where: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [p for item in value for p in problems(item, [kind.removeprefix("Array of ")], types, where)]
    plain = {"String": str, "Integer": int, "Boolean": bool, "Float": float}.get(kind)
    if plain is not None:
        return [] if isinstance(value, plain) else [f"{where} is no {kind}"]
    fields = {field["name"]: field for field in types[kind].get("fields", [])}
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    found = [f"{where}.{name} is missing" for name, f in fields.items() if f["required"] and name not in value]
    for name, inner in value.items():
        known = name in fields
        found += problems(inner, fields[name]["types"], types, f"{where}.{name}") if known else [f"{where}.{name}?"]
    return found


FROM_TOMORROW = "a kind that does not exist yet"
UPDATES = {
    "text": text_update("hello"),
    "blocked": membership("member", "kicked"),
    **{f"media: {name}": body for name, body in MEDIA_UPDATES.items() if name != FROM_TOMORROW},
    **{f"ignored: {name}": body for name, body in IGNORED_UPDATES.items() if name != FROM_TOMORROW},
}


@pytest.mark.parametrize("name", UPDATES)
def test_every_update_in_our_tests_has_telegrams_shape(name: str, bot_api: dict[str, Any]) -> None:
    assert problems(UPDATES[name], ["Update"], bot_api["types"], "update") == []


def test_every_kind_of_update_is_answered(bot_api: dict[str, Any]) -> None:
    """X2: of a kind that we do not read, nothing is read at all."""
    for field in bot_api["types"]["Update"]["fields"]:
        if field["name"] not in {"update_id", *ALLOWED_UPDATES}:
            assert parse_update(json.dumps(update(**{field["name"]: {}})).encode()) is None


ENVELOPE = """
    message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot
    sender_tag date guest_query_id business_connection_id chat forward_origin is_topic_message is_automatic_forward
    reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id reply_to_poll_option_id via_bot
    guest_bot_caller_user guest_bot_caller_chat edit_date has_protected_content is_from_offline is_paid_post
    media_group_id author_signature paid_star_count entities link_preview_options suggested_post_info effect_id
    caption_entities show_caption_above_media has_media_spoiler reply_markup
"""
WORDS = "text caption"
MEDIA = """
    rich_message animation audio document live_photo paid_media photo sticker story video video_note voice checklist
    contact dice game poll venue location invoice giveaway
"""


def test_every_field_of_a_message_is_words_media_notice_or_envelope(bot_api: dict[str, Any]) -> None:
    """A new field in a new specification must be placed before this passes again."""
    placed = [*ENVELOPE.split(), *WORDS.split(), *MEDIA.split(), *SERVICE_FIELDS]
    assert sorted(placed) == sorted(field["name"] for field in bot_api["types"]["Message"]["fields"])


@pytest.mark.parametrize("name", MEDIA.split())
def test_every_kind_of_media_is_answered_and_none_is_opened(name: str) -> None:
    """C12."""
    parsed = parse_update(json.dumps(update(message=message(**{name: {"not": "even valid"}}))).encode())
    assert isinstance(parsed, InboundMessage)
    assert parsed.kind is Kind.MEDIA
