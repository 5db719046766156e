"""What lies under which key, and when an old one may go (P9)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.audit_command import verify_audit
from app.keys_command import describe_keys, path_of, prune_keys, rotate_keys
from app.stack import Stack
from hotline.messages import SMS, Address, ConversationId
from storage.accounts import Account, StoreAccounts
from storage.code_words import keep_code_word
from storage.commit import Writes
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.key_use import WRAPPED
from tests.app.operations import operator_settings
from vault.code_words import hash_code_word
from vault.key_files import list_keys, load_address_keys, load_keyring

NOW = datetime.now(UTC)
LATER, MUCH_LATER = NOW + timedelta(minutes=5), NOW + timedelta(hours=50)


@pytest.fixture
async def stores(tmp_path):
    async with Stack(tmp_path, programs=(), free_ports=True) as stack:
        store, keys = Store(stack.store_url()), Store(stack.keys_url())
        yield operator_settings(stack), stack, store, keys
        await store.aclose()
        await keys.aclose()


def test_all_that_the_server_key_seals_is_counted():
    assert {"content-key:*", "inbox-key:*"} <= {row.pattern for row in WRAPPED}
    assert {row.kind for row in WRAPPED} == {"string"} and {row.instance for row in WRAPPED} == {"keys"}


async def test_status_shows_ids_ages_and_use_and_no_secret(stores):
    settings, _, store, keys = stores
    await ContentKeys(keys, load_keyring(settings.key_file)).create(ConversationId("c1"))
    await store.call("SET", "opted-out:" + "a" * 32, list_keys(settings.address_key_file)[0].id)
    await store.call("SET", "opted-out:" + "b" * 32, "1")
    page = "\n".join(await describe_keys(settings, NOW + timedelta(days=3, hours=1)))
    assert "1 × content-key" in page and "1 × opted-out" in page and "3 days" in page and "unnamed" in page
    for which in ("server", "address", "staff"):
        path = path_of(settings, which)
        assert list_keys(path)[0].id in page
        assert path.read_text().split('"secret": "')[1][:20] not in page


async def test_a_lost_file_is_said_and_the_others_are_still_shown(stores):
    settings, _, _, _ = stores
    settings.key_file.unlink()
    page = "\n".join(await describe_keys(settings, NOW))
    assert "LOST" in page and "address key" in page and "staff key" in page


async def test_a_server_key_stays_while_one_conversation_needs_it(stores):
    settings, _, _, keys = stores
    await ContentKeys(keys, load_keyring(settings.key_file)).create(ConversationId("c1"))
    await rotate_keys(settings, ["server"], NOW)
    assert any("stays: under it lie 1 × content-key" in line for line in await prune_keys(settings, ["server"], LATER))
    await keys.call("DEL", "content-key:c1")
    assert any("is dropped" in line for line in await prune_keys(settings, ["server"], LATER))
    assert len(list_keys(settings.key_file)) == 1


async def test_no_key_is_dropped_before_every_program_has_the_new_one(stores):
    settings, _, _, _ = stores
    await rotate_keys(settings, (), NOW)
    lines = await prune_keys(settings, (), NOW + timedelta(seconds=30))
    assert sum("less than a minute" in line for line in lines) == 3
    assert len(list_keys(settings.key_file)) == 2


async def test_an_address_key_stays_as_long_as_a_stop_lives_under_it_p4(stores):
    settings, _, store, _ = stores
    old = list_keys(settings.address_key_file)[0].id
    await store.call("SET", "opted-out:" + "a" * 32, old)
    await rotate_keys(settings, ["address"], NOW)
    assert any("48 hours" in line for line in await prune_keys(settings, ["address"], LATER))
    assert any("1 × opted-out" in line for line in await prune_keys(settings, ["address"], MUCH_LATER))
    await store.call("SET", "opted-out:" + "a" * 32, "1")
    assert any("do not say their key" in line for line in await prune_keys(settings, ["address"], MUCH_LATER))
    await store.call("SET", "opted-out:" + "a" * 32, list_keys(settings.address_key_file)[0].id)
    assert any("is dropped" in line for line in await prune_keys(settings, ["address"], MUCH_LATER))


async def test_an_address_key_stays_as_long_as_a_code_word_lives_under_it_c9(stores):
    """Dropped sooner, a texter who says their word 60 days later would be told on as somebody else."""
    settings, _, store, _ = stores
    hashes = hash_code_word(load_address_keys(settings.address_key_file), SMS, Address("+17025550123"), "tulip")
    writes = Writes()
    keep_code_word(writes, *next(iter(hashes.items())))
    await store.call(*writes.operations[0])
    await rotate_keys(settings, ["address"], NOW)
    assert any("1 × code-word" in line for line in await prune_keys(settings, ["address"], MUCH_LATER))
    await store.call("DEL", *(f"code-word:{hashed}" for hashed in hashes))
    assert any("is dropped" in line for line in await prune_keys(settings, ["address"], MUCH_LATER))


async def test_a_staff_key_gives_its_fields_to_the_newest_and_stays_for_the_audit(stores):
    settings, stack, store, keys = stores
    accounts = StoreAccounts(store, keys, load_keyring(settings.staff_key_file))
    await accounts.put(Account("rowan", "rowan", "hash"))
    await accounts.set_totp("rowan", "JBSWY3DP")
    await rotate_keys(settings, ["server"], NOW)
    await rotate_keys(settings, ["staff"], NOW)
    lines = await prune_keys(settings, ["staff"], LATER)
    assert any("1 fields sealed anew" in line for line in lines)
    assert any("stays: under it lie 1 × audit entry" in line for line in lines)
    assert await accounts.find_totp("rowan") == "JBSWY3DP"
    assert (await verify_audit(stack.env("staff"), "", None))[0], "the chain holds after the rotation"


async def test_a_rotation_stands_though_the_store_is_down(stores):
    settings, stack, _, _ = stores
    await stack.stop("store")
    lines = await rotate_keys(settings, ["server"], NOW)
    assert len(list_keys(settings.key_file)) == 2 and any("not in the audit" in line for line in lines)
