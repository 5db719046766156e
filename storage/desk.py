"""What an advocate's console sees and asks: codes and sealed lines to read, commands to the worker to write."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from hotline.conversations import Conversation, Owner, Session
from hotline.deadlines import LEASE
from hotline.handoff import UNSENT, queue_order
from hotline.messages import Address, AddressHash, ChannelName, ConversationId
from hotline.ports import Clock
from hotline.screening.result import Level
from storage.connection import Store
from storage.inbox import DeskCommand, Inbox
from storage.keyspace import partition_of
from storage.presence import Presence
from storage.records import parse_codes, parse_time

_ANSWER_SECONDS = 5.0
_BLOCK_MILLISECONDS = 5000

_EVENT_ID = re.compile(r"\d{1,20}-\d{1,20}")

type Answer = Literal[
    "done", "taken", "gone", "confirm", "not_yours", "unknown", "second_person",
    "unreadable", "empty", "too_long", "personal_number",
]  # fmt: skip
"""The worker's answer to a click; ``unknown`` is for a name or a code that it does not know."""

type Action = Literal[
    "claim", "reply", "decline", "transfer", "accept", "pair", "unpair", "release", "close", "hold", "acknowledge",
    "block", "silent",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as the lists show it: no word of it, no address."""

    id: ConversationId
    channel: ChannelName
    language: str
    level: Level
    reasons: tuple[str, ...]
    owner: Owner
    waiting_since: datetime | None
    advocate: str | None
    agreed: bool
    silent: bool
    offered: tuple[str, ...]
    last_at: datetime | None
    undelivered: bool
    partner: str | None = None
    transfer_to: str | None = None
    declined: tuple[str, ...] = ()
    rung: int = 0
    acknowledged_at: datetime | None = None
    held_by: str | None = None
    held_until: datetime | None = None
    """Until when it stays readable for ``held_by`` after its end; then ``owner`` is left or closed (A4)."""
    covered: bool = False
    """The line plays another service to whoever holds the phone (K7)."""
    block_by: str | None = None
    """Who proposed to block the address; somebody else must confirm (R8)."""


@dataclass(frozen=True, slots=True)
class WindowEntry:
    """One line of the window: ``who`` is texter, bot, advocate or note; ``status`` what became of one that we sent.

    ``epoch`` names the key pair that it is sealed to; ``number`` is the sent message's own, empty for the texter's.
    """

    at: datetime
    who: str
    sealed: bytes = field(repr=False)
    status: str | None = None
    epoch: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """An advocate's click. ``confirmed`` holds the codes of second clicks: ``near`` (R10), ``number`` (A8).

    ``text`` is a reply as the browser sealed it, in base64.
    """

    kind: Action
    conversation: ConversationId
    advocate: str
    text: str = field(default="", repr=False)
    confirmed: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed: ``waiting`` (the lists) or ``window`` (a conversation). It carries no content."""

    id: str
    kind: Literal["waiting", "window"]
    conversation: ConversationId | None = None


class StoreDesk:
    """The console's door to conversations."""

    def __init__(self, store: Store, inbox: Inbox, clock: Clock, lease_seconds: float) -> None:
        self._store = store
        self._inbox = inbox
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._presence = Presence(store, clock)

    async def list_open(self) -> Sequence[Listed]:
        """Conversations that wait, are with an advocate, or are held: level first, then the longest wait (H3)."""
        identifiers = [member.decode() for member in await self._store.call("SMEMBERS", "open")]
        if not identifiers:
            return []
        rows = await self._store.call_all([("HGETALL", f"conversation:{one}") for one in identifiers])
        conversations = [(_listed_state(row), row) for row in rows if row]
        return [_listed(state, row) for state, row in sorted(conversations, key=lambda pair: queue_order(pair[0]))]

    async def find(self, conversation: ConversationId) -> Listed | None:
        """One conversation that waits, is with an advocate or is held; None for any other."""
        row = await self._store.call("HGETALL", f"conversation:{conversation}")
        listed = _listed(_listed_state(row), row) if row else None
        return listed if listed and listed.owner is not Owner.WITH_BOT else None

    async def read_window(self, conversation: ConversationId) -> Sequence[WindowEntry]:
        """The window, oldest first, sealed."""
        lines, statuses = await self._store.call_all(
            [("LRANGE", f"window:{conversation}", 0, -1), ("HGETALL", f"status:{conversation}")]
        )
        known = {number.decode(): status.decode() for number, status in statuses.items()}
        return [_parse_line(line, known) for line in lines]

    async def submit(self, command: Command) -> Answer:
        """Asks the worker and waits for its word. Raises TimeoutError."""
        lane = await self._lane(command.conversation)
        if lane is None:
            return "gone"
        identifier = secrets.token_hex(8)
        await self._inbox.put_command(
            lane,
            DeskCommand(
                identifier,
                command.kind,
                command.conversation,
                command.advocate,
                command.text,
                command.confirmed,
                command.detail,
            ),
        )
        async with asyncio.timeout(_ANSWER_SECONDS):
            while (result := await self._store.call("GET", f"result:{identifier}")) is None:
                await asyncio.sleep(0.01)
        return cast(Answer, result.decode())

    async def renew(self, conversation: ConversationId, advocate: str) -> bool:
        """Keeps the lease for an advocate or their partner (H6); False if it is not theirs (any more)."""
        name = f"conversation:{conversation}"
        owner, *ours = await self._store.call("HMGET", name, "owner", "advocate", "partner")
        lane = await self._lane(conversation)
        if owner != b"with_advocate" or advocate.encode() not in ours or lane is None:
            return False
        member = f"{LEASE}|{lane}|{conversation}"
        until = self._clock.now().timestamp() + self._lease_seconds
        await self._store.call("ZADD", f"deadlines:{partition_of(lane)}", "XX", until, member)
        return True

    async def set_present(self, advocate: str, seconds: int) -> None:
        """Marks the advocate as on shift for so many seconds; 0 ends it (H4)."""
        await self._presence.set_present(advocate, seconds)

    async def present_names(self) -> Sequence[str]:
        """Account names of those whose console is open and who take no break."""
        return await self._presence.present_names()

    async def set_break(self, advocate: str, resting: bool) -> None:
        """Begins or ends an advocate's break (A5)."""
        await self._presence.set_break(advocate, resting)

    async def is_on_break(self, advocate: str) -> bool:
        """True while the advocate takes a break."""
        return await self._presence.is_on_break(advocate)

    async def last_event(self) -> str:
        """The id of the newest event, to start listening from."""
        newest = await self._store.call("XREVRANGE", "events", "+", "-", "COUNT", 1)
        return str(newest[0][0].decode()) if newest else "0-0"

    async def events(self, after: str | None) -> AsyncIterator[Event]:
        """Events after an id, or from now on; never ends by itself."""
        last = after if after and _EVENT_ID.fullmatch(after) else await self.last_event()
        while True:
            answer = await self._store.call("XREAD", "BLOCK", _BLOCK_MILLISECONDS, "STREAMS", "events", last)
            for _, found in answer or []:
                for identifier, fields in found:
                    last = identifier.decode()
                    kind: Literal["waiting", "window"] = "window" if fields[b"kind"] == b"window" else "waiting"
                    yield Event(last, kind, ConversationId(fields[b"c"].decode()) or None)

    async def _lane(self, conversation: ConversationId) -> AddressHash | None:
        lane = await self._store.call("HGET", f"conversation:{conversation}", "address_hash")
        return AddressHash(lane.decode()) if lane else None


def _parse_line(line: bytes, statuses: dict[str, str]) -> WindowEntry:
    who, at, number, epoch, sealed = line.split(b"|", 4)
    status = statuses.get(number.decode())
    return WindowEntry(
        datetime.fromisoformat(at.decode()), who.decode(), sealed, status, epoch.decode(), number.decode()
    )


def _listed_state(row: dict[bytes, bytes]) -> Conversation:
    fields = {name.decode(): value for name, value in row.items()}
    return parse_codes(fields, Session(address=Address("")))


def _listed(state: Conversation, row: dict[bytes, Any]) -> Listed:
    offered = row.get(b"offered", b"").decode()
    return Listed(
        id=state.id,
        channel=state.channel,
        language=state.language,
        level=state.level,
        reasons=state.reasons,
        owner=state.owner,
        waiting_since=state.waiting_since,
        advocate=state.advocate,
        agreed=state.agreed,
        silent=state.silent,
        covered=state.covered,
        offered=tuple(filter(None, offered.split(","))),
        last_at=parse_time(row.get(b"last_at", b"").decode()),
        undelivered=UNSENT in state.reasons,
        partner=state.partner,
        transfer_to=state.transfer_to,
        declined=state.declined,
        rung=state.rung,
        acknowledged_at=state.acknowledged_at,
        held_by=state.held_by,
        held_until=state.held_until,
        block_by=state.block_by,
    )
