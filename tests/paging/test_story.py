"""From a text to the page in the pocket: the programs of a machine, without Rasa (H3, A6)."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from app.stack import Stack
from app.wiring import build_inbox
from app.world import SystemClock
from hotline.messages import Address, ConversationId
from hotline.shifts import Shift
from storage.accounts import Account, StoreAccounts
from storage.connection import Store
from storage.contacts import BROWSER, PHONE, StoreContacts
from storage.desk import Command, StoreDesk
from storage.page_links import PageLinks
from storage.page_queue import CODE, PageQueue
from storage.shifts import StoreShifts
from tests.functional.people import Texter, set_on_shift
from vault.key_files import load_keyring

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("paging")]


@dataclass
class Scene:
    """A running machine, and the console's own way into its store."""

    stack: Stack
    http: aiohttp.ClientSession
    store: Store
    desk: StoreDesk
    contacts: StoreContacts

    async def pushes(self, name: str, count: int = 0) -> list[dict[str, Any]]:
        """The pushes to a browser, once there are so many."""
        url = f"{self.stack.url('phone')}/practice/pushes"
        async with asyncio.timeout(40):  # a killed worker needs some seconds to begin anew
            while True:
                async with self.http.get(url, params={"subscription": name}) as answer:
                    found = list((await answer.json())["pushes"])
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.02)

    async def hire(self, name: str, duty: str) -> None:
        """Somebody on call whose browser is paged."""
        await StoreAccounts(self.store).put(Account(name, name, "hash"))
        endpoint = Address(f"{self.stack.url('phone')}/push/{name}")
        now = datetime.now(UTC)
        await self.contacts.add(name, BROWSER, endpoint, now, proved=True)
        shift = Shift("", name, duty, now - timedelta(hours=1), now + timedelta(hours=8))
        await StoreShifts(self.store).add([shift], now)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("paging")
    async with (
        Stack(folder, programs={"webhooks", "worker", "phone"}, free_ports=True) as stack,
        aiohttp.ClientSession() as http,
    ):
        store, keys = Store(stack.store_url("console")), Store(stack.keys_url("console"))
        contacts = StoreContacts(store, load_keyring(stack.settings.staff_key_file))
        desk = StoreDesk(store, build_inbox(stack.settings, store, keys), SystemClock(), 90)
        await set_on_shift(http, stack, False)
        yield Scene(stack, http, store, desk, contacts)
        await store.aclose()
        await keys.aclose()


async def test_an_imminent_text_pages_on_call_at_once_and_again_at_sixty_seconds_until_it_is_taken_h3(
    scene: Scene,
) -> None:
    await scene.hire("robin", "on_call")
    texter = Texter(scene.http, scene.stack)
    began = time.monotonic()
    await texter.posts("i want to kill myself")
    (push,) = await scene.pushes("robin", 1)
    seconds = push["at_monotonic"] - began
    print(f"from the webhook's post to the push: {seconds:.2f} s")
    assert push["status"] == 201 and push["length"] == 0 and seconds < 5
    await texter.settles()
    await texter.skips(50)
    assert len(await scene.pushes("robin")) == 1
    await texter.skips(61)
    assert len(await scene.pushes("robin", 2)) == 2
    listed = await scene.desk.list_open()
    assert await scene.desk.submit(Command("claim", ConversationId(listed[0].id), "robin")) == "done"
    await texter.skips(125)
    assert len(await scene.pushes("robin")) == 2
    await scene.desk.submit(Command("close", ConversationId(listed[0].id), "robin"))


async def test_a_page_waits_in_its_stream_for_a_worker_that_was_killed_x5(scene: Scene) -> None:
    await scene.hire("luz", "on_call")
    await scene.stack.kill("worker")
    await PageQueue(scene.store).ask("test", "luz")
    assert [push["status"] for push in await scene.pushes("luz", 1)] == [201]


async def test_a_telegram_chat_is_tied_by_its_code_once_and_is_nobody_elses(scene: Scene) -> None:
    await StoreAccounts(scene.store).put(Account("sam", "sam", "hash", ("supervisor",)))
    code = await PageLinks(scene.store).create("sam")
    texter = Texter(scene.http, scene.stack, "telegram")
    await texter.posts(f"/start page-{code}")
    assert await texter.waits_for_a_message() == ["This chat is set up."]
    assert [(way.kind, way.proved, way.address) for way in await scene.contacts.list_ways("sam")] == [
        ("telegram", True, texter.address)
    ]
    assert (await texter.state())["owner"] == "with_bot"
    assert not await scene.store.call("SMEMBERS", "open")
    stranger = Texter(scene.http, scene.stack, "telegram")
    replies = await stranger.texts(f"/start page-{code}")
    hello = await Texter(scene.http, scene.stack, "telegram").texts("/start")
    assert replies == hello and not any("set up" in reply for reply in replies)
    assert len(await scene.contacts.list_ways("sam")) == 1
    await PageQueue(scene.store).ask("test", "sam")
    assert await texter.waits_for("Someone") == "Someone is waiting."


async def test_a_staff_phone_gets_its_code_and_is_a_texter_like_anyone_when_it_writes(scene: Scene) -> None:
    await StoreAccounts(scene.store).put(Account("ann", "ann", "hash", language="es"))
    phone = Texter(scene.http, scene.stack)
    now = datetime.now(UTC)
    way = await scene.contacts.add("ann", PHONE, Address(phone.address), now, proved=False)
    await scene.contacts.create_proof(way)
    await PageQueue(scene.store).ask(CODE, "ann", way.id)
    (text,) = await phone.waits_for_a_message()
    assert await scene.contacts.prove("ann", way.id, text.removesuffix(".").split()[-1])
    await PageQueue(scene.store).ask("test", "ann")
    assert await phone.waits_for("Alguien") == "Alguien espera."
    replies = await phone.texts("i want to kill myself")
    assert any("988" in reply for reply in replies)
    assert (await phone.state())["owner"] == "waiting"
