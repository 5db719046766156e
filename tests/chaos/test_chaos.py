"""The short form of ``make chaos``: a minute in which the crisis path breaks in every way, and nobody is forgotten."""

from pathlib import Path

import pytest

from tests.chaos.plan import build_plan
from tests.chaos.report import exit_code, lines, records, zero_lines
from tests.chaos.scene import CRISIS_PATH, playing
from tests.chaos.story import SEARCHED_QUICKLY, play

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]

_SEED = 20
_PATIENCE_SECONDS = 90


async def test_while_everything_breaks_no_text_is_lost_or_doubled_and_nobody_waits_unseen_x4_x5_h1_h3_p1(
    tmp_path: Path,
) -> None:
    """R9 besides: there is no Rasa here, and whoever needs it is answered all the same."""
    plan = build_plan(_SEED, conversations=40, texts=200, seconds=40, every=3.2, engine=False)
    async with playing(tmp_path, CRISIS_PATH) as scene:
        result = await play(plan, scene, patience=_PATIENCE_SECONDS, places=SEARCHED_QUICKLY)
    # Nobody can play it again: the troubles meet other moments. What was judged is all there is to find a cause in.
    record = list(records(result))
    print("\n".join([*lines(result), *(record if exit_code(result) else ())]))
    assert len(record) == len(result.conversations) + 1
    assert {name: faults for name, faults in zero_lines(result).items() if faults} == {}
    assert sum(len(one.received) for one in result.conversations) >= plan.texts / 2
    assert result.visits and all(result.searched.values())
