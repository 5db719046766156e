"""Whatever raises where in the action server, its log says no word of a texter's (P1, P6)."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ports import find_free_ports

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "t" * 32
WORDS = "my uncle took my papers 4417"
CALL = {"next_action": "action_again", "tracker": {"sender_id": "x", "slots": {}, "latest_message": {"text": WORDS}}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The real action server, which breaks where a file says; its URL and the folder of log and file."""
    folder = tmp_path_factory.mktemp("actions")
    port = find_free_ports(1)[0]
    environment = {
        **os.environ, "PORCHLIGHT_ACTIONS_BIND": f"127.0.0.1:{port}", "PORCHLIGHT_ACTIONS_TOKEN": TOKEN,
        "PORCHLIGHT_MODE": "practice", "PROOF_CONTROL": str(folder), "PYTHONASYNCIODEBUG": "1",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "tests.proof.breaking", "actions"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}/webhook?token={TOKEN}", folder
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize(
    "hook", ["bot.actions.server:_read_call", "bot.actions.server:_run", "starlette.responses:JSONResponse.render"]
)
def test_an_error_that_holds_the_text_is_told_by_type_and_place_alone(server: tuple[str, Path], hook: str) -> None:
    url, folder = server
    (folder / "break").write_text(json.dumps({"at": hook, "how": "raise", "words": WORDS, "times": 1}))
    with pytest.raises(urllib.error.HTTPError, match="500"):
        urllib.request.urlopen(urllib.request.Request(url, data=json.dumps(CALL).encode()), timeout=20)
    assert not (folder / "break").exists()
    deadline = time.monotonic() + 20
    while "(Broken at " not in (log := (folder / "log").read_text()):  # it is told after it is answered
        assert time.monotonic() < deadline, log
        time.sleep(0.1)
    assert "papers" not in log


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
