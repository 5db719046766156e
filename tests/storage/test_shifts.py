"""The calendar in a real store: kept whole, removed, emptied of what is long over."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.shifts import ON_CALL, Shift
from storage import shifts as module
from storage.connection import Store
from storage.shifts import CalendarFull, StoreShifts
from tests.console.memory_store import MemoryStore

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "store"])
def calendar(request: pytest.FixtureRequest, store: Store) -> StoreShifts:
    return StoreShifts(MemoryStore() if request.param == "memory" else store)  # type: ignore[arg-type]


def night(name: str, days: int = 0) -> Shift:
    begin = NOW + timedelta(days=days)
    return Shift("", name, ON_CALL, begin, begin + timedelta(hours=8))


async def test_shifts_come_back_as_they_went_in_the_earliest_first(calendar: StoreShifts) -> None:
    await calendar.add([night("robin", 1), night("luz")], NOW)
    found = await calendar.list_all()
    assert [(s.name, s.duty, s.from_at, s.until_at) for s in found] == [
        ("luz", ON_CALL, NOW, NOW + timedelta(hours=8)),
        ("robin", ON_CALL, NOW + timedelta(days=1), NOW + timedelta(days=1, hours=8)),
    ]
    assert len({s.id for s in found}) == 2


async def test_a_shift_is_removed_once(calendar: StoreShifts) -> None:
    await calendar.add([night("robin")], NOW)
    (shift,) = await calendar.list_all()
    assert await calendar.remove(shift.id)
    assert not await calendar.remove(shift.id)
    assert await calendar.list_all() == []


async def test_what_is_long_over_goes_with_the_next_that_is_added_and_a_removed_account_with_all_its_own(
    calendar: StoreShifts,
) -> None:
    await calendar.add([night("old", -12), night("last_week", -7)], NOW - timedelta(days=12))
    await calendar.add([night("robin")], NOW)
    assert [s.name for s in await calendar.list_all()] == ["last_week", "robin"]
    await calendar.forget("robin")
    assert [s.name for s in await calendar.list_all()] == ["last_week"]


async def test_a_calendar_has_an_end(calendar: StoreShifts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    with pytest.raises(CalendarFull):
        await calendar.add([night("a"), night("b"), night("c")], NOW)
    assert await calendar.list_all() == []
