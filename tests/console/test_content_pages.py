"""Content is changed in the console: a draft, another's yes, live, and back (G1, G2, D2-D4, D7)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from console.cookies import build_token
from console.editing import Screen, Trial
from storage.content_texts import parse_text
from tests.console.conftest import Stage

FOOD = "replies/en/topics_needs"
NEW = "Being hungry is hard. To find food near you, {info_211.how}. Want to talk to a person here, or hear other ways?"


@pytest.fixture
async def admin(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with stage.log_in("admin") as client:
        yield client


@pytest.fixture
async def boss(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with stage.log_in("supervisor") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, /, **form: str) -> httpx.Response:
    return await client.post(path, data={"csrf": build_token(client.cookies["porchlight"]), **form})


async def write(client: httpx.AsyncClient, kind: str = "replies", entry: str = "food", **form: str) -> str:
    """A saved draft's id."""
    answer = await post(client, "/content/entry", kind=kind, entry=entry, note="Shorter.", **form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/content/drafts/").partition("?")[0]


async def say_yes(stage: Stage, client: httpx.AsyncClient, draft: str) -> httpx.Response:
    digest = (await stage.editing.desk.show(draft)).digest
    return await post(client, f"/content/drafts/{draft}/approve", digest=digest)


async def read_live(stage: Stage, path: str) -> dict[str, object]:
    live: dict[str, object] = parse_text(path, (await stage.editing.desk.look()).texts[path])
    return live


def list_acts(stage: Stage) -> list[str]:
    return [act for _, act, _ in stage.audit.list_acts() if act.startswith("content_")]


async def test_a_reply_is_drafted_approved_by_another_live_and_taken_back_g2(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    """The whole way, each step in the audit, and every step in words in the history."""
    before = await read_live(stage, FOOD)
    draft = await write(admin, text_en=NEW)
    assert await read_live(stage, FOOD) == before
    page = (await boss.get(f"/content/drafts/{draft}")).text
    assert "Being hungry makes the whole day harder" in page
    assert "One other person must agree." in page
    assert "/publish" not in page
    assert "One more person must approve." in (await boss.get("/content")).text
    assert "notice=approved" in (await say_yes(stage, boss, draft)).headers["location"]
    assert "Nothing is missing." in (await boss.get("/content")).text
    assert (await post(boss, f"/content/drafts/{draft}/publish")).headers["location"] == "/content?notice=live"
    replies = (await read_live(stage, FOOD))["replies"]
    assert replies["food"]["text"] == NEW  # type: ignore[index]
    assert replies["food"]["review"] == {"state": "drafted", "on": stage.clock.now().date()}  # type: ignore[index]
    history = (await boss.get("/content/history")).text
    assert "admin changed: Shorter." in history
    assert "Approved by supervisor" in history
    assert (await post(boss, "/content/rollback", version="1")).headers["location"].endswith("rolled_back")
    assert await read_live(stage, FOOD) == before
    steps = ["content_drafted", "content_approved", "content_published", "content_rolled_back"]
    assert list_acts(stage) == steps


async def test_nobody_approves_what_they_wrote_and_nothing_unapproved_goes_live_g2(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    draft = await write(admin, text_en=NEW)
    assert "/approve" not in (await admin.get(f"/content/drafts/{draft}")).text
    assert "notice=own_draft" in (await say_yes(stage, admin, draft)).headers["location"]
    assert "notice=lacking" in (await post(admin, f"/content/drafts/{draft}/publish")).headers["location"]
    assert not (await stage.editing.desk.look()).version > 1
    assert list_acts(stage) == ["content_drafted"]


async def test_a_crisis_text_needs_two_others_and_a_survivor_reviewer_can_say_no_g2(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    stage.accounts.add("ada", "admin")
    draft = await write(admin, entry="crisis_someone_here", text_en="OK. Thanks.", text_es="Ya. Gracias.")
    await say_yes(stage, boss, draft)
    page = (await boss.get(f"/content/drafts/{draft}")).text
    assert "a crisis text" in page
    assert "One more person must approve." in page
    async with stage.log_in("ada") as ada:
        await say_yes(stage, ada, draft)
        assert "notice=wrong" in (await post(ada, f"/content/drafts/{draft}/veto", reviewer="Ann")).headers["location"]
        await post(ada, f"/content/drafts/{draft}/veto", reviewer="survivor-0a1b2c3d")
    assert "A survivor reviewer said no." in (await boss.get(f"/content/drafts/{draft}")).text
    assert "notice=lacking" in (await post(boss, f"/content/drafts/{draft}/publish")).headers["location"]
    assert 'name="lift"' not in (await admin.get(f"/content/drafts/{draft}")).text
    lifted = await post(admin, f"/content/drafts/{draft}/veto", reviewer="survivor-0a1b2c3d", lift="lifted")
    assert "notice=own_lift" in lifted.headers["location"]
    assert "notice=lacking" in (await post(boss, f"/content/drafts/{draft}/publish")).headers["location"]
    await post(boss, f"/content/drafts/{draft}/veto", reviewer="survivor-0a1b2c3d", lift="lifted")
    assert "notice=live" in (await post(boss, f"/content/drafts/{draft}/publish")).headers["location"]
    assert "survivor-0a1b2c3d (supervisor)" in (await boss.get("/content/history")).text
    assert list_acts(stage).count("content_vetoed:lifted") == 1


async def test_what_the_checker_finds_is_said_and_nothing_goes_live_nor_into_the_audit(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    draft = await write(admin, text_en=NEW)
    await say_yes(stage, boss, draft)
    stage.editing.faults = ["Being hungry is hard."]
    answer = await post(boss, f"/content/drafts/{draft}/publish")
    assert answer.status_code == 422
    assert "Being hungry is hard." in answer.text
    assert "content_published" not in list_acts(stage)


async def test_two_people_on_one_draft_keep_both_works_g2(stage: Stage, admin: httpx.AsyncClient) -> None:
    """The second one's form is of an older revision: it becomes a draft of its own."""
    draft = await write(admin, text_en=NEW)
    seen = {"draft": draft, "revision": "1", "base_version": "1"}
    assert await write(admin, text_en=NEW + " One.", **seen) == draft
    apart = await write(admin, text_en=NEW + " Two.", **seen)
    assert apart != draft
    pages = [(await admin.get(f"/content/drafts/{one}")).text for one in (draft, apart)]
    assert [said in page for page in pages for said in ("ways? One.", "ways? Two.")] == [True, False, False, True]


async def test_a_draft_of_its_own_holds_nothing_of_the_other_s_g2(stage: Stage, admin: httpx.AsyncClient) -> None:
    draft = await write(admin, text_en=NEW)
    await write(admin, entry="food_more", text_en=NEW, draft=draft, revision="1", base_version="1")
    apart = await write(admin, text_en=NEW + " Two.", draft=draft, revision="1", base_version="1")
    names = {change.entry[1] for change in (await stage.editing.desk.show(apart)).changes}
    assert (apart != draft, names) == (True, {"food"})


async def test_the_check_while_typing_asks_the_checker_and_keeps_nothing_g1(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    stage.editing.trial = Trial(("en food: too long",), (Screen("en", "Hi", ("Hi there.",), ("Hi there.",)),))
    answer = await post(admin, "/content/check", kind="replies", entry="food", text_en=NEW)
    assert "en food: too long" in answer.text
    assert "Hi there." in answer.text
    texts, *asked = stage.editing.tried[0]
    assert asked == ["replies", "food"]
    assert parse_text(FOOD, texts[FOOD])["replies"]["food"]["text"] == NEW
    assert (stage.editing.memory.drafts, stage.editing.memory.sets) == ({}, {})
    assert list_acts(stage) == []


async def test_one_person_pulls_a_place_now_d7(stage: Stage, boss: httpx.AsyncClient) -> None:
    answer = await post(boss, "/content/pull", entry="awaken_drop_in", note="Closed for good.", **{"from": "places"})
    assert answer.headers["location"] == "/content/of/places?notice=pulled"
    (place,) = (await read_live(stage, "directory/nevada/awaken"))["services"]  # type: ignore[misc]
    assert place["status"] == "temporarily closed"
    listed = (await boss.get("/content/of/places?find=awaken_drop_in")).text
    assert "closed for now" in listed and "Close it now" not in listed
    assert "supervisor pulled: awaken_drop_in: Closed for good." in (await boss.get("/content/history")).text
    for kind, closed in (("places", "awaken_drop_in"), ("lines", "lifeline")):
        listed = (await boss.get(f"/content/of/{kind}")).text
        assert ('name="entry" value=' in listed, f'value="{closed}"' in listed) == (True, False)


async def test_a_line_that_is_never_hidden_is_not_pulled_by_one_person_d3(
    stage: Stage, boss: httpx.AsyncClient
) -> None:
    assert "notice=refused" in (await post(boss, "/content/pull", entry="lifeline", note="x")).headers["location"]
    listed = [(await boss.get(f"/content/of/lines?find={line}")).text for line in ("emergency", "trevor")]
    assert ["Close it now" in page for page in listed] == [False, True]
    assert list_acts(stage) == []


async def test_the_queue_shows_what_ran_out_and_a_confirmation_takes_it_off_d3(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    page = (await admin.get("/content/verify")).text
    assert "n-runaway" in page
    answer = await post(admin, "/content/verify", entry="runaway")
    assert answer.headers["location"] == "/content/verify?notice=confirmed&version=2"
    assert "n-runaway" not in (await admin.get("/content/verify")).text
    stage.clock.pass_seconds(timedelta(days=84).total_seconds())
    async with stage.log_in("admin") as later:
        assert "runs out" in (await later.get("/content/verify")).text.partition("n-runaway")[2][:300]


async def test_what_advocates_flagged_comes_first_until_somebody_has_phoned_d7(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    await post(admin, "/content/verify", entry="runaway")
    await stage.beside.counts.flag("runaway", "closed")
    page = (await admin.get("/content/verify")).text
    assert page.index('id="n-runaway"') == page.index('id="n-')
    assert "flagged by an advocate" in page
    assert "Closed: 1 times" in page
    await post(admin, "/content/verify", entry="runaway")
    assert "n-runaway" not in (await admin.get("/content/verify")).text


async def test_looking_makes_nothing_live(stage: Stage, admin: httpx.AsyncClient) -> None:
    stage.editing._seen = None
    for path in ("/content", "/content/of/replies", "/content/verify", "/content/history"):
        assert (await admin.get(path)).status_code == 200
    assert stage.editing.memory.sets == {}


async def test_the_audit_says_which_draft_and_that_a_no_was_taken_back_a6(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    draft = await write(admin, entry="crisis_someone_here", text_en="OK. Thanks.")
    for said in ({}, {"lift": "lifted"}):
        await post(boss, f"/content/drafts/{draft}/veto", reviewer="survivor-0a1b2c3d", **said)
    await post(admin, f"/content/drafts/{draft}/discard", revision="1")
    told = ["content_drafted", "content_vetoed", "content_vetoed:lifted", "content_discarded"]
    assert [(act, name) for _, act, name in stage.audit.list_acts()] == [(act, draft) for act in told]
    page = (await admin.get("/audit")).text
    assert f"draft {draft[:6]}" in page
    assert "it was taken back" in page


async def test_a_form_says_that_a_draft_changes_the_same_entry_already_and_no_other_form_does(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    """Whoever goes back in the browser after saving sees what is live, and would write it all again."""
    draft = await write(admin, text_en=NEW)
    link = f'href="/content/drafts/{draft}"'
    told = [link in (await admin.get(f"/content/entry?kind=replies&entry={one}")).text for one in ("food", "food_more")]
    assert told == [True, False]
