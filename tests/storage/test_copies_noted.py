"""What the worker's own steps put on the erase list, in the commits that they make anyway (P4, P5)."""

import pytest

from hotline.messages import SMS
from storage.connection import Store, StoreError
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from tests.storage.conftest import ADDRESS_KEYS
from tests.storage.copy_shift import find_keys
from tests.storage.night_shift import NightShift


async def _list_due(store: Store) -> dict[str, float]:
    """Name of each copy, and when it is due."""
    found: dict[str, float] = {}
    for key in await find_keys(store, "erase-due:*"):
        row = await store.call("ZRANGE", key, 0, -1, "WITHSCORES")
        found |= {name.decode(): float(due) for name, due in zip(row[::2], row[1::2], strict=True)}
    return found


async def test_a_turn_puts_each_text_that_it_answers_on_the_list_and_a_send_what_it_sent(
    store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox
) -> None:
    night = NightShift(store, keys, content_keys, inbox)
    await night.texts("hi")
    now = night.clock.at.timestamp()
    heard = ADDRESS_KEYS.hash_external_id(SMS, "SM1")  # type: ignore[arg-type]
    assert await _list_due(store) == {heard: now}
    await _answers(night, "where is food")
    await night.sends()
    sent = ADDRESS_KEYS.hash_external_id(SMS, "SM-out")  # type: ignore[arg-type]
    due = await _list_due(store)
    assert len(due) == 3 and due[sent] == now + 600, "in ten minutes, unless its final status comes before"


async def _answers(night: NightShift, text: str) -> None:
    """A text is answered, and the answer stays in the outbox."""
    goes_out, night.goes_out = night.goes_out, _nothing  # type: ignore[method-assign]
    await night.texts(text)
    night.goes_out = goes_out  # type: ignore[method-assign]


async def _nothing() -> list[str]:
    return []


async def test_without_a_key_for_the_list_a_text_is_answered_all_the_same_r9(
    store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = NightShift(store, keys, content_keys, inbox)

    async def away(*_: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr(night.world.erase_keys, "get", away)
    with pytest.raises(AssertionError, match="erase_failed"):
        await night.texts("hi")
    assert await night.goes_out() and await _list_due(store) == {}
