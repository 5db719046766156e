"""Messages that are kept: list, fetch, redact, delete, and their media."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from phone.bodies import read_form
from phone.connections import drop
from phone.sms.messages import UNFINISHED, Media, Message
from phone.sms.paging import paged, read_number
from phone.sms.provider import CHANNEL, SmsProvider
from phone.sms.refusals import refuse
from phone.sms.sending import answer_fault


async def list_messages(provider: SmsProvider, request: Request) -> Response:
    """GET Messages.json: by To, From and DateSent (day, or before and after), newest first, in pages."""
    query = request.query_params
    found = provider.messages.find_by(query.get("To", ""), query.get("From", ""))
    page, size = read_number(query.get("Page"), 0), max(1, min(read_number(query.get("PageSize"), 50), 1000))
    messages, more = provider.messages.list_page(_by_date(found, query), page, size)
    return JSONResponse(paged(request, "messages", [m.as_json() for m in messages], page, size, more=more))


def _by_date(found: Iterator[Message], query: Mapping[str, str]) -> Iterator[Message]:
    """Twilio compares days, in UTC; a moment is cut to its day."""
    day, before, after = (query.get(name, "")[:10] for name in ("DateSent", "DateSent<", "DateSent>"))
    for message in found:
        sent = datetime.fromtimestamp(message.sent_at or message.created_at, UTC).date().isoformat()
        if day in {"", sent} and (not before or sent <= before) and (not after or sent >= after):
            yield message


async def fetch_message(provider: SmsProvider, request: Request) -> Response:
    """GET one message."""
    message = provider.messages.find(request.path_params["sid"])
    return JSONResponse(message.as_json()) if message else refuse(20404)


async def redact_message(provider: SmsProvider, request: Request) -> Response:
    """POST one message with an empty Body: its words go, once it is complete; nothing else may change."""
    fields = await read_form(request)
    return await _erase(provider, request, whole=False, allowed=fields.get("Body") == "")


async def delete_message(provider: SmsProvider, request: Request) -> Response:
    """DELETE one message: refused with 20009 before it is complete."""
    return await _erase(provider, request, whole=True, allowed=True)


async def _erase(provider: SmsProvider, request: Request, *, whole: bool, allowed: bool) -> Response:
    message = provider.messages.find(request.path_params["sid"])
    if message is None:
        return refuse(20404)
    fault = provider.world.take_fault(CHANNEL, "erase", message.texter)
    if fault and (response := await answer_fault(request, fault)) is not None:
        return response
    if not allowed:
        return refuse(30400)
    if message.status in UNFINISHED:
        return refuse(20009)
    provider.erase(message, whole=whole)
    if fault and fault.kind == "drop":
        return await drop(request)
    return Response(status_code=204) if whole else JSONResponse(message.as_json())


async def list_media(provider: SmsProvider, request: Request) -> Response:
    """GET the media of a message."""
    message = provider.messages.find(request.path_params["sid"])
    if message is None:
        return refuse(20404)
    items = [_media_json(message, media) for media in message.media]
    return JSONResponse(paged(request, "media_list", items, 0, 50, more=False))


def _media_json(message: Message, media: Media) -> dict[str, Any]:
    dates = {name: message.as_json()[name] for name in ("date_created", "date_updated")}
    uri = f"{message.uri}/Media/{media.sid}.json"
    return dates | {
        "sid": media.sid,
        "account_sid": message.account_sid,
        "parent_sid": message.sid,
        "content_type": media.content_type,
        "uri": uri,
    }


async def delete_media(provider: SmsProvider, request: Request) -> Response:
    """DELETE one attachment of a message."""
    message = provider.messages.find(request.path_params["sid"])
    kept = [media for media in message.media if media.sid != request.path_params["media"]] if message else []
    if message is None or len(kept) == len(message.media):
        return refuse(20404)
    message.media = kept
    provider.world.receipts.add(CHANNEL, "delete_media", "accepted", message.texter, message.sid)
    return Response(status_code=204)
