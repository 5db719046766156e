"""Drafts, approvals and versions of the content over a real store (G2, G3, D3, D7)."""

import asyncio
from datetime import date

import pytest

from hotline.errors import ContentError
from storage.backup_rows import Restorer, parse_row, read_rows
from storage.content_sets import TEXTS
from storage.content_texts import parse_text
from tests.storage.content_stage import EN, HOUSES, LINES, ContentStage, read_reply


@pytest.fixture
def stage(store):
    return ContentStage(store)


async def test_nothing_is_live_in_the_store_until_somebody_begins_a_draft(stage):
    assert await stage.sets.find_live() == 0
    draft = await stage.begin("ann", "Hi.", "Hello.")
    assert await stage.sets.find_live() == 1
    assert dict((await stage.sets.load(1)).texts) == stage.files
    assert (await stage.desk.show(draft)).lacks == ("one_more",)


async def test_another_account_approves_and_the_change_is_live_with_its_history(stage):
    assert await stage.change("ann", "Hi.", "Hello.", by=("ben",)) == 2
    assert read_reply(await stage.live(), "welcome") == "Hello."
    newest = (await stage.sets.read_history())[0]
    assert (newest.version, newest.kind, newest.by, newest.approved) == (2, "edit", ("ann",), ("ben",))
    assert (newest.note, newest.paths, newest.came_from) == ("Hi. to Hello.", (EN,), 1)
    assert not await stage.sets.list_drafts()


async def test_nobody_approves_what_they_wrote(stage):
    draft = await stage.begin("ann", "Hi.", "Hello.")
    with pytest.raises(ContentError, match="wrote"):
        await stage.approve(draft, "ann")
    shown = await stage.desk.show(draft)
    await stage.desk.edit(draft, "ben", {EN: (await stage.live()).replace("Hi.", "Hey.")}, "ben's",
                          revision=shown.draft.revision, base_version=1)  # fmt: skip
    with pytest.raises(ContentError, match="wrote"):
        await stage.approve(draft, "ben")
    await stage.approve(draft, "cat")
    assert (await stage.desk.publish(draft)).version == 2


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (EN, "Call 988.", "Call 988 now."),
        (LINES, "8005551212", "8005551213"),
        (LINES, "null, verified_by: null", "2026-05-05, verified_by: zoe, note: 'new'"),
        (HOUSES, "address_confidential: true", "address_confidential: false"),
        (HOUSES, "confidential: false, vetting: {}", "confidential: false, vetting: {vetted_on: 2026-05-05}"),
        (EN, "Food, sleep.", "Food at 775-555-0100."),
    ],
)  # fmt: skip
async def test_crisis_texts_numbers_vetting_and_addresses_need_two_approvals(stage, path, old, new):
    draft = await stage.begin("ann", old, new, path)
    await stage.approve(draft, "ben")
    assert (await stage.desk.publish(draft)).lacks == ("one_more",)
    await stage.approve(draft, "ben")
    assert (await stage.desk.publish(draft)).lacks == ("one_more",)
    await stage.approve(draft, "cat")
    assert (await stage.desk.publish(draft)).version == 2


async def test_an_approval_is_of_these_words_alone_and_of_who_may_approve_today(stage):
    draft = await stage.begin("ann", "Hi.", "Hello.")
    shown = await stage.desk.show(draft)
    await stage.approve(draft, "ben")
    words = (await stage.live()).replace("Hi.", "Hey.")
    await stage.desk.edit(draft, "ann", {EN: words}, "x", revision=shown.draft.revision, base_version=1)
    assert (await stage.desk.publish(draft)).lacks == ("one_more",)
    with pytest.raises(ContentError, match="changed meanwhile"):
        await stage.desk.approve(draft, "cat", shown.digest)
    await stage.approve(draft, "cat")
    stage.people.remove("cat")
    assert (await stage.desk.publish(draft)).lacks == ("one_more",)


async def test_who_approved_and_then_saved_the_draft_is_an_author_whose_yes_counts_no_more(stage):
    draft = await stage.begin("ann", "Hi.", "Hello.")
    await stage.approve(draft, "ben")
    seen = await stage.sets.find_draft(draft)
    await stage.desk.edit(draft, "ben", seen.texts, "the same words", revision=seen.revision, base_version=1)
    assert (await stage.desk.publish(draft)).lacks == ("one_more",)


async def test_two_drafts_that_are_published_at_once_both_go_live_one_over_the_other(stage):
    one, other = await stage.begin("ann", "Hi.", "Hello."), await stage.begin("ben", "Food, sleep.", "Sleep, food.")
    for draft in (one, other):
        await stage.approve(draft, "cat")
    done = await asyncio.gather(
        stage.desk.publish(one), stage.desk.publish(other), stage.desk.pull("dan", "house", "x")
    )
    assert {done[0].version, done[1].version, done[2]} == {2, 3, 4}
    text = await stage.live()
    assert (read_reply(text, "welcome"), read_reply(text, "menu")) == ("Hello.", "Sleep, food.")
    assert "temporarily closed" in await stage.live(HOUSES)


async def test_what_several_do_to_one_draft_at_once_is_all_kept(stage):
    draft = await stage.begin("ann", "Call 988.", "Call 988 now.")
    digest = (await stage.desk.show(draft)).digest
    await asyncio.gather(*(stage.desk.approve(draft, name, digest) for name in ("ben", "cat", "dan")))
    assert (await stage.desk.show(draft)).approvers == ("ben", "cat", "dan")
    text = await stage.live()
    words = [{EN: text.replace("Hi.", word)} for word in ("A.", "B.", "C.")]
    saved = await asyncio.gather(
        *(stage.desk.edit(draft, "ann", one, "x", revision=1, base_version=1) for one in words)
    )
    assert sorted(one.apart for one in saved) == [False, True, True]
    kept = {read_reply(one.texts[EN], "welcome") for one in await stage.sets.list_drafts()}
    assert kept == {"A.", "B.", "C."}


async def test_a_version_goes_live_only_over_the_one_that_its_maker_saw_and_with_the_draft_as_approved(stage):
    draft = await stage.begin("ann", "Hi.", "Hello.")
    seen = await stage.sets.find_draft(draft)
    happened = stage.desk.tell(await stage.desk.load_live(), "edit", ("ann",), "x", stage.files)
    await stage.approve(draft, "cat")
    assert not await stage.sets.publish(stage.files, happened, expected=1, draft=seen)
    assert not await stage.sets.publish(stage.files, happened, expected=7)
    assert await stage.sets.find_live() == 1
    assert await stage.sets.publish(stage.files, happened, expected=1)


async def test_a_set_with_a_new_fault_is_not_published_and_an_old_fault_keeps_no_mending_away(stage):
    stage.faults = ["sleep"]
    assert await stage.change("ann", "Hi.", "Hello.") == 2
    stage.faults = ["Oops", "sleep"]
    draft = await stage.begin("ann", "Hello.", "Oops.")
    await stage.approve(draft, "ben")
    assert (await stage.desk.publish(draft)).faults == ("Oops",)
    assert await stage.sets.find_live() == 2


async def test_two_people_on_one_document_are_joined_and_keep_their_approvals(stage):
    one, other = await stage.begin("ann", "Hi.", "Hello."), await stage.begin("ben", "Food, sleep.", "Sleep, food.")
    for draft in (one, other):
        await stage.approve(draft, "cat")
    assert (await stage.desk.publish(one)).version == 2
    assert (await stage.desk.publish(other)).version == 3
    text = await stage.live()
    assert (read_reply(text, "welcome"), read_reply(text, "menu")) == ("Hello.", "Sleep, food.")
    assert text.startswith("# Kept at the head.")


async def test_two_people_on_one_line_get_a_conflict_and_nobody_loses_a_word(stage):
    one, other = await stage.begin("ann", "Hi.", "Hello."), await stage.begin("ben", "Hi.", "Hey.")
    for draft in (one, other):
        await stage.approve(draft, "cat")
    await stage.desk.publish(one)
    assert "conflicts" in (await stage.desk.publish(other)).lacks
    (conflict,) = (await stage.desk.show(other)).draft.conflicts
    told = [one["text"] for one in (conflict.base, conflict.ours, conflict.theirs)]
    assert (conflict.path, conflict.entry, told) == (EN, ("replies", "welcome"), ["Hi.", "Hey.", "Hello."])
    shown = await stage.desk.show(other)
    await stage.desk.edit(other, "ben", {EN: shown.draft.texts[EN]}, "mine after all",
                          revision=shown.draft.revision, base_version=shown.draft.base_version)  # fmt: skip
    assert (await stage.desk.show(other)).lacks == ("one_more",)
    await stage.approve(other, "cat")
    assert (await stage.desk.publish(other)).version == 3


async def test_saving_over_a_draft_that_was_saved_meanwhile_makes_a_draft_of_its_own(stage):
    draft = await stage.begin("ann", "Hi.", "Hello.")
    text = await stage.live()
    first = await stage.desk.edit(draft, "ann", {EN: text.replace("Hi.", "A.")}, "a", revision=1, base_version=1)
    second = await stage.desk.edit(draft, "ben", {EN: text.replace("Hi.", "B.")}, "b", revision=1, base_version=1)
    assert (first.apart, second.apart) == (False, True)
    told = {read_reply(one.texts[EN], "welcome") for one in await stage.sets.list_drafts()}
    assert told == {"A.", "B."}
    assert not await stage.desk.discard(draft, 1)


async def test_a_pull_needs_one_person_and_a_line_that_is_never_hidden_cannot_be_pulled(stage):
    assert await stage.desk.pull("dan", "house", "it closed") == 2
    assert parse_text("x", await stage.live(HOUSES))["services"][0]["status"] == "temporarily closed"
    await stage.desk.pull("dan", "other", "nobody answers")
    assert parse_text("x", await stage.live(LINES))["lines"]["other"]["status"] == "temporarily closed"
    with pytest.raises(ContentError, match="never hidden"):
        await stage.desk.pull("dan", "lifeline", "x")
    with pytest.raises(ContentError, match="no place or line"):
        await stage.desk.pull("dan", "nowhere", "x")
    assert [one.kind for one in await stage.sets.read_history()] == ["pull", "pull", "files"]


async def test_one_person_confirms_what_they_phoned_and_nothing_else_changes(stage):
    await stage.desk.confirm("dan", "other")
    line = parse_text("x", await stage.live(LINES))["lines"]["other"]
    assert line == {"call": {"number": "8005551212"}, "never_hidden": False, "assured_date": date(2026, 6, 1),
                    "verified_by": "dan"}  # fmt: skip
    await stage.desk.confirm("dan", "centre")
    place = parse_text("x", await stage.live(HOUSES))["services"][1]
    assert (place["assured_date"], place["porchlight"]["verified_by"]) == (date(2026, 6, 1), "dan")


async def test_a_changed_number_loses_its_old_confirmation(stage):
    draft = await stage.begin("ann", '"988"', '"989"', LINES)
    await stage.approve(draft, "ben", "cat")
    assert (await stage.desk.publish(draft)).lacks == ("confirm_anew",)


async def test_a_roll_back_equals_the_old_version_but_what_was_closed_since_stays_closed(stage):
    await stage.change("ann", "Hi.", "Hello.")
    await stage.desk.pull("dan", "house", "it closed")
    await stage.desk.pull("dan", "other", "nobody answers")
    assert await stage.desk.roll_back("dan", 1, "wrong words") == 5
    assert await stage.live() == stage.files[EN]
    lines = {name: line.get("status") for name, line in parse_text("x", await stage.live(LINES))["lines"].items()}
    assert lines == {"lifeline": None, "other": "temporarily closed"}
    closed = {one["key"]: one["status"] for one in parse_text("x", await stage.live(HOUSES))["services"]}
    assert closed == {"house": "temporarily closed", "centre": "active"}
    assert (await stage.sets.read_history())[0].came_from == 1


async def test_a_roll_back_opens_no_address_that_is_confidential_by_now_d4(stage):
    """One person goes back alone, and opening an address takes two."""
    await stage.change("ann", "key: centre, status: active, porchlight: {address_confidential: false",
                       "key: centre, status: active, porchlight: {address_confidential: true", HOUSES)  # fmt: skip
    await stage.change("ann", "Hi.", "Hello.")
    assert await stage.desk.roll_back("dan", 1, "wrong words") == 4
    places = {one["key"]: one["porchlight"] for one in parse_text("x", await stage.live(HOUSES))["services"]}
    assert [places[key]["address_confidential"] for key in ("house", "centre")] == [True, True]
    assert await stage.live() == stage.files[EN]


async def test_new_files_come_as_one_draft_joined_with_what_the_hotline_changed(stage):
    await stage.change("ann", "Hi.", "Hello.")
    stage.files = {**stage.files, EN: stage.files[EN].replace("Food, sleep.", "Food, bed."), "words": "a: {b: 1}\n"}
    draft = await stage.desk.take_files()
    assert await stage.desk.take_files() is None
    assert await stage.sets.find_live() == 2
    assert (draft.origin, set(draft.texts), draft.conflicts) == ("upgrade", {EN, "words"}, ())
    await stage.approve(draft.id, "ben")
    assert (await stage.desk.publish(draft.id)).version == 3
    text = await stage.live()
    assert (read_reply(text, "welcome"), read_reply(text, "menu")) == ("Hello.", "Food, bed.")


async def test_new_files_that_change_what_the_hotline_changed_wait_for_a_choice(stage):
    await stage.change("ann", "Hi.", "Hello.")
    stage.files = {**stage.files, EN: stage.files[EN].replace("Hi.", "Good day.")}
    draft = await stage.desk.take_files()
    assert [(one.ours["text"], one.theirs["text"]) for one in draft.conflicts] == [("Good day.", "Hello.")]
    await stage.approve(draft.id, "ben")
    assert (await stage.desk.publish(draft.id)).lacks == ("conflicts",)


async def test_a_safety_fix_is_forced_by_two_names_and_by_no_fewer(stage):
    await stage.change("ann", "Hi.", "Hello.")
    stage.files = {**stage.files, EN: stage.files[EN].replace("Call 988.", "Call 911.")}
    for names in (("ann", "ann"), ("ann", "mallory")):
        with pytest.raises(ContentError, match="two different people"):
            await stage.desk.force_files(names, "a fix")
    assert (await stage.desk.force_files(("ann", "ben"), "a fix")).version == 3
    text = await stage.live()
    assert (read_reply(text, "crisis_general"), read_reply(text, "welcome")) == ("Call 911.", "Hello.")


async def test_what_was_changed_in_the_store_behind_our_back_is_not_served(stage, store):
    await stage.desk.load_live()
    name = (await stage.sets.load_manifest(1))[EN]
    await store.call("HSET", TEXTS, name, stage.files[EN].replace("988", "900"))
    with pytest.raises(ContentError, match="not whole"):
        await stage.sets.load(1)


async def test_live_set_drafts_and_history_come_along_in_a_backup(stage, store):
    await stage.change("ann", "Hi.", "Hello.")
    draft = await stage.begin("ann", "Hello.", "Hey.")
    lines = [row.line() async for row in read_rows(store)]
    for key in await store.scan("content:*"):
        await store.call("DEL", key)
    restorer = Restorer(store)
    await restorer.prepare(over=True)
    for line in lines:
        await restorer.write(parse_row(line))
    assert read_reply(await stage.live(), "welcome") == "Hello."
    assert (await stage.desk.show(draft)).lacks == ("one_more",)
    assert len(await stage.sets.read_history()) == 2
