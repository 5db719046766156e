"""The pages without a browser: what they show, what they never show."""

import httpx
import pytest

from hotline.conversations import Owner
from hotline.messages import TELEGRAM
from hotline.screening.result import REASONS, Level
from tests.console.conftest import Stage, post


async def test_the_waiting_list_keeps_the_desks_order_and_says_codes_in_words(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    """H3, A2."""
    await stage.wait_for_advocate("old", level=Level.HIGH, reasons=("homeless",))
    await stage.wait_for_advocate("worst", level=Level.IMMINENT, reasons=("overdose",), channel=TELEGRAM, language="es")
    page = (await robin.get("/waiting")).text
    assert page.index("claim-worst") < page.index("claim-old")
    for words in ("Imminent", "Overdose or poisoning", "Telegram", "Español", "No place tonight", "1 min"):
        assert words in page
    assert "overdose<" not in page


async def test_the_list_is_spanish_for_a_spanish_account(stage: Stage) -> None:
    """A1."""
    await stage.wait_for_advocate("c1")
    async with stage.log_in("luz") as client:
        page = (await client.get("/waiting")).text
    assert '<html lang="es"' in page
    assert "Suicidio o autolesión" in page
    assert "Tomar" in page


async def test_the_list_never_opens_a_window(stage: Stage, robin: httpx.AsyncClient) -> None:
    await stage.hold("c1")
    assert "anymore" not in (await robin.get("/waiting")).text


async def test_every_reason_code_has_words(stage: Stage, robin: httpx.AsyncClient) -> None:
    from console.wording import load_words

    for words in load_words().values():
        assert set(REASONS) <= set(words["reason"])


async def test_others_are_named_by_alias_alone(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A5."""
    await stage.hold("c1", by="luz")
    page = (await robin.get("/waiting")).text
    assert "Alias Luz" in page
    assert "/conversations/c1" not in page


async def test_a_supervisor_sees_load_and_wait_and_no_way_in(stage: Stage) -> None:
    """A5, A6."""
    await stage.wait_for_advocate("c1")
    await stage.hold("c2")
    async with stage.log_in("supervisor") as client:
        page = (await client.get("/")).headers["location"]
        text = (await client.get(page)).text
    assert "1 min" in text
    assert "/claim" not in text and 'href="/conversations/' not in text


async def test_claiming_opens_the_note_before_any_word(stage: Stage, robin: httpx.AsyncClient) -> None:
    """A5: the content note comes first."""
    await stage.wait_for_advocate("c1")
    await stage.desk.add(await stage.wait_for_advocate("c1"), "texter", "i cant do this anymore")
    answer = await post(robin, "/conversations/c1/claim")
    assert answer.headers["location"] == "/conversations/c1"
    note = (await robin.get("/conversations/c1")).text
    assert "Suicide or self-harm" in note
    assert "anymore" not in note
    assert "<sealed-text" in (await robin.get("/conversations/c1/window")).text


async def test_who_is_slower_is_told_so(stage: Stage) -> None:
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as robin, stage.log_in("luz") as luz:
        await post(robin, "/conversations/c1/claim")
        answer = await post(luz, "/conversations/c1/claim")
        assert answer.headers["location"] == "/waiting?notice=taken"
        assert "Otra persona la acaba de tomar." in (await luz.get("/waiting?notice=taken")).text


@pytest.mark.parametrize("kind", ["release", "close"])
async def test_giving_back_and_closing_go_to_the_worker(stage: Stage, robin: httpx.AsyncClient, kind: str) -> None:
    """H7."""
    await stage.hold("c1")
    answer = await post(robin, f"/conversations/c1/{kind}")
    assert answer.headers["location"] == f"/waiting?notice={kind}d"
    assert [command.kind for command in stage.desk.commands] == [kind]
    assert (await robin.get("/conversations/c1/window")).status_code == 404


async def test_a_worker_that_does_not_answer_is_said(stage: Stage, robin: httpx.AsyncClient) -> None:
    await stage.wait_for_advocate("c1")
    stage.desk.slow = True
    assert (await post(robin, "/conversations/c1/claim")).headers["location"] == "/waiting?notice=slow"


async def test_a_notice_is_one_of_ours_or_nothing(robin: httpx.AsyncClient) -> None:
    page = (await robin.get("/waiting?notice=<b>hi</b>")).text
    assert "hi</b>" not in page
    assert "hi&lt;" not in page


async def test_renewing_keeps_the_lease_and_says_when_it_is_lost(stage: Stage, robin: httpx.AsyncClient) -> None:
    """H6."""
    held = await stage.hold("c1")
    assert (await post(robin, "/conversations/c1/renew", htmx=True)).status_code == 204
    await stage.hold("c1", by="luz")
    lost = await post(robin, "/conversations/c1/renew", htmx=True)
    assert lost.status_code == 409
    assert lost.headers["hx-retarget"] == "#notice"
    assert stage.desk.renewed == [held, held]


async def test_the_window_shows_status_and_what_was_offered(stage: Stage, robin: httpx.AsyncClient) -> None:
    """H5, X5."""
    held = await stage.hold("c1", undelivered=True, offered=("food", "food", "some_new_key"))
    await stage.desk.add(held, "advocate", "I am here.", "failed")
    page = (await robin.get("/conversations/c1/window")).text
    assert "Not delivered. They have not got this." in page
    assert "A message did not arrive. It is marked below." in page
    assert page.count("Food<br>") == 1
    assert "some new key" in page
    assert "I am here and I am reading." in page


async def test_an_open_page_gets_only_what_is_new_and_every_status(stage: Stage, robin: httpx.AsyncClient) -> None:
    held = await stage.hold("c1")
    path = "/conversations/c1/messages"
    whole = await robin.get(path)
    assert whole.headers["hx-reswap"] == "innerHTML"
    after = whole.text.split('id="after" name="after" value="')[1].split('"')[0]
    await stage.desk.add(held, "texter", "are you there")
    await stage.desk.set_status(held, 1, "failed")
    fresh = await robin.get(path, params={"after": after})
    assert "hx-reswap" not in fresh.headers
    assert fresh.text.count("<sealed-text") == 1
    assert fresh.text.count('hx-swap-oob="true"') == 6
    assert "They have not got this" in fresh.text


async def test_a_window_that_lost_its_oldest_messages_is_sent_whole(stage: Stage, robin: httpx.AsyncClient) -> None:
    await stage.hold("c1")
    answer = await robin.get("/conversations/c1/messages", params={"after": "f" * 20})
    assert answer.headers["hx-reswap"] == "innerHTML"
    assert answer.text.count("<li") == 2


async def test_a_conversation_under_cover_is_marked_everywhere(stage: Stage, robin: httpx.AsyncClient) -> None:
    """K7."""
    await stage.wait_for_advocate("c1", covered=True)
    assert "Under cover" in (await robin.get("/waiting")).text
    await stage.hold("c1", covered=True, owner=Owner.WITH_ADVOCATE)
    for path in ("/conversations/c1", "/conversations/c1/window"):
        assert "Under cover" in (await robin.get(path)).text


async def test_what_became_of_a_code_word_is_said_to_the_advocate_alone(stage: Stage, robin: httpx.AsyncClient) -> None:
    """C9."""
    await stage.wait_for_advocate("c1", reasons=("code_unmatched",))
    assert "Code word did not match" in (await robin.get("/waiting")).text


async def test_who_waits_for_silence_is_marked_everywhere(stage: Stage, robin: httpx.AsyncClient) -> None:
    """R10."""
    await stage.wait_for_advocate("c1", silent=True)
    assert "Do not write first" in (await robin.get("/waiting")).text
    await stage.hold("c1", silent=True, owner=Owner.WITH_ADVOCATE)
    for path in ("/conversations/c1", "/conversations/c1/window"):
        assert "Do not write first" in (await robin.get(path)).text
