"""Ways around the approvals, and around what was closed, that somebody could try (G2, D2, D3, D4, D7)."""

from dataclasses import replace

import pytest

from hotline.errors import ContentError
from storage.content_texts import parse_text
from tests.storage.content_stage import EN, HOUSES, LINES, PLACES, ContentStage

LATE = "never_hidden: true, assured_date: 2026-01-01, verified_by: ann"
ONE_PLACE = """services:
  - {key: house, status: active, porchlight: {address_confidential: true, vetting: {}, publish: true}}
"""


@pytest.fixture
def stage(store):
    return ContentStage(store)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (LINES, LATE, f"{LATE}, expires_on: 2026-02-02"),
        (EN, "Food, sleep.", "Food, {other.how}."),
        (EN, "welcome:", "handoff_nobody:"),
        (HOUSES, "key: centre", "key: house"),
    ],
    ids=["a line that is never hidden is put last", "another line is named", "who can come", "two places of one name"],
)
async def test_what_takes_two_takes_two_in_whatever_form_it_comes(stage, path, old, new):
    draft = await stage.begin("ann", old, new, path)
    await stage.approve(draft, "ben")
    assert (await stage.desk.publish(draft)).lacks == ("one_more",)


async def test_a_place_that_is_reached_by_another_line_loses_its_confirmation_d3(stage):
    ours = "status: active, assured_date: 2026-05-05, porchlight: {line: %s, address_confidential: false, vetting: {}}"
    stage.files = {**stage.files, HOUSES: "services:\n  - {key: inn, " + ours % "lifeline" + "}\n"}
    draft = await stage.begin("ann", "line: lifeline", "line: other", HOUSES)
    await stage.approve(draft, "ben", "cat")
    assert (await stage.desk.publish(draft)).lacks == ("confirm_anew",)


async def test_a_part_that_is_emptied_and_filled_again_takes_two_d2(stage):
    stage.files = {**stage.files, HOUSES: ONE_PLACE}
    draft = await stage.desk.begin("ann", {HOUSES: "services: []\n"}, "all of them go")
    await stage.approve(draft.id, "ben")
    assert (await stage.desk.publish(draft.id)).lacks == ("one_more",)
    await stage.approve(draft.id, "cat")
    await stage.desk.publish(draft.id)
    again = await stage.desk.begin("ann", {HOUSES: ONE_PLACE}, "and come back")
    await stage.approve(again.id, "ben")
    assert (await stage.desk.publish(again.id)).lacks == ("one_more",)


async def test_whose_words_were_saved_apart_by_somebody_else_cannot_approve_them_there(stage):
    draft = await stage.begin("ann", "Hi.", "Hello.")
    text = (await stage.live()).replace("Hi.", "Hello there.")
    apart = await stage.desk.edit(draft, "ben", {EN: text}, "x", revision=7, base_version=1)
    assert apart.apart
    with pytest.raises(ContentError, match="wrote"):
        await stage.approve(apart.draft.id, "ann")
    await stage.approve(apart.draft.id, "cat")
    assert (await stage.desk.publish(apart.draft.id)).version == 2


async def test_a_fault_that_a_release_brought_keeps_no_pull_and_no_roll_back_away_d7(stage):
    """A set that lacks what a new release asks for is served with it from the files."""
    await stage.change("ann", "Hi.", "Hello.")
    stage.faults = ["sleep", "temporarily closed"]
    with pytest.raises(ContentError, match="temporarily closed"):
        await stage.desk.pull("dan", "house", "it closed")
    stage.faults = ["sleep"]
    assert await stage.desk.pull("dan", "house", "it closed") == 3
    assert await stage.desk.roll_back("dan", 1, "wrong words") == 4


async def test_a_forced_fix_opens_nothing_that_was_closed_or_taken_out_or_is_confidential_d4_d7(stage):
    hidden, opened = [f"address_confidential: {said}, vetting: {{}}, publish: true" for said in ("true", "false")]
    shelter, barn, new = (
        f"  - {{key: {key}, status: active, porchlight: {{%s}}}}\n" for key in ("shelter", "barn", "new")
    )
    stage.files = {**stage.files, HOUSES: PLACES + shelter % opened + barn % opened}
    draft = await stage.desk.begin("ann", {HOUSES: PLACES + shelter % hidden}, "one is hidden and one taken out")
    await stage.approve(draft.id, "ben", "cat")
    await stage.desk.publish(draft.id)
    await stage.desk.pull("dan", "centre", "it closed")
    fixed = f"{opened}, walk_in: true"
    fix = PLACES.replace("publish: true", "publish: true, walk_in: true") + shelter % fixed + barn % fixed
    stage.files = {**stage.files, HOUSES: fix + new % opened}
    assert (await stage.desk.force_files(("ann", "ben"), "a fix")).version == 4
    places = {one["key"]: one for one in parse_text("x", await stage.live(HOUSES))["services"]}
    assert {key: one["status"] for key, one in places.items()} == {
        "house": "active",
        "centre": "temporarily closed",
        "shelter": "active",
        "new": "active",
        "barn": "temporarily closed",
    }
    assert places["house"]["porchlight"]["walk_in"]
    assert places["shelter"]["porchlight"]["address_confidential"] is True


async def test_drafts_are_listed_with_what_they_lack_and_one_that_is_gone_is_left_out(stage):
    one, other = await stage.begin("ann", "Hi.", "Hello."), await stage.begin("ben", "Food, sleep.", "Sleep.")
    await stage.approve(other, "cat")
    listed = stage.sets.list_drafts

    async def list_too_late():
        found = await listed()
        return [*found, replace(found[0], id="gone")]

    stage.sets.list_drafts = list_too_late
    assert {shown.draft.id: shown.lacks for shown in await stage.desk.show_all()} == {one: ("one_more",), other: ()}


async def test_going_back_brings_words_and_no_older_number_and_the_history_says_so_d3(stage):
    """One person goes back; the old number may have been changed because it was wrong."""
    await stage.change("ann", '"8005551212"', '"8005550100"', LINES)
    await stage.change("ann", "Hi.", "Wrong words.")
    await stage.desk.confirm("ben", "lifeline")
    live = await stage.live(LINES)
    assert await stage.desk.roll_back("dan", 1, "wrong words") == 5
    assert await stage.live() == stage.files[EN]
    assert parse_text("x", await stage.live(LINES)) == parse_text("x", live)
    assert (await stage.sets.read_history())[0].kept == ("numbers: lines/other",)
