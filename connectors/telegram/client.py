"""The Bot API client, pointed where we say, silent, and with one kind of error.

Importing this costs more than a second, so only what sends imports it (docs/decisions/0011-telegram.md).
"""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any

import httpx
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from connectors.contract import Confirm
from connectors.errors import SendError

TIMEOUT_SECONDS = 8.0
MESSAGES_PER_SECOND = 30.0

Bot = ExtBot[int]

_LIBRARIES = ("httpx", "httpcore", "telegram")
_confirm: ContextVar[Confirm | None] = ContextVar("_confirm", default=None)


class OpenBot:
    """A bot with its open connections. Never polls, and asks Telegram nothing on its own (not even ``getMe``)."""

    def __init__(self, bot_token: str, api_url: str) -> None:
        silence_libraries()
        self._request = HTTPXRequest(
            read_timeout=TIMEOUT_SECONDS,
            write_timeout=TIMEOUT_SECONDS,
            connect_timeout=TIMEOUT_SECONDS,
            pool_timeout=TIMEOUT_SECONDS,
            httpx_kwargs={"trust_env": False, "event_hooks": {"request": [_watch]}},
        )
        self.bot = ExtBot(
            bot_token,
            base_url=api_url.rstrip("/") + "/bot",
            request=self._request,
            get_updates_request=self._request,
            # No retries here: a hidden second attempt would hold up the worker, which knows the order of messages.
            rate_limiter=AIORateLimiter(overall_max_rate=MESSAGES_PER_SECOND, max_retries=0),
        )

    async def aclose(self) -> None:
        """Closes connections."""
        await self._request.shutdown()


@contextmanager
def confirmed_by(confirm: Confirm | None) -> Iterator[None]:
    """Whatever is asked inside is confirmed by this. The bot passes nothing on to its client but a context."""
    token = _confirm.set(confirm)
    try:
        yield
    finally:
        _confirm.reset(token)


async def _watch(request: httpx.Request) -> None:
    """Asks ``confirm`` once the request has its turn and its connection, which may have taken seconds."""
    confirm = _confirm.get()

    async def follow(event: str, _info: dict[str, Any]) -> None:
        if confirm is not None and event.endswith(".send_request_headers.started"):
            await confirm()

    request.extensions = {**request.extensions, "trace": follow}


def silence_libraries() -> None:
    """Keeps the token (httpx at INFO) and texters' words (the library at DEBUG and ERROR) out of every log (P6)."""
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.CRITICAL)


@asynccontextmanager
async def translated_errors() -> AsyncIterator[None]:
    """Whatever goes wrong inside leaves as a SendError that carries no words."""
    try:
        yield
    except SendError:
        raise
    except TelegramError as error:
        raise build_send_error(error) from None
    except Exception as error:
        raise SendError(f"unexpected:{type(error).__name__}", retryable=True, alert=True) from None


def build_send_error(error: TelegramError) -> SendError:
    """What an error of the Bot API means for a message that we tried to send (X5)."""
    match error:
        case RetryAfter():
            return SendError("429", retryable=True, retry_after_seconds=_find_delay(error))
        case Forbidden():
            return SendError("403", retryable=False, opted_out=True)
        case InvalidToken():
            return SendError("401", retryable=False, alert=True)
        case BadRequest():
            return _build_refusal(error.message.lower())
        case TimedOut():
            return SendError("timeout", retryable=True)
        case NetworkError():
            return SendError("connection", retryable=True)
        case _:
            return SendError("bad_answer", retryable=True, alert=True)


def _build_refusal(description: str) -> SendError:
    """A 400, told apart by the only thing that the Bot API gives: its English description."""
    if "chat not found" in description:
        return SendError("chat_not_found", retryable=False)
    if "message to delete not found" in description:
        return SendError("message_not_found", retryable=False)
    if "can't be deleted" in description:
        return SendError("too_late", retryable=False)
    return SendError("400", retryable=False, alert=True)


def _find_delay(error: RetryAfter) -> float:
    # The public attribute warns on every reading until the library's next major version.
    delay = error._retry_after
    return max(0.0, delay.total_seconds())
