"""The real engine for tests: two Rasa processes and the action server on free loopback ports.

Others use the fixture by importing it: ``from tests.bot.engine_process import engine_stack``.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.training import ensure_model

ROOT = Path(__file__).resolve().parent.parent.parent
ENGINE_PYTHON = ROOT / "bot/engine/.venv/bin/python"
SECONDS_TO_START = 120


def find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


@dataclass
class Started:
    """One program with its log."""

    url: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def wait_until_up(self, path: str = "/") -> None:
        assert self.process is not None
        ends_at = time.monotonic() + SECONDS_TO_START
        while not is_up(self.url + path):
            assert self.process.poll() is None, f"it ended:\n{self.log.read_text()[-2000:]}"
            assert time.monotonic() < ends_at, "it did not start in time"
            time.sleep(0.1)

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(20)

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(30)


@dataclass
class EngineStack:
    """Two engines, their actions, and the folder in which everything that they write ends up."""

    folder: Path
    engines: tuple[Started, Started]
    actions: Started
    token: str = field(repr=False)
    actions_token: str = field(repr=False)

    @property
    def urls(self) -> list[str]:
        return [engine.url for engine in self.engines]


def build_environment(folder: Path, actions_port: int, token: str, actions_token: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LD_LIBRARY_PATH"}}
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PORCHLIGHT_MODE": "practice",
        "PORCHLIGHT_REGION": "nevada",
        "PORCHLIGHT_RASA_TOKEN": token,
        "PORCHLIGHT_ACTIONS_TOKEN": actions_token,
        "PORCHLIGHT_ACTIONS_URL": f"http://127.0.0.1:{actions_port}",
        "PORCHLIGHT_ACTIONS_BIND": f"127.0.0.1:{actions_port}",
    }


def build_engine(folder: Path, name: str, environment: dict[str, str], *, debug: bool = True) -> Started:
    port = find_free_port()
    command = [str(ENGINE_PYTHON), "-m", "bot.engine.serve", "--port", str(port), *(["--debug"] if debug else [])]
    return Started(f"http://127.0.0.1:{port}", command, environment, folder / f"{name}.log")


def build_actions(folder: Path, environment: dict[str, str]) -> Started:
    url = environment["PORCHLIGHT_ACTIONS_URL"]
    return Started(url, [sys.executable, "-m", "bot.actions"], environment, folder / "actions.log")


@pytest.fixture(scope="session")
def engine_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineStack]:
    """Two engines with --debug logs, and the actions; started once for the whole run."""
    ensure_model()
    folder = tmp_path_factory.mktemp("engine")
    token, actions_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    environment = build_environment(folder, find_free_port(), token, actions_token)
    engines = (build_engine(folder, "rasa-1", environment), build_engine(folder, "rasa-2", environment))
    stack = EngineStack(folder, engines, build_actions(folder, environment), token, actions_token)
    programs = (*stack.engines, stack.actions)
    try:
        for program in programs:
            program.start()
        for engine in stack.engines:
            engine.wait_until_up()
        stack.actions.wait_until_up("/healthz")
        yield stack
    finally:
        for program in programs:
            program.kill()
