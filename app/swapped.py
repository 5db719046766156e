"""An ASGI application that can be replaced while it serves; what has begun ends on the one that it began with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from storage.content_following import LiveContent


class Swapped:
    """Hands every request to the application of the moment."""

    def __init__(self, application: Any) -> None:
        self.current = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request, from begin to end on one application."""
        await self.current(scope, receive, send)


@asynccontextmanager
async def follow(
    content: LiveContent[tuple[Any, str]], door: Swapped, tell: Callable[[str], None], seconds: float
) -> AsyncIterator[None]:
    """Puts the application of each newer version in place, looking every so many seconds."""

    async def look() -> None:
        while True:
            await asyncio.sleep(seconds)
            newer = await content.look()
            if newer:
                door.current, version = newer
                tell(version)

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
