"""Lines and wraps: what HPKE's vectors say, and that nothing opens where it does not belong (P2)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from vault import readers
from vault.errors import SealBroken
from vault.readers import (
    LinePlace,
    ReaderPrivateKey,
    key_fingerprint,
    open_line,
    open_wrap,
    roster_digest,
    seal_line,
    wrap_epoch,
)

VECTOR = json.loads((Path(__file__).parent / "vectors/hpke_x25519_sha256_aes256gcm.json").read_text())
PLACE = LinePlace("c1", "e" * 16, "texter", "2026-11-21T04:00:00+00:00", "")
EPOCH, READER = ReaderPrivateKey.create(), ReaderPrivateKey.create()


def test_the_rfc_9180_vector_opens() -> None:
    """The library seals with an AAD only in a function of its own, which the vector needs."""
    first = VECTOR["encryptions"][0]
    sealed = bytes.fromhex(VECTOR["enc"] + first["ct"])
    key = X25519PrivateKey.from_private_bytes(bytes.fromhex(VECTOR["skRm"]))
    info, aad = bytes.fromhex(VECTOR["info"]), bytes.fromhex(first["aad"])
    plain = openssl.hpke._decrypt_with_aad(readers._SUITE, sealed, key, info=info, aad=aad)
    assert bytes(plain).hex() == first["pt"]


def test_the_key_and_nonce_of_the_rfc_9180_vector_are_those_that_we_open_with() -> None:
    """The vector's own key and nonce, without an AAD as we seal, opened by the code that opens lines."""
    first = VECTOR["encryptions"][0]
    plain = bytes.fromhex(first["pt"])
    body = AESGCM(bytes.fromhex(VECTOR["key"])).encrypt(bytes.fromhex(VECTOR["base_nonce"]), plain, None)
    private = ReaderPrivateKey(bytes.fromhex(VECTOR["skRm"]))
    assert private.public().hex() == VECTOR["pkRm"]
    assert readers._open(private, bytes.fromhex(VECTOR["info"]), bytes.fromhex(VECTOR["enc"]) + body) == plain


@given(st.text(max_size=400))
def test_a_line_opens_with_its_epoch(text: str) -> None:
    assert open_line(EPOCH, PLACE, seal_line(EPOCH.public(), PLACE, text)) == text


@pytest.mark.parametrize("part", ["conversation", "epoch", "who", "at", "number"])
def test_a_line_that_was_moved_does_not_open(part: str) -> None:
    sealed = seal_line(EPOCH.public(), PLACE, "words")
    with pytest.raises(SealBroken):
        open_line(EPOCH, replace(PLACE, **{part: "other"}), sealed)


@given(st.integers(min_value=0, max_value=2**31))
def test_a_changed_byte_is_refused(place: int) -> None:
    sealed = bytearray(seal_line(EPOCH.public(), PLACE, "words"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        open_line(EPOCH, PLACE, bytes(sealed))


@given(st.binary(max_size=100))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        open_line(EPOCH, PLACE, rubbish)
    with pytest.raises(SealBroken):
        open_wrap(READER, "c1", PLACE.epoch, "robin", rubbish)


def test_a_wrap_opens_for_its_reader_conversation_and_epoch_alone() -> None:
    wrap = wrap_epoch(EPOCH, READER.public(), "c1", PLACE.epoch, "robin")
    assert len(wrap) == 88
    assert wrap.startswith(key_fingerprint(READER.public()))
    assert open_wrap(READER, "c1", PLACE.epoch, "robin", wrap) == EPOCH
    for reader, conversation, epoch, name in (
        (EPOCH, "c1", PLACE.epoch, "robin"),
        (READER, "c2", PLACE.epoch, "robin"),
        (READER, "c1", "f" * 16, "robin"),
        (READER, "c1", PLACE.epoch, "luz"),
    ):
        with pytest.raises(SealBroken):
            open_wrap(reader, conversation, epoch, name, wrap)


def test_the_digest_changes_with_names_and_keys_and_not_with_order() -> None:
    team = {"robin": b"1" * 32, "luz": b"2" * 32}
    digests = {
        roster_digest(team),
        roster_digest({}),
        roster_digest({"robin": b"1" * 32}),
        roster_digest({**team, "luz": b"3" * 32}),
        roster_digest({"robin": b"2" * 32, "luz": b"1" * 32}),
    }
    assert len(digests) == 5
    assert roster_digest(dict(reversed(team.items()))) == roster_digest(team)


def test_a_private_half_does_not_print() -> None:
    assert repr(ReaderPrivateKey(b"\xaa" * 32)) == "ReaderPrivateKey()"
