"""Creating messages: checks, faults and refusals before a message is taken."""

import re
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from phone.bodies import read_form
from phone.connections import drop, hold
from phone.faults import Fault
from phone.parts import count_parts
from phone.sms.messages import Message
from phone.sms.provider import CHANNEL, SmsProvider
from phone.sms.refusals import FAULT_CODES, refuse

E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST_BODY = 1600


async def create_message(provider: SmsProvider, request: Request) -> Response:
    """POST Messages.json: takes a message, or refuses it with Twilio's code."""
    fields = await read_form(request)
    recipient, text = fields.get("To", ""), fields.get("Body", "")
    code = find_mistake(provider, fields)
    fault = None if code else provider.world.take_fault(CHANNEL, "send", recipient, text)
    if fault and fault.kind == "echo":
        return refuse(21408, said=f"{recipient} {text}")
    if fault and (response := await answer_fault(request, fault)) is not None:
        return response
    if code := code or (21610 if recipient in provider.opt_outs else None):
        provider.world.receipts.add(CHANNEL, "send", str(code), recipient, text=text)
        return refuse(code)
    message = build_message(provider, fields)
    provider.accept(message, fault)
    return await drop(request) if fault and fault.kind == "drop" else JSONResponse(message.as_json(), 201)


def find_mistake(provider: SmsProvider, fields: Mapping[str, str]) -> int | None:
    """Twilio's code for what is wrong with a message, None if nothing is."""
    text, sender, service = fields.get("Body", ""), fields.get("From"), fields.get("MessagingServiceSid")
    callback = fields.get("StatusCallback")
    checks = (
        (21604, "To" not in fields),
        (21211, not E164.fullmatch(fields.get("To", ""))),
        (21603, not sender and not service),
        (21606, bool(sender) and sender != provider.number.number),
        (21602, not text and "MediaUrl" not in fields),
        (21617, len(text) > LONGEST_BODY),
        (30029, fields.get("ContentRetention", "retain") not in {"retain", "discard"}),
        (30030, fields.get("AddressRetention", "retain") not in {"retain", "obfuscate"}),
        (21609, bool(callback) and provider.world.deliveries.find_target(callback or "") is None),
    )
    return next((code for code, wrong in checks if wrong), None)


def build_message(provider: SmsProvider, fields: Mapping[str, str]) -> Message:
    """A new outbound message, queued."""
    text = fields.get("Body", "")
    return Message(
        sid="SM" + secrets.token_hex(16),
        account_sid=provider.world.settings.account_sid,
        sender=provider.number.number,
        recipient=fields["To"],
        body=text,
        direction="outbound-api",
        status="queued",
        parts=count_parts(text).count,
        service_sid=fields.get("MessagingServiceSid"),
        status_callback=fields.get("StatusCallback", ""),
        discards_content=fields.get("ContentRetention") == "discard",
        obfuscates_address=fields.get("AddressRetention") == "obfuscate",
    )


async def answer_fault(request: Request, fault: Fault) -> Response | None:
    """What a planned fault answers instead, None if the call goes on for now."""
    if fault.kind == "timeout":
        return await hold(request, fault.seconds)
    code = FAULT_CODES.get(fault.kind)
    return None if code is None else refuse(code, fault.seconds if code == 20429 else None)
