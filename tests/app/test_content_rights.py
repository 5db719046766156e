"""What programs may do with content in the store, asked of a real server (D7, G2)."""

import pytest

from app.store_acl import READ_CONTENT_ALONE
from storage.connection import Store, StoreError
from storage.content_sets import ContentSets, ShownSets
from storage.data_map import DATA_MAP
from tests.app.test_store_acl import _key_of, _may, ask, stack
from tests.storage.content_stage import HOUSES, ContentStage

__all__ = ["ask", "stack"]


@pytest.mark.parametrize("program", READ_CONTENT_ALONE)
async def test_actions_and_read_api_read_what_is_live_and_nothing_else(ask, program):
    """One stands nearest to the dialogue engine, which texters' words go through, the other faces agencies (P2, P9)."""
    for stored in DATA_MAP:
        if stored.instance == "store":
            may = stored.pattern in {"content:live", "content:shown"}
            assert await _may(ask, "store", program, "GET", _key_of(stored)) == may, stored.pattern
            may = stored.pattern in {"content:texts"}
            assert await _may(ask, "store", program, "HMGET", _key_of(stored), "a") == may, stored.pattern
            for command in (
                ("SET", _key_of(stored), "x"),
                ("HSET", _key_of(stored), "a", "b"),
                ("DEL", _key_of(stored)),
            ):
                assert not await _may(ask, "store", program, *command), stored.pattern
    for command in (
        ("HGET", "content:sets", "1"), ("HKEYS", "content:texts"), ("HVALS", "content:texts"),
        ("HSCAN", "content:texts", "0"), ("HVALS", "content:history"), ("HGET", "content:drafts", "a"),
        ("SCAN", "0"), ("KEYS", "*"),
    ):  # fmt: skip
        assert not await _may(ask, "store", program, *command), command


async def test_the_console_adds_to_the_content_and_removes_no_version_of_it(stack, ask):
    stage = ContentStage(Store(stack.store_url("console")))
    assert await stage.change("ann", "Hi.", "Hello.") == 2
    stage.files = {**stage.files, "words": "a: 1"}
    assert await stage.desk.take_files()
    for command in (
        ("HDEL", "content:texts", "a"), ("HDEL", "content:history", "1"), ("HDEL", "content:sets", "1"),
        ("DEL", "content:live"), ("EXPIRE", "content:texts", "1"),
        ("EVAL", "return redis.call('DEL', KEYS[1])", 1, "content:history"),
    ):  # fmt: skip
        assert not await _may(ask, "store", "console", *command), command


@pytest.mark.parametrize("program", READ_CONTENT_ALONE)
async def test_an_address_from_when_it_was_open_is_out_of_reach_once_it_is_confidential_d4(stack, ask, program):
    """Older versions stay in the store, to go back to; a program that faces others can load none of them."""
    stage = ContentStage(Store(stack.store_url("console")))
    stage.files = {
        **stage.files,
        HOUSES: stage.files[HOUSES].replace("key: centre", "key: centre, at: 1482 Quail Street"),
    }
    await stage.change("ann", ", at: 1482 Quail Street", "", HOUSES)
    shown = ShownSets(Store(stack.store_url(program)))
    live = await stage.desk.load_live()
    assert (await shown.load(await shown.find_live())).texts == live.texts
    for version in range(1, live.version):
        with pytest.raises(StoreError):
            await shown.load(version)
        with pytest.raises(StoreError):
            await ContentSets(Store(stack.store_url(program))).load(version)
