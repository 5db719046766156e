"""The capacity page is what its script makes of the figures, and the script's arithmetic is right."""

import copy

import pytest

from benchmarks.capacity import NOT_YET, PAGE, build_evening, find_measured, load_figures, make_page
from benchmarks.evening import Evening, find_busiest, find_waits, make_arrivals

SMALL = Evening(20_000, 8, 45, 2.5, 20, 60)


def test_the_page_is_what_the_script_makes_of_the_figures() -> None:
    assert PAGE.read_text("utf-8") == make_page(load_figures()), "run: python -m benchmarks.capacity"


def test_what_nobody_has_measured_is_named_as_that_and_shown_once_it_is_measured() -> None:
    figures = load_figures()
    figures["assumed"]["conversations_per_day"] = 10_000
    missing = copy.deepcopy(figures)
    missing["measured"] |= {"rasa_share_of_cpu": None, "store_kib_per_open_conversation": None}
    assert f"| store, 1,000 open conversations | {NOT_YET} |" in make_page(missing)
    assert f"| Rasa's part of the processor time | {NOT_YET} (the tables below assume 25%) |" in make_page(missing)
    figures["measured"] |= {"rasa_share_of_cpu": 0.5, "store_kib_per_open_conversation": 4}
    page = make_page(figures)
    assert "| store, 1,000 open conversations | 3.9 MiB |" in page
    assert "| Rasa's part of the processor time | 50 % |" in page


def test_the_figures_of_the_benchmark_are_the_pages() -> None:
    figures = load_figures()
    measured = figures["measured"]
    page = make_page({**figures, "assumed": {**figures["assumed"], "conversations_per_day": 10_000}})
    assert f"| {measured['cpu_ms_per_message']:.1f} ms |" in page
    assert build_evening(figures["assumed"]).conversations_per_day == 1_000_000


def test_memory_and_shares_are_those_of_the_benchmark_s_parts() -> None:
    results = {
        "conversations": {"bytes_per_conversation": {"store": 4096, "keys": 1024}},
        "memory": {
            "programs": {"rasa": 400.0, "webhooks": 60.0, "store": 9.0},
            "processes": {"rasa": 2, "webhooks": 1},
        },
        "scaling": {"steps": [{"cpu_ms_by_program": {"rasa": 5.0, "worker": 15.0}}]},
    }
    assert find_measured(results) == {
        "store_kib_per_open_conversation": 4.0,
        "keys_kib_per_open_conversation": 1.0,
        "memory_mib": {"rasa": 200.0, "webhooks": 60.0},
        "rasa_share_of_cpu": 0.25,
    }
    assert find_measured({}) == {}


def test_the_same_seed_makes_the_same_evening_and_another_another() -> None:
    assert make_arrivals(SMALL) == make_arrivals(SMALL) != make_arrivals(SMALL, seed=8)


def test_an_evening_has_the_texts_that_its_figures_say() -> None:
    calm = Evening(200_000, 8, 45, 2.5, 1, 60)
    arrivals = make_arrivals(calm)
    looked_at = [moment for moment in arrivals if moment >= 300]
    assert len(looked_at) / 600 == pytest.approx(calm.messages_per_second, rel=0.05)
    assert find_busiest(make_arrivals(SMALL), 60) > 2.5 * SMALL.messages_per_second


def test_waits_are_those_of_one_line_before_so_many_servers() -> None:
    arrivals = [300.0, 300.0, 300.0, 310.0]
    alone = find_waits(arrivals, 1, 2.0)
    assert (alone.p50, alone.longest) == (2.0, 4.0)
    assert find_waits(arrivals, 3, 2.0).longest == 0
