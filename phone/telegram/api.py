"""The Bot API as far as a hotline's bot needs it; every other method is answered with true."""

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phone.bodies import read_fields
from phone.connections import drop, hold
from phone.errors import PracticeError
from phone.faults import Fault
from phone.handsets import Handset
from phone.telegram import refusals
from phone.telegram.provider import CHANNEL, BotWebhook, TelegramProvider, parse_chat_id
from phone.telegram.refusals import refuse, refuse_flood
from phone.telegram.specification import load_specification

LONGEST_TEXT = 4096
MOST_IDS = 100
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
Fields = dict[str, Any]
Handler = Callable[[TelegramProvider, Request, Fields], Awaitable[Response]]


def build_routes(provider: TelegramProvider) -> list[Route]:
    """One route: the token and the method are in the path."""
    specification = load_specification(provider.world.settings.telegram_specification)

    async def endpoint(request: Request) -> Response:
        if not hmac.compare_digest(request.path_params["token"].encode(), provider.world.settings.bot_token.encode()):
            return refuse(refusals.UNAUTHORIZED)
        method = request.path_params["method"]
        try:
            fields = await read_fields(request)
        except PracticeError:
            return refuse((400, "Bad Request: can't parse the body"))
        mistake = specification.find_mistake(method, fields) if specification else None
        if mistake is not None:
            return refuse(mistake)
        return await HANDLERS.get(method.lower(), answer_true)(provider, request, fields)

    return [Route("/bot{token}/{method}", endpoint, methods=["GET", "POST"])]


def _answer(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


async def answer_true(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """Methods that only need to succeed."""
    return _answer(True)


async def get_me(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """The bot itself."""
    abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
    return _answer(provider.bot | dict.fromkeys(abilities, False))


async def set_webhook(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """Sets where updates go; a URL that would leave this machine is refused."""
    url, secret = str(fields.get("url", "")), str(fields.get("secret_token", ""))
    if url and provider.world.deliveries.find_target(url) is None:
        return refuse(refusals.BAD_WEBHOOK)
    if not SECRET.fullmatch(secret):
        return refuse(refusals.BAD_SECRET)
    kinds = fields.get("allowed_updates", provider.webhook.allowed_updates)
    provider.webhook = BotWebhook(url, secret, kinds if isinstance(kinds, list) else None)
    return _answer(True)


async def delete_webhook(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """Updates go nowhere."""
    provider.webhook = BotWebhook("", "")
    return _answer(True)


async def get_webhook_info(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """Where updates go and what went wrong last (WebhookInfo)."""
    webhook = provider.webhook
    info: Fields = {"url": webhook.url, "has_custom_certificate": False, "pending_update_count": webhook.pending}
    if webhook.allowed_updates:
        info["allowed_updates"] = webhook.allowed_updates
    if webhook.last_error_at is not None:
        info |= {"last_error_date": webhook.last_error_at, "last_error_message": webhook.last_error}
    return _answer(info)


async def send_message(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """Shows a text on the handset, or refuses it as Telegram would."""
    handset, text = _open_handset(provider, fields), str(fields.get("text", ""))
    if handset is None:
        return refuse(refusals.CHAT_EMPTY)
    fault = provider.world.take_fault(CHANNEL, "send", handset.address, text)
    if fault and fault.kind == "echo":
        return refuse((400, f"Bad Request: can't parse entities for chat {handset.address}: {text}"))
    if fault and (response := await answer_fault(request, fault)) is not None:
        return response
    mistake = _find_text_mistake(handset, text)
    if mistake is not None:
        provider.world.receipts.add(CHANNEL, "send", str(mistake[0]), handset.address, text=text)
        return refuse(mistake)
    message = provider.accept(handset, text, _read_buttons(fields.get("reply_markup")), fault)
    return await drop(request) if fault and fault.kind == "drop" else _answer(message)


def _open_handset(provider: TelegramProvider, fields: Fields) -> Handset | None:
    address = str(fields.get("chat_id", ""))
    try:
        parse_chat_id(address)
    except PracticeError:
        return None
    return provider.world.handsets.open(CHANNEL, address)


def _find_text_mistake(handset: Handset, text: str) -> tuple[int, str] | None:
    if handset.blocked:
        return refusals.BLOCKED
    if not text.strip():
        return refusals.TEXT_EMPTY
    return refusals.TEXT_LONG if len(text) > LONGEST_TEXT else None


def _read_buttons(markup: Any) -> list[list[str]]:
    """The labels of a reply keyboard, row by row."""
    rows = markup.get("keyboard", []) if isinstance(markup, dict) else []
    return [[button["text"] if isinstance(button, dict) else str(button) for button in row] for row in rows]


async def answer_fault(request: Request, fault: Fault) -> Response | None:
    """What a planned fault answers instead, None if the call goes on for now."""
    if fault.kind == "timeout":
        return await hold(request, fault.seconds)
    if fault.kind == "429":
        return refuse_flood(fault.seconds)
    reason = refusals.FAULTS.get(fault.kind)
    return None if reason is None else refuse(reason)


async def delete_message(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """Deletes one message of either side, if it is there and less than 48 hours old."""
    return await _delete(provider, request, fields, [fields.get("message_id")], must_exist=True)


async def delete_messages(provider: TelegramProvider, request: Request, fields: Fields) -> Response:
    """Deletes up to 100 messages; those that cannot be found are skipped."""
    ids = fields.get("message_ids")
    return await _delete(provider, request, fields, ids if isinstance(ids, list) else [], must_exist=False)


async def _delete(
    provider: TelegramProvider, request: Request, fields: Fields, given: list[Any], *, must_exist: bool
) -> Response:
    handset = _open_handset(provider, fields)
    if handset is None:
        return refuse(refusals.CHAT_EMPTY)
    ids = [int(value) for value in given if str(value).isdigit()]
    if not ids or len(ids) < len(given):
        return refuse(refusals.BAD_IDS)
    if len(ids) > MOST_IDS:
        return refuse(refusals.TOO_MANY_IDS)
    fault = provider.world.take_fault(CHANNEL, "erase", handset.address)
    if fault and (response := await answer_fault(request, fault)) is not None:
        return response
    if handset.blocked:
        return refuse(refusals.BLOCKED)
    if mistake := provider.find_deletion_mistake(handset, ids, must_exist=must_exist):
        return refuse(mistake)
    provider.delete(handset, ids)
    return await drop(request) if fault and fault.kind == "drop" else _answer(True)


HANDLERS: dict[str, Handler] = {
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
}
