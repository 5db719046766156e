"""Two people changed the same entry: three sides, a choice, and nothing lost (G2, D4)."""

from typing import Any

import httpx
import pytest

from console.content_page import find_words
from hotline.content_merge import Conflict
from storage.content_texts import write_document
from tests.console.conftest import Stage
from tests.console.test_content_pages import FOOD, NEW, admin, boss, post, say_yes, write

__all__ = ["admin", "boss"]


async def test_a_conflict_is_shown_from_three_sides_and_settled_with_nothing_lost_g2(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    first, second = await write(admin, text_en=NEW + " One."), await write(admin, text_en=NEW + " Two.")
    for draft in (first, second):
        await say_yes(stage, boss, draft)
    assert "live" in (await post(boss, f"/content/drafts/{first}/publish")).headers["location"]
    page = (await admin.get(f"/content/drafts/{second}")).text
    assert all(said in page for said in ("Being hungry makes", "ways? One.", "ways? Two."))
    assert "Conflicts are to be settled." in page
    assert "Conflicts are to be settled." in (await admin.get("/content")).text
    revision = str((await stage.editing.desk.show(second)).draft.revision)
    choice = {
        "revision": revision,
        "path": FOOD,
        "choice_0": "own",
        "own_0": "Both of them: no YAML.",
    }
    await post(admin, f"/content/drafts/{second}/choose", **choice)
    shown = await stage.editing.desk.show(second)
    assert shown.draft.conflicts == ()
    assert [change.after["text"] for change in shown.changes] == ["Both of them: no YAML."]
    assert [change.after["offers"] for change in shown.changes] == [["person", "food_more"]]
    late = await post(admin, f"/content/drafts/{second}/choose", **choice)
    assert late.status_code == 409
    assert "What you typed, not saved." in late.text
    assert "Both of them: no YAML." in late.text


async def test_conflicts_of_one_document_are_settled_while_another_s_wait_g2(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    first = await write(admin, text_en=NEW + " One.", text_es="Uno {info_211.how}.")
    second = await write(admin, text_en=NEW + " Two.", text_es="Dos {info_211.how}.")
    await say_yes(stage, boss, first)
    assert "live" in (await post(boss, f"/content/drafts/{first}/publish")).headers["location"]
    for path, choice, left in ((FOOD, "ours", 1), (FOOD.replace("/en/", "/es/"), "theirs", 0)):
        draft = (await stage.editing.desk.show(second)).draft
        at = next(at for at, one in enumerate(draft.conflicts) if one.path == path)
        form = {"revision": str(draft.revision), "path": path, f"choice_{at}": choice}
        assert (await post(admin, f"/content/drafts/{second}/choose", **form | {"path": "x"})).status_code == 422
        await post(admin, f"/content/drafts/{second}/choose", **form)
        assert len((await stage.editing.desk.show(second)).draft.conflicts) == left
    (change,) = (await stage.editing.desk.show(second)).changes
    assert change.after["text"] == NEW + " Two."


async def test_words_of_one_s_own_that_cannot_be_read_stay_in_their_box_g2(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    first, second = (
        await write(admin, text_en=NEW + " One."),
        await write(admin, text_en=NEW + " Two.", offers="person"),
    )
    await say_yes(stage, boss, first)
    await post(boss, f"/content/drafts/{first}/publish")
    revision = str((await stage.editing.desk.show(second)).draft.revision)
    typed = {"revision": revision, "path": FOOD, "choice_0": "own", "own_0": "text: [An hour of work"}
    answer = await post(admin, f"/content/drafts/{second}/choose", **typed)
    assert answer.status_code == 422
    assert ">text: [An hour of work</textarea>" in answer.text
    assert 'value="own" required checked' in answer.text
    # A form saves its whole document: it would take the live words away unasked.
    form = await admin.get(f"/content/entry?kind=replies&entry=food_more&draft={second}")
    assert form.headers["location"] == f"/content/drafts/{second}"


async def test_words_of_one_s_own_bring_no_address_back_that_is_not_known_to_be_open_d4(
    stage: Stage, admin: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    place = {"kind": "places", "entry": "awaken_drop_in"}
    first = await write(admin, **place, address_confidential="yes")
    second = await write(admin, **place, description="Words.")
    stage.accounts.add("ada", "admin")
    async with stage.log_in("ada") as ada:
        await say_yes(stage, ada, first)
    await say_yes(stage, boss, first)
    await post(boss, f"/content/drafts/{first}/publish")
    draft = (await stage.editing.desk.show(second)).draft
    (conflict,) = draft.conflicts
    assert "service_at_locations" in conflict.ours
    own = write_document({**conflict.ours, "porchlight": {**conflict.ours["porchlight"], "address_confidential": True}})
    typed = {"revision": str(draft.revision), "path": conflict.path, "choice_0": "own", "own_0": own}
    await post(admin, f"/content/drafts/{second}/choose", **typed)
    text = (await stage.editing.desk.show(second)).draft.texts[conflict.path] or ""
    assert "Words." in text
    assert "service_at_locations" not in text


async def test_what_is_offered_to_write_over_keeps_a_place_closed_that_was_pulled_meanwhile_d7(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    """Both sides' changes joined; the three sides show what differs, and none of what does not."""
    draft = await write(admin, "places", "awaken_drop_in", description="Words.", call_first="no")
    await stage.editing.desk.pull("supervisor", "awaken_drop_in", "Full.")
    page = (await admin.get(f"/content/drafts/{draft}")).text.partition('id="conflicts"')[2].partition("</form>")[0]
    sides, _, offered = page.partition("<textarea")
    assert [said in offered for said in ("status: temporarily closed", "description: Words.", "phones:")] == [True] * 3
    assert [said in sides for said in ("status: active", "description: Words.", "phones:")] == [True, True, False]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "key"),
    [
        ({"text": "a"}, {"text": "b", "review": {"on": 1}}, {"text": "c", "review": {"on": 2}}, "text"),
        ({"text": "a"}, {"text": "b"}, {"text": "c", "offers": ["x"]}, ""),
        ({"text": "a", "n": 1}, {"text": "a", "n": 2}, {"text": "a", "n": 3}, ""),
        ({"text": "a"}, {"text": "b"}, None, ""),
    ],
)
def test_a_conflict_about_words_alone_is_shown_and_settled_as_words(
    base: Any, ours: Any, theirs: Any, key: str
) -> None:
    assert find_words(Conflict(("replies", "food"), base, ours, theirs, FOOD)) == key
