"""Every import contract breaks on a planted bad import; a contract that cannot break protects nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_PACKAGES = ("app", "bot", "connectors", "console", "hotline", "outreach", "phone", "storage", "vault")
_PLANTED = {
    "Layers: app, then the edges, then storage, vault and the core": ("hotline/gsm.py", "import storage.keyspace"),
    "Channels never import each other": ("connectors/sms/form.py", "import connectors.telegram.fields"),
    "The core is free of I/O": ("hotline/text.py", "import os"),
    "The cryptography library only in vault": ("storage/commit.py", "import cryptography"),
    "The Redis client only in storage": ("console/pages.py", "import redis"),
    "rasa_sdk only in bot.actions": ("app/talk.py", "import rasa_sdk"),
    "Rasa only in its engine room": ("bot/actions/spoken.py", "import rasa"),
    "Nothing imports the phone": ("app/talk.py", "import phone.world"),
}


def _copy(folder: Path) -> None:
    for package in _PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns(".venv", "__pycache__", "models")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)


def _lint(folder: Path) -> str:
    program = Path(sys.executable).parent / "lint-imports"
    call = [sys.executable, str(program), "--no-cache"]
    environ = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(call, cwd=folder, env=environ, capture_output=True, text=True, check=False).stdout


def test_every_contract_breaks_on_a_planted_import_and_holds_without(tmp_path: Path) -> None:
    _copy(tmp_path)
    assert f"{len(_PLANTED)} kept, 0 broken" in _lint(tmp_path)
    for name, line in _PLANTED.values():
        path = tmp_path / name
        path.write_text(path.read_text() + f"\n{line}\n")
    told = _lint(tmp_path)
    for contract in _PLANTED:
        assert f"{contract} BROKEN" in told
