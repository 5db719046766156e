"""``porchlight talk`` says which script it gave up on, and leaves nothing running."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from app import talk


async def test_a_text_that_is_never_worked_off_names_its_script_and_ends_all_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(*_: Any) -> None:
        return None

    async def not_yet(_: talk.Texter) -> bool:
        return False

    monkeypatch.setattr(talk, "_SETTLE_SECONDS", 0.05)
    monkeypatch.setattr(talk, "_set_presence", nothing)
    monkeypatch.setattr(talk.Texter, "_post", nothing)
    monkeypatch.setattr(talk.Texter, "_is_settled", not_yet)
    lines = [json.dumps({"id": name, "turns": ["hi"]}) for name in ("one", "two")]
    stack: Any = SimpleNamespace(url=lambda name: f"http://{name}")
    with pytest.raises(TimeoutError, match=r"script (one|two): a text was not worked off"):
        async for _ in talk.play_scripts(stack, talk.parse_scripts(lines)):
            pass
    assert len(asyncio.all_tasks()) == 1
