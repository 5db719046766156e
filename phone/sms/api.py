"""Twilio's REST API (2010-04-01) as far as messages need it: create, list, fetch, redact, delete, media, numbers."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phone.sms.authentication import is_authenticated
from phone.sms.provider import SmsProvider
from phone.sms.records import delete_media, delete_message, fetch_message, list_media, list_messages, redact_message
from phone.sms.refusals import refuse
from phone.sms.registration import fetch_number, list_numbers, update_number
from phone.sms.sending import create_message

ACCOUNT = "/2010-04-01/Accounts/{account}"
Handler = Callable[[SmsProvider, Request], Awaitable[Response]]


def build_routes(provider: SmsProvider) -> list[Route]:
    """Every route of the API, each behind HTTP basic authentication."""
    table: list[tuple[str, str, Handler]] = [
        ("POST", "/Messages.json", create_message),
        ("GET", "/Messages.json", list_messages),
        ("GET", "/Messages/{sid}.json", fetch_message),
        ("POST", "/Messages/{sid}.json", redact_message),
        ("DELETE", "/Messages/{sid}.json", delete_message),
        ("GET", "/Messages/{sid}/Media.json", list_media),
        ("DELETE", "/Messages/{sid}/Media/{media}.json", delete_media),
        ("GET", "/IncomingPhoneNumbers.json", list_numbers),
        ("GET", "/IncomingPhoneNumbers/{sid}.json", fetch_number),
        ("POST", "/IncomingPhoneNumbers/{sid}.json", update_number),
    ]
    return [Route(ACCOUNT + path, _guard(provider, handler), methods=[method]) for method, path, handler in table]


def _guard(provider: SmsProvider, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not is_authenticated(request, provider.world.settings):
            return refuse(20003)
        return await handler(provider, request)

    return endpoint
