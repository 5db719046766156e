"""``python -m benchmarks``: measures both sides and writes results.json and the table of the README."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.embedded_store import StoreMissing
from app.ports import PortTaken
from app.programs import ROOT
from app.stack import FolderInUse
from app.supervised import StartFailed
from benchmarks.figures import OURS, SIDES, STOCK, build_results
from benchmarks.machine import count_cores
from benchmarks.provider import Provider
from benchmarks.report import write_report
from benchmarks.rounds import FAR_SECONDS, FULL, OUTSTANDING, QUICK, RATE, Lengths, Run
from benchmarks.sides import start_ours, start_stock
from benchmarks.stock_environment import RASA_VERSION, StockMissing, ensure_environment
from benchmarks.texters import Mailboxes, Texters, build_http

_BENCH = ROOT / "var" / "bench"
_RESULTS = ROOT / "benchmarks" / "results.json"
_README = ROOT / "benchmarks" / "README.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 if a side could not be started or did not answer."""
    options = _parse(arguments)
    _BENCH.mkdir(parents=True, exist_ok=True)
    try:
        results = asyncio.run(_measure(QUICK if options.quick else FULL, options.only))
    except (StockMissing, StartFailed, StoreMissing, PortTaken, FolderInUse, RuntimeError) as error:
        _say(str(error))
        return 1
    if options.only == SIDES:
        _RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
        write_report(results, _README)
    shown = {name: value for name, value in results.items() if name != "runs"}
    _say(json.dumps(shown, indent=1))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 to 5 minutes instead of 6 to 8")
    parser.add_argument("--only", choices=SIDES, help="one side alone; writes no file")
    options = parser.parse_args(arguments)
    options.only = (options.only,) if options.only else SIDES
    return options


async def _measure(lengths: Lengths, sides: Sequence[str]) -> dict[str, Any]:
    stock = ensure_environment(_BENCH, _say) if STOCK in sides else Path()
    began = datetime.now(UTC)
    async with AsyncExitStack() as stack:
        mailboxes = Mailboxes()
        provider = await stack.enter_async_context(Provider(mailboxes.receive))
        http = await stack.enter_async_context(build_http())
        doors = []
        if OURS in sides:
            doors.append(await stack.enter_async_context(start_ours(_BENCH, provider.url, _say)))
        if STOCK in sides:
            doors.append(await stack.enter_async_context(start_stock(_BENCH, stock, provider.url, _say)))
        for door in doors:
            provider.know(door.account_sid, door.auth_token)
        texters = {door.name: Texters(door, http, mailboxes) for door in doors}
        windows = await Run(texters, provider, lengths, _say).play()
        about = _describe_run(lengths, began, provider, texters, mailboxes.strays)
    return build_results(windows, about)


def _describe_run(
    lengths: Lengths, began: datetime, provider: Provider, texters: dict[str, Texters], strays: int
) -> dict[str, Any]:
    return {
        "made_at": began.strftime("%Y-%m-%d %H:%M UTC"),
        "mode": "quick" if lengths is QUICK else "full",
        "minutes": round((datetime.now(UTC) - began).total_seconds() / 60, 1),
        "machine": {"cores": count_cores()},
        "stock_rasa_version": RASA_VERSION,
        "settings": {"rate": RATE, "outstanding": OUTSTANDING, "far_provider_seconds": FAR_SECONDS},
        "messages_in_each_answer": {side: _count_messages(t) for side, t in texters.items()},
        "provider": {
            "sends": provider.sends,
            "status_callbacks": provider.callbacks,
            "status_callbacks_refused": provider.callbacks_refused,
            "other_calls": provider.other_calls,
            "messages_nobody_waited_for": strays,
        },
    }


def _count_messages(texters: Texters) -> list[list[int]]:
    scripts = texters.door.scripts
    return [[len(texters.answers[n, turn]) for turn in range(len(script))] for n, script in enumerate(scripts)]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
