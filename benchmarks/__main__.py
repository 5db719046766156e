"""``python -m benchmarks``: measures part after part and writes results.json and the pages made from it."""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import uvloop

from app.embedded_store import StoreMissing
from app.ports import PortTaken
from app.programs import ROOT
from app.stack import FolderInUse
from app.supervised import StartFailed
from benchmarks import capacity
from benchmarks.catalog import PAIR, PARTS, measure_part, put_part
from benchmarks.figures import SIDES
from benchmarks.parts import pair
from benchmarks.performance import load_results, write_page
from benchmarks.report import write_report
from benchmarks.rounds import FULL, QUICK
from benchmarks.stock_environment import StockMissing

_BENCH = ROOT / "var" / "bench"
_RESULTS = ROOT / "benchmarks" / "results.json"
_README = ROOT / "benchmarks" / "README.md"
_FAILURES = (StockMissing, StartFailed, StoreMissing, PortTaken, FolderInUse, RuntimeError, TimeoutError)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 if a part could not be measured. The others' figures are kept all the same."""
    options = parse(arguments)
    _BENCH.mkdir(parents=True, exist_ok=True)
    if options.sides:
        return _show_sides(options.sides, quick=options.quick)
    failed = [name for name in options.parts if not _measure_and_keep(name, quick=options.quick)]
    if failed:
        _say(f"not measured: {', '.join(failed)}")
    return 1 if failed else 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Options: ``quick``, and ``parts`` or ``sides``, one of which is empty."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="all parts in little")
    known, more = [*PARTS, *SIDES], "a part alone (again for more), or one side of the pair, which keeps nothing"
    parser.add_argument("--only", action="append", choices=known, metavar="PART", help=f"{more}: {', '.join(known)}")
    options = parser.parse_args(arguments)
    wanted = options.only or list(PARTS)
    options.sides = [name for name in SIDES if name in wanted]
    options.parts = [name for name in PARTS if name in wanted]
    if options.sides and options.parts:
        parser.error("one side alone is measured by itself")
    return options


def _show_sides(sides: Sequence[str], *, quick: bool) -> int:
    try:
        results = uvloop.run(pair.measure(_BENCH, _say, QUICK if quick else FULL, sides))
    except _FAILURES as error:
        _say(str(error))
        return 1
    _say(json.dumps({name: value for name, value in results.items() if name != "runs"}, indent=1))
    return 0


def _measure_and_keep(name: str, *, quick: bool) -> bool:
    """Written after each part, so that a later one's failure loses nothing."""
    began = time.monotonic()
    try:
        found = uvloop.run(measure_part(name, _BENCH, _say, quick=quick))
    except _FAILURES as error:
        _say(f"{name}: {error or type(error).__name__}")
        return False
    _keep(put_part(json.loads(_RESULTS.read_text("utf-8")), name, found), name)
    _say(f"== {name}: {time.monotonic() - began:.0f} s")
    return True


def _keep(results: Mapping[str, Any], name: str) -> None:
    _RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    if name == PAIR:
        write_report(results, _README)
    write_page(load_results())
    capacity.write_page()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
