from collections.abc import AsyncIterator

import pytest

from tests.bot.conversation import Talk
from tests.bot.engine_process import EngineStack, engine_stack

__all__ = ["engine_stack", "talk"]


@pytest.fixture
async def talk(engine_stack: EngineStack) -> AsyncIterator[Talk]:
    """One conversation whose turns alternate between the two engines."""
    conversation = Talk(engine_stack)
    yield conversation
    await conversation.dialogue.aclose()
