"""The staff commands: what a password from the command line becomes, and what a reset takes (A6)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app import staff
from app.secret import Secret
from console.passwords import PasswordChecker
from storage.accounts import Lock, Passkey, StoreAccounts
from storage.connection import Store
from tests.real_store import RealStores
from vault.key_files import create_key_file

PASSWORD = "a long enough one"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    stores = RealStores(Path(tmp_path_factory.mktemp("store")))
    stores.start("store")
    yield stores.url("store", "staff")
    stores.stop()


async def test_a_password_given_here_logs_in_there_and_takes_every_older_way_in_away(url: str) -> None:
    store = Store(url)
    accounts = StoreAccounts(store)
    await staff.add_account(url, "robin", PASSWORD, ("advocate",), "en")
    await accounts.set_training("robin", {"overdose": "2027-01-01"})
    await accounts.add_passkey(Passkey("pk1", "robin", b"key", 0, "Chrome", "2026-11-21"))
    await accounts.put_reader_key("robin", b"\x01" * 32, [Lock("1", "password", "aa", "bb")])
    login = await accounts.create_login("robin")
    await staff.add_account(url, "robin", PASSWORD + "!", ("advocate",), "en")
    account = await accounts.find("robin")
    assert account
    proof = staff.derive_password(PASSWORD + "!", account.salt, account.cost)[0]
    assert await PasswordChecker().verify_proof(account.password_hash, proof)
    old = staff.derive_password(PASSWORD, account.salt, account.cost)[0]
    assert not await PasswordChecker().verify_proof(account.password_hash, old)
    assert (account.public, account.passkeys, account.training) == (None, 0, {"overdose": "2027-01-01"})
    assert await accounts.find_login(login) is None
    assert await store.call("HGETALL", "readers") == {}
    await store.aclose()


def test_a_password_is_the_same_however_its_letters_are_composed_and_is_never_a_proof_by_itself() -> None:
    one = staff.derive_password("contraseña larga", "00" * 16, 1024)
    two = staff.derive_password("contrasen\u0303a larga", "00" * 16, 1024)
    assert one == two
    assert len(one[0]) == 64 and len(one[1]) == 32 and bytes.fromhex(one[0]) != one[1]


def test_the_derivation_is_scrypt_of_rfc_7914() -> None:
    """RFC 7914, section 12, third vector, cut by our lengths: N=16384, r=8, p=1 with our salt in hex."""
    proof, wrap = staff.derive_password("pleaseletmein", b"SodiumChloride".hex(), 16384)
    assert proof == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    assert wrap.hex() == "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"


@pytest.mark.parametrize(
    ("name", "roles", "language"), [("Robin", ("advocate",), "en"), ("robin", (), "en"), ("robin", ("owner",), "en")]
)
async def test_what_we_do_not_have_is_refused(url: str, name: str, roles: tuple[str, ...], language: str) -> None:
    with pytest.raises(ValueError):
        await staff.invite(url, name, roles, language)
    with pytest.raises(ValueError):
        await staff.add_account(url, name, PASSWORD, roles, language)


async def test_a_reset_may_keep_the_printed_code_or_end_it_too(url: str, tmp_path: Path) -> None:
    key_file = tmp_path / "staff.key"
    create_key_file(key_file, datetime.now(UTC))
    settings: Any = SimpleNamespace(redis_url=Secret(url), staff_key_file=key_file)
    store = Store(url)
    accounts = StoreAccounts(store)
    for keep in (True, False):
        await staff.add_account(url, "wren", PASSWORD, ("advocate",), "en")
        await accounts.put_reader_key("wren", b"\x02" * 32, [Lock("1", "password", "aa", "bb")])
        await accounts.add_lock("wren", Lock("2", "recovery", "aa", "bb"))
        await staff.reset(settings, "wren", keep_recovery=keep)
        assert [lock.kind for lock in await accounts.list_locks("wren")] == (["recovery"] if keep else [])
        assert "wren  invited  advocate  password alone  no key" in await staff.list_accounts(url)
    with pytest.raises(ValueError, match="there is no nobody"):
        await staff.reset(settings, "nobody", keep_recovery=True)
    await store.aclose()
