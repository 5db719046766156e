"""The SMS channel: Twilio in both directions (X1, X5)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from connectors.contract import Confirm, Copy, Erasure, SendResult, WebhookRequest
from connectors.errors import SendError
from connectors.sms.copies import DELETE, REDACT, erase_record, fetch_record, list_records
from connectors.sms.failures import REDACTION_NOT_ENABLED
from connectors.sms.form import form_of
from connectors.sms.payload import build_message, parse_webhook
from connectors.sms.verification import has_signature, verify_signature
from hotline.messages import SMS, ExternalId, InboundMessage, OutboundMessage, StatusUpdate

if TYPE_CHECKING:
    from twilio.rest import Client  # type: ignore[import-untyped]

    from connectors.sms.wire import SmsSender

STATUS_PATH = "/webhooks/sms/status"
_CLOCK_SKEW = timedelta(seconds=2)
_SEARCH_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SmsConfig:
    """Everything that the SMS channel needs from settings.

    What only verifies needs ``public_url`` and ``auth_token``; what sends also ``account_sid`` and one sender.
    """

    public_url: str
    auth_token: str = field(repr=False)
    auth_token_secondary: str = field(default="", repr=False)
    account_sid: str = ""
    from_number: str = ""
    messaging_service_sid: str = ""
    api_url: str = "https://api.twilio.com"
    erase: str = DELETE
    """``delete`` takes whole records away; ``redact`` leaves rows without words or pictures, for billing."""
    discards_content: bool = False
    """True asks Twilio not to keep the words of what we send; the account must have Message Redaction."""
    obfuscates_address: bool = False
    """True asks Twilio to keep the texter's number without its last digits; as above."""

    def check(self, *, sending: bool) -> None:
        """Raises ValueError in one line where something is missing (X3)."""
        if not self.auth_token.strip():
            raise ValueError("sms: TWILIO_AUTH_TOKEN is not set; without it nobody can tell Twilio from a stranger")
        if not self.public_url.startswith(("https://", "http://")):
            raise ValueError("sms: PORCHLIGHT_PUBLIC_URL is not a URL; Twilio signs the URL that it calls")
        if self.erase not in {DELETE, REDACT}:
            raise ValueError("sms: TWILIO_ERASE must be delete or redact")
        if sending and not self.account_sid.strip():
            raise ValueError("sms: TWILIO_ACCOUNT_SID is not set")
        if sending and not (self.from_number.strip() or self.messaging_service_sid.strip()):
            raise ValueError("sms: set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID")


class SmsConnector:
    """Keeps the contract of connectors.contract.Connector over Twilio's wire format.

    Raises ValueError when built without an auth token, or with ``sending`` without an account and a sender (X3).
    """

    channel = SMS

    def __init__(self, config: SmsConfig, *, sending: bool = True) -> None:
        config.check(sending=sending)
        self._config = config
        self._open_client: Client | None = None
        self._open_sender: SmsSender | None = None

    def may_be_signed(self, headers: Mapping[str, str]) -> bool:
        """True if the headers carry something of the shape of Twilio's signature; never raises."""
        return has_signature(headers)

    def verify(self, request: WebhookRequest) -> bool:
        """True if Twilio signed this request with either auth token; never raises (X1)."""
        return verify_signature(request, (self._config.auth_token, self._config.auth_token_secondary))

    def parse(self, request: WebhookRequest) -> InboundMessage | StatusUpdate | None:
        """The message or status in a verified form. Raises PayloadError and nothing else."""
        return parse_webhook(form_of(request))

    async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
        """Hands the message to Twilio, if ``confirm`` lets it. Raises SendError and nothing else.

        After the code ``timeout`` Twilio may have taken it: ask ``find_sent`` before trying again.
        """
        from connectors.sms.wire import translated_errors

        fields = {"To": message.address, "Body": message.text, **self._build_sender(), **self._build_callback()}
        async with translated_errors():
            sender = self._get_sender()
            try:
                return SendResult(await sender.create({**fields, **self._build_retention()}, confirm))
            except SendError as error:
                if error.code not in REDACTION_NOT_ENABLED:
                    raise
                # The account lacks Message Redaction. The reply matters more; its record is erased as any other.
                return SendResult(await sender.create(fields, confirm))

    async def find_sent(self, message: OutboundMessage) -> SendResult | None:
        """Twilio's record of a message to the same number with the same words, made since ``created_at`` (X5).

        Raises SendError. Not narrowed by Twilio's DateSent filter: a message still queued has no such date. Where
        Twilio was asked to discard words or numbers there is nothing left to know it by, and the answer is None.
        """
        earliest = message.created_at - _CLOCK_SKEW
        async with self._translated() as client:
            listed = await client.messages.list_async(to=message.address, limit=_SEARCH_LIMIT, page_size=_SEARCH_LIMIT)
            for record in listed:
                if _is_same(record, message.text, earliest):
                    return SendResult(ExternalId(str(record.sid)))
        return None

    async def erase(self, erasure: Erasure) -> None:
        """Deletes Twilio's records with their pictures, or blanks them if the configuration says so (P5).

        Raises SendError. Gone already is success. A message on its way cannot be touched yet (20009): ask again after
        a minute.
        """
        for external_id in erasure.external_ids:
            async with self._translated() as client:
                await erase_record(client, external_id, whole=self._config.erase == DELETE)

    async def list_copies(self, since: datetime, before: datetime, limit: int) -> Sequence[Copy]:
        """What Twilio still holds with our number or Messaging Service of those times; raises SendError (P5)."""
        async with self._translated() as client:
            return await list_records(client, self._config, (since, before), limit)

    async def read_copy(self, external_id: ExternalId) -> InboundMessage | None:
        """A texter's message as Twilio's record has it; raises PayloadError and SendError (X4).

        The record does not tell how Twilio itself read a keyword (``OptOutType``).
        """
        async with self._translated() as client:
            record = await fetch_record(client, external_id)
        message = record and build_message(str(record.from_ or ""), str(record.body or ""), external_id)
        sent_at = record.date_created if record and isinstance(record.date_created, datetime) else None
        return message and replace(message, sent_at=sent_at)

    async def aclose(self) -> None:
        """Closes connections."""
        client, self._open_client = self._open_client, None
        if client is not None:
            await client.http_client.close()
        sender, self._open_sender = self._open_sender, None
        if sender is not None:
            await sender.aclose()

    def _build_sender(self) -> dict[str, str]:
        if self._config.messaging_service_sid:
            return {"MessagingServiceSid": self._config.messaging_service_sid}
        return {"From": self._config.from_number}

    def _build_callback(self) -> dict[str, str]:
        return {"StatusCallback": self._config.public_url.rstrip("/") + STATUS_PATH}

    def _build_retention(self) -> dict[str, str]:
        content = {"ContentRetention": "discard"} if self._config.discards_content else {}
        return content | ({"AddressRetention": "obfuscate"} if self._config.obfuscates_address else {})

    def _get_sender(self) -> "SmsSender":
        from connectors.sms.wire import SmsSender

        if self._open_sender is None:
            config = self._config
            self._open_sender = SmsSender(config.account_sid, config.auth_token, config.api_url)
        return self._open_sender

    @asynccontextmanager
    async def _translated(self) -> AsyncIterator["Client"]:
        from connectors.sms.wire import translated_errors

        async with translated_errors():
            if self._open_client is None:
                # Half a second, for which no text should wait that is answered meanwhile.
                library = await asyncio.to_thread(import_module, "connectors.sms.client")
                config = self._config
                self._open_client = self._open_client or library.build_client(
                    config.account_sid, config.auth_token, config.api_url
                )
            yield self._open_client


def _is_same(record: Any, text: str, earliest: datetime) -> bool:
    created_at = record.date_created
    is_recent = isinstance(created_at, datetime) and created_at >= earliest
    return is_recent and str(record.body or "").strip() == text.strip()
