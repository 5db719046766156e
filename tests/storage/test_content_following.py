"""A program follows the live set: what is new is taken whole, what is broken never (G3, D3, D7)."""

import pytest

from hotline.errors import ContentError
from storage import content_following
from storage.connection import Store, StoreError
from storage.content_following import LiveContent
from storage.content_sets import SHOWN, TEXTS, ContentSets, ShownSets
from tests.storage.content_stage import EN, FILES, HOUSES, LINES, ContentStage


@pytest.fixture
def stage(store):
    return ContentStage(store)


@pytest.fixture
def program(store, monkeypatch):
    """A program that serves what the replies say; it cannot serve one that says BROKEN, and needs every key."""
    files = dict(FILES)
    monkeypatch.setattr(content_following, "load_texts", lambda folder: files)
    return Program(store, files)


class Program:
    def __init__(self, store, files):
        self.files, self.told, self.needs = files, [], {"welcome"}
        self.asks_for, self.refused = "lifeline", set()
        self.content = LiveContent(ContentSets(store), self._build, lambda event, code: self.told.append(event))

    def _build(self, served):
        said = {key: reply["text"] for key, reply in served.documents[EN]["replies"].items()}
        if "BROKEN" in said.values() or not self.needs <= set(said):
            raise ContentError("cannot be served")
        self.lines = set(served.documents[LINES]["lines"])
        needs = {need for one in served.documents[HOUSES]["services"] for need in one["porchlight"].get("needs", ())}
        if self.asks_for not in self.lines or needs & self.refused:
            raise ContentError("cannot be served")
        self.places = {place["key"] for place in served.documents[HOUSES]["services"]}
        closed = {place["key"] for place in served.documents[HOUSES]["services"] if place["status"] != "active"}
        return said, closed


async def test_the_files_serve_until_there_is_a_live_set_and_then_it_wins(stage, program):
    said, _ = await program.content.start()
    assert (said["welcome"], program.content.number) == ("Hi.", 0)
    assert await program.content.look() is None
    await stage.change("ann", "Hi.", "Hello.")
    said, _ = await program.content.look()
    assert (said["welcome"], program.content.number) == ("Hello.", 2)
    assert await program.content.look() is None
    assert program.told == []


async def test_every_program_serves_the_same_version_also_one_that_begins_later(stage, program, store):
    early = program
    await early.content.start()
    await stage.change("ann", "Hi.", "Hello.")
    late = Program(store, {})
    assert (await late.content.start())[0] == (await early.content.look())[0]


async def test_a_set_that_cannot_be_served_leaves_the_last_good_one_and_tells(stage, program):
    await program.content.start()
    await stage.change("ann", "Hi.", "BROKEN")
    assert await program.content.look() is None
    assert (program.content.number, program.told) == (0, ["content_refused"])
    assert await program.content.look() is None
    assert program.told == ["content_refused"]  # told once, and not built again at every look
    await stage.change("ann", "BROKEN", "Hello.")
    said, _ = await program.content.look()
    assert said["welcome"] == "Hello."


async def test_a_set_that_was_changed_in_the_store_is_refused(stage, program, store):
    await program.content.start()
    await stage.change("ann", "Call 988.", "Call 988 now.")
    name = (await stage.sets.load_manifest(2))[EN]
    await store.call("HSET", TEXTS, name, FILES[EN].replace("988", "900"))
    assert await program.content.look() is None
    assert (program.content.number, program.told) == (0, ["content_refused"])


async def test_a_start_with_a_broken_set_serves_an_older_one_and_brings_no_pulled_place_back(stage, program):
    await stage.change("ann", "Hi.", "Hello.")
    await stage.desk.pull("dan", "house", "it closed")
    await stage.change("ann", "Hello.", "BROKEN")
    await stage.change("ann", "Food, sleep.", "Sleep.")
    for path in (EN,):
        assert "BROKEN" in await stage.live(path)
    said, closed = await program.content.start()
    assert (said["welcome"], closed) == ("Hello.", {"house"})
    assert (program.content.number, program.told[-1]) == (3, "content_stale")


async def test_a_start_with_nothing_but_broken_sets_serves_the_files_without_the_pulled_place(stage, program):
    await stage.desk.load_live()
    program.needs = {"welcome", "new_line"}
    program.files[EN] = FILES[EN] + '  new_line: {text: "New."}\n'
    await stage.change("ann", "  - {key: centre", "  # - {key: centre", HOUSES)
    await stage.desk.pull("dan", "house", "it closed")
    await stage.change("ann", "Hi.", "BROKEN")
    said, closed = await program.content.start()
    assert (said["welcome"], said["new_line"], closed) == ("Hi.", "New.", {"house", "centre"})


async def test_a_new_release_that_needs_a_line_takes_it_from_its_files_and_all_else_from_the_live_set(stage, program):
    await stage.change("ann", "Hi.", "Hello.")
    await stage.change("ann", "  - {key: centre", "  # - {key: centre", HOUSES)
    program.needs = {"welcome", "new_line"}
    program.files[EN] = FILES[EN] + '  new_line: {text: "New."}\n'
    said, closed = await program.content.start()
    assert (said["welcome"], said["new_line"], program.content.number) == ("Hello.", "New.", 3)
    assert program.told == ["content_refused", "content_stale"]
    assert (closed, program.places) == (set(), {"house"}), "a place that was taken out does not come back"


async def test_a_store_that_is_away_at_the_start_is_followed_once_it_is_back(stage, program, tmp_path):
    away = Store(f"unix://{tmp_path}/nobody")
    there = program.content._sets
    program.content._sets = ContentSets(away)
    await stage.change("ann", "Hi.", "Hello.")
    said, _ = await program.content.start()
    assert (said["welcome"], program.told) == ("Hi.", ["content_stale"])
    assert await program.content.look() is None
    program.content._sets = there
    said, _ = await program.content.look()
    assert said["welcome"] == "Hello."


async def test_a_program_that_may_read_no_older_version_follows_what_is_live_d4(stage, program, store):
    program.content._sets = ShownSets(store)
    await stage.change("ann", "Hi.", "Hello.")
    assert (await program.content.start())[0]["welcome"] == "Hello."
    await stage.change("ann", "Hello.", "Hey.")
    assert (await program.content.look())[0]["welcome"] == "Hey."
    assert (program.told, program.content.is_stale) == ([], False)
    await store.call("SET", SHOWN, "1 {}")
    with pytest.raises(StoreError):
        await program.content._sets.load(3)
    await stage.sets.show_live()
    assert (await program.content._sets.load(3)).texts == (await stage.desk.load_live()).texts
    await store.call("SET", SHOWN, "1 {}")
    late = Program(store, program.files)
    late.content._sets = ShownSets(store)
    assert (await late.content.start())[0]["welcome"] == "Hi."
    assert late.content.is_stale, "whoever gives out nothing but what is live must know"
    await stage.sets.show_live()
    assert (await late.content.look())[0]["welcome"] == "Hey."
    assert not late.content.is_stale
