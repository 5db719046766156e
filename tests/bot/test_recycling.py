"""When a process that has seen words ends (P1)."""

from bot.recycling import Recycling, build_recycling


class Watch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_process_that_has_seen_no_words_stays() -> None:
    watch = Watch()
    recycling = Recycling(1, 10.0, clock=watch)
    watch.seconds = 1000
    assert not recycling.due
    assert not recycling.ready_to_end


def test_the_first_text_starts_the_time() -> None:
    watch = Watch()
    recycling = Recycling(100, 10.0, clock=watch)
    watch.seconds = 50
    recycling.begin()
    recycling.end()
    watch.seconds = 59.9
    assert not recycling.due
    watch.seconds = 60
    assert recycling.ready_to_end


def test_it_never_ends_in_the_middle_of_a_turn() -> None:
    recycling = Recycling(1, 10.0, clock=Watch())
    recycling.begin()
    assert recycling.due
    assert not recycling.ready_to_end
    recycling.end()
    assert recycling.ready_to_end


def test_one_without_a_stand_in_waits_for_quiet_but_not_for_ever() -> None:
    watch = Watch()
    recycling = Recycling(100, 10.0, quiet_seconds=5.0, clock=watch)
    for second in range(20):
        watch.seconds = second
        recycling.begin()
        recycling.end()
        assert not recycling.ready_to_end
    watch.seconds = 20
    assert recycling.ready_to_end


def test_the_settings_decide_and_a_spread_keeps_processes_apart() -> None:
    recycling = build_recycling({"PORCHLIGHT_RECYCLE_TURNS": "10", "PORCHLIGHT_RECYCLE_SECONDS": "60"}, spread=0.5)
    assert (recycling.max_turns, recycling.max_seconds) == (5, 30.0)
    assert build_recycling({}).max_seconds == 1800.0
