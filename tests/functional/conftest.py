"""What the stories with browsers share: a waiting list without conversations of other stories."""

import pytest_asyncio

from app.stack import Stack
from tests.functional.people import empty_waiting_list


@pytest_asyncio.fixture(loop_scope="session")
async def nobody_else_waits(stack: Stack) -> None:
    """Conversations of other stories would stand in the list before ours."""
    await empty_waiting_list(stack.store_url())
