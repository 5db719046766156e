"""A real Rasa, as its makers ship it, with the example assistant behind the real pipeline (X6)."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.network import Bind
from app.ports import find_free_ports
from app.programs import ROOT
from app.supervised import answers_ok
from tests.app.test_another_assistant import Talk

_PYTHON = ROOT / "bot" / "engine" / ".venv" / "bin" / "python"
_START_SECONDS = 60

pytestmark = pytest.mark.proof


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """The example, trained and served in a folder of its own by Rasa's own commands."""
    folder = tmp_path / "assistant"
    shutil.copytree(ROOT / "examples" / "another_assistant", folder)
    assert await (await _rasa(folder, "train", "--quiet")).wait() == 0, (folder / "log").read_text()
    (port,) = find_free_ports(1)
    serving = await _rasa(folder, "run", "--port", str(port), "--quiet")
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not await answers_ok(Bind("127.0.0.1", port), "/"):
                assert serving.returncode is None, (folder / "log").read_text()
                await asyncio.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.kill()
        await serving.wait()


async def _rasa(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with (folder / "log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            str(_PYTHON), "-m", "tests.app.programs.stock_rasa", *arguments, cwd=folder, env=environment, stdout=log,
            stderr=log,
        )  # fmt: skip


async def test_the_example_answers_is_refused_and_hands_over_and_takes_no_command(url: str) -> None:
    talk = await Talk(url).past_openings()
    assert "library door" in await talk.say("something to eat please")
    assert "example.org" not in await talk.say("is there a website")
    assert talk.keys[0] == "dialogue_down"
    assert await talk.say("/restart")
    assert "drop-in" in await talk.say("can i wash my things")
    assert "Say it in other words" in await talk.say("/meals")
    await talk.say("is there somebody real")
    assert any(key.startswith("handoff") for key in talk.keys)
    await talk.dialogue._dialogue._dialogue.aclose()  # type: ignore[attr-defined]
