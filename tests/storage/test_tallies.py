"""Counting in a turn's own commit: at a conversation's end, once, codes alone (O4, P3)."""

import pytest

from hotline.screening.result import Level
from storage import tallies
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import TALLY_SECONDS
from storage.tallies import StoreTallies
from tests.storage.conftest import list_keys
from tests.storage.night_shift import NightShift


@pytest.fixture
async def night(
    store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> NightShift:
    """Nothing is left out here, so that each count can be told."""
    monkeypatch.setattr(tallies.secrets, "randbelow", lambda _: 1)
    return await NightShift(store, keys, content_keys, inbox).opens("ann")


async def test_a_conversation_is_counted_at_its_end_by_month_and_year_and_not_before_o4(
    night: NightShift, store: Store
) -> None:
    await night.texts("hello")
    await night.texts("hello again")
    assert await list_keys(store, "tallies:*") == []
    await night.passes(minutes=31)
    for period in ("2026-11", "2026"):
        counts = await StoreTallies(store).read(period)
        assert counts["conversations", ("all",)] == 1
        assert counts["channel", ("sms",)] == 1
        assert counts["outcome", ("by_itself",)] == 1
        assert 0 < await store.call("TTL", f"tallies:{period}") <= TALLY_SECONDS
    assert night.tally.failures == []


async def test_a_month_that_is_over_gets_no_late_count_so_its_report_never_changes_o4(
    night: NightShift, store: Store
) -> None:
    """Whoever kept the first report learns nothing from a second one: what ends later counts where it ends."""
    await night.texts("hello")
    await night.passes(minutes=31)
    over = await StoreTallies(store).read("2026-11")
    await night.texts("hello again")
    await night.passes(days=12)  # the worker was away meanwhile
    assert await StoreTallies(store).read("2026-11") == over
    assert (await StoreTallies(store).read("2026-12"))["conversations", ("all",)] == 1


async def test_wait_outcome_and_level_of_one_with_an_advocate_are_counted_o4(night: NightShift, store: Store) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    await night.clicks("claim", "ann", listed.id)
    await night.clicks("close", "ann", listed.id, "safe_for_now")
    counts = await StoreTallies(store).read("2026-11")
    assert counts["outcome", ("safe_for_now",)] == 1
    assert counts["wait", (Level.IMMINENT.label, "under_1_min")] == 1
    assert counts["handoff", (Level.IMMINENT.label, "came")] == 1


async def test_one_that_is_emptied_while_its_page_stays_open_is_counted_then_and_once_k5(
    night: NightShift, store: Store
) -> None:
    await night.texts("!imminent")
    await night.texts("bye")
    counts = await StoreTallies(store).read("2026-11")
    assert counts["level", (Level.IMMINENT.label,)] == 1
    (listed,) = await night.waiting()
    await night.clicks("claim", "ann", listed.id)
    await night.clicks("close", "ann", listed.id, "other")
    assert await StoreTallies(store).read("2026-11") == counts


async def test_a_count_that_cannot_be_made_disturbs_no_turn_r9(
    night: NightShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.counting.build_counting_facts", lambda _: 1 / 0)
    with pytest.raises(AssertionError, match="figures_failed"):  # the night's own look at failures
        await night.texts("!imminent")
    assert night.tally.failures == [("figures_failed", "ZeroDivisionError")]
    assert [one.level for one in await night.waiting()] == [Level.IMMINENT]
    night.tally.failures.clear()
    assert (await night.goes_out())[0].startswith("crisis_")
