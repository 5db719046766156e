"""The server key is lost with every copy: what it had wrapped counts as gone, and everything goes on (P3, P9, R9)."""

from datetime import UTC, datetime

import pytest

from hotline.messages import TELEGRAM, ConversationId
from storage.connection import Store
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.erase_keys import EraseKeys
from storage.inbox import Inbox
from tests.storage.conftest import ADDRESS_KEYS, SERVER_KEY
from tests.storage.night_shift import NightShift
from vault.errors import SealBroken
from vault.keyring import Keyring, ServerKey

NEW = Keyring([ServerKey(b"new!", bytes(reversed(range(32))))])


async def test_a_conversation_whose_key_was_wrapped_by_a_lost_one_counts_as_erased(
    keys: Store, content_keys: ContentKeys
) -> None:
    await content_keys.create(ConversationId("c1"))
    assert await ContentKeys(keys, NEW).find(ConversationId("c1")) is None
    assert await content_keys.find(ConversationId("c1")), "and is there again if the file is found"


async def test_what_is_to_be_erased_is_sealed_under_a_key_that_opens_k6(keys: Store) -> None:
    """Else a chat that its texter clears on that day would stay."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    behind = EraseKeys(keys, Keyring([SERVER_KEY]))
    lost = await behind.get(TELEGRAM, at)
    made = await EraseKeys(keys, NEW).get(TELEGRAM, at)
    assert made.secret != lost.secret
    await behind.forget_lost()
    assert await behind.find(str(lost.conversation)) is None, "nor does one that began before seal under the lost one"
    assert (await EraseKeys(keys, NEW).get(TELEGRAM, at)).secret == made.secret, "a worker after it opens the same"
    await keys.call("DEL", f"erase-key:{made.conversation}")


async def test_texts_are_sealed_to_a_pair_that_opens_one_beat_after_a_worker_with_another_key_begins(
    keys: Store, content_keys: ContentKeys
) -> None:
    await content_keys.rotate_inbox()
    before = await InboxPublicKeys(keys).get()
    worker = ContentKeys(keys, NEW)
    await worker.ensure_inbox()
    after = await InboxPublicKeys(keys).get()
    assert after.epoch != before.epoch
    assert await worker.open_inbox(after.seal(b"hi", "lane"), "lane") == b"hi"
    with pytest.raises(SealBroken):
        await worker.open_inbox(before.seal(b"hi", "lane"), "lane")
    await worker.ensure_inbox()
    assert (await InboxPublicKeys(keys).get()).epoch == after.epoch, "once is enough"
    await content_keys.rotate_inbox()


async def test_a_private_half_that_ran_out_while_no_worker_lived_is_replaced_at_once(
    keys: Store, content_keys: ContentKeys
) -> None:
    await content_keys.rotate_inbox()
    before = await InboxPublicKeys(keys).get()
    await keys.call("DEL", f"inbox-key:{before.epoch}")
    await content_keys.ensure_inbox()
    assert (await InboxPublicKeys(keys).get()).epoch != before.epoch


async def test_what_waited_is_brought_before_a_person_and_the_texter_is_answered_anew(
    store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox
) -> None:
    night = await NightShift(store, keys, content_keys, inbox).opens("rowan")
    await night.texts("!imminent")
    (before,) = await night.waiting()
    anew = ContentKeys(keys, NEW)
    await anew.ensure_inbox()
    later = NightShift(store, keys, anew, Inbox(store, InboxPublicKeys(keys), ADDRESS_KEYS))
    later.number = 50
    assert await later.texts("hello?")
    (after,) = await later.waiting()
    assert after.id == before.id and "unreadable" in after.reasons
    await content_keys.rotate_inbox()
