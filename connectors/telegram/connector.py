"""The Telegram channel: the Bot API in both directions (X2, X5)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from connectors.contract import Confirm, Erasure, SendResult, WebhookRequest
from connectors.errors import SendError
from connectors.telegram.payload import build_external_id, find_message_id, parse_update
from connectors.telegram.verification import is_secret, verify_secret
from hotline.messages import TELEGRAM, Address, ExternalId, InboundMessage, OutboundMessage

if TYPE_CHECKING:
    from connectors.telegram.client import Bot, OpenBot

_MOST_AT_ONCE = 100
"""Ids that one deleteMessages may carry (Bot API)."""


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """Everything that the Telegram channel needs from settings.

    What only verifies needs ``webhook_secret``; what sends also ``bot_token``; what registers also ``public_url``.
    """

    webhook_secret: str = field(repr=False)
    bot_token: str = field(default="", repr=False)
    public_url: str = ""
    api_url: str = "https://api.telegram.org"

    def check(self, *, sending: bool, receiving: bool = True) -> None:
        """Raises ValueError in one line where something is missing (X3)."""
        if receiving and not self.webhook_secret:
            raise ValueError("telegram: TELEGRAM_WEBHOOK_SECRET is not set; without it anybody could pose as Telegram")
        if self.webhook_secret and not is_secret(self.webhook_secret):
            raise ValueError("telegram: TELEGRAM_WEBHOOK_SECRET may hold only letters, digits, _ and -, at most 256")
        if sending and not self.bot_token.strip():
            raise ValueError("telegram: TELEGRAM_BOT_TOKEN is not set")


class TelegramConnector:
    """Keeps the contract of connectors.contract.Connector over the Bot API's wire format.

    Raises ValueError when built for ``receiving`` without a webhook secret, or for ``sending`` without a bot token
    (X3). One that was not built for receiving verifies nothing: every request is refused.
    """

    channel = TELEGRAM

    def __init__(self, config: TelegramConfig, *, sending: bool = True, receiving: bool = True) -> None:
        config.check(sending=sending, receiving=receiving)
        self._config = config
        self._open_bot: OpenBot | None = None

    def may_be_signed(self, headers: Mapping[str, str]) -> bool:
        """True if the headers carry the secret, which is all that Telegram shows; never raises (X2)."""
        return verify_secret(headers, self._config.webhook_secret)

    def verify(self, request: WebhookRequest) -> bool:
        """True if the request carries our secret; never raises (X2)."""
        return verify_secret(request.headers, self._config.webhook_secret)

    def parse(self, request: WebhookRequest) -> InboundMessage | None:
        """The message in a verified update. Raises PayloadError and nothing else."""
        return parse_update(request.body)

    async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
        """Hands the message to Telegram: plain text, no preview, deletable; as Connector.send."""
        async with self._translated() as bot:
            from telegram import LinkPreviewOptions

            from connectors.telegram.client import confirmed_by

            with confirmed_by(confirm):
                sent = await bot.send_message(
                    chat_id=_get_chat_id(message.address),
                    text=message.text,
                    protect_content=False,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
            return SendResult(build_external_id(None, sent.message_id))

    async def find_sent(self, message: OutboundMessage) -> SendResult | None:
        """Always None: the Bot API has no way to ask what a bot has sent (X5)."""
        return None

    async def erase(self, erasure: Erasure) -> None:
        """Deletes messages on both sides. Raises SendError (P5).

        Gone already is success. After 48 hours Telegram refuses for good, and a whole call for one such message:
        then each is asked for by itself, and ``too_late`` is raised once those that can go are gone.
        """
        found = (find_message_id(external_id) for external_id in erasure.external_ids)
        numbers = sorted({number for number in found if number is not None})
        for some in batched(numbers, _MOST_AT_ONCE):
            refused = await self._delete(erasure.address, some)
            if refused and len(some) > 1:
                alone = [await self._delete(erasure.address, (number,)) for number in some]
                refused = next((error for error in alone if error), None)
            if refused:
                raise refused

    async def list_copies(self, since: datetime, before: datetime, limit: int) -> None:
        """Always None: the Bot API has no way to ask what a chat holds (P5)."""

    async def read_copy(self, external_id: ExternalId) -> None:
        """Always None, for the same reason; Telegram itself repeats an update until it is taken (X4)."""

    async def _delete(self, address: Address, numbers: Sequence[int]) -> SendError | None:
        """One call; the error if some of them can never be deleted. Raises SendError for all else."""
        try:
            async with self._translated() as bot:
                await bot.delete_messages(_get_chat_id(address), list(numbers))
        except SendError as error:
            if error.code == "message_not_found" and len(numbers) == 1:
                return None
            if error.code in {"too_late", "message_not_found"}:
                return error
            raise
        return None

    async def aclose(self) -> None:
        """Closes connections."""
        bot, self._open_bot = self._open_bot, None
        if bot is not None:
            await bot.aclose()

    @asynccontextmanager
    async def _translated(self) -> AsyncIterator["Bot"]:
        from connectors.telegram.client import OpenBot, translated_errors

        async with translated_errors():
            if self._open_bot is None:
                self._open_bot = OpenBot(self._config.bot_token, self._config.api_url)
            yield self._open_bot.bot


def _get_chat_id(address: Address) -> int:
    if not address.isascii() or not address.lstrip("-").isdigit():
        raise SendError("chat_not_found", retryable=False)
    return int(address)
