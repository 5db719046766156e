"""What a program serves when what is live cannot be served as it is: never what was pulled, and never nothing."""

import pytest

from hotline.errors import ContentError
from storage import content_following
from storage.connection import Store
from storage.content_sets import LIVE, SETS, ContentSets
from tests.storage.content_stage import EN, FILES, HOUSES, LINES, ContentStage
from tests.storage.test_content_following import Program

NEW_LINE = '  new_line: {text: "New."}\n'


@pytest.fixture
def stage(store):
    return ContentStage(store)


@pytest.fixture
def program(store, monkeypatch):
    files = dict(FILES)
    monkeypatch.setattr(content_following, "load_texts", lambda folder: files)
    return Program(store, files)


async def test_what_is_changed_before_a_release_s_draft_is_approved_is_served_too_d7(stage, program):
    """The new files ask for a line that nobody has approved yet; a place is pulled meanwhile."""
    await stage.change("ann", "Hi.", "Hello.")
    program.needs = {"welcome", "new_line"}
    program.files[EN] = FILES[EN] + NEW_LINE
    await program.content.start()
    await stage.desk.pull("dan", "house", "it closed")
    said, closed = await program.content.look()
    assert (said["welcome"], said["new_line"], closed) == ("Hello.", "New.", {"house"})
    assert program.content.number == 3
    assert await program.content.look() is None


async def test_a_number_that_only_the_files_have_comes_in_only_where_nothing_can_be_served_without(stage, program):
    await stage.change("ann", "other: {call", "mine: {call", LINES)
    program.files[LINES] = FILES[LINES].replace("other:", "asked_for:")
    program.needs = {"welcome", "new_line"}
    program.files[EN] = FILES[EN] + NEW_LINE
    await program.content.start()
    assert program.lines == {"lifeline", "mine"}
    program.content.number, program.content._refused_at, program.asks_for = 0, float("-inf"), "asked_for"
    await program.content.look()
    assert program.lines == {"lifeline", "mine", "asked_for"}


async def test_what_is_pulled_is_closed_though_the_live_set_cannot_be_served_d7(stage, program):
    await stage.change("ann", "Hi.", "Hello.")
    await program.content.start()
    await stage.change("ann", "Hello.", "BROKEN")
    assert await program.content.look() is None
    await stage.desk.pull("dan", "house", "it closed")
    said, closed = await program.content.look()
    assert (said["welcome"], closed, program.content.number) == ("Hello.", {"house"}, 2)
    program.content._refused_at = float("-inf")
    assert await program.content.look() is None, "it is closed already"


async def test_who_began_without_the_store_takes_what_stands_in_once_it_is_back_d7(stage, program, tmp_path):
    there, program.content._sets = program.content._sets, ContentSets(Store(f"unix://{tmp_path}/nobody"))
    await stage.change("ann", "Hi.", "Hello.")
    await stage.desk.pull("dan", "house", "it closed")
    await stage.change("ann", "Hello.", "BROKEN")
    assert (await program.content.start())[1] == set()
    program.content._sets = there
    said, closed = await program.content.look()
    assert (said["welcome"], closed, program.content.number) == ("Hello.", {"house"}, 3)


@pytest.mark.parametrize("key", [LIVE, SETS])
async def test_rubbish_in_the_store_keeps_no_program_from_starting_d3(stage, program, store, key):
    await stage.desk.pull("dan", "house", "it closed")
    if key == LIVE:
        await store.call("SET", LIVE, "rubbish")
    else:
        await store.call("HSET", SETS, "2", "[rubbish")
    said, _ = await program.content.start()
    assert said["welcome"] == "Hi."
    assert program.told[-1] == "content_stale"


async def test_files_that_cannot_be_built_with_a_place_of_the_live_set_are_served_with_it_closed_d3_d4(stage, program):
    hidden = "key: centre, status: active, porchlight: {address_confidential: true, needs: [unheard_of]"
    await stage.change("ann", "key: centre, status: active, porchlight: {address_confidential: false", hidden, HOUSES)
    await stage.change("ann", "Hi.", "BROKEN")
    await stage.desk.sets._store.call("HDEL", SETS, "1", "2")
    program.refused = {"unheard_of"}
    said, closed = await program.content.start()
    assert (said["welcome"], closed, program.content.number) == ("Hi.", {"centre"}, 0)


async def test_a_fault_of_every_file_is_told_as_it_is(program):
    program.files[EN] = FILES[EN].replace("Hi.", "BROKEN")
    with pytest.raises(ContentError, match="cannot be served"):
        await program.content.start()
