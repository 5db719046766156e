"""``python -m tests.chaos``: plays a plan and prints the table; ends with 1 if any line is not zero."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.chaos.plan import Plan, build_plan
from tests.chaos.report import exit_code, lines, records
from tests.chaos.scene import CRISIS_PATH, EVERYTHING, playing
from tests.chaos.story import SEARCHED, Result, play

_AROUND_SECONDS = 240
"""Start, calm, settling and search take so long at most; the rest of the time is for texts."""

_EVERY_SECONDS = 6.0
_PATIENCE_SECONDS = 90.0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="the plan's seed; made up if not given")
    parser.add_argument("--minutes", type=float, default=18.0, help="for everything, start and search included")
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--every", type=float, default=_EVERY_SECONDS, help="seconds between troubles, about")
    parser.add_argument("--crisis-path", action="store_true", help="without Rasa, its actions and the console")
    parser.add_argument("--show-plan", action="store_true", help="print the plan as JSON and play nothing")
    parser.add_argument("--no-search", action="store_true", help="leave the search for readable words out")
    parser.add_argument("--keep", type=Path, default=None, help="a new folder for data and logs, kept afterwards")
    return parser.parse_args()


async def _play(plan: Plan, folder: Path, given: argparse.Namespace) -> Result:
    programs = CRISIS_PATH if given.crisis_path else EVERYTHING
    places = () if given.no_search else SEARCHED
    async with playing(folder, programs) as scene:
        return await play(plan, scene, patience=_PATIENCE_SECONDS, places=places)


def main() -> int:
    given = _arguments()
    seed = random.SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    seconds = max(20.0, given.minutes * 60 - _AROUND_SECONDS)
    plan = build_plan(
        seed,
        conversations=given.conversations,
        texts=given.texts,
        seconds=seconds,
        every=given.every,
        engine=not given.crisis_path,
    )
    if given.show_plan:
        print(json.dumps(asdict(plan), indent=1))
        return 0
    print(f"seed {seed}: {plan.texts} texts in {seconds:.0f} s; SEED={seed} plays it again", flush=True)
    with tempfile.TemporaryDirectory(prefix="chaos-") as made:
        if given.keep:
            given.keep.mkdir(parents=True)
        folder = given.keep or Path(made)
        result = asyncio.run(_play(plan, folder, given))
        if given.keep:
            (folder / "records.jsonl").write_text("\n".join(records(result)))
    print("\n".join(lines(result)))
    return exit_code(result)


if __name__ == "__main__":
    sys.exit(main())
