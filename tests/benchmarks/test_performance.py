"""docs/performance.md and its plots are what the figures make of them; goals are judged by the figures alone."""

import copy
import json
from typing import Any
from xml.etree import ElementTree

import pytest

from app.programs import ROOT
from benchmarks import __main__ as command
from benchmarks.catalog import PAIR, PARTS, put_part
from benchmarks.figures import OURS
from benchmarks.goals import find_goals, growth
from benchmarks.performance import IMAGES, NOT_YET, PAGE, load_results, make_page
from benchmarks.performance_plots import draw_plots
from benchmarks.performance_tables import describe_breakdown
from benchmarks.plots import Line, Plot, draw
from tests.benchmarks.kept_figures import CASE, RANKS, build_results, put

MISSES: list[tuple[int, tuple[str | int, ...], object]] = [
    (0, ("ratios", "throughput"), 3.9),
    (1, ("runs", 0, "reply_ms"), {**RANKS, "p95": 151.0}),
    (1, ("runs", 0, "otherwise"), 1),
    (1, ("runs", 0, "lost_in_other_tries"), 1),
    (2, ("ack", "alone", "sms", "ack_ms", "p99"), 21.0),
    (2, ("ack", "alone", "telegram", "ack_ms", "p99"), 21.0),
    (2, ("ack", "everything", "ack_ms", "p99"), 21.0),
    (2, ("ack", "everything", "refused"), 1),
    (3, ("crisis", "cases", "saturated"), {**CASE, "reply_ms": {**RANKS, "p99": 51.0}}),
    (3, ("crisis", "cases", "ended"), {**CASE, "reply_ms": {**RANKS, "p99": 51.0}}),
    (3, ("crisis", "cases", "hanging"), {**CASE, "unanswered": 1}),
    (3, ("crisis", "cases", "hanging"), {**CASE, "lost_in_other_tries": 1}),
    (3, ("crisis", "cases", "hanging"), {**CASE, "reply_ms": dict.fromkeys(RANKS)}),
    (4, ("conversation", "stretches", 1, "cpu_ms_per_reply"), 24.0),
    (5, ("conversations", "steps", 1, "cpu_ms_per_reply"), 24.0),
    (5, ("conversations", "steps", 1, "calm"), {"seconds": 64, "cpu_ms_per_reply": 24.0, "reply_ms": RANKS}),
    (6, ("memory", OURS), 401.0),
    (7, ("start", "crisis_answer_seconds"), 2.0),
]


def test_the_page_and_its_plots_are_what_the_script_makes_of_the_figures():
    results = load_results()
    assert PAGE.read_text("utf-8") == make_page(results), "run: python -m benchmarks.performance"
    for name, svg in draw_plots(results).items():
        assert (IMAGES / name).read_text("utf-8") == svg, "run: python -m benchmarks.performance"


def test_the_page_says_no_where_a_goal_of_the_kept_figures_is_missed():
    results = load_results()
    page = PAGE.read_text("utf-8")
    for goal in find_goals(results):
        met = {True: "yes", False: "**no**", None: ""}[goal.is_met]
        assert f"| {goal.name} | {goal.wanted} | {goal.measured} | {met} |" in page


def test_the_flood_is_shown_beside_the_goal_of_a_crisis_text_and_does_not_decide_it():
    results = build_results()
    results["crisis"]["cases"]["flooded"] = {**CASE, "reply_ms": {**RANKS, "p99": 202.0}}
    goal = find_goals(results)[3]
    assert (goal.is_met, goal.measured.endswith("; with every program flooded 202.0 ms")) == (True, True)


def test_a_case_of_a_crisis_text_that_nobody_measured_leaves_its_goal_open():
    results = build_results()
    del results["crisis"]["cases"]["saturated"]
    assert find_goals(results)[3].is_met is None


def test_figures_that_keep_every_goal_meet_all_eight():
    assert [goal.is_met for goal in find_goals(build_results())] == [True] * 8
    assert "**no**" not in make_page(build_results())


@pytest.mark.parametrize(("number", "path", "value"), MISSES)
def test_each_goal_is_missed_by_its_own_figure(number: int, path: tuple[str | int, ...], value: object):
    results = copy.deepcopy(build_results())
    put(results, path, value)
    assert [goal.is_met for goal in find_goals(results)] == [n != number for n in range(8)]
    assert make_page(results).count("| **no** |") == 1


def test_what_nobody_has_measured_is_named_as_that_and_meets_nothing():
    results = build_results()
    for part in PARTS:
        results.pop(part, None)
    results["runs"] = []
    assert [goal.is_met for goal in find_goals(results)] == [True, *[None] * 7]
    assert make_page(results).count(NOT_YET) == 10


SHORTER: list[tuple[int, tuple[str | int, ...], object]] = [
    (4, ("conversation", "stretches", 1, "turns"), [101, 150]),
    (5, ("conversations", "steps", 1, "conversations"), 10_000),
    (5, ("conversations", "steps", 1, "calm", "seconds"), 8),
    (5, ("conversations", "steps"), [{"conversations": 100_000, "cpu_ms_per_reply": 20.0}]),
]


@pytest.mark.parametrize(("number", "path", "value"), SHORTER)
def test_growth_that_was_not_followed_to_its_end_meets_nothing(number: int, path: tuple[str | int, ...], value: object):
    results = copy.deepcopy(build_results())
    put(results, path, value)
    assert [goal.is_met for goal in find_goals(results)] == [None if n == number else True for n in range(8)]
    assert "not measured to the end" in find_goals(results)[number].measured


def test_a_ratio_is_shown_with_the_pairs_that_it_is_the_middle_of():
    """The middles of both sides are of other windows than the middle pair: divided, they say something else."""
    assert "the middle of 3 pairs of windows, 3.9 to 4.4" in find_goals(build_results())[0].measured


def test_a_floor_that_nobody_measured_is_named_as_that():
    results = build_results()
    results["ratios"]["throughput"] = 3.0
    assert "no floor in the way" in find_goals(results)[0].floor
    results["floors"]["parse_cpu_ms"][OURS] = 30.0
    assert "less than the goal" in find_goals(results)[0].floor
    del results["floors"]
    assert "not measured yet" in find_goals(results)[0].floor


def test_growth_is_the_end_beside_the_beginning():
    assert growth([{"cpu_ms_per_reply": 20.0}, {"cpu_ms_per_reply": 90.0}, {"cpu_ms_per_reply": 30.0}]) == 1.5
    assert growth([{"cpu_ms_per_reply": 20.0}]) is None


def test_one_part_measured_again_leaves_the_others_as_they_were():
    results = build_results()
    merged = put_part(results, "memory", {"ours": 1.0})
    assert merged["memory"] == {"ours": 1.0}
    assert {n: v for n, v in merged.items() if n != "memory"} == {n: v for n, v in results.items() if n != "memory"}


def test_the_pair_measured_again_keeps_the_parts_and_stands_at_the_top():
    merged = put_part(build_results(), PAIR, {"reply_ms": RANKS, "throughput": {OURS: 1.0}, "runs": []})
    assert list(merged)[:2] == ["throughput", "reply_ms"]
    assert list(merged)[-1] == "runs"
    assert merged["throughput"] == {OURS: 1.0}
    assert merged["memory"] == build_results()["memory"]
    assert "stock_reply_ms" not in merged


def test_a_part_that_fails_loses_none_of_the_others(monkeypatch: pytest.MonkeyPatch):
    kept: list[str] = []

    async def measure(name: str, *_: Any, **__: Any) -> dict[str, Any]:
        if name == "memory":
            raise RuntimeError("no answer")
        return {"found": name}

    monkeypatch.setattr(command, "measure_part", measure)
    monkeypatch.setattr(command, "_keep", lambda _results, name: kept.append(name))
    assert command.main(["--only", "memory", "--only", "start"]) == 1
    assert kept == ["start"]


def test_without_a_part_every_part_is_measured_and_one_side_keeps_nothing():
    assert command.parse([]).parts == list(PARTS)
    assert (command.parse(["--only", "ours"]).sides, command.parse(["--only", "ours"]).parts) == ([OURS], [])
    with pytest.raises(SystemExit):
        command.parse(["--only", "ours", "--only", "memory"])


def test_each_table_says_what_the_host_took_of_the_kept_window_and_of_how_many():
    results = build_results()
    taken = {"taken_percent": 0.4, "taken_each": [30.0, 0.4]}
    put(results, ("runs", 0), {**results["runs"][0], **taken})
    put(results, ("crisis", "cases", "hanging"), {**CASE, **taken})
    put(results, ("ack", "alone", "sms"), {**results["ack"]["alone"]["sms"], "taken_percent": 1.0, "taken_each": [1.0]})
    put(results, ("start", "nothing_seconds"), 0.7)
    put(results, ("start", "nothing_each"), [0.8, 0.7])
    put(results, ("start", "taken"), [{"taken_percent": 0.1, "taken_each": [0.1]}, taken])
    page = make_page(results)
    assert "Of the window at 50 texts a second the host took: 0.4 %, least of 2." in page
    assert "10 ordinary texts a second | 10.0 | 20.0 | 30.0 | 30.0 | 30.0 | 100 | 0 | 0.4 %, least of 2 |" in page
    assert "ours and its stores alone, SMS | 10.0 | 20.0 | 12.0 | 0 | 30.0 | 0.4 |  | 1.0 % |" in page
    assert "to its answer (median of 0.8, 0.7) | 0.7 |" in page
    assert "Of each start of ours, with what does nothing, the host took: 0.1 %; 0.4 %, least of 2." in page


@pytest.mark.parametrize("taken", [{}, {"taken_percent": None, "taken_each": [None]}])
def test_of_figures_that_nobody_counted_it_the_page_says_nothing(taken: dict[str, Any]):
    results = build_results()
    for window in (results["runs"][0], *results["crisis"]["cases"].values(), results["ack"]["everything"]):
        window.update(taken)
    results["start"]["taken"] = [taken]
    page = make_page(results)
    assert "the host took:" not in page
    assert "%" not in page
    assert page.count("| the host took |") == 2
    assert "None" not in page


def test_a_breakdown_is_shown_by_its_programs_the_dearest_first():
    lines = list(describe_breakdown(build_results()["scaling"]))
    assert lines[-3:] == ["| worker | 9.5 |", "| rasa | 7.0 |", "| store | 0.5 |"]


def test_a_plot_is_well_formed_and_stands_on_a_card_of_its_own():
    lines = [Line("a < b", [(1, 10), (100, 1000)]), Line("c", [(1, 20)])]
    root = ElementTree.fromstring(draw(Plot("T & t", "x", "y", lines, log_y=True)))
    boxes = [each for each in root.iter() if each.tag.endswith("rect")]
    assert boxes[0].get("fill") == "#ffffff"
    places = [each.get("points", "") for each in root.iter() if each.tag.endswith("polyline")]
    (first_x, first_y), (last_x, last_y) = (map(float, place.split(",")) for place in places[0].split())
    assert first_x < last_x
    assert first_y > last_y
    assert "a < b" in [each.text for each in root.iter()]


def test_a_plot_of_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(Plot("T", "x", "y", [Line("a", [])]))


def test_every_part_has_its_place_in_the_read_me():
    text = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    assert [name for name in PARTS if f"| `{name}` |" not in text] == []
    assert json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))["throughput"][OURS] > 0
