"""A goal that is missed names the floor that was measured under it, and says whether that proves anything."""

from typing import Any

import pytest

from benchmarks.goal_floors import NOT_MEASURED, NOTHING_IN_THE_WAY, OUT_OF_REACH, tell_ack_floor, weigh
from benchmarks.goals import Goal, find_goals
from benchmarks.performance import make_page
from tests.benchmarks.kept_figures import RANKS, build_results, put

type Path = tuple[str | int, ...]

REPLY, ACK, CRISIS, START = 1, 2, 3, 7
BESIDE_REPLY: Path = ("runs", 0, "nothing")
BESIDE_ACK: Path = ("ack", "beside_everything")
CASES = ("saturated", "hanging", "ended")


def beside(case: str) -> Path:
    return ("crisis", "cases", case, "nothing")


WINDOWS: list[tuple[int, Path, Path, str, int]] = [
    (REPLY, ("runs", 0, "reply_ms", "p95"), (*BESIDE_REPLY, "reply_ms", "p95"), "a way", 150),
    (ACK, ("ack", "everything", "ack_ms", "p99"), (*BESIDE_ACK, "ack_ms", "p99"), "a door", 20),
    *(
        (CRISIS, ("crisis", "cases", case, "reply_ms", "p99"), (*beside(case), "reply_ms", "p99"), "a way", 50)
        for case in CASES
    ),
]


def judge(number: int, *changes: tuple[Path, object]) -> Goal:
    results = build_results()
    for path, value in changes:
        put(results, path, value)
    return find_goals(results)[number]


@pytest.mark.parametrize(("number", "_missed", "floor", "_what", "wanted"), WINDOWS)
def test_a_goal_that_is_met_names_no_floor_however_high_it_is(
    number: int, _missed: Path, floor: Path, _what: str, wanted: int
):
    goal = judge(number, (floor, 10.0 * wanted))
    assert (goal.is_met, goal.floor) == (True, "")


@pytest.mark.parametrize(("number", "missed", "floor", "what", "wanted"), WINDOWS)
def test_a_floor_as_high_as_the_goal_proves_it_out_of_reach(
    number: int, missed: Path, floor: Path, what: str, wanted: int
):
    told = judge(number, (missed, wanted + 100.0), (floor, float(wanted))).floor
    assert f"{what} that does nothing takes {float(wanted)} ms in the same seconds" in told
    assert OUT_OF_REACH in told
    assert NOTHING_IN_THE_WAY not in told


@pytest.mark.parametrize(("number", "missed", "floor", "what", "wanted"), WINDOWS)
def test_a_floor_below_the_goal_proves_nothing_and_says_so(
    number: int, missed: Path, floor: Path, what: str, wanted: int
):
    told = judge(number, (missed, wanted + 100.0), (floor, wanted - 0.1)).floor
    assert f"{what} that does nothing takes {wanted - 0.1} ms in the same seconds" in told
    assert NOTHING_IN_THE_WAY in told
    assert OUT_OF_REACH not in told


@pytest.mark.parametrize(("number", "missed", "floor", "_what", "wanted"), WINDOWS)
def test_figures_without_a_floor_are_read_and_say_so(number: int, missed: Path, floor: Path, _what: str, wanted: int):
    results = build_results()
    put(results, missed, wanted + 100.0)
    place: Any = results
    for step in floor[:-3]:
        place = place[step]
    del place[floor[-3]]
    told = find_goals(results)[number].floor
    assert NOT_MEASURED in told
    assert OUT_OF_REACH not in told
    assert NOTHING_IN_THE_WAY not in told
    assert f": {told}" in make_page(results)


def test_a_floor_of_which_nothing_came_back_is_not_measured():
    everything = {"ack_ms": dict.fromkeys(RANKS), "sent_late_ms": RANKS}
    goal = judge(ACK, (("ack", "everything", "ack_ms", "p99"), 90.0), (BESIDE_ACK, everything))
    assert goal.floor == f"with all else at work, {NOT_MEASURED}"


def test_each_case_that_is_missed_has_its_own_verdict():
    goal = judge(
        CRISIS,
        (("crisis", "cases", "saturated", "reply_ms", "p99"), 90.0),
        ((*beside("saturated"), "reply_ms", "p99"), 60.0),
        (("crisis", "cases", "ended", "reply_ms", "p99"), 80.0),
        ((*beside("ended"), "reply_ms", "p99"), 7.0),
    )
    assert goal.floor == (
        "saturated, a way that does nothing takes 60.0 ms in the same seconds (p99; the load maker late by 4.0 ms): "
        "out of reach on these cores; "
        "ended, a way that does nothing takes 7.0 ms in the same seconds (p99; the load maker late by 4.0 ms): "
        "no floor in the way; in peace ours takes 30.0 ms"
    )


def test_a_door_that_is_missed_alone_has_the_burst_of_the_door_that_does_nothing_under_it():
    results = build_results()
    put(results, ("ack", "alone", "telegram", "ack_ms", "p99"), 24.2)
    put(results, ("ack", "nothing", "ack_ms"), {**RANKS, "p99": 1.7})
    told = find_goals(results)[ACK].floor
    assert told.startswith("telegram alone, a door that does nothing takes 1.7 ms of the same burst")
    assert told.endswith(NOTHING_IN_THE_WAY)
    put(results, ("ack", "nothing", "ack_ms", "p99"), 30.0)
    assert find_goals(results)[ACK].floor.endswith(OUT_OF_REACH)
    put(results, ("ack", "nothing", "ack_ms", "p99"), None)
    assert tell_ack_floor(results["ack"], 0.4, 20).endswith(NOT_MEASURED)


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (REPLY, ("runs", 0, "unanswered")),
        (ACK, ("ack", "everything", "refused")),
        (CRISIS, ("crisis", "cases", "hanging", "unanswered")),
    ],
)
def test_what_was_lost_is_no_floor_s(number: int, path: Path):
    told = judge(number, (path, 3)).floor
    assert "3 lost or refused, which no floor explains" in told
    assert OUT_OF_REACH not in told


def test_the_page_shows_what_does_nothing_beside_each_window():
    page = make_page(build_results())
    assert "| in the same seconds, a door that does nothing | 10.0 | 20.0 | 30.0 | 0 | 30.0 |  |  |  |" in page
    assert page.count("| 10.0 | 20.0 | 30.0 | 4.0 | 100 | 0 |") == 6
    assert "not measured yet" not in page


TAKEN: list[tuple[int, Path, Path, str]] = [
    (REPLY, ("runs", 0, "reply_ms", "p95"), ("runs", 0), "no floor in the way; {}; the 2 cores are full"),
    (ACK, ("ack", "everything", "ack_ms", "p99"), ("ack", "everything"), "{}"),
    (ACK, ("ack", "alone", "sms", "ack_ms", "p99"), ("ack", "alone", "sms"), "{}"),
    (ACK, ("ack", "alone", "sms", "ack_ms", "p99"), ("ack", "nothing"), "(p99), and {}: "),
    *(
        (CRISIS, ("crisis", "cases", case, "reply_ms", "p99"), ("crisis", "cases", case), "no floor in the way; {}")
        for case in CASES
    ),
]


@pytest.mark.parametrize(("number", "missed", "window", "where"), TAKEN)
def test_where_even_the_kept_window_was_disturbed_its_floor_says_by_how_much(
    number: int, missed: Path, window: Path, where: str
):
    told = judge(number, (missed, 900.0), ((*window, "taken_percent"), 12.3)).floor
    assert where.format("the host took 12.3 % of these seconds") in told
    assert told.count("the host took") == 1
    for quiet in (1.0, None):
        assert "the host took" not in judge(number, (missed, 900.0), ((*window, "taken_percent"), quiet)).floor


def test_a_disturbed_window_that_meets_its_goal_needs_no_word():
    assert judge(REPLY, (("runs", 0, "taken_percent"), 12.3)).floor == ""


@pytest.mark.parametrize(("nothing", "verdict"), [(2.0, OUT_OF_REACH), (1.99, NOTHING_IN_THE_WAY)])
def test_a_start_that_is_missed_has_the_start_of_what_does_nothing_under_it(nothing: float, verdict: str):
    late = (("start", "crisis_answer_seconds"), 2.6)
    goal = judge(START, late, (("start", "nothing_seconds"), nothing))
    assert goal.floor == (
        f"a way that does nothing takes {nothing} s to its first answer, right before each (median): {verdict}"
    )
    taken = (("start", "taken"), [{"taken_percent": one, "taken_each": [one]} for one in (0.2, 12.0, None)])
    told = judge(START, late, (("start", "nothing_seconds"), nothing), taken).floor
    assert told == f"{goal.floor}; the host took up to 12.0 % of these seconds"
    assert judge(START, late).floor == NOT_MEASURED
    assert judge(START, (("start", "nothing_seconds"), 9.0)).floor == ""


def test_equal_is_out_of_reach_and_less_is_not():
    assert (weigh(20.0, 20), weigh(19.9, 20)) == (OUT_OF_REACH, NOTHING_IN_THE_WAY)
