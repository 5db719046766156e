"""Twilio's copies of messages: taken away one by one, and listed to see what is left (P5, C12)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from connectors.contract import Copy
from connectors.errors import SendError
from connectors.sms.failures import NOT_FOUND_CODE
from hotline.messages import ExternalId

if TYPE_CHECKING:
    from twilio.rest import Client  # type: ignore[import-untyped]

DELETE, REDACT = "delete", "redact"
_GONE = frozenset({NOT_FOUND_CODE, "404"})
_PAGE_SIZE = 500
_MOST_PICTURES = 200


class Ours(Protocol):
    """What tells our messages from others of the same account."""

    @property
    def erase(self) -> str:
        """How copies are erased: a blank record is left over only where whole ones go."""

    @property
    def from_number(self) -> str:
        """Our number, or nothing."""

    @property
    def messaging_service_sid(self) -> str:
        """Our Messaging Service, or nothing."""


async def erase_record(client: "Client", external_id: ExternalId, *, whole: bool) -> None:
    """Deletes a record, or blanks its words; its pictures go by their own ids. Gone already is success.

    Pictures go first: they go with their record too, but not if the record may not go yet, and a blanked record keeps
    them. Raises SendError.
    """
    if not external_id.isalnum():
        raise SendError("bad_id", retryable=False)
    record = client.messages(external_id)
    try:
        if external_id.startswith("MM"):
            await _delete_pictures(record)
        if whole:
            await record.delete_async()
        else:
            await record.update_async(body="")
    except SendError as error:
        if error.code not in _GONE:
            raise


async def fetch_record(client: "Client", external_id: ExternalId) -> Any:
    """A record with its words and numbers, or None if it is gone. Raises SendError."""
    try:
        return await client.messages(external_id).fetch_async()
    except SendError as error:
        if error.code not in _GONE:
            raise
        return None


async def list_records(client: "Client", ours: Ours, between: tuple[datetime, datetime], limit: int) -> Sequence[Copy]:
    """Records of ours made in between that still hold anything, newest first, each once. Raises SendError.

    Not narrowed by Twilio's DateSent filter: it knows whole days only, and what was never sent has no such date.
    """
    found: dict[str, Copy] = {}
    for query in _build_queries(ours):
        async for record in _stream(client, query, between):
            if len(found) >= limit:
                break
            if _is_ours(record, ours) and (ours.erase == DELETE or await _holds_something(record)):
                from_texter = str(record.direction) == "inbound"
                found[str(record.sid)] = Copy(ExternalId(str(record.sid)), record.date_created, from_texter)
    return sorted(found.values(), key=lambda copy: copy.created_at, reverse=True)


def _build_queries(ours: Ours) -> Sequence[Mapping[str, str]]:
    """By number where we have one; a service's messages are picked out of all of the account's."""
    if ours.messaging_service_sid:
        return ({},)
    return ({"to": ours.from_number}, {"from_": ours.from_number})


async def _stream(client: "Client", query: Mapping[str, str], between: tuple[datetime, datetime]) -> AsyncIterator[Any]:
    since, before = between
    async for record in await client.messages.stream_async(**query, page_size=_PAGE_SIZE):
        made_at = record.date_created
        if not isinstance(made_at, datetime):
            # The specification lets it be missing; nothing behind it may be hidden by that.
            continue
        if made_at < since:
            return
        if made_at < before:
            yield record


def _is_ours(record: Any, ours: Ours) -> bool:
    if not ours.messaging_service_sid:
        return True
    if record.messaging_service_sid == ours.messaging_service_sid:
        return True
    return bool(ours.from_number) and ours.from_number in {record.from_, record.to}


async def _holds_something(record: Any) -> bool:
    if str(record.body or ""):
        return True
    has_pictures = str(record.num_media or "0") != "0"
    return has_pictures and bool(await record.media.list_async(limit=1))


async def _delete_pictures(record: Any) -> None:
    try:
        for picture in await record.media.list_async(limit=_MOST_PICTURES):
            await picture.delete_async()
    except SendError as error:
        if error.code not in _GONE:
            raise
