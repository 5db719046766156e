"""Accounts and logins: nothing in the store opens a session, and a login ends when it should (A6)."""

import base64
from dataclasses import replace
from typing import cast

import pytest

from storage.accounts import Account, StoreAccounts
from storage.connection import Store
from tests.storage.conftest import SERVER_KEY
from vault.errors import SealBroken
from vault.keyring import Keyring, ServerKey

ROBIN = Account("robin", "Robin", "$argon2id$...", ("advocate", "supervisor"), "es")


async def test_an_account_comes_back_as_it_was(store: Store) -> None:
    accounts = StoreAccounts(store)
    await accounts.put(ROBIN)
    assert await accounts.find("robin") == ROBIN
    assert await accounts.find("nobody") is None


async def test_a_login_is_stored_as_a_hash_and_can_be_ended(store: Store) -> None:
    accounts = StoreAccounts(store)
    await accounts.put(ROBIN)
    login = await accounts.create_login("robin")
    assert await accounts.find_login(login) == ROBIN
    assert int(await store.call("EXISTS", f"login:{login}")) == 0
    await accounts.end_login(login)
    assert await accounts.find_login(login) is None


async def test_a_totp_secret_is_sealed_for_its_person(store: Store) -> None:
    accounts = StoreAccounts(store, None, Keyring([SERVER_KEY]))
    for name in ("robin", "luz"):
        await accounts.put(replace(ROBIN, name=name))
    await accounts.set_totp("robin", "JBSWY3DP")
    sealed = await store.call("HGET", "account:robin", "totp")
    assert b"JBSWY3DP" not in base64.b64decode(sealed)
    await store.call("HSET", "account:luz", "totp", sealed)
    with pytest.raises(SealBroken):
        await accounts.find_totp("luz")


async def test_an_invented_salt_stays_the_same_when_the_staff_key_is_rotated() -> None:
    new = ServerKey(b"newk", bytes(32))
    before = StoreAccounts(cast(Store, None), None, Keyring([SERVER_KEY]))
    after = StoreAccounts(cast(Store, None), None, Keyring([new, SERVER_KEY]))
    assert before.fake_salt("nobody") == after.fake_salt("nobody") != after.fake_salt("somebody")


async def test_looking_at_a_login_does_not_prolong_it_and_touching_does(store: Store) -> None:
    import hashlib

    accounts = StoreAccounts(store)
    await accounts.put(ROBIN)
    login = await accounts.create_login("robin")
    key = "login:" + hashlib.sha256(login.encode()).hexdigest()
    await store.call("EXPIRE", key, 100)
    await accounts.find_login(login)
    assert int(await store.call("TTL", key)) <= 100
    await accounts.touch_login(login)
    assert int(await store.call("TTL", key)) > 1000


async def test_failures_are_counted_by_name_and_peer_and_forgotten_after_success(store: Store) -> None:
    accounts = StoreAccounts(store)
    assert [await accounts.count_failure("robin", "10.0.0.1") for _ in range(3)] == [1, 2, 3]
    assert await accounts.count_failure("robin", "10.0.0.2") == 1
    await accounts.clear_failures("robin", "10.0.0.1")
    assert await accounts.count_failure("robin", "10.0.0.1") == 1
