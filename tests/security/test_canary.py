"""Unique words and numbers go through; then nothing that we control holds them (P1). Short form of ``tests/proof``."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from app.stack import Stack
from storage.connection import Store
from storage.stored import Stored
from tests.functional.people import Texter
from tests.functional.stories import STORY
from tests.proof.canaries import Aviary
from tests.proof.places import files_below, read_pieces
from tests.proof.shapes import Finder
from tests.security.live_search import core_dump_limit, count_in_memory, search_files, search_processes

pytestmark = STORY
_ROOT = Path(__file__).parent.parent.parent


async def _send_through_every_path(texter: Texter, word: str) -> None:
    for text in (
        "hi",
        f"i need a place to sleep {word} in las vegas tonight",
        f"{word} skip",
        f"/restart {word}",
        f"im hungry {word}",
        f"he wont let me leave {word}",
        f"{word} qwzx",
        f"tengo miedo {word} ayuda",
    ):
        await texter.texts(text)
    await texter.posts(word, kind="photo")
    await texter.meets_fault("503", 1)
    await texter.texts(f"NUMBER {word}")
    await texter.texts(f"i want to kill myself {word}")
    await texter.texts("STOP")
    await texter.texts(f"i want to kill myself {word}")


@pytest.mark.parametrize("channel", ["sms", "telegram"])
async def test_no_path_leaves_words_numbers_or_ids_anywhere_p1(
    channel: str, stack: Stack, new_texter: Callable[..., Texter]
) -> None:
    began = time.time()
    aviary = Aviary.hatch()
    canary = aviary.name(channel)
    texter, word = new_texter(channel), canary.word
    texter.address = f"+1{canary.number}" if channel == "sms" else canary.chat
    await _send_through_every_path(texter, word)
    canaries = [word, texter.address, texter.address.lstrip("+")]
    new_in_tmp = [p for p in Path(tempfile.gettempdir()).glob("porchlight*") if p.stat().st_mtime >= began]
    folders = [stack.folder, _ROOT / "bot", _ROOT / "var", Path.home() / ".config" / "rasa", *new_in_tmp]
    assert search_files([f for f in folders if f.exists()], canaries) == []
    assert search_processes(stack, canaries) == []
    finder = Finder(aviary)
    own = ((path, piece) for path in files_below([stack.folder]) for piece in read_pieces(path))
    assert [(str(path), hits) for path, piece in own if (hits := finder.search(piece))] == []


async def test_the_search_finds_what_is_there(stack: Stack) -> None:
    """A search that cannot find proves nothing; every shape in every place: ``tests/proof/test_planted.py``."""
    (stack.folder / "planted").write_text("perihelionplanted")
    try:
        assert search_files([stack.folder], ["perihelionplanted"])
    finally:
        (stack.folder / "planted").unlink()
    assert search_processes(stack, ["PORCHLIGHT_MODE"])


async def test_no_program_may_write_a_core_dump_p1(stack: Stack) -> None:
    for program in ("webhooks", "worker", "console", "actions", "rasa", "store", "keys"):
        for pid in stack.pids(program):
            assert core_dump_limit(pid) == "0", program


async def test_memory_holds_words_no_longer_than_a_recycled_process_p1(
    stack: Stack, new_texter: Callable[..., Texter]
) -> None:
    texter, word = new_texter(), "perihelionmemorymedlar"
    await texter.texts("hi")
    await texter.texts(f"where is food {word}")
    for program in ("worker", "rasa"):
        await stack.kill(program)
    for program in ("worker", "rasa"):
        await stack.wait_ready(program)
        assert count_in_memory(stack.pids(program), word) == 0
    assert count_in_memory(stack.pids("store") + stack.pids("keys"), word) == 0


async def test_every_key_that_lies_in_the_stores_is_in_the_data_map_p3(
    stack: Stack, new_texter: Callable[..., Texter]
) -> None:
    from storage.data_map import find_stored

    texter = new_texter()
    await texter.texts("hi")
    await texter.texts("i want to kill myself")
    for instance, url in (("store", stack.store_url()), ("keys", stack.keys_url())):
        store = Store(url)
        cursor: bytes | int = 0
        while True:
            cursor, keys = await store.call("SCAN", cursor, "COUNT", 1000)
            for key in keys:
                name = key.decode()
                stored = find_stored(instance, name)
                assert stored, f"{name} is not in the data map"
                await _check_fields(store, name, stored)
            if int(cursor) == 0:
                break
        await store.aclose()


async def _check_fields(store: Store, name: str, stored: Stored) -> None:
    if not stored.fields:  # nothing to compare; the worker may not even look at the halves of advocates' logins
        return
    kind = (await store.call("TYPE", name)).decode()
    if kind == "hash":
        assert all(stored.find_field(field.decode()) for field in await store.call("HKEYS", name)), name
    if kind == "stream":
        for _, entry in await store.call("XRANGE", name, "-", "+", "COUNT", 5):
            assert all(stored.find_field(field.decode()) for field in entry), name


async def test_every_conversation_key_expires_even_if_every_worker_is_gone_p3(
    stack: Stack, http: aiohttp.ClientSession, new_texter: Callable[..., Texter]
) -> None:
    await new_texter().texts("hi")
    store = Store(stack.store_url())
    cursor: bytes | int = 0
    lasting = []
    while True:
        cursor, keys = await store.call("SCAN", cursor, "COUNT", 1000)
        for key in keys:
            name = key.decode().split(":")[0]
            short_lived = name in {"conversation", "window", "status", "address", "seen", "sent"}
            if short_lived and int(await store.call("TTL", key)) < 0:
                lasting.append(name)
        if int(cursor) == 0:
            break
    await store.aclose()
    assert lasting == []
