"""The account's numbers: what ``channels register`` reads and sets."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from phone.bodies import read_form
from phone.sms.paging import paged
from phone.sms.provider import SmsProvider
from phone.sms.refusals import refuse


async def list_numbers(provider: SmsProvider, request: Request) -> Response:
    """GET the account's numbers, or the one asked for by PhoneNumber."""
    wanted = request.query_params.get("PhoneNumber", provider.number.number)
    items = [provider.number.as_json()] if wanted == provider.number.number else []
    return JSONResponse(paged(request, "incoming_phone_numbers", items, 0, 50, more=False))


async def fetch_number(provider: SmsProvider, request: Request) -> Response:
    """GET the number."""
    known = request.path_params["sid"] == provider.number.sid
    return JSONResponse(provider.number.as_json()) if known else refuse(20404)


async def update_number(provider: SmsProvider, request: Request) -> Response:
    """POST new webhooks for the number; a URL that would leave this machine is refused."""
    if request.path_params["sid"] != provider.number.sid:
        return refuse(20404)
    fields = await read_form(request)
    for name in ("SmsUrl", "SmsFallbackUrl", "StatusCallback"):
        if fields.get(name) and provider.world.deliveries.find_target(fields[name]) is None:
            return refuse(21402)
    provider.number.update(fields)
    return JSONResponse(provider.number.as_json())
