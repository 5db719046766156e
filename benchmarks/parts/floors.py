"""What cannot be gone below: one signature check, one fsync, one seal, one parse by Rasa, each alone and in a row."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.programs import ROOT
from benchmarks import questions
from benchmarks.figures import OURS, STOCK, find_percentiles
from benchmarks.sides import Say
from benchmarks.stock_environment import build_environ, ensure_environment
from benchmarks.wires import SmsWire
from bot.training import get_model
from connectors.contract import WebhookRequest
from connectors.sms.verification import verify_signature
from vault.content import ContentKey
from vault.inbox import InboxPrivateKey
from vault.purposes import Purpose
from vault.readers import LinePlace, ReaderPrivateKey, seal_line

_TOKEN = "0" * 32
_URL = "http://127.0.0.1/webhooks/sms"
_TEXT = "i need somewhere to sleep in las vegas tonight"
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Lengths:
    """How often each is done."""

    times: int = 2000
    fsyncs: int = 400
    parses: int = 60


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """Processor ms of each, and wall ms of an fsync."""
    found = {
        "signature_cpu_ms": _time(_build_signature_check(), lengths.times),
        **{f"{name}_cpu_ms": _time(seal, lengths.times) for name, seal in _build_seals().items()},
        "fsync_ms": _time_fsync(bench, lengths.fsyncs),
        "parse_cpu_ms": {OURS: _parse_ours(lengths.parses), STOCK: _parse_stock(bench, say, lengths.parses)},
    }
    say(f"floors: {found}")
    return found


def _time(action: Callable[[], object], times: int) -> float:
    for _ in range(times // 10):
        action()
    began = time.process_time()
    for _ in range(times):
        action()
    return round(1000 * (time.process_time() - began) / times, 4)


def _build_signature_check() -> Callable[[], object]:
    headers, body = SmsWire(_URL, "AC" + "0" * 32, "+17025550100", _TOKEN).write("+19992000000", _TEXT)
    request = WebhookRequest(_URL, {name.lower(): value for name, value in headers.items()}, body)
    if not verify_signature(request, [_TOKEN]):
        raise RuntimeError("the signature of the benchmark does not verify")
    return lambda: verify_signature(request, [_TOKEN])


def _build_seals() -> dict[str, Callable[[], object]]:
    inbox = InboxPrivateKey.create("0" * 16)
    public, plain = inbox.public(), json.dumps(["sms", "+19992000000", "SM", "text", _TEXT, None]).encode()
    sealed = public.seal(plain, "lane")
    reader, place = ReaderPrivateKey.create().public(), LinePlace("c", "e", "texter", "at", "")
    content = ContentKey.create("c")
    return {
        "seal_to_inbox": lambda: public.seal(plain, "lane"),
        "open_inbox": lambda: inbox.open(sealed, "lane"),
        "seal_line": lambda: seal_line(reader, place, _TEXT),
        "seal_session": lambda: content.seal(Purpose.SESSION, plain),
    }


def _time_fsync(bench: Path, times: int) -> dict[str, float | None]:
    took = []
    with tempfile.TemporaryFile(dir=bench) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(b"\0" * _BLOCK)
            file.flush()
            os.fsync(file.fileno())
            took.append(1000 * (time.perf_counter() - began))
    found = find_percentiles(took)
    return {**found, "mean": round(sum(took) / len(took), 3)}


def _parse_ours(rounds: int) -> float:
    subprocess.run([sys.executable, str(ROOT / "bot" / "training.py"), "ensure"], cwd=ROOT, check=True)
    python = ROOT / "bot" / "engine" / ".venv" / "bin" / "python"
    texts = [text for script in questions.OURS for text in script]
    return _run_parse(str(python), get_model(ROOT), rounds, texts, "1", dict(os.environ))


def _parse_stock(bench: Path, say: Say, rounds: int) -> float:
    stock = ensure_environment(bench, say)
    model = max((stock / "moodbot" / "models").glob("*.tar.gz"))
    texts = [text for script in questions.STOCK_RASA for text in script]
    return _run_parse(str(stock / "venv" / "bin" / "python"), model, rounds, texts, "0", build_environ(stock))


def _run_parse(python: str, model: Path, rounds: int, texts: list[str], engine: str, environ: dict[str, str]) -> float:
    command = [python, str(ROOT / "benchmarks" / "parse_alone.py"), str(model), str(rounds), engine]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, input="\n".join(texts), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the parse alone ended with {done.returncode}: {done.stderr[-500:]}")
    return float(json.loads(done.stdout.strip().splitlines()[-1])["parse_cpu_ms"])
