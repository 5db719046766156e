"""Asks any other Rasa assistant by its own REST channel; implements hotline.ports.Dialogue (X6).

Nothing of the texter goes there but the text: no address, and a random name for the conversation. What it answers are
words, not reply keys; whoever uses this checks them before they are sent (``app/assistant_checks.py``).
"""

import asyncio
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import aiohttp

from bot.client import LONGEST_TEXT, read_whole
from hotline.assistant_words import KEY
from hotline.errors import DialogueError
from hotline.ports import DialogueAnswer, ReplyRef

_PATH = "/webhooks/rest/webhook"
_OK = 200
_SENDER = "assistant"


def parse_messages(body: bytes) -> tuple[tuple[str, ...], bool]:
    """The texts of an answer of Rasa's REST channel, and whether it hands over to a person.

    It hands over by a custom message ``{"handoff": true}``. Pictures, buttons and the like are left out. Raises
    DialogueError for an answer that is none, or that says nothing.
    """
    try:
        messages = json.loads(body)
        if not isinstance(messages, list):
            raise TypeError("messages")
        texts = tuple(text.strip() for one in messages if (text := one.get("text")) and text.strip())
        handoff = any((one.get("custom") or {}).get("handoff") is True for one in messages)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise DialogueError("the assistant's answer cannot be read") from None
    if not texts and not handoff:
        raise DialogueError("the assistant's answer is empty")
    return texts, handoff


def disarm(text: str) -> str:
    """The text without what Rasa takes for a command: ``/restart`` or ``/intent{...}`` is plain text (K8)."""
    return text.lstrip("/ \t\r\n") or "?"


class RestAssistant:
    """One assistant by its URL. It keeps conversations itself, so one that died has forgotten them."""

    def __init__(self, url: str, timeout_seconds: float = 2.5) -> None:
        self._url = url.rstrip("/") + _PATH
        self._timeout_seconds = timeout_seconds
        self._opened: aiohttp.ClientSession | None = None

    async def answer(
        self,
        text: str,
        *,
        language: str,
        channel: str,
        state: Mapping[str, Any],
        now: datetime,
        choice: str | None = None,
    ) -> DialogueAnswer:
        """Its answer. Raises DialogueError, without a word of the text, within ``timeout_seconds``.

        ``state`` holds the random name that it knows this conversation by; a picked topic of ours it does not know.
        """
        if choice:
            raise DialogueError("another assistant has no topics of ours")
        sender = state.get(_SENDER)
        sender = sender if isinstance(sender, str) else secrets.token_hex(16)
        body = {"sender": sender, "message": disarm(text[:LONGEST_TEXT])}
        try:
            async with asyncio.timeout(self._timeout_seconds):
                texts, handoff = parse_messages(await self._post(body))
        except TimeoutError:
            raise DialogueError("the assistant is too slow") from None
        except aiohttp.ClientError as error:
            raise DialogueError(f"the assistant cannot be asked ({type(error).__name__})") from None
        return DialogueAnswer(
            replies=tuple(ReplyRef(KEY, {"said": one}) for one in texts),
            state={_SENDER: sender},
            handoff="asked" if handoff else None,
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def _post(self, body: Mapping[str, str]) -> bytes:
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        async with self._opened.post(self._url, json=body, allow_redirects=False) as response:
            if response.status != _OK:
                raise DialogueError(f"the assistant answered {response.status}")
            return await read_whole(response.content)
