"""Key files are made once, kept from others, and rotated without forgetting (P9, P4)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.messages import SMS, Address
from vault.errors import KeyFileError
from vault.key_files import create_key_file, load_address_keys, load_keyring, rotate_key_file
from vault.purposes import Purpose

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SOMEONE = Address("+17025550123")


def test_a_new_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "server.key"
    create_key_file(path, NOW)
    assert path.stat().st_mode & 0o777 == 0o600


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    create_key_file(path, NOW)
    before = path.read_bytes()
    with pytest.raises(KeyFileError):
        create_key_file(path, NOW)
    assert path.read_bytes() == before


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    create_key_file(path, NOW)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keyring(path)


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": [{"id": "00", "secret": "AA=="}]}', "nonsense"])
def test_a_damaged_key_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "server.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        load_keyring(path)


def test_a_missing_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="porchlight keys init"):
        load_keyring(tmp_path / "none.key")


def test_rotation_keeps_old_values_readable_and_old_addresses_findable(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    create_key_file(path, NOW)
    sealed = load_keyring(path).seal(Purpose.STAFF, b"words", "a")
    before = load_address_keys(path).hash_address(SMS, SOMEONE)
    rotate_key_file(path, NOW)
    assert load_keyring(path).open(Purpose.STAFF, sealed, "a") == b"words"
    keys = load_address_keys(path)
    assert keys.hash_address(SMS, SOMEONE) != before
    assert keys.hash_address_under_all(SMS, SOMEONE)[1] == before
