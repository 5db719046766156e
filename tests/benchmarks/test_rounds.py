"""A whole run of two tiny sides: windows by turns, the ladder up to where a side falls off."""

from benchmarks.figures import FAR, LADDER, OURS, REPLY, SATURATION, STOCK, build_results
from benchmarks.rounds import FULL, QUICK, Lengths, Run
from benchmarks.texters import Texters, build_http
from tests.benchmarks.conftest import Street
from tests.benchmarks.front_door import FrontDoor

TINY = Lengths(
    rounds=2,
    reply_seconds=0.3,
    saturation_seconds=0.1,
    far_seconds=0.2,
    ladder=((20, 0.2), (40, 0.2)),
    learn_seconds=0.1,
    warm_seconds=0.1,
)


async def test_both_sides_take_turns_and_swap_their_order(street: Street):
    answers = {**street.door.answers, "hi": ["hey"]}
    async with build_http() as http, FrontDoor(street.provider, answers) as other:
        stock = Texters(other.door(STOCK), http, street.texters.mailboxes)
        run = Run({OURS: street.texters, STOCK: stock}, street.provider, TINY, lambda _line: None)
        windows = await run.play()
    order = [(w.kind, w.side) for w in windows if w.kind in {REPLY, SATURATION}]
    assert order == [
        (REPLY, OURS), (REPLY, STOCK), (SATURATION, OURS), (SATURATION, STOCK),
        (REPLY, STOCK), (REPLY, OURS), (SATURATION, STOCK), (SATURATION, OURS),
    ]  # fmt: skip
    assert {w.side for w in windows if w.kind == FAR} == {OURS, STOCK}
    assert {w.side for w in windows if w.kind == LADDER} == {OURS, STOCK}
    results = build_results(windows, {})
    assert results["throughput"]["ours"] > 0
    assert street.provider.answer_seconds == 0.0


async def test_a_side_that_loses_answers_climbs_no_further(street: Street):
    said: list[str] = []
    run = Run({OURS: street.texters}, street.provider, TINY, said.append)
    await street.texters.learn(0.1)
    street.door.answers["hi"] = []
    await run._climb()
    assert [w.offered for w in run.windows] == [20]
    assert len(said) == 1


def test_a_full_run_holds_more_than_a_quick_one():
    assert FULL.rounds * FULL.reply_seconds > QUICK.rounds * QUICK.reply_seconds
    assert {50, 100} < {rate for rate, _ in FULL.ladder}
    assert len(FULL.ladder) > len(QUICK.ladder)
