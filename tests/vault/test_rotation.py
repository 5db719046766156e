"""Programs take a new key up while they run, in any order, and say when their file is lost (P9)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.messages import SMS, Address, ExternalId
from vault import key_files
from vault.errors import KeyFileError, SealBroken
from vault.key_files import (
    create_key_file,
    list_keys,
    load_address_keys,
    load_keyring,
    prune_key_file,
    rotate_key_file,
)
from vault.keyring import key_id_of
from vault.purposes import Purpose

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SOMEONE = Address("+17025550123")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "server.key"
    create_key_file(path, NOW)
    return path


@pytest.fixture
def slow_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No program looks at its file by itself: as in the second before it would have."""
    monkeypatch.setattr(key_files, "_LOOK_SECONDS", 3600.0)


@pytest.fixture
def eager_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_files, "_LOOK_SECONDS", 0.0)


def test_a_running_program_seals_under_the_new_key_once_it_has_looked(path: Path, eager_looks: None) -> None:
    ring = load_keyring(path)
    new = rotate_key_file(path, NOW)
    assert key_id_of(ring.seal(Purpose.STAFF, b"x", "c")) == new


def test_a_program_that_has_the_old_key_alone_opens_what_another_sealed_under_the_new(
    path: Path, slow_looks: None
) -> None:
    behind = load_keyring(path)
    old = behind.seal(Purpose.STAFF, b"before", "c")
    rotate_key_file(path, NOW)
    ahead = load_keyring(path)
    assert behind.open(Purpose.STAFF, ahead.seal(Purpose.STAFF, b"after", "c"), "c") == b"after"
    assert ahead.open(Purpose.STAFF, old, "c") == b"before"
    assert behind.ids == ahead.ids


def test_a_mac_under_a_key_that_is_not_known_yet_is_looked_up_in_the_file(path: Path, slow_looks: None) -> None:
    behind = load_keyring(path)
    rotate_key_file(path, NOW)
    mac = load_keyring(path).authenticate(Purpose.AUDIT, b"entry")
    assert behind.is_authentic(Purpose.AUDIT, mac, b"entry")
    assert not behind.is_authentic(Purpose.AUDIT, "zz" + mac[2:], b"entry")


def test_a_hash_under_a_key_that_is_not_known_yet_is_looked_up_in_the_file(path: Path, slow_looks: None) -> None:
    behind = load_address_keys(path)
    rotate_key_file(path, NOW)
    lane = load_address_keys(path).hash_address(SMS, SOMEONE)
    assert lane not in behind.hash_address_under_all(SMS, SOMEONE)
    assert lane in behind.hash_address_under_all(SMS, SOMEONE, known=lane)
    assert behind.id_of(SMS, SOMEONE, lane) == list_keys(path)[0].id


def test_the_name_of_a_status_lane_does_not_change_with_a_rotation(path: Path, eager_looks: None) -> None:
    keys, identifier = load_address_keys(path), ExternalId("SM1")
    before = keys.hash_external_id(SMS, identifier)
    rotate_key_file(path, NOW)
    assert keys.hash_external_id(SMS, identifier) == before
    assert before in keys.hash_external_id_under_all(SMS, identifier)


def test_a_file_that_is_lost_is_told_once_and_the_keys_in_memory_go_on(path: Path, eager_looks: None) -> None:
    told: list[str] = []
    ring = load_keyring(path, told.append)
    sealed = ring.seal(Purpose.STAFF, b"x", "c")
    kept = path.read_bytes()
    path.unlink()
    for _ in range(3):
        assert ring.open(Purpose.STAFF, sealed, "c") == b"x"
    assert told == ["server"]
    path.write_bytes(kept)
    path.chmod(0o600)
    rotate_key_file(path, NOW)
    assert key_id_of(ring.seal(Purpose.STAFF, b"x", "c")) == list_keys(path)[0].id, "and it follows the file again"
    with pytest.raises(KeyFileError):
        load_keyring(path.with_name("other.key"))


def test_a_file_that_is_damaged_or_open_to_others_is_not_taken_up(path: Path, eager_looks: None) -> None:
    told: list[str] = []
    ring = load_keyring(path, told.append)
    before = ring.ids
    path.write_text("{")
    assert ring.ids == before and told == ["server"]


def test_a_rotation_keeps_the_files_readers_and_leaves_no_half_file(path: Path) -> None:
    path.chmod(0o600)
    rotate_key_file(path, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["server.key"]


def test_two_rotations_at_once_do_not_lose_a_key(path: Path) -> None:
    path.with_suffix(".new").touch()
    with pytest.raises(KeyFileError, match="another rotation"):
        rotate_key_file(path, NOW)
    assert len(list_keys(path)) == 1


def test_a_dropped_key_opens_nothing_and_the_newest_is_never_dropped(path: Path, eager_looks: None) -> None:
    ring = load_keyring(path)
    sealed = ring.seal(Purpose.STAFF, b"x", "c")
    rotate_key_file(path, NOW + timedelta(days=1))
    newest, old = list_keys(path)
    with pytest.raises(KeyFileError, match="in use"):
        prune_key_file(path, [newest.id])
    prune_key_file(path, [old.id])
    with pytest.raises(SealBroken):
        ring.open(Purpose.STAFF, sealed, "c")
