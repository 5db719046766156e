"""Keys for pushing: a damaged or mismatched pair is found at the start, not in the night (X3)."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.paging import build_paging
from app.practice import practice_environ
from app.secret import Secret
from app.settings import ALL, Settings, load_settings
from app.world import SystemClock
from storage.connection import Store
from storage.content_files import load_documents
from vault.errors import KeyFileError
from vault.web_push import VapidKey


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(practice_environ({"PORCHLIGHT_MODE": "practice"}, tmp_path), ALL)


def build(settings: Settings) -> object:
    return build_paging(settings, Store("unix:///nowhere.sock"), load_documents(), SystemClock()).push


def test_practice_makes_a_pair_once_and_keeps_it(tmp_path: Path) -> None:
    first, second = (practice_environ({"PORCHLIGHT_MODE": "practice"}, tmp_path) for _ in range(2))
    assert first["VAPID_PUBLIC_KEY"] == second["VAPID_PUBLIC_KEY"]
    path = Path(first["VAPID_PRIVATE_KEY_FILE"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert VapidKey(path.read_text()).public == first["VAPID_PUBLIC_KEY"]


def test_a_pair_is_used_and_without_one_browsers_are_not_paged(settings: Settings) -> None:
    assert build(settings) is not None
    assert build(replace(settings, vapid_private_key=Secret(""))) is None


def test_keys_of_two_pairs_stop_the_start(settings: Settings) -> None:
    with pytest.raises(ValueError, match="not of one pair"):
        build(replace(settings, vapid_public_key=VapidKey.create().public))


def test_a_damaged_key_stops_the_start(settings: Settings) -> None:
    with pytest.raises(KeyFileError):
        build(replace(settings, vapid_private_key=Secret("damaged")))
