"""Every key file is rotated under load: nobody's text is lost or answered twice, and no program is restarted (P9)."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from app.keys_command import now_utc, rotate_keys
from app.stack import Stack
from storage.connection import Store
from tests.app.operations import operator_settings
from tests.functional.people import Texter, set_on_shift
from vault.key_files import create_key_file

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("rotation")]

TEXTERS = 6
TEXTS = 5


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("rotation")
    environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_WORKERS": "2"}
    programs = {"webhooks", "worker", "phone"}
    async with Stack(folder, environ=environ, programs=programs, free_ports=True) as stack:
        yield stack


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def http(stack: Stack) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        await set_on_shift(session, stack, True)
        yield session


@pytest.mark.parametrize("which", ["server", "address", "staff"])
async def test_a_rotation_under_load_loses_no_text_and_doubles_none(
    which: str, stack: Stack, http: aiohttp.ClientSession
) -> None:
    texters = [Texter(http, stack, "sms" if number % 2 else "telegram") for number in range(TEXTERS)]
    urgent = Texter(http, stack)
    await urgent.texts("i want to kill myself")
    greetings = await asyncio.gather(*(texter.texts("NUMBER") for texter in texters))
    assert all(greetings)
    before = stack.pids("worker"), stack.pids("webhooks"), stack.restarts("worker")

    async def keep_texting(texter: Texter) -> list[str]:
        return [reply for _ in range(TEXTS) for reply in await texter.texts("NUMBER")]

    texting = [asyncio.create_task(keep_texting(texter)) for texter in texters]
    for _ in range(3):
        await rotate_keys(operator_settings(stack), [which], now_utc())
        await asyncio.sleep(0.7)
    answers = await asyncio.gather(*texting)
    # Whether all is settled is asked of a worker that may not know the lane yet: what was read too early comes now.
    await asyncio.sleep(1.5)
    for texter, answer in zip(texters, answers, strict=True):
        await texter.settles()
        found = [reply for reply in (*answer, *await texter.reads()) if "988" in reply]
        assert len(found) == TEXTS, (texter.channel, found)
    assert (await urgent.state()) == {"owner": "waiting", "level": "imminent"}, "what waited is still the same"
    assert (stack.pids("worker"), stack.pids("webhooks"), stack.restarts("worker")) == before
    store = Store(stack.store_url())
    assert await store.call("XLEN", "dead") == 0
    await store.aclose()


async def test_after_rotations_a_stop_from_before_holds_and_a_repeated_delivery_is_answered_once(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    """P4, X4, K2."""
    texter, other = Texter(http, stack), Texter(http, stack)
    sid = "SM" + "d4" * 16
    await texter.texts("STOP")
    assert await other.texts("NUMBER", external_id=sid)
    await rotate_keys(operator_settings(stack), (), now_utc())
    await other.posts("NUMBER", external_id=sid)
    await asyncio.sleep(1.5)
    await other.posts("NUMBER", external_id=sid)
    await other.settles()
    assert await other.reads() == []
    assert await texter.texts("MENU") == []
    assert await texter.texts("MENU") == [], "nor after it has moved to the new key"
    assert await texter.texts("START")
    assert await texter.texts("NUMBER")


async def test_a_lost_key_file_stops_nobody_who_runs_and_is_told_and_a_new_start_says_what_to_do(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    """The drill: each of the three files is gone, with programs running."""
    settings = operator_settings(stack)
    texter = Texter(http, stack)
    for path in (settings.key_file, settings.address_key_file, settings.staff_key_file):
        away = path.with_suffix(".away")
        path.rename(away)
        try:
            assert await texter.texts("NUMBER")
            await asyncio.sleep(1.2)
            assert await texter.texts("NUMBER")
            logs = "".join(log.read_text() for log in (stack.folder / "logs").iterdir())
            if path != settings.staff_key_file:
                assert f'"code": "{path.stem}"' in logs and "keys_lost" in logs
        finally:
            away.rename(path)


@pytest.mark.proof
async def test_with_a_new_server_key_after_a_loss_texts_are_answered_and_what_waited_is_brought_before_a_person(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    """Lost with every copy: what the key had sealed is gone, and nobody is left in silence (P3, R9)."""
    settings = operator_settings(stack)
    texter = Texter(http, stack)
    await texter.texts("i want to kill myself")
    await stack.stop("worker")
    await texter.posts("are you there")
    settings.key_file.unlink()
    create_key_file(settings.key_file, now_utc())
    await stack.start("worker")
    await texter.settles(60)
    assert (await texter.state())["owner"] == "waiting"
    newcomer = Texter(http, stack)
    assert await newcomer.texts("NUMBER"), "at once, not after the inbox's next pair"
    assert await texter.texts("hello?")
