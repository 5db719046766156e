"""What the stories with browsers share: a waiting list without conversations of other stories."""

import pytest_asyncio

from app.stack import Stack
from storage.connection import Store


@pytest_asyncio.fixture(loop_scope="session")
async def nobody_else_waits(stack: Stack) -> None:
    """Conversations of other stories would stand in the list before ours."""
    store = Store(stack.store_url())
    for identifier in await store.call("SMEMBERS", "open"):
        name = identifier.decode()
        lane = await store.call("HGET", f"conversation:{name}", "address_hash")
        await store.call("DEL", f"conversation:{name}", f"window:{name}", f"address:{(lane or b'').decode()}")
    await store.call("DEL", "open")
    await store.aclose()
