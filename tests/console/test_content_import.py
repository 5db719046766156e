"""Places from elsewhere come in by a page: what it would do, one draft, a choice, another's yes (G2, G4, A6)."""

import copy
import json
import re
from pathlib import Path

import httpx
import pytest

import hotline.exchange
from console.cookies import build_token
from console.forms import LARGEST_BYTES, LARGEST_LONG_BYTES
from console.routes.content_import import MOST_RECORDS
from console.wording import load_words
from hotline.exchange.export import export_directory
from storage.content_texts import write_document
from tests.console.conftest import Stage
from tests.console.fakes_content import read_view
from tests.console.test_content_pages import admin, boss, list_acts, post, read_live, say_yes
from tests.exchange.world import a_place

__all__ = ["admin", "boss"]

CLINIC = "directory/nevada/quail_health"
NPHY = "directory/nevada/nphy"
FOLDER = Path(hotline.exchange.__file__).parent
MAPPING = "source: County\ncolumns: {name: Agency, phone: Phone}\n"


async def test_a_list_is_shown_first_then_one_draft_and_live_after_anothers_yes_g4(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    sent = {"format": "hsds", "list": json.dumps([a_place()]), "name": "theirs.json"}
    page = await post(admin, "/content/import", **sent)
    assert page.status_code == 200 and "Quail Street Clinic" in page.text and "1 to add" in page.text
    assert not stage.editing.memory.drafts and list_acts(stage) == [], "nothing is kept of a try"
    answer = await post(admin, "/content/import/draft", **sent)
    draft = answer.headers["location"].removeprefix("/content/drafts/").partition("?")[0]
    assert stage.editing.memory.drafts[draft].origin == "import"
    assert CLINIC not in (await stage.editing.desk.look()).texts
    assert (await say_yes(stage, admin, draft)).headers["location"].endswith("own_draft")
    await say_yes(stage, boss, draft)
    assert (await post(boss, f"/content/drafts/{draft}/publish")).headers["location"].endswith("lacking"), "a number"
    stage.accounts.add("second", "supervisor")
    await stage.editing.desk.approve(draft, "second", (await stage.editing.desk.show(draft)).digest)
    assert (await post(boss, f"/content/drafts/{draft}/publish")).headers["location"].endswith("live")
    (clinic,) = (await read_live(stage, CLINIC))["services"]  # type: ignore[misc]
    assert clinic["porchlight"]["publish"] is False
    assert list_acts(stage) == ["content_drafted", "content_approved", "content_published"]


async def send_what_conflicts(stage: Stage) -> dict[str, str]:
    """Somebody confirmed a place today; the form with a list that says something else of it."""
    documents = copy.deepcopy(dict(read_view().documents))
    documents[NPHY]["services"][0]["assured_date"] = stage.clock.now().date()
    documents[NPHY]["services"][0]["porchlight"]["verified_by"] = "ann"
    live = await stage.editing.desk.load_live()
    texts = {**live.texts, NPHY: write_document(documents[NPHY])}
    happened = stage.editing.desk.tell(live, "edit", ("ann",), "confirmed", texts)
    assert await stage.editing.memory.publish(texts, happened, expected=live.version)
    found = export_directory(documents, leave_out=True)
    theirs = dict(zip(found.keys, found.services, strict=True))["nphy_drop_in"] | {"minimum_age": 14}
    return {"format": "hsds", "list": json.dumps(theirs)}


async def test_a_conflict_is_chosen_on_the_page_of_the_draft(stage: Stage, admin: httpx.AsyncClient) -> None:
    sent = await send_what_conflicts(stage)
    page = (await post(admin, "/content/import", **sent)).text
    assert "1 for somebody to decide" in page and "Youngest: 12 → 14" in page and "You choose on" in page
    answer = await post(admin, "/content/import/draft", **sent)
    draft = answer.headers["location"].removeprefix("/content/drafts/").partition("?")[0]
    shown = (await admin.get(f"/content/drafts/{draft}")).text
    assert "What came is different from what stands here" in shown and "choice_0" in shown
    revision = str(stage.editing.memory.drafts[draft].revision)
    chosen = await post(
        admin, f"/content/drafts/{draft}/choose", revision=revision, path=NPHY, choice_0="ours", own_0=""
    )
    assert "notice=saved" in chosen.headers["location"]
    (change,) = (await stage.editing.desk.show(draft)).changes
    assert (change.after["minimum_age"], change.after["assured_date"]) == (14, None)


async def test_a_spreadsheet_comes_in_by_its_mapping(stage: Stage, admin: httpx.AsyncClient) -> None:
    sent = {"format": "csv", "list": "Agency,Phone\nMesa Kitchen,702-555-0177\n", "mapping": MAPPING}
    assert "Mesa Kitchen" in (await post(admin, "/content/import", **sent)).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"format": "hsds", "list": "{"}, "not readable as JSON"),
        ({"format": "csv", "list": "Agency\nMesa\n", "mapping": "a: ["}, "mapping is not readable"),
        ({"format": "csv", "list": "Agency\nMesa\n", "mapping": MAPPING}, "no column Phone"),
        ({"format": "hsds", "list": json.dumps([a_place()] * 9)[:-9]}, "not readable as JSON"),
        ({"format": "hsds", "list": json.dumps([{"name": "X"}] * (MOST_RECORDS + 1))}, "on the command line"),
    ],
)
async def test_what_cannot_be_read_is_said_and_makes_no_draft(
    stage: Stage, admin: httpx.AsyncClient, sent: dict[str, str], said: str
) -> None:
    for path in ("/content/import", "/content/import/draft"):
        answer = await post(admin, path, **sent)
        assert answer.status_code == 422 and said in answer.text
    assert not stage.editing.memory.drafts


async def test_what_is_too_long_is_refused_unread(admin: httpx.AsyncClient) -> None:
    sent = {"csrf": build_token(admin.cookies["porchlight"]), "format": "hsds", "list": "x" * (LARGEST_LONG_BYTES + 1)}
    assert (await admin.post("/content/import", data=sent)).status_code == 413


def test_every_reason_that_an_import_gives_has_words_in_every_language() -> None:
    """What a rule of ours says word for word; what the checker of all content says of an entry stays English."""
    sources = " ".join(path.read_text() for path in sorted(FOLDER.glob("*.py")))
    given = set(re.findall(r'(?:reasons=\(|asked \+?= \[|notes\.append\(|_AGAIN = )"([^"]+)"', sources))
    given |= set(re.findall(r'raise ExchangeError\("((?:a record without|status must)[^"]+)"', sources))
    assert len(given) == 13
    for language, words in load_words().items():
        assert set(words["content"]["import"]["said"]) == given, language


async def test_a_record_of_a_confidential_place_shows_no_value_of_it_d4(admin: httpx.AsyncClient) -> None:
    record = a_place(id="other", name="NPHY Emergency Shelter", description="At 4711 Quiet Heron.")
    page = (await post(admin, "/content/import", format="hsds", list=json.dumps(record))).text
    told = page.partition('id="h-plan"')[2].partition("</section>")[0]
    assert "It is confidential here. Nothing" in told and "1 left out" in told and "Heron" not in told


async def test_records_that_came_whole_fit_the_form_that_chooses_between_them(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    await stage.editing.seed("d1")
    revision = str(stage.editing.memory.drafts["d1"].revision)
    own = "x" * LARGEST_BYTES
    answer = await post(admin, "/content/drafts/d1/choose", revision=revision, path="no conflict", own_0=own)
    assert answer.status_code == 422, "read, and refused for what it says alone"
