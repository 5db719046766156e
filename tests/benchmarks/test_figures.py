"""From exchanges to results.json and the README's table."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.programs import ROOT
from benchmarks.figures import (
    FAR,
    LADDER,
    OURS,
    REPLY,
    SATURATION,
    SIDES,
    STOCK,
    Window,
    build_results,
    find_ack_ms,
    find_cost_ms,
    find_percentiles,
    find_reply_ms,
)
from benchmarks.load import Load
from benchmarks.report import BEGIN, END, build_table, write_report
from benchmarks.texters import Exchange

ABOUT = {"made_at": "2026-11-21 00:00 UTC", "mode": "quick", "machine": {"cores": 2}}


def build_exchange(ms: float, wanted: tuple[str, ...] = ("fine",)) -> Exchange:
    return Exchange(10.0, 200, 10.001, [(10.0 + ms / 1000, "fine")], wanted)


def build_window(kind: str, side: str, round_: int, ms: float, count: int) -> Window:
    return Window(kind, side, round_, Load(2.0, [build_exchange(ms) for _ in range(count)]), 10.0)


def build_windows() -> list[Window]:
    windows = [build_window(REPLY, side, 0, ms, 20) for side, ms in ((OURS, 10.0), (STOCK, 20.0))]
    windows += [build_window(SATURATION, OURS, n, 100, count) for n, count in enumerate((200, 220, 400))]
    windows += [build_window(SATURATION, STOCK, n, 100, count) for n, count in enumerate((100, 100, 100))]
    windows += [build_window(FAR, side, 0, 50, 5) for side in SIDES]
    return [*windows, build_window(LADDER, OURS, 0, 30, 40)]


def test_percentiles_are_by_nearest_rank():
    assert find_percentiles([float(n) for n in range(1, 101)]) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert find_percentiles([7.0]) == {"p50": 7.0, "p95": 7.0, "p99": 7.0}
    assert find_percentiles([]) == {"p50": None, "p95": None, "p99": None}


def test_only_known_answers_have_a_reply_time_and_only_taken_webhooks_an_acknowledgement():
    other, refused = build_exchange(1000, ("other",)), Exchange(10.0, 503, 10.5)
    assert find_reply_ms([build_exchange(10), other, refused])["p99"] == 10.0
    assert find_ack_ms([build_exchange(10), refused])["p99"] == 1.0


def test_results_have_the_shape_that_the_architecture_fixes():
    results = json.loads(json.dumps(build_results(build_windows(), ABOUT)))
    assert results["throughput"] == {"ours": 110.0, "stock_rasa": 50.0}
    assert results["reply_ms"] == {"p50": 10.0, "p95": 10.0, "p99": 10.0}
    assert results["stock_reply_ms"]["p50"] == 20.0
    assert results["ratios"]["throughput"] == 2.2
    assert min(results["throughput_ratios"]) < 2.2 < max(results["throughput_ratios"])
    assert results["ratios"]["reply_p50"] == 0.5
    assert results["throughput_range"]["ours"] == [100.0, 200.0]
    assert results["outcomes"]["ours"]["saturation"]["answered"] == 820
    assert len(results["runs"]) == len(build_windows())


def test_answers_in_other_words_are_no_throughput():
    load = Load(1.0, [build_exchange(10), build_exchange(10, ("other",))])
    assert Window(SATURATION, OURS, 0, load).replies_per_second == 1.0


def test_one_side_alone_still_gives_results():
    windows = [window for window in build_windows() if window.side == OURS]
    assert build_results(windows, ABOUT)["throughput"] == {"ours": 110.0, "stock_rasa": None}


def test_the_table_goes_between_the_marks_and_nowhere_else(tmp_path: Path):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    results = build_results(build_windows(), ABOUT)
    write_report(results, readme)
    text = readme.read_text("utf-8")
    assert text == f"before\n{BEGIN}\n{build_table(results)}\n{END}\nafter\n"
    assert "| 110.0 | 50.0 | 2.2 |" in text
    assert "| 10 | ours | 40 | 0 | 30.0 / 30.0 |" in text


def test_a_readme_that_has_lost_its_marks_is_said(tmp_path: Path):
    (tmp_path / "README.md").write_text("nothing", "utf-8")
    with pytest.raises(ValueError, match="lost its marks"):
        write_report(build_results(build_windows(), ABOUT), tmp_path / "README.md")


def test_the_figures_of_the_readme_are_those_of_results_json():
    results: dict[str, Any] = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    assert build_table(results) in (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    assert all(results["reply_ms"][rank] > 0 for rank in ("p50", "p95", "p99"))
    assert all(results["throughput"][side] > 0 for side in SIDES)


def test_a_side_that_answers_nothing_has_no_cost_and_is_not_kept():
    assert find_cost_ms(2.0, 100) == 20.0
    with pytest.raises(RuntimeError, match="nothing was answered"):
        find_cost_ms(2.0, 0)
