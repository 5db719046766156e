"""What a page hands to its browser so that it can open and seal: sealed keys and public keys, as JSON and base64."""

import base64
import json
from dataclasses import dataclass

from console.context import Visit
from hotline.messages import ConversationId

MOST_MISSING = 100
"""Wraps that one page is asked to make at a time; the next answer names the next ones."""


@dataclass(frozen=True, slots=True)
class PageKeys:
    """``wraps``: {epoch: base64}; ``missing``: [[epoch, name, public key in base64]]; empty inbox fields: none yet."""

    wraps: str
    missing: str
    inbox_epoch: str
    inbox_key: str


async def build_page_keys(visit: Visit, conversation: ConversationId) -> PageKeys:
    """The keys of one conversation for the advocate of this visit. Raises StoreError."""
    seals = visit.console.seals
    wraps = await seals.read_wraps(conversation, visit.advocate.name)
    lacking = [m for m in await seals.missing_wraps(conversation) if m.epoch in wraps][:MOST_MISSING]
    try:
        inbox = await seals.inbox_key()
        epoch, key = inbox.epoch, _text(inbox.raw)
    except KeyError:
        epoch, key = "", ""
    return PageKeys(
        json.dumps({name: _text(wrap) for name, wrap in wraps.items()}),
        json.dumps([[m.epoch, m.name, _text(m.public)] for m in lacking]),
        epoch,
        key,
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
