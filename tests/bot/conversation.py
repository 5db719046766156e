"""A conversation with the real engine, for tests."""

from datetime import UTC, datetime
from typing import Any

import aiohttp

from bot.client import RasaDialogue
from hotline.ports import DialogueAnswer
from tests.bot.engine_process import EngineStack, Started

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
SECONDS = 20.0
"""Generous, since these tests are not about speed and share the machine."""


class Talk:
    """One conversation whose turns go to the two engines in turn."""

    def __init__(self, stack: EngineStack, language: str = "en") -> None:
        self.dialogue = RasaDialogue(stack.urls, stack.token, SECONDS)
        self.language = language
        self.state: dict[str, Any] = {}

    async def say(self, text: str) -> DialogueAnswer:
        answer = await self.dialogue.answer(text, language=self.language, channel="sms", state=self.state, now=NOW)
        self.state = dict(answer.state)
        return answer

    async def keys(self, text: str) -> list[str]:
        return [reply.key for reply in (await self.say(text)).replies]


async def post_turn(engine: Started, token: str, **fields: Any) -> tuple[int, dict[str, Any]]:
    body = {"turn_id": "t", "text": "hi", "language": "en", "channel": "sms", "now": NOW.isoformat(), "state": {}}
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{engine.url}/turn", json=body | fields, headers=headers) as response,
    ):
        return response.status, await response.json()
