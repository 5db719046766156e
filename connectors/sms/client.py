"""Twilio's REST client, asynchronous, pointed where we say, and silent.

Importing this costs half a second, so only what looks up, lists or erases imports it (docs/decisions/0010-twilio.md).
"""

import logging
from typing import Any, override

from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from connectors.sms.wire import Ask, ask_twilio, build_url, silence_requests


class TwilioTransport(AsyncTwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client with our base URL, a time limit, and SendError for every answer that is not a success.

    Made inside the running loop; one session, so connections are reused. The library's own ``request`` is replaced:
    it ignores the time limit, keeps the last body in memory and logs the number that a search is for.
    """

    def __init__(self, api_url: str) -> None:
        super().__init__(pool_connections=True)
        self._api_url = api_url.rstrip("/")

    @override
    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request. Raises SendError as ``ask_twilio`` does."""
        asked = build_url(self._api_url, url)
        ask = Ask(method.upper(), asked, params, data, headers or {}, auth, timeout)
        answer = await ask_twilio(self.session, ask)
        return Response(answer.status, answer.text, answer.headers)


def build_client(account_sid: str, auth_token: str, api_url: str) -> Client:
    """A client of Twilio's for the running loop; close it with ``await client.http_client.close()``."""
    silence_libraries()
    return Client(account_sid, auth_token, http_client=TwilioTransport(api_url))


def silence_libraries() -> None:
    """Keeps request lines, which hold numbers, out of every log (P6)."""
    logging.getLogger("twilio").setLevel(logging.CRITICAL)
    silence_requests()
