"""Tells Twilio where this hotline's texts go (`porchlight channels register`)."""

from typing import Any

from connectors.sms.client import build_client
from connectors.sms.connector import STATUS_PATH, SmsConfig
from connectors.sms.wire import translated_errors

WEBHOOK_PATH = "/webhooks/sms"
RETRY_OVERRIDES = "#rc=5&rp=all"
"""Twilio's connection overrides: five retries, after any failure; the fragment is neither sent nor signed."""


async def register_sms(config: SmsConfig) -> str:
    """Points the Messaging Service, or else the number, at ``public_url``; answers with a line for the operator.

    Raises ValueError if something is not configured or the number is not this account's, SendError if Twilio refuses.
    """
    config.check(sending=True)
    client = build_client(config.account_sid, config.auth_token, config.api_url)
    try:
        async with translated_errors():
            registered = await _point(client, config)
    finally:
        await client.http_client.close()
    if not registered:
        raise ValueError("sms: TWILIO_FROM is not a number of this Twilio account")
    return f"sms: texts come to {config.public_url.rstrip('/')}{WEBHOOK_PATH}"


async def _point(client: Any, config: SmsConfig) -> bool:
    """True once the service or number is set; False if the account has no such number."""
    public_url = config.public_url.rstrip("/")
    webhook_url = public_url + WEBHOOK_PATH + RETRY_OVERRIDES
    if config.messaging_service_sid:
        await client.messaging.v1.services(config.messaging_service_sid).update_async(
            inbound_request_url=webhook_url,
            inbound_method="POST",
            use_inbound_webhook_on_number=False,
            status_callback=public_url + STATUS_PATH,
        )
        return True
    numbers = await client.incoming_phone_numbers.list_async(phone_number=config.from_number, limit=1)
    for number in numbers:
        # An application set on the number would win over its URL.
        await number.update_async(sms_url=webhook_url, sms_method="POST", sms_application_sid="")
    return bool(numbers)
