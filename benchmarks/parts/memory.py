"""Memory of every program beside stock Rasa's, each side having answered for the same while (PSS)."""

from pathlib import Path
from typing import Any

from benchmarks.figures import OURS, STOCK
from benchmarks.load import run_closed
from benchmarks.loader import open_loader
from benchmarks.machine import read_groups_pss
from benchmarks.sides import PROGRAMS, Say, start_ours, start_stock
from benchmarks.stock_environment import ensure_environment
from benchmarks.texters import wait_quiet

_MIB = 1 << 20
_SECONDS, _OUTSTANDING = 5.0, 16


async def measure(bench: Path, say: Say) -> dict[str, Any]:
    """MiB by program; the console, which no text needs, is counted too."""
    stock = ensure_environment(bench, say)
    programs = (*PROGRAMS, "console")
    async with (
        open_loader() as loader,
        start_ours(bench, loader.provider, say, programs=programs) as ours,
        start_stock(bench, stock, loader.provider.url, say) as other,
    ):
        for door in (ours.build_door(), other):
            texters = loader.build_texters(door)
            await texters.learn()
            await run_closed(texters, outstanding=_OUTSTANDING, seconds=_SECONDS)
            await wait_quiet(loader.provider)
        mib = {name: round(read_groups_pss(ours.stack.pids(name)) / _MIB, 1) for name in ours.programs}
        stock_mib = round(read_groups_pss(other.find_groups()) / _MIB, 1)
        processes = {name: len(ours.stack.pids(name)) for name in ours.programs}
    found = {"programs": mib, "processes": processes, OURS: round(sum(mib.values()), 1), STOCK: stock_mib}
    say(f"memory, MiB: {found}")
    return found
