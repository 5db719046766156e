"""What the emulators answer and post, checked against the providers' published descriptions (X1, X2)."""

from typing import Any

import jsonschema
import pytest

from phone.telegram.updates import KINDS
from tests.phone.conftest import DATA
from tests.phone.stage import CHAT, NUMBER, TEXTER, open_stage

MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"
NUMBERS = "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers"


def as_json_schema(node: Any) -> Any:
    """OpenAPI's ``nullable`` and ``$ref`` in JSON Schema's words, unknown properties refused."""
    if isinstance(node, list):
        return [as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    schema = {name: as_json_schema(value) for name, value in node.items() if name not in {"nullable", "format"}}
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        schema["additionalProperties"] = False
    return {"anyOf": [schema, {"type": "null"}]} if node.get("nullable") else schema


@pytest.fixture(scope="session")
def check_twilio(twilio_specification):
    components = as_json_schema(twilio_specification["components"]["schemas"])

    def check(answer, path: str, method: str, status: str) -> None:
        assert str(answer.status_code) == status
        response = twilio_specification["paths"][path][method]["responses"][status]
        schema = as_json_schema(response["content"]["application/json"]["schema"])
        jsonschema.validate(answer.json(), schema | {"components": {"schemas": components}})

    return check


async def test_twilios_answers_have_twilios_shape(stage, check_twilio):
    sent = await stage.send_sms("hello")
    sid = sent.json()["sid"]
    check_twilio(sent, f"{MESSAGES}.json", "post", "201")
    check_twilio(await stage.twilio("GET", f"/Messages/{sid}.json"), f"{MESSAGES}/{{Sid}}.json", "get", "200")
    await stage.settle(sid)
    redacted = await stage.twilio("POST", f"/Messages/{sid}.json", data={"Body": ""})
    check_twilio(redacted, f"{MESSAGES}/{{Sid}}.json", "post", "200")
    picture = (await stage.write(text="", kind="photo"))["external_id"]
    check_twilio(await stage.twilio("GET", "/Messages.json"), f"{MESSAGES}.json", "get", "200")
    media = await stage.twilio("GET", f"/Messages/{picture}/Media.json")
    check_twilio(media, f"{MESSAGES}/{{MessageSid}}/Media.json", "get", "200")


async def test_twilios_numbers_have_twilios_shape(stage, check_twilio):
    listed = await stage.twilio("GET", "/IncomingPhoneNumbers.json")
    check_twilio(listed, f"{NUMBERS}.json", "get", "200")
    sid = listed.json()["incoming_phone_numbers"][0]["sid"]
    check_twilio(
        await stage.twilio("GET", f"/IncomingPhoneNumbers/{sid}.json"), f"{NUMBERS}/{{Sid}}.json", "get", "200"
    )
    updated = await stage.twilio("POST", f"/IncomingPhoneNumbers/{sid}.json", data={"FriendlyName": "line"})
    check_twilio(updated, f"{NUMBERS}/{{Sid}}.json", "post", "200")


async def test_the_shape_check_refuses_an_unknown_field(stage, check_twilio):
    sent = await stage.send_sms("hello")
    with pytest.raises(jsonschema.ValidationError):
        check_twilio(FakeAnswer(201, sent.json() | {"surprise": 1}), f"{MESSAGES}.json", "post", "201")


class FakeAnswer:
    def __init__(self, status_code: int, body: Any) -> None:
        self.status_code, self._body = status_code, body

    def json(self) -> Any:
        return self._body


PRIMITIVES = {"Integer": int, "String": str, "Boolean": bool, "Float": float, "True": bool}


def find_misfit(specification: Any, value: Any, kind: str) -> str | None:
    """Where a value is not of a Bot API type, None if it is."""
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        if not isinstance(value, list):
            return f"{kind}: not a list"
        return next((misfit for each in value if (misfit := find_misfit(specification, each, inner))), None)
    if kind in PRIMITIVES:
        return None if isinstance(value, PRIMITIVES[kind]) else f"{kind}: {type(value).__name__}"
    described = specification["types"][kind]
    if "subtypes" in described:
        misfits = [find_misfit(specification, value, name) for name in described["subtypes"]]
        return None if None in misfits else f"{kind}: {misfits}"
    return find_field_misfit(specification, value, kind, {field["name"]: field for field in described["fields"]})


def find_field_misfit(specification: Any, value: Any, kind: str, fields: dict[str, Any]) -> str | None:
    if unknown := value.keys() - fields.keys():
        return f"{kind}: unknown {unknown}"
    if missing := {name for name, field in fields.items() if field["required"]} - value.keys():
        return f"{kind}: missing {missing}"
    for name, given in value.items():
        misfits = [find_misfit(specification, given, each) for each in fields[name]["types"]]
        if None not in misfits:
            return f"{kind}.{name}: {misfits}"
    return None


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_updates_have_telegrams_shape(stage, telegram_specification, kind):
    await stage.write("telegram", "/start card7" if kind == "text" else "words", kind=kind)
    assert find_misfit(telegram_specification, stage.site.calls[0].json, "Update") is None


async def test_the_shape_check_refuses_a_misfit(telegram_specification):
    assert find_misfit(telegram_specification, {"update_id": "1"}, "Update")
    assert find_misfit(telegram_specification, {"update_id": 1, "surprise": {}}, "Update")


async def test_telegrams_answers_have_telegrams_shape(stage, telegram_specification):
    for method, fields, kind in (
        ("getMe", {}, "User"),
        ("getWebhookInfo", {}, "WebhookInfo"),
        ("sendMessage", {"chat_id": int(CHAT), "text": "hi"}, "Message"),
    ):
        result = (await stage.telegram(method, **fields)).json()["result"]
        assert find_misfit(telegram_specification, result, kind) is None


async def test_with_the_description_at_hand_calls_are_checked(telegram_specification):
    async with open_stage(PORCHLIGHT_PHONE_TELEGRAM_SPEC=str(DATA / "telegram_bot_api.json")) as stage:
        assert telegram_specification["methods"]
        fields = {"chat_id": int(CHAT), "text": "hi"}
        assert (await stage.telegram("sendMessage", **fields)).status_code == 200
        assert (await stage.telegram("SENDMESSAGE", **fields)).status_code == 200
        assert (await stage.telegram("sendMessages", **fields)).status_code == 404
        assert (await stage.telegram("sendMessage", chat_id=int(CHAT))).status_code == 400
        assert (await stage.telegram("sendMessage", **fields, surprise=1)).status_code == 400


async def test_every_field_that_twilio_takes_for_a_message_is_taken(stage, twilio_specification):
    body = twilio_specification["paths"][f"{MESSAGES}.json"]["post"]["requestBody"]["content"]
    (schema,) = (each["schema"] for each in body.values())
    optional = {name: "1" for name in schema["properties"] if name not in {"To", "From", "Body", "StatusCallback"}}
    optional |= {"ContentRetention": "discard", "AddressRetention": "obfuscate"}  # the emulator refuses what is neither
    data = {"To": TEXTER, "From": NUMBER, "Body": "hi"} | optional
    assert (await stage.twilio("POST", "/Messages.json", data=data)).status_code == 201
