"""Sealing round-trips, and fails for anything that does not belong (P2, P3)."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.content import ContentKey
from vault.errors import SealBroken
from vault.inbox import InboxPrivateKey, epoch_of
from vault.keyring import Keyring, ServerKey
from vault.purposes import Purpose

OLD = ServerKey(b"old1", bytes(32))
NEW = ServerKey(b"new1", bytes(range(32)))


@given(st.binary(max_size=300))
def test_what_the_keyring_seals_it_opens(plaintext: bytes) -> None:
    ring = Keyring([NEW])
    assert ring.open(Purpose.STAFF, ring.seal(Purpose.STAFF, plaintext, "a"), "a") == plaintext


def test_a_wrong_purpose_or_context_does_not_open() -> None:
    ring = Keyring([NEW])
    sealed = ring.seal(Purpose.STAFF, b"words", "a")
    with pytest.raises(SealBroken):
        ring.open(Purpose.CONTENT_KEY, sealed, "a")
    with pytest.raises(SealBroken):
        ring.open(Purpose.STAFF, sealed, "b")


@given(st.integers(min_value=0, max_value=2**31))
def test_any_changed_byte_is_refused_by_the_keyring(place: int) -> None:
    ring = Keyring([NEW])
    sealed = bytearray(ring.seal(Purpose.STAFF, b"words", "a"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        ring.open(Purpose.STAFF, bytes(sealed), "a")


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    sealed = Keyring([OLD]).seal(Purpose.STAFF, b"words", "a")
    rotated = Keyring([NEW, OLD])
    assert rotated.open(Purpose.STAFF, sealed, "a") == b"words"
    with pytest.raises(SealBroken):
        Keyring([OLD]).open(Purpose.STAFF, rotated.seal(Purpose.STAFF, b"words", "a"), "a")


@given(st.binary(max_size=300))
def test_a_content_key_opens_its_own_conversation_alone(plaintext: bytes) -> None:
    key = ContentKey.create("one")
    sealed = key.seal(Purpose.WINDOW, plaintext)
    assert key.open(Purpose.WINDOW, sealed) == plaintext
    with pytest.raises(SealBroken):
        ContentKey("two", key.secret).open(Purpose.WINDOW, sealed)
    with pytest.raises(SealBroken):
        key.open(Purpose.OUTBOX, sealed)
    with pytest.raises(SealBroken):
        ContentKey.create("one").open(Purpose.WINDOW, sealed)


@given(st.binary(max_size=60))
def test_rubbish_is_refused_by_every_seal(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        ContentKey.create("one").open(Purpose.WINDOW, rubbish)
    with pytest.raises(SealBroken):
        Keyring([NEW]).open(Purpose.STAFF, rubbish, "a")
    with pytest.raises(SealBroken):
        InboxPrivateKey.create("0" * 16).open(rubbish, "a")


def test_the_public_half_seals_for_the_private_half_and_its_context() -> None:
    private = InboxPrivateKey.create(os.urandom(8).hex())
    sealed = private.public().seal(b"words", "lane")
    assert epoch_of(sealed) == private.epoch
    assert private.open(sealed, "lane") == b"words"
    with pytest.raises(SealBroken):
        private.open(sealed, "other lane")
    with pytest.raises(SealBroken):
        InboxPrivateKey.create(private.epoch).open(sealed, "lane")


def test_keys_do_not_print() -> None:
    key = ContentKey("one", b"\xaa" * 32)
    assert "aa" not in repr(key) and "\\xaa" not in repr(key)
    assert "secret" not in repr(NEW) and "raw" not in repr(InboxPrivateKey.create("0" * 16))
