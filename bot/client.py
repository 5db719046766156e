"""Asks the dialogue engine for its answer to one text; implements hotline.ports.Dialogue."""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp

from bot.engines import Engines, Tell, tell_nobody
from bot.turn import NotReady, Turn, WrongAnswer
from hotline.errors import DialogueError
from hotline.ports import DialogueAnswer, ReplyRef

LONGEST_TEXT = 4096
"""The longest text of any channel; of texts that are answered together the engine reads as much."""

_LARGEST_ANSWER = 64_000
_NOT_NOW = 503
_OK = 200
_ITS_OWN_FAULT = frozenset({403, 500})
"""It has another token, or stumbled where it never should: a process that is well may answer this turn."""
_LOOK_SECONDS = 1.0


async def read_whole(content: aiohttp.StreamReader, most: int = _LARGEST_ANSWER) -> bytes:
    """A body to its end, however many pieces it comes in. Raises DialogueError if it is longer than ``most``."""
    body = bytearray()
    async for piece in content.iter_any():
        body += piece
        if len(body) > most:
            raise DialogueError("the answer is too long")
    return bytes(body)


def _read_replies(fields: Mapping[str, Any]) -> tuple[ReplyRef, ...]:
    return tuple(
        ReplyRef(str(reply["key"]), {str(name): str(value) for name, value in reply["params"].items()})
        for reply in fields["replies"]
    )


def _read_word(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(name)
    return value


def parse_answer(body: bytes, turn_id: str) -> DialogueAnswer:
    """The answer in a body of the engine, if it belongs to this turn.

    Raises DialogueError for another turn's (late) answer, an empty one, or one that is not ours.
    """
    try:
        fields = json.loads(body)
        if fields["turn_id"] != turn_id:
            raise DialogueError("the answer belongs to another turn")
        state = fields["state"]
        if not isinstance(state, dict) or not isinstance(fields["understood"], bool):
            raise TypeError("fields")
        answer = DialogueAnswer(
            replies=_read_replies(fields),
            state=state,
            handoff=_read_word(fields, "handoff"),
            language=_read_word(fields, "language"),
            understood=fields["understood"],
            intent=_read_word(state, "intent"),
            also=_read_word(fields, "also"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DialogueError("the engine's answer cannot be read") from None
    if answer.understood and not (answer.replies or answer.handoff or answer.language):
        raise DialogueError("the engine's answer is empty")
    return answer


class RasaDialogue:
    """Any of several engine processes, which are all alike: state goes in and out with every turn.

    A process that is down is passed over, one that is slow is not waited for alone, and neither costs more time than
    ``timeout_seconds``. ``tell`` hears ``engine_left_out``.
    """

    def __init__(self, urls: Sequence[str], token: str, timeout_seconds: float = 2.5, tell: Tell = tell_nobody) -> None:
        if not urls:
            raise ValueError("PORCHLIGHT_RASA_URLS names no engine")
        self._engines = Engines([url.rstrip("/") for url in urls], self._is_ready, tell)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
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
        """The engine's answer. Raises DialogueError, without a word of the text, within ``timeout_seconds``."""
        turn_id = secrets.token_hex(12)
        body = json.dumps(
            {
                "turn_id": turn_id,
                "text": text[:LONGEST_TEXT],
                "language": language,
                "channel": channel,
                "now": now.isoformat(),
                "state": dict(state),
                "choice": choice,
            }
        ).encode()
        turn = Turn(self._engines, lambda url: self._ask(url, body, turn_id))
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await turn.run()
        except TimeoutError:
            raise DialogueError("the engine is too slow") from None
        except aiohttp.ClientError as error:
            raise DialogueError(f"the engine cannot be asked ({type(error).__name__})") from None

    async def aclose(self) -> None:
        """Closes the connections and looks after no engine any more."""
        await self._engines.aclose()
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def _ask(self, url: str, body: bytes, turn_id: str) -> DialogueAnswer:
        async with self._session().post(f"{url}/turn", data=body, allow_redirects=False) as response:
            if response.status == _NOT_NOW:
                raise NotReady("no engine is ready")
            if response.status in _ITS_OWN_FAULT:
                raise WrongAnswer(f"the engine answered {response.status}")
            if response.status != _OK:
                raise DialogueError(f"the engine answered {response.status}")
            try:
                return parse_answer(await read_whole(response.content), turn_id)
            except DialogueError as error:
                raise WrongAnswer(str(error)) from None

    async def _is_ready(self, url: str) -> bool:
        try:
            async with asyncio.timeout(_LOOK_SECONDS), self._session().get(f"{url}/", allow_redirects=False) as answer:
                return answer.status == _OK
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), headers=self._headers, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._opened
