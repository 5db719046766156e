"""A survivor reviewer's no to a crisis text, and its end (G2)."""

import json
from datetime import UTC, datetime

import pytest

from hotline.content_review import Draft
from hotline.errors import ContentError
from storage.content_drafts import format_draft, parse_draft
from storage.content_sets import Happened, _format_happened, _parse_happened
from tests.storage.content_stage import EN, ContentStage


@pytest.fixture
def stage(store):
    return ContentStage(store)


async def test_a_survivor_reviewer_vetoes_a_crisis_text_under_a_random_id(stage):
    draft = await stage.begin("ann", "Call 988.", "Call 988 now.")
    await stage.approve(draft, "ben", "cat")
    with pytest.raises(ContentError, match="never a name"):
        await stage.desk.veto(draft, "maria", by="dan")
    await stage.desk.veto(draft, "survivor-0a1b2c3d", by="dan")
    assert (await stage.desk.publish(draft)).lacks == ("vetoed",)
    await stage.desk.veto(draft, "survivor-0a1b2c3d", by="dan", lift=True)
    assert (await stage.desk.publish(draft)).version == 2
    with pytest.raises(ContentError, match="crisis"):
        await stage.desk.veto(await stage.begin("ann", "Hi.", "Hey."), "survivor-0a1b2c3d", by="dan")


async def test_a_no_is_taken_back_by_no_author_and_who_did_stands_in_the_history_g2(stage):
    draft = await stage.begin("ann", "Call 988.", "Call 988 now.")
    await stage.approve(draft, "ben", "cat")
    await stage.desk.veto(draft, "survivor-0a1b2c3d", by="ann")
    with pytest.raises(ContentError, match="wrote"):
        await stage.desk.veto(draft, "survivor-0a1b2c3d", by="ann", lift=True)
    with pytest.raises(ContentError, match="not said no"):
        await stage.desk.veto(draft, "survivor-11111111", by="ben", lift=True)
    text = (await stage.live()).replace("Call 988.", "Call 988 now!")
    apart = (await stage.desk.edit(draft, "ann", {EN: text}, "x", revision=7, base_version=1)).draft.id
    assert "vetoed" in (await stage.desk.show(apart)).lacks
    await stage.desk.veto(draft, "survivor-0a1b2c3d", by="ben", lift=True)
    assert (await stage.desk.publish(draft)).version == 2
    assert (await stage.sets.read_history())[0].lifts == ("survivor-0a1b2c3d (ben)",)


def test_what_was_kept_before_a_no_could_be_taken_back_is_still_read():
    """A line of a draft is compared whole, so an older one must come out as it went in."""
    line = format_draft(Draft("a", 1, "edit", "x", ("ann",), 1, {}, {}, datetime(2026, 6, 1, tzinfo=UTC)))
    assert "lifts" not in line
    assert format_draft(parse_draft(line)) == line
    happened = Happened(1, datetime(2026, 6, 1, tzinfo=UTC), "edit", ("ann",))
    assert _parse_happened(json.dumps(json.loads(_format_happened(happened))[:9]).encode()) == happened
