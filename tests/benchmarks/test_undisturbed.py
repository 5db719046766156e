"""Windows are measured again while the host takes the cores away, and the one it took least of is kept."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import machine, undisturbed
from benchmarks.machine import Moment, find_taken_share, read_moment
from benchmarks.undisturbed import Kept, Tries, Watch, choose_least, is_disturbed, measure_undisturbed
from tests.benchmarks.host import Host

AT_ONCE = Tries(most=5, rest_seconds=0)


async def keep(host: Host, figures: list[float], tries: Tries = AT_ONCE) -> Kept[float]:
    left = iter(figures)

    async def measure(watch: Watch) -> float:
        with watch:
            return next(left)

    return await measure_undisturbed(measure, tries, read=host.read)


@pytest.mark.parametrize(
    ("taken", "chosen"),
    [([0.4], 0), ([30.0, 12.0, 20.0], 1), ([5.0, 2.0, 2.0], 1), ([30.0, 0.0], 1), ([None], 0), ([None, None], 0)],
)
def test_the_try_of_which_the_host_took_least_is_chosen_the_first_of_equals(taken: list[float | None], chosen: int):
    assert choose_least(taken) == chosen


def test_a_window_is_disturbed_above_one_percent_and_not_where_nobody_counts():
    assert [is_disturbed(taken) for taken in (None, 0.0, 1.0, 1.1)] == [False, False, False, True]


async def test_the_first_undisturbed_try_ends_them_however_fast_another_was():
    kept = await keep(Host(30.0, 1.0, 0.0), [10.0, 500.0, 1.0])
    assert kept == Kept(500.0, (30.0, 1.0), (10.0,))
    assert kept.taken == {"taken_percent": 1.0, "taken_each": [30.0, 1.0]}


@pytest.mark.parametrize("figures", [[1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [2.0, 1.0, 3.0]])
async def test_what_is_kept_depends_on_what_the_host_took_and_on_no_figure(figures: list[float]):
    kept = await keep(Host(12.0, 40.0, 5.0), figures, Tries(most=3, rest_seconds=0))
    assert (kept.found, kept.taken["taken_percent"]) == (figures[2], 5.0)


async def test_after_the_last_try_the_least_disturbed_one_is_kept_and_each_is_told():
    kept = await keep(Host(30.0, 12.04, 20.0, 65.0, 13.0), [1.0, 2.0, 3.0, 4.0, 5.0])
    assert kept == Kept(2.0, (30.0, 12.0, 20.0, 65.0, 13.0), (1.0, 3.0, 4.0, 5.0))


async def test_one_try_alone_is_kept_whatever_was_taken():
    assert await keep(Host(30.0), [1.0], Tries()) == Kept(1.0, (30.0,))


async def test_where_nobody_counts_there_is_one_try_and_nothing_is_invented():
    kept = await keep(Host(None), [1.0])
    assert kept.taken == {"taken_percent": None, "taken_each": [None]}


async def test_the_machine_is_let_alone_before_each_try_but_the_first(monkeypatch: pytest.MonkeyPatch):
    done: list[object] = []

    async def measure(watch: Watch) -> None:
        with watch:
            done.append("try")

    async def settle() -> None:
        done.append("settle")

    async def sleep(seconds: float) -> None:
        done.append(seconds)

    monkeypatch.setattr(undisturbed, "asyncio", SimpleNamespace(sleep=sleep))
    tries = Tries(most=3, rest_seconds=15)
    await measure_undisturbed(measure, tries, before_rest=settle, read=Host(9.0, 9.0, 9.0).read)
    assert done == ["try", "settle", 15, "try", "settle", 15, "try"]


def test_the_share_is_of_the_time_of_all_cores(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine.os, "cpu_count", lambda: 4)
    before, after = Moment(10.0, 0.0, 0.0, 3.0), Moment(20.0, 0.0, 0.0, 5.0)
    assert find_taken_share([(before, after)]) == pytest.approx(2 / 40)
    later = (Moment(80.0, 0.0, 0.0, 95.0), Moment(85.0, 0.0, 0.0, 96.0))
    assert find_taken_share([(before, after), later]) == pytest.approx(3 / 60)
    assert find_taken_share([(before, after), (before, Moment(20.0, 0.0, 0.0))]) is None


def test_what_the_host_took_is_read_from_the_system_s_own_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stat = tmp_path / "stat"
    stat.write_text("cpu  1000 200 300 4000 500 0 60 700 0 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n", "ascii")
    monkeypatch.setattr(machine, "_STAT", stat)
    monkeypatch.setattr(machine.os, "sysconf", lambda _name: 100)
    moment = read_moment()
    assert (moment.taken, moment.busy) == (7.0, 22.6)
    stat.unlink()
    assert read_moment().taken is None
