"""Keyed hashes: the same from version to version, or every STOP would be forgotten (P4)."""

import hashlib
import hmac

from hotline.messages import SMS, Address, ExternalId
from vault.addresses import AddressKeys

NEW, OLD = b"n" * 32, b"o" * 32


def plainly(secret: bytes, text: bytes) -> str:
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:32]


def test_an_address_is_hashed_by_hmac_sha256_under_the_newest_key_p4():
    found = AddressKeys([NEW, OLD]).hash_address(SMS, Address("+17025550123"))
    assert found == plainly(NEW, b"address|sms|+17025550123")


def test_a_provider_s_id_is_hashed_in_the_same_way_under_the_oldest_key_p4():
    found = AddressKeys([NEW, OLD]).hash_external_id(SMS, ExternalId("SM1"))
    assert found == plainly(OLD, b"external-id|sms|SM1")
