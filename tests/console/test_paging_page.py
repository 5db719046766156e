"""Your pages: a way counts once it is proved, is shown masked, and is its owner's alone (A6, P4)."""

import re

import httpx
import pytest

from hotline.messages import Address
from storage.contacts import CHAT, PHONE
from tests.console.conftest import Stage, find_token
from tests.console.fakes_paging import PUSH_KEY, build_paging

NUMBER = "(702) 555-0142"


async def post(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    token = find_token((await client.get("/pages")).text)
    return await client.post(path, data={"csrf": token, **fields}, follow_redirects=True)


async def test_a_phone_is_shown_by_two_digits_and_counts_after_its_code(stage: Stage, robin: httpx.AsyncClient) -> None:
    page = await post(robin, "/pages/phone", number=NUMBER)
    assert "A code is on its way" in page.text and "Not in use yet" in page.text
    assert re.search(r"ends in\s+42", page.text) and "5550142" not in page.text and "0142" not in page.text
    (way,) = await stage.paging.contacts.list_ways("robin")
    (asked,) = stage.store.entries("pages")
    assert (asked["k"], asked["n"], asked["w"]) == ("code", "robin", way.id)
    code = await stage.paging.contacts.read_proof("robin", way.id)
    assert code and code not in page.text
    wrong = await post(robin, "/pages/prove", way=way.id, code="000000" if code != "000000" else "1")
    assert wrong.status_code == 422 and "That is not the code" in wrong.text
    assert "This phone is paged from now on." in (await post(robin, "/pages/prove", way=way.id, code=code)).text
    assert [one.proved for one in await stage.paging.contacts.list_ways("robin")] == [True]


@pytest.mark.parametrize(
    "number", ["", "911", "702555014", "+44 20 7946 0958", "1-900-CALL", "5" * 30, "+1702555014２"]
)
async def test_what_is_no_us_number_is_named_and_stays(stage: Stage, robin: httpx.AsyncClient, number: str) -> None:
    page = await post(robin, "/pages/phone", number=number)
    assert page.status_code == 422 and "That is no US phone number." in page.text
    assert f'value="{number}"' in page.text
    assert stage.store.entries("pages") == []


@pytest.mark.parametrize("number", ["7025550142", "+1 702 555 0142", "1 (702) 555-0142", "702.555.0142"])
async def test_us_numbers_as_people_write_them(stage: Stage, robin: httpx.AsyncClient, number: str) -> None:
    await post(robin, "/pages/phone", number=number)
    assert [way.address for way in await stage.paging.contacts.list_ways("robin")] == ["+17025550142"]


async def test_codes_are_not_texted_without_end(stage: Stage, robin: httpx.AsyncClient) -> None:
    for _ in range(5):
        await post(robin, "/pages/phone", number=NUMBER)
    page = await post(robin, "/pages/phone", number=NUMBER)
    assert page.status_code == 422 and "Too many codes." in page.text
    assert len(stage.store.entries("pages")) == 5


async def test_a_browser_is_kept_if_its_push_service_may_be_reached(stage: Stage, robin: httpx.AsyncClient) -> None:
    assert f'data-key="{PUSH_KEY}"' in (await robin.get("/pages")).text
    page = await post(robin, "/pages/browser", endpoint="http://127.0.0.1:9/push/robin")
    assert "This browser is paged" in page.text and "/push/robin" not in page.text
    for endpoint in ("https://127.0.0.1.example/x", "http://10.0.0.8/x", "", "javascript:alert(1)"):
        refused = await post(robin, "/pages/browser", endpoint=endpoint)
        assert refused.status_code == 422, endpoint
    assert len(await stage.paging.contacts.list_ways("robin")) == 1


async def test_without_a_key_browsers_are_not_offered(stage: Stage) -> None:
    stage.paging = build_paging(stage.store, push_key="")
    async with stage.log_in() as client:
        page = (await client.get("/pages")).text
    assert "Browsers cannot be paged in this installation." in page and "add-browser" not in page


async def test_telegram_is_tied_by_a_code_that_is_shown_once(stage: Stage, robin: httpx.AsyncClient) -> None:
    page = (await post(robin, "/pages/telegram")).text
    found = re.search(r"https://t.me/practice_line_bot\?start=page-([\w-]{22})", page)
    assert found and f"/start page-{found[1]}" in page
    assert await stage.paging.links.find(found[1]) == "robin"
    assert found[1] not in (await robin.get("/pages")).text
    assert found[1].encode() not in str(stage.store._rows).encode()


async def test_nobody_removes_or_proves_anothers_way(stage: Stage, robin: httpx.AsyncClient) -> None:
    contacts = stage.paging.contacts
    theirs = await contacts.add("luz", CHAT, Address("4711"), stage.clock.now(), proved=True)
    phone = await contacts.add("luz", PHONE, Address("+17025550143"), stage.clock.now(), proved=False)
    await contacts.create_proof(phone)
    await post(robin, "/pages/remove", way=theirs.id)
    await post(robin, "/pages/prove", way=phone.id, code=await contacts.read_proof("luz", phone.id) or "")
    assert {(way.id, way.proved) for way in await contacts.list_ways("luz")} == {(theirs.id, True), (phone.id, False)}
    assert "4711" not in (await robin.get("/pages")).text


async def test_ones_own_way_is_removed(stage: Stage, robin: httpx.AsyncClient) -> None:
    way = await stage.paging.contacts.add("robin", CHAT, Address("4711"), stage.clock.now(), proved=True)
    assert "Removed." in (await post(robin, "/pages/remove", way=way.id)).text
    assert await stage.paging.contacts.list_ways("robin") == []


async def test_a_test_page_is_asked_for_oneself_alone(stage: Stage, robin: httpx.AsyncClient) -> None:
    refused = await post(robin, "/pages/test")
    assert refused.status_code == 422 and "nothing to send a test to" in refused.text
    await stage.paging.contacts.add("robin", CHAT, Address("4711"), stage.clock.now(), proved=True)
    assert "A test page is on its way." in (await post(robin, "/pages/test", name="luz")).text
    assert [(entry["k"], entry["n"]) for entry in stage.store.entries("pages")] == [("test", "robin")]


async def test_a_way_in_trouble_says_so_and_a_stop_says_how_to_mend_it(stage: Stage, robin: httpx.AsyncClient) -> None:
    way = await stage.paging.contacts.add("robin", PHONE, Address("+17025550142"), stage.clock.now(), proved=True)
    await stage.paging.contacts.note_trouble(way, "opted_out")
    page = (await robin.get("/pages")).text
    assert "The last page did not arrive." in page and "Text START from it." in page
