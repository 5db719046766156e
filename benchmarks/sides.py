"""The two products, started as they come: Porchlight's practice stack, and stock Rasa's one process."""

import contextlib
import fcntl
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.network import Bind
from app.ports import find_free_ports
from app.programs import ROOT
from app.stack import FolderInUse, Stack
from app.supervised import Plan, Supervised, answers_ok
from benchmarks import questions
from benchmarks.figures import OURS, STOCK
from benchmarks.machine import read_times_by_group
from benchmarks.provider import Provider
from benchmarks.questions import Script
from benchmarks.stock_environment import ACCOUNT_SID, NUMBER, build_environ
from benchmarks.texters import Door
from benchmarks.wires import SMS, TELEGRAM

PROGRAMS = ("webhooks", "worker", "actions", "rasa")
CRISIS_PATH = ("webhooks", "worker")
STORES = ("store", "keys")
_START_SECONDS = 420.0

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ours:
    """Porchlight, running. ``programs`` are those that were started, the two stores included."""

    stack: Stack
    programs: tuple[str, ...]

    def find_groups(self) -> list[int]:
        """The process groups of every program, as they are now."""
        return [pid for name in self.programs for pid in self.stack.pids(name)]

    def read_cpu(self) -> dict[str, float]:
        """Seconds of processor time by program so far."""
        return {name: user + system for name, (user, system) in self.read_times().items()}

    def read_times(self) -> dict[str, tuple[float, float]]:
        """The same in two: each program's own time (user), and what the system took for it."""
        groups = {name: self.stack.pids(name) for name in self.programs}
        used = read_times_by_group()
        times = {name: [used.get(pid, (0.0, 0.0)) for pid in pids] for name, pids in groups.items()}
        return {
            name: (sum(user for user, _ in each), sum(system for _, system in each)) for name, each in times.items()
        }

    def build_door(self, channel: str = SMS, scripts: tuple[Script, ...] = questions.OURS) -> Door:
        """Where texts of a channel are posted."""
        settings = self.stack.settings
        return Door(
            name=OURS,
            url=f"{self.stack.url('webhooks')}/webhooks/{channel}",
            signed_url=f"{settings.public_url}/webhooks/{channel}",
            scripts=scripts,
            account_sid=settings.twilio_account_sid,
            number=settings.twilio_from,
            auth_token=settings.twilio_auth_token.reveal(),
            find_groups=self.find_groups,
            webhook_secret=settings.telegram_webhook_secret.reveal() if channel == TELEGRAM else "",
        )


@asynccontextmanager
async def start_ours(
    bench: Path,
    provider: Provider,
    say: Say,
    *,
    programs: Collection[str] = PROGRAMS,
    environ: Mapping[str, str] | None = None,
) -> AsyncIterator[Ours]:
    """Every program on the way of a message, or some; the store is new and writes to the disk, below ``bench``.

    The provider signs what it reports to them.
    """
    subprocess.run([sys.executable, str(ROOT / "bot" / "training.py"), "ensure"], cwd=ROOT, check=True)
    folder = clear_folder(bench)
    given = {**build_ours_environ(provider), **(environ or {})}
    async with Stack(folder, environ=given, programs=programs, free_ports=True, say=say) as stack:
        provider.know(stack.settings.twilio_account_sid, stack.settings.twilio_auth_token.reveal())
        yield Ours(stack, (*programs, *STORES))


def clear_folder(bench: Path) -> Path:
    """Where Porchlight's data of one start goes, empty. Raises FolderInUse if another benchmark runs there."""
    folder = bench / "ours"
    with contextlib.suppress(FileNotFoundError), (folder / "lock").open("r+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(f"another benchmark runs on {folder}; wait for its end") from None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def build_ours_environ(provider: Provider) -> dict[str, str]:
    """Practice, with both providers where the load maker listens."""
    return {
        "PORCHLIGHT_MODE": "practice",
        "TWILIO_API_URL": provider.url,
        "TELEGRAM_API_URL": provider.telegram_url,
    }


@asynccontextmanager
async def start_stock(bench: Path, folder: Path, provider_url: str, say: Say) -> AsyncIterator[Door]:
    """``rasa run`` on what ``rasa init`` made: one process, trackers in memory, its own Twilio channel."""
    port = find_free_ports(1)[0]
    bind = Bind("127.0.0.1", port)
    patched = {"PYTHONPATH": str(ROOT / "benchmarks" / "stock"), "BENCH_PROVIDER_URL": provider_url}
    log = bench / "stock.log"
    log.unlink(missing_ok=True)
    plan = Plan(
        "stock Rasa",
        [str(folder / "venv" / "bin" / "python"), "-m", "rasa", "run", "-i", bind.host, "-p", str(port)],
        {**build_environ(folder), **patched},
        folder / "moodbot",
        log,
        partial(answers_ok, bind, "/"),
        _START_SECONDS,
    )
    process = Supervised(plan, say)
    await process.start()
    say("stock Rasa is ready")
    try:
        url = f"{bind.url}/webhooks/twilio/webhook"
        yield Door(STOCK, url, url, questions.STOCK_RASA, ACCOUNT_SID, NUMBER, find_groups=lambda: [process.pid or 0])
    finally:
        await process.stop()
