"""A plan can be played again, holds what it says, and breaks nothing at its end (X4)."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chaos.plan import CROWD, IMMINENT, ONE, PERSON, QUICK, SMS, TELEGRAM, build_plan, count_troubles

SIZES = {"conversations": 30, "texts": 300, "seconds": 120.0, "every": 4.0}


@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(0, 400), st.floats(10, 900))
@settings(max_examples=60, deadline=None)
def test_the_same_seed_is_the_same_plan_and_every_text_is_in_it(
    seed: int, conversations: int, texts: int, seconds: float
) -> None:
    sizes = {"conversations": conversations, "texts": texts, "seconds": seconds, "every": 6.0}
    plan = build_plan(seed, **sizes)
    assert plan == build_plan(seed, **sizes)
    assert plan.digest == build_plan(seed, **sizes).digest
    assert plan.texts == texts
    assert len(plan.scripts) == conversations
    for script in plan.scripts:
        moments = [step.at for step in script.steps]
        assert moments == sorted(moments) and all(0 <= at <= seconds for at in moments)
        kinds = Counter(kind for step in script.steps for kind in step.kinds)
        assert kinds[IMMINENT] <= 1 and kinds[PERSON] <= 1
        assert all(step.manner == ONE or set(step.kinds) == set(QUICK) for step in script.steps)
    assert all(0 < trouble.at < seconds * 0.9 for trouble in plan.troubles)


def test_another_seed_is_another_plan() -> None:
    assert len({build_plan(seed, **SIZES).digest for seed in range(20)}) == 20


def test_a_long_plan_has_every_trouble_both_channels_and_every_manner_of_delivery() -> None:
    plan = build_plan(7, conversations=500, texts=10_000, seconds=840, every=6.0)
    counts = count_troubles(plan.troubles)
    for name in ("webhooks", "worker", "all workers", "rasa", "actions", "console", "store", "keys"):
        assert counts[f"kill {name}"] >= 1, name
    for name in ("pause rasa", "pause store", "pause worker", "stop store", "restart store", "disk store"):
        assert counts[name] >= 1, name
    for how in ("429", "500", "503", "timeout", "drop"):
        assert counts[f"provider sms {how}"] and counts[f"provider telegram {how}"]
    assert counts["clock worker 2"] and counts["clock worker -1"]
    steps = [step for script in plan.scripts for step in script.steps]
    assert {script.channel for script in plan.scripts} == {SMS, TELEGRAM}
    assert {step.repeat for step in steps} == {"", "at once", "later"}
    assert any(step.manner == CROWD for step in steps) and any(step.late_hours for step in steps)
    assert max(sum(len(step.kinds) for step in script.steps) for script in plan.scripts) <= 30, "no flood of anybody's"


def test_without_an_engine_nothing_is_broken_that_is_not_there() -> None:
    plan = build_plan(7, **SIZES, engine=False)
    assert not {trouble.target for trouble in plan.troubles} & {"rasa", "actions", "console"}
