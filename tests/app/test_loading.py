"""Finding the conversation that a text belongs to, where a key is gone (P3, C9, K7)."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.loading import load_for_message
from app.world import SystemClock
from hotline.messages import SMS, Address, InboundMessage
from storage.conversations import Loaded
from vault.addresses import AddressKeys

TEXT = InboundMessage(SMS, Address("+17025550123"), None, text="who is this")


def world(fields: dict[str, bytes]) -> Any:
    async def load(lanes: object, now: float) -> Loaded:
        return Loaded(None, None, unreadable=True, fields=fields)

    conversations = SimpleNamespace(load=load)
    return SimpleNamespace(address_keys=AddressKeys((b"k" * 32,)), conversations=conversations, clock=SystemClock())


@pytest.mark.parametrize("covered", [True, False])
async def test_a_cover_outlives_the_key_of_what_it_covered_k7(covered: bool) -> None:
    fields = {"owner": b"with_bot", "language": b"es", "covered": b"1" if covered else b""}
    _, conversation, _ = await load_for_message(world(fields), TEXT, "0" * 32)
    assert conversation.covered is covered and conversation.silent is covered
    assert conversation.language == ("es" if covered else "en"), "of what was not covered nothing is kept (C9)"
