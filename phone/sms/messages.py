"""Message resources as Twilio keeps them, found by id or by the texter's number without searching."""

import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import islice
from typing import Any

MESSAGES = 50_000
EACH_NUMBER = 200
NUMBERS = 20_000
UNFINISHED = frozenset({"accepted", "queued", "sending", "sent", "receiving"})


@dataclass(slots=True)
class Media:
    """One picture, sound or file of a message: id and type; there is no content."""

    sid: str
    content_type: str


@dataclass(slots=True)
class Message:
    """One Message resource; times are seconds since the epoch."""

    sid: str
    account_sid: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    body: str = field(repr=False)
    direction: str
    status: str
    parts: int
    service_sid: str | None = None
    status_callback: str = ""
    error_code: int | None = None
    media: list[Media] = field(default_factory=list)
    discards_content: bool = False
    """ContentRetention=discard: once it is sent, nobody is shown its words any more."""
    obfuscates_address: bool = False
    """AddressRetention=obfuscate: once it is sent, the last four digits of the texter's number are XXXX."""
    created_at: float = field(default_factory=time.time)
    sent_at: float | None = None
    updated_at: float = field(default_factory=time.time)

    @property
    def texter(self) -> str:
        """The number that is not the hotline's."""
        return self.sender if self.direction == "inbound" else self.recipient

    @property
    def shown_body(self) -> str:
        """The words as the API shows them."""
        return "" if self.discards_content and self.sent_at else self.body

    @property
    def shown_recipient(self) -> str:
        """The number as the API shows it."""
        return f"{self.recipient[:-4]}XXXX" if self.obfuscates_address and self.sent_at else self.recipient

    @property
    def uri(self) -> str:
        """Path of the resource, without ``.json``."""
        return f"/2010-04-01/Accounts/{self.account_sid}/Messages/{self.sid}"

    def move(self, status: str, error_code: int | None = None) -> None:
        """The next step of the message's life, now."""
        self.status, self.error_code, self.updated_at = status, error_code, time.time()
        if status == "sent":
            self.sent_at = self.updated_at

    def as_json(self) -> dict[str, Any]:
        """The resource in the shape of Twilio's specification (api.v2010.account.message)."""
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": self.shown_body,
            "date_created": _spell_date(self.created_at),
            "date_sent": _spell_date(self.sent_at) if self.sent_at else None,
            "date_updated": _spell_date(self.updated_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": "Unreachable destination handset" if self.error_code else None,
            "from": self.sender,
            "messaging_service_sid": self.service_sid,
            "num_media": str(len(self.media)),
            "num_segments": str(self.parts),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{self.uri}/Media.json"},
            "to": self.shown_recipient,
            "uri": f"{self.uri}.json",
        }


def _spell_date(at: float) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC))


class Messages:
    """A bounded store: the oldest resources leave first."""

    def __init__(self) -> None:
        self._by_sid: OrderedDict[str, Message] = OrderedDict()
        self._by_number: OrderedDict[str, deque[str]] = OrderedDict()

    def add(self, message: Message) -> None:
        """Keeps a new message."""
        self._by_sid[message.sid] = message
        while len(self._by_sid) > MESSAGES:
            self._by_sid.popitem(last=False)
        sids = self._by_number.setdefault(message.texter, deque(maxlen=EACH_NUMBER))
        self._by_number.move_to_end(message.texter)
        sids.append(message.sid)
        while len(self._by_number) > NUMBERS:
            self._by_number.popitem(last=False)

    def find(self, sid: str) -> Message | None:
        """The message with that id, if it is kept."""
        return self._by_sid.get(sid)

    def remove(self, sid: str) -> None:
        """Forgets a message."""
        self._by_sid.pop(sid, None)

    def find_by(self, to: str, sender: str) -> Iterator[Message]:
        """Newest first, by recipient and sender unless empty; a texter's number needs no search."""
        sids: Iterable[str] = reversed(self._by_sid)
        for number in (to, sender):
            if number in self._by_number:
                sids = reversed(self._by_number[number])
                break
        kept = (self._by_sid[sid] for sid in sids if sid in self._by_sid)
        return (m for m in kept if to in {"", m.shown_recipient} and sender in {"", m.sender})

    def list_page(self, found: Iterator[Message], page: int, size: int) -> tuple[list[Message], bool]:
        """One page of a list, and whether there is more."""
        window = list(islice(found, page * size, (page + 1) * size + 1))
        return window[:size], len(window) > size

    def clear(self) -> None:
        """Forgets everything."""
        self._by_sid.clear()
        self._by_number.clear()
