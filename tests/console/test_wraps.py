"""What a page hands to its browser, and what it takes back for colleagues (P2)."""

import base64
import html
import json
import re

import httpx
import pytest

from tests.console.conftest import Stage, post
from vault.readers import ReaderPrivateKey, open_wrap, wrap_epoch

WINDOW, WRAPS = "/conversations/c1/window", "/conversations/c1/wraps"


def find(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


async def test_a_page_holds_sealed_lines_and_this_readers_wraps_and_nothing_that_opens(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    held = await stage.hold("c1")
    for path in (WINDOW, "/conversations/c1/messages"):
        page = (await robin.get(path)).text
        assert "anymore" not in page
        wraps = json.loads(find(page, "wraps"))
        assert wraps == {
            epoch: base64.b64encode(wrap).decode()
            for (epoch, name), wrap in stage.seals.wraps[held].items()
            if name == "robin"
        }
        assert base64.b64decode(find(page, "inbox-key")) == stage.seals.inbox.public().raw
        assert base64.b64encode(stage.seals.inbox.raw).decode() not in page
    entries = await stage.desk.read_window(held)
    assert [base64.b64encode(entry.sealed).decode() in page.replace("&#43;", "+") for entry in entries] == [True, True]
    assert stage.seals.read(held, "robin", entries[0]) == "i cant do this anymore"


async def test_before_any_worker_has_made_an_inbox_key_the_window_still_shows(
    stage: Stage, robin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.hold("c1")

    async def none() -> None:
        raise KeyError

    monkeypatch.setattr(stage.seals, "inbox_key", none)
    assert find((await robin.get(WINDOW)).text, "inbox-key") == ""


async def _add_colleague(stage: Stage) -> tuple[str, str, ReaderPrivateKey]:
    """An epoch that luz lacks, its page's word for it, and the private half."""
    stage.seals.remove_reader("luz")
    held = await stage.hold("c1")
    stage.seals.add_reader("luz")
    (epoch, _), wrap = next(iter(stage.seals.wraps[held].items()))
    return held, epoch, open_wrap(stage.seals.private["robin"], held, epoch, "robin", wrap)


async def test_a_page_names_who_lacks_a_wrap_and_takes_one_for_them(stage: Stage, robin: httpx.AsyncClient) -> None:
    held, epoch, private = await _add_colleague(stage)
    missing = json.loads(find((await robin.get(WINDOW)).text, "missing"))
    assert missing == [[epoch, "luz", base64.b64encode(stage.seals.readers["luz"]).decode()]]
    wrap = wrap_epoch(private, stage.seals.readers["luz"], held, epoch, "luz")
    rows = json.dumps([[epoch, "luz", base64.b64encode(wrap).decode()]])
    assert (await post(robin, WRAPS, wraps=rows)).status_code == 204
    assert json.loads(find((await robin.get(WINDOW)).text, "missing")) == []
    assert stage.seals.read(held, "luz", stage.desk.windows[held][0]) == "i cant do this anymore"


async def test_only_who_holds_the_conversation_hands_wraps_on(stage: Stage) -> None:
    """A9."""
    held, epoch, private = await _add_colleague(stage)
    wrap = wrap_epoch(private, stage.seals.readers["luz"], held, epoch, "luz")
    rows = json.dumps([[epoch, "luz", base64.b64encode(wrap).decode()]])
    async with stage.log_in("luz") as luz:
        assert (await post(luz, WRAPS, wraps=rows)).status_code == 404
    assert await stage.seals.read_wraps(held, "luz") == {}


@pytest.mark.parametrize(
    "rows", ["", "x", "{}", '{"a": 1}', "[1]", '[["e"]]', '[["e", "luz", "é"]]', "[[[], {}, 1]]", "3"]
)
async def test_rubbish_is_refused_and_changes_nothing(stage: Stage, robin: httpx.AsyncClient, rows: str) -> None:
    held, _, _ = await _add_colleague(stage)
    before = dict(stage.seals.wraps[held])
    assert (await post(robin, WRAPS, wraps=rows)).status_code in {204, 400}
    assert stage.seals.wraps[held] == before


async def test_a_page_is_asked_for_no_wrap_of_an_epoch_that_it_cannot_open(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    held, _, _ = await _add_colleague(stage)
    stage.seals.add_reader("robin")
    assert json.loads(find((await robin.get(WINDOW)).text, "missing")) == []
    assert await stage.seals.missing_wraps(held) != []
