"""A draft that waits for a choice while more goes live (G2)."""

import pytest

from tests.storage.content_stage import ContentStage


@pytest.fixture
def stage(store):
    return ContentStage(store)


@pytest.mark.parametrize("settled", ["Hey.", "Hi."])
async def test_a_conflict_that_waits_while_more_goes_live_is_one_and_shows_what_is_live_now(stage, settled):
    """Else its author would choose twice for one entry; it is gone once the live words are either side's again."""
    waiting = await stage.begin("ann", "Hi.", "Hey.")
    for before, after in (("Hi.", "Hello."), ("Hello.", "Good day.")):
        await stage.change("ben", before, after, by=("cat",))
        shown = await stage.desk.show(waiting)
    (conflict,) = shown.draft.conflicts
    told = [one["text"] for one in (conflict.base, conflict.ours, conflict.theirs)]
    assert told == ["Hi.", "Hey.", "Good day."]
    await stage.change("ben", "Good day.", settled, by=("cat",))
    assert (await stage.desk.show(waiting)).draft.conflicts == ()
