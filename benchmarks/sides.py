"""The two products, started as they come: Porchlight's practice stack, and stock Rasa's one process."""

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from app.network import Bind
from app.ports import find_free_ports
from app.programs import ROOT
from app.stack import Stack
from app.supervised import Plan, Supervised, answers_ok
from benchmarks import questions
from benchmarks.figures import OURS, STOCK
from benchmarks.stock_environment import ACCOUNT_SID, NUMBER, build_environ
from benchmarks.texters import Door

_PROGRAMS = frozenset({"webhooks", "worker", "actions", "rasa"})
_START_SECONDS = 180.0

type Say = Callable[[str], None]


@asynccontextmanager
async def start_ours(bench: Path, provider_url: str, say: Say) -> AsyncIterator[Door]:
    """Every program on the way of a message; the store writes to the disk, below ``bench``."""
    subprocess.run([sys.executable, str(ROOT / "bot" / "training.py"), "ensure"], cwd=ROOT, check=True)
    folder = bench / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    environ = {"PORCHLIGHT_MODE": "practice", "TWILIO_API_URL": provider_url}
    async with Stack(folder, environ=environ, programs=_PROGRAMS, free_ports=True, say=say) as stack:
        settings = stack.settings
        yield Door(
            name=OURS,
            url=f"{stack.url('webhooks')}/webhooks/sms",
            signed_url=f"{settings.public_url}/webhooks/sms",
            scripts=questions.OURS,
            account_sid=settings.twilio_account_sid,
            number=settings.twilio_from,
            auth_token=settings.twilio_auth_token.reveal(),
            find_groups=lambda: [pid for name in (*_PROGRAMS, "store", "keys") for pid in stack.pids(name)],
        )


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
