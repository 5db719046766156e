"""The operator's commands find what they work on (P9)."""

import stat

import pytest

from app.operating import operate, operator_file
from app.stack import Stack
from storage.connection import Store
from tests.app.operations import operator_settings


async def test_a_running_stack_is_found_by_its_folder_and_its_secrets_go_with_it(tmp_path):
    async with Stack(tmp_path, programs=(), free_ports=True) as stack:
        assert stat.S_IMODE(operator_file(tmp_path).stat().st_mode) == 0o600
        async with operate({"PORCHLIGHT_BACKUP_PUBLIC_KEY": "plb"}, tmp_path) as settings:
            assert settings.redis_url.reveal() == stack.store_url("operator")
            assert settings.backup_public_key == "plb"
        async with operate({**stack.env("operator")}, tmp_path / "elsewhere") as settings:
            assert settings.key_file == operator_settings(stack).key_file
    assert not operator_file(tmp_path).exists()


async def test_a_store_that_does_not_run_is_started_for_as_long_as_it_takes(tmp_path):
    async with Stack(tmp_path, programs=(), free_ports=True) as stack:
        store = Store(stack.store_url())
        await store.call("SET", "opted-out:" + "a" * 32, "0000000a")
        await store.aclose()
    async with operate({}, tmp_path) as settings:
        store = Store(settings.redis_url.reveal())
        assert await store.call("GET", "opted-out:" + "a" * 32) == b"0000000a"
        await store.aclose()
    assert not operator_file(tmp_path).exists()


async def test_where_nothing_is_nothing_is_made(tmp_path):
    with pytest.raises(ValueError, match="nothing was done"):
        async with operate({}, tmp_path / "nowhere"):
            pass
    assert not (tmp_path / "nowhere").exists()
