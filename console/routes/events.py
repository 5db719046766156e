"""Live signs over server-sent events: "look again", never content; they end when the login does."""

import asyncio
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from console.access import may_read
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Event

LONGEST_ID = 64


async def stream_events(visit: Visit) -> Response:
    """``waiting`` and ``window`` events with ids, replayed after ``Last-Event-ID``; ``beat`` between them.

    Without ``Last-Event-ID`` a ``hello`` comes first and tells the page to look at everything. ``?conversation=`` adds
    the window events of one conversation that this advocate holds. ``locked`` is the last event.
    """
    return EventSourceResponse(_stream(visit), ping=visit.console.pace.heartbeat_seconds, sep="\n")


async def _stream(visit: Visit) -> AsyncIterator[ServerSentEvent]:
    pace = visit.console.pace
    after = visit.request.headers.get("last-event-id", "")[:LONGEST_ID] or None
    events = visit.console.desk.events(after)
    pending = asyncio.ensure_future(anext(events))
    stopping = asyncio.ensure_future(visit.console.stopping.wait())
    loop = asyncio.get_running_loop()
    beat_at = loop.time() + pace.heartbeat_seconds
    try:
        await asyncio.sleep(0)
        if after is None:
            yield _sign("hello")
        while await _is_logged_in(visit):
            waited_for = {pending, stopping}
            await asyncio.wait(waited_for, timeout=pace.check_seconds, return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                return
            if pending.done():
                event = pending.result()
                pending = asyncio.ensure_future(anext(events))
                if await _concerns(visit, event):
                    yield _sign(event.kind, event.id)
            if loop.time() >= beat_at:
                beat_at = loop.time() + pace.heartbeat_seconds
                yield _sign("beat")
        yield _sign("locked")
    finally:
        pending.cancel()
        stopping.cancel()


def _sign(name: str, event_id: str | None = None) -> ServerSentEvent:
    # A browser drops events without data (HTML standard, 9.2.6).
    return ServerSentEvent(data="1", event=name, id=event_id)


async def _is_logged_in(visit: Visit) -> bool:
    account = await visit.console.accounts.find_login(visit.secret, visit.agent)
    if account is None or not visit.console.roles.allows(account.roles, "see_waiting"):
        return False
    if visit.console.roles.allows(account.roles, "claim"):
        await visit.console.desk.set_present(account.name, visit.console.pace.present_seconds)
    return True


async def _concerns(visit: Visit, event: Event) -> bool:
    if event.kind == "waiting":
        return True
    if event.conversation is None or event.conversation != visit.request.query_params.get("conversation"):
        return False
    listed = await visit.console.desk.find(event.conversation)
    return listed is None or may_read(listed, visit.advocate.name)


ROWS: tuple[RouteRow, ...] = (("/events", stream_events, ("GET",), Guard("see_waiting", passive=True)),)
