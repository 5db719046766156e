"""Ties a Telegram chat to a member of staff who sent their one-time code: before the pipeline, and without it (A6)."""

from dataclasses import replace

from app.world import World
from hotline.messages import TELEGRAM, InboundMessage
from storage.commit import Writes
from storage.contacts import CHAT, MOST_WAYS
from storage.page_links import PageLinks, find_link_code, link_key
from storage.page_queue import LINKED, lane_of, page_entry


def read_as_hello(message: InboundMessage) -> InboundMessage:
    """The message, with a link that leads nowhere read as the button that every chat begins with (K8)."""
    return replace(message, text="hi") if find_link_code(message.text) else message


class LinkWorker:
    """Knows a staff member's ``/start page-...`` from a texter's hello."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._links = PageLinks(world.store)

    async def link(self, message: InboundMessage) -> Writes | None:
        """The commit that keeps this chat for its owner, or None for whatever a texter writes.

        A code that is unknown, used or old says nothing about staff: it is answered as any hello is.
        """
        code = find_link_code(message.text) if message.channel == TELEGRAM else None
        name = await self._links.find(code) if code else None
        if code is None or name is None:
            return None
        writes = Writes()
        writes.add("DEL", link_key(code))
        ways = await self._world.paging.contacts.list_ways(name)
        same = next((way for way in ways if (way.kind, way.address) == (CHAT, message.address)), None)
        if same is None and len(ways) >= MOST_WAYS:
            return writes
        way = same or self._world.paging.contacts.keep(writes, name, CHAT, message.address, self._world.now())
        writes.add(*page_entry(lane_of(name), LINKED, name=name, way=way.id))
        return writes
