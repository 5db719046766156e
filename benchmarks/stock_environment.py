"""Stock Rasa's throw-away environment: a Python 3.10 of its own, the locked packages, ``rasa init`` as it comes.

Kept below ``var/bench`` under the lock's hash, so that only the first run installs (some 2.5 GB) and trains.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from app.programs import ROOT

RASA_VERSION = "3.6.21"
ACCOUNT_SID = "AC" + "0" * 32
NUMBER = "+17025550198"

_STOCK = ROOT / "benchmarks" / "stock"
_CREDENTIALS = f"""
twilio:
  account_sid: "{ACCOUNT_SID}"
  auth_token: "invented"
  twilio_number: "{NUMBER}"
"""


class StockMissing(Exception):
    """Stock Rasa cannot be installed or trained; the message says what was run and how it ended."""


def ensure_environment(bench: Path, say: Callable[[str], None]) -> Path:
    """The folder with ``venv`` and the trained ``moodbot``, made now if it is not there. Raises StockMissing."""
    lock = _STOCK / "requirements.lock"
    folder = bench / f"stock-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if (folder / "ready").exists():
        return folder
    for old in bench.glob("stock-*"):
        shutil.rmtree(old)
    (folder / "moodbot").mkdir(parents=True)
    python = folder / "venv" / "bin" / "python"
    say("installing stock Rasa, some 2.5 GB (1 to 3 minutes) ...")
    uv = find_uv()
    _run([uv, "venv", "--no-config", "--python", "3.10", str(folder / "venv")], folder)
    _run([uv, "pip", "sync", "--no-config", "--require-hashes", "--python", str(python), str(lock)], folder)
    say("stock Rasa makes and trains its first bot (1 to 3 minutes) ...")
    project = folder / "moodbot"
    rasa = ["-m", "rasa", "init", "--no-prompt", "--init-dir", str(project)]
    _run([str(python), *rasa], folder, build_environ(folder))
    if not list((project / "models").glob("*.tar.gz")):
        raise StockMissing("rasa init left no model")
    with (project / "credentials.yml").open("a", encoding="utf-8") as credentials:
        credentials.write(_CREDENTIALS)
    (folder / "ready").touch()
    return folder


def build_environ(folder: Path) -> dict[str, str]:
    """What a process of stock Rasa is given; its settings in HOME stay in the throw-away folder."""
    return {
        "PATH": f"{folder / 'venv' / 'bin'}{os.pathsep}{os.defpath}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "RASA_TELEMETRY_ENABLED": "false",
    }


def find_uv() -> str:
    """uv as ``UV`` names it, as PATH has it, or as scripts/bootstrap.sh brought it. Raises StockMissing."""
    brought = (str(ROOT / ".uv" / folder / "bin" / "uv") for folder in ("venv", "packages", "."))
    for uv in (os.environ["UV"],) if os.environ.get("UV") else ("uv", *brought):
        if found := shutil.which(uv):
            return found
    raise StockMissing("uv is not there: run `make setup`, or name it in the variable UV")


def _run(command: Sequence[str], folder: Path, environ: dict[str, str] | None = None) -> None:
    log = folder / "setup.log"
    with log.open("a", encoding="utf-8") as out:
        # From the root: a version manager's .python-version there knows 3.10.
        done = subprocess.run(
            command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
        )
    if done.returncode:
        raise StockMissing(f"{Path(command[0]).name} {command[1]} ended with {done.returncode}; see {log}")
