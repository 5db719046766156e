"""Both products side by side: saturation, ten texts a second, a far provider, and the ladder."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from benchmarks.figures import OURS, SIDES, STOCK, build_results
from benchmarks.loader import Loader, open_loader
from benchmarks.nothing import open_null_way
from benchmarks.rounds import FAR_SECONDS, OUTSTANDING, RATE, Lengths, Run
from benchmarks.sides import Say, start_ours, start_stock
from benchmarks.stock_environment import RASA_VERSION, ensure_environment
from benchmarks.texters import Texters


async def measure(bench: Path, say: Say, lengths: Lengths, sides: Sequence[str] = SIDES) -> dict[str, Any]:
    """What stands at the top of results.json. Raises RuntimeError if a side does not answer."""
    stock = ensure_environment(bench, say) if STOCK in sides else Path()
    async with AsyncExitStack() as stack:
        loader = await stack.enter_async_context(open_loader())
        doors = []
        if OURS in sides:
            ours = await stack.enter_async_context(start_ours(bench, loader.provider, say))
            doors.append(ours.build_door())
        if STOCK in sides:
            doors.append(await stack.enter_async_context(start_stock(bench, stock, loader.provider.url, say)))
        texters = {door.name: loader.build_texters(door) for door in doors}
        # One message, the least that an answer has.
        idle = await stack.enter_async_context(open_null_way(loader, 1)) if OURS in sides else None
        windows = await Run(texters, loader.provider, lengths, say, idle).play()
        return build_results(windows, _describe_run(loader, texters))


def _describe_run(loader: Loader, texters: dict[str, Texters]) -> dict[str, Any]:
    provider = loader.provider
    return {
        "stock_rasa_version": RASA_VERSION,
        "settings": {"rate": RATE, "outstanding": OUTSTANDING, "far_provider_seconds": FAR_SECONDS},
        "messages_in_each_answer": {side: _count_messages(t) for side, t in texters.items()},
        "provider": {
            "sends": provider.sends,
            "status_callbacks": provider.callbacks,
            "status_callbacks_refused": provider.callbacks_refused,
            "other_calls": provider.other_calls,
            "messages_nobody_waited_for": loader.mailboxes.strays,
        },
    }


def _count_messages(texters: Texters) -> list[list[int]]:
    scripts = texters.door.scripts
    return [[len(texters.answers[n, turn]) for turn in range(len(script))] for n, script in enumerate(scripts)]
