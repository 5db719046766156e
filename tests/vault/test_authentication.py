"""Authenticating what is not secret: the audit's chain (A6)."""

from hypothesis import given
from hypothesis import strategies as st

from vault.keyring import Keyring, ServerKey
from vault.purposes import Purpose

OLD, NEW = ServerKey(b"old!", bytes(32)), ServerKey(b"new!", bytes(range(32)))


@given(st.binary(max_size=64), st.text(st.characters(), max_size=80))
def test_only_the_mac_that_was_made_is_authentic(data: bytes, other: str) -> None:
    ring = Keyring([NEW, OLD])
    mac = ring.authenticate(Purpose.AUDIT, data)
    assert len(mac) == 72
    assert ring.is_authentic(Purpose.AUDIT, mac, data)
    assert not ring.is_authentic(Purpose.AUDIT, mac, data + b"x")
    assert not ring.is_authentic(Purpose.STAFF, mac, data)
    for wrong in (other, mac[:8] + other, mac[:-1], mac + "0", ""):
        assert wrong == mac or not ring.is_authentic(Purpose.AUDIT, wrong, data)


def test_a_mac_of_an_old_key_holds_while_the_key_is_kept() -> None:
    mac = Keyring([OLD]).authenticate(Purpose.AUDIT, b"x")
    assert Keyring([NEW, OLD]).is_authentic(Purpose.AUDIT, mac, b"x")
    assert not Keyring([NEW]).is_authentic(Purpose.AUDIT, mac, b"x")
