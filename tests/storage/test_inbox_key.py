"""The inbox's key pair: changed in time however often workers come and go, and never one that nobody can open (P3)."""

import pytest

from app.sweeping import Sweeper
from hotline.messages import SMS, ExternalId, InboundMessage
from storage.connection import Store
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.inbox import Inbox
from tests.storage.night_shift import SOMEONE, NightShift
from vault.errors import SealBroken


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return NightShift(store, keys, content_keys, inbox)


async def test_the_key_changes_each_half_hour_and_opens_for_an_hour_more_p3(
    night: NightShift, keys: Store, store: Store
) -> None:
    """The time is kept in the store: a worker that ends itself before puts nothing off."""
    public = await InboxPublicKeys(keys).get()
    sealed = public.seal(b"words", "lane")
    await Sweeper(night.world).do_due()
    assert 0 < await store.call("TTL", "duty:inbox-key") <= 1800
    following = await InboxPublicKeys(keys).get()
    assert following.epoch != public.epoch
    assert await night.content_keys.open_inbox(sealed, "lane") == b"words"
    assert 0 < await keys.call("TTL", f"inbox-key:{public.epoch}") <= 3600
    await keys.call("EXPIRE", f"inbox-key:{public.epoch}", 100)
    await Sweeper(night.world).do_due()
    assert (await InboxPublicKeys(keys).get()).epoch == following.epoch
    await night.content_keys.rotate_inbox()
    assert await keys.call("TTL", f"inbox-key:{public.epoch}") <= 100, "a further change does not prolong it"


async def test_a_public_half_whose_private_one_is_gone_is_replaced_at_once_p3(
    night: NightShift, keys: Store, content_keys: ContentKeys
) -> None:
    """After a day without a worker, what comes in must not be sealed to nobody."""
    public = await InboxPublicKeys(keys).get()
    await keys.call("DEL", f"inbox-key:{public.epoch}")
    await content_keys.ensure_inbox()
    following = await InboxPublicKeys(keys).get()
    assert following.epoch != public.epoch
    assert await night.texts("hi"), "and a text is read again"
    with pytest.raises(SealBroken):
        await ContentKeys(keys, content_keys._keyring).open_inbox(public.seal(b"words", "lane"), "lane")


async def test_the_public_half_ends_before_the_private_one_so_that_no_text_is_taken_that_nobody_can_open_p3(
    night: NightShift, keys: Store, inbox: Inbox
) -> None:
    for _ in range(2):
        public = await InboxPublicKeys(keys).get()
        assert 0 < await keys.call("TTL", "inbox-public") < await keys.call("TTL", f"inbox-key:{public.epoch}")
        await night.content_keys.rotate_inbox()
    await keys.call("DEL", "inbox-public")
    with pytest.raises(KeyError):
        await inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId("SM1"), text="hi"))
    await night.content_keys.ensure_inbox()
    public = await InboxPublicKeys(keys).get()
    assert 0 < await keys.call("TTL", "inbox-public") < await keys.call("TTL", f"inbox-key:{public.epoch}")
