"""Windows are measured again while the host takes the cores away, and the one it took least of is kept."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.secret import Secret
from benchmarks import machine, undisturbed
from benchmarks.catalog import PAIR, PARTS
from benchmarks.engine_load import EngineLoad
from benchmarks.figures import LADDER, OURS, build_results
from benchmarks.loader import open_loader
from benchmarks.machine import Moment, find_taken_share, read_moment
from benchmarks.parts import ack, crisis, starting
from benchmarks.parts.starting import Start, describe_starts
from benchmarks.rounds import Lengths, Run
from benchmarks.texters import Texters
from benchmarks.undisturbed import Kept, Tries, Watch, choose_least, is_disturbed, measure_undisturbed
from hotline.screening.result import Level
from hotline.timings import Timings
from tests.benchmarks.conftest import Street
from tests.benchmarks.host import Host

AT_ONCE = Tries(most=5, rest_seconds=0)
NOBODY: Any = None


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


def test_a_full_run_tries_five_times_what_a_goal_in_milliseconds_speaks_of_and_a_quick_one_once():
    tried = {"start", "ack", "crisis", PAIR}
    for name, part in PARTS.items():
        each = [getattr(lengths[0], "tries", None) for lengths in (part.full, part.quick) if lengths]
        assert [tries and tries.most for tries in each] == ([5, 1] if name in tried else [None] * len(each)), name
    assert Tries().rest_seconds == 15


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


async def test_of_the_rung_that_a_goal_speaks_of_only_the_kept_window_stays(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    host = Host(30.0, 4.0, 8.0)
    monkeypatch.setattr("benchmarks.texters.LIMIT_SECONDS", 20.0)
    monkeypatch.setattr("benchmarks.rounds.BESIDE_RATE", 20)
    monkeypatch.setattr("benchmarks.rounds.measure_undisturbed", partial(measure_undisturbed, read=host.read))
    street.door.answers["hi"] = ["hey"]
    await street.texters.learn(0.1)
    idle = Texters(street.door.door(), street.texters._http, street.texters.mailboxes)
    await idle.learn(0.1)
    lengths = Lengths(1, 0.1, 0.1, 0.1, tries=Tries(most=3, rest_seconds=0))
    run = Run({OURS: street.texters}, street.provider, lengths, print, idle)
    for number, rate in enumerate((10, 20, 40)):  # climbing by itself, it might stop early on a slow machine
        await run._measure_rung(OURS, number, rate, 0.5)
    assert host.windows == 3
    assert [(w.kind, w.offered) for w in run.windows] == [(LADDER, 10), (LADDER, 20), (LADDER, 40)]
    entries = build_results(run.windows, {})["runs"]
    assert [entry.get("taken_percent") for entry in entries] == [None, 4.0, None]
    assert entries[1]["taken_each"] == [30.0, 4.0, 8.0]
    assert entries[1]["nothing"]["answered"] > 0
    assert entries[1]["lost_in_other_tries"] == 0
    assert "taken_each" not in entries[0]


async def test_every_try_of_a_case_finds_rasa_as_it_should_and_stores_in_which_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    done: list[str] = []

    @asynccontextmanager
    async def saturate_engine(urls: Sequence[str], token: str) -> AsyncIterator[EngineLoad]:
        done.append(f"busy {urls[0]} {token}")
        yield EngineLoad(answered=7)
        done.append("let alone")

    class Stack:
        settings = SimpleNamespace(rasa_urls=("rasa",), rasa_token=Secret("a token", "TOKEN"))

        def pause(self, name: str) -> None:
            done.append(f"pause {name}")

        def resume(self, name: str) -> None:
            done.append(f"resume {name}")

        async def stop(self, name: str) -> None:
            done.append(f"stop {name}")

    async def play(_scene: object, beside: Any, watch: Watch) -> dict[str, Any]:
        with watch:
            done.append(beside.__name__ if beside else "in peace")
        return {"try": len(done), "unanswered": len(done), "refused": 100}

    @asynccontextmanager
    async def set_scene(*given: Any) -> AsyncIterator[crisis._Scene]:
        done.append("afresh")
        ours: Any = SimpleNamespace(stack=Stack())
        texters: Any = SimpleNamespace(answers={(0, 0): ("one", "two")})
        yield crisis._Scene(ours, NOBODY, NOBODY, texters, NOBODY, given[-1])

    host = Host(9.0, 3.0, 9.0, 2.0, 0.5, 9.0, 8.0, 1.0)
    monkeypatch.setattr(crisis, "saturate_engine", saturate_engine)
    monkeypatch.setattr(crisis._Scene, "play", play)
    monkeypatch.setattr(crisis, "_set_scene", set_scene)
    monkeypatch.setattr(crisis, "measure_undisturbed", partial(measure_undisturbed, read=host.read))
    lengths = crisis.Lengths(tries=Tries(most=2, rest_seconds=0))
    measured = await crisis.measure(tmp_path, print, lengths)
    busy, hung = ["afresh", "busy rasa a token", "text_on", "let alone"], ["pause rasa", "text_on", "resume rasa"]
    assert done == [
        "afresh", "in peace", "afresh", "in peace", *busy, *busy, "afresh", "flood",
        "afresh", *hung, "afresh", *hung, "afresh", "stop rasa", "text_on",
    ]  # fmt: skip
    found = measured["cases"]
    assert (found["peace"]["try"], found["peace"]["taken_percent"]) == (4, 3.0)
    assert (measured["messages_in_the_answer"], found["saturated"]["turns_answered_by_rasa"]) == (2, 7)
    assert (found["hanging"]["try"], found["hanging"]["taken_each"]) == (21, [9.0, 8.0])
    assert [entry["lost_in_other_tries"] for entry in found.values()] == [102, 107, 0, 117, 0]
    assert [len(entry["taken_each"]) for entry in found.values()] == [2, 2, 1, 2, 1]


def test_no_try_lasts_until_a_page_is_repeated():
    """From then on it would bear a page for each crisis that nobody takes over."""
    assert crisis.Lengths().seconds + 5 < min(step.next_seconds for step in Timings().steps(Level.IMMINENT))


async def test_each_of_three_bursts_is_a_window_of_its_own(monkeypatch: pytest.MonkeyPatch):
    p99 = iter([90.0, 7.0, 6.0, 80.0, 5.0])

    async def burst(watch: Watch) -> list[dict[str, Any]]:
        with watch:
            return [{"ack_ms": {"p99": next(p99)}, "refused": 0}]

    host = Host(9.0, 0.5, 0.2, 9.0, 0.1)
    monkeypatch.setattr(ack, "measure_undisturbed", partial(measure_undisturbed, read=host.read))
    found = await ack._find_middle(burst, ack.Lengths(tries=Tries(most=2, rest_seconds=0)))
    assert found["p99_each"] == [7.0, 6.0, 5.0]
    assert (found["ack_ms"]["p99"], found["taken_percent"], found["taken_each"]) == (6.0, 0.2, [0.2])


async def test_a_burst_at_all_of_ours_waits_for_its_answers_before_the_next_try_and_keeps_both_doors_of_one_try(
    monkeypatch: pytest.MonkeyPatch,
):
    done: list[str] = []

    async def burst(watch: Watch) -> list[dict[str, Any]]:
        with watch:
            done.append("burst")
        return [{"ours": len(done), "refused": len(done)}, {"nothing": len(done), "refused": 50}]

    async def answer_all() -> None:
        done.append("answered")

    monkeypatch.setattr(ack, "measure_undisturbed", partial(measure_undisturbed, read=Host(9.0, 8.0, 20.0).read))
    everything, beside = await ack._keep_burst(burst, Tries(most=3, rest_seconds=0), answer_all)
    assert done == ["burst", "answered", "burst", "answered", "burst"]
    assert (everything["ours"], beside["nothing"]) == (3, 3)
    assert (everything["taken_percent"], everything["taken_each"]) == (8.0, [9.0, 8.0, 20.0])
    assert (everything["refused"], beside["refused"]) == (1 + 3 + 5, 50), "no try hides what was refused"
    assert "taken_each" not in beside


async def test_of_a_start_what_the_host_took_is_read_until_the_first_answers_of_both_and_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    done: list[str] = []

    def note(event: str, value: Any = 0.0) -> Any:
        async def happen(*_: Any) -> Any:
            done.append(event)
            return value

        return happen

    @asynccontextmanager
    async def run(*_: Any) -> AsyncIterator[None]:
        done.append("run")
        yield
        done.append("end")

    def read() -> Moment:
        done.append("read")
        return Moment(float(len(done)), 0.0, 0.0, 0.0)

    monkeypatch.setattr(starting, "_run", run)
    monkeypatch.setattr(starting, "_REST_SECONDS", 0)
    monkeypatch.setattr(starting, "start_nothing", note("nothing", 0.7))
    monkeypatch.setattr(starting, "_text_until_answered", note("answer", time.monotonic()))
    monkeypatch.setattr(starting, "_wait_all_ready", note("everything", 9.0))
    async with open_loader() as loader:
        start = await starting._start_once(tmp_path, loader, Watch(read))
    assert done == ["read", "nothing", "read", "read", "run", "answer", "read", "everything", "end"]
    assert (start.nothing, start.everything) == (0.7, 9.0)


def test_of_starts_the_medians_are_kept_with_each_and_what_the_host_took():
    kept = [
        Kept(Start(2.0, 9.0, 0.8), (0.5,)),
        Kept(Start(1.8, 8.0, 0.6), (7.0, 0.9)),
        Kept(Start(1.9, 7.0, 0.7), (1.0,)),
    ]
    assert describe_starts(kept) == {
        "crisis_answer_seconds": 1.9,
        "crisis_answer_each": [2.0, 1.8, 1.9],
        "everything_seconds": 8.0,
        "nothing_seconds": 0.7,
        "nothing_each": [0.8, 0.6, 0.7],
        "taken": [
            {"taken_percent": 0.5, "taken_each": [0.5]},
            {"taken_percent": 0.9, "taken_each": [7.0, 0.9]},
            {"taken_percent": 1.0, "taken_each": [1.0]},
        ],
    }
