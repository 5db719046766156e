"""Trains the Rasa model when none fits the data: ``python bot/training.py ensure``.

The model's name is a hash over everything that decides it, so that data, code and model cannot drift apart. The
standard library alone, so that both environments can run it.
"""

import fcntl
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_INPUTS = (
    "config.yml",
    "domain.yml",
    "bot/engine/intents.py",
    "bot/engine/concepts.txt",
    "bot/engine/classifier.py",
    "bot/engine/wishes.py",
    "safety_content/topics.yml",
    "bot/engine/requirements.lock",
)
_MODELS = "bot/models"
_SECONDS_ALLOWED = 300


class ModelError(RuntimeError):
    """There is no model that fits the data, or its file is not the one that was trained."""


def _input_files(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _INPUTS)
    yield from sorted((root / "bot/data").rglob("*.yml"))


def hash_inputs(root: Path = ROOT) -> str:
    """Hash over the configuration, the domain, the training data, the classifier and the engine's locked versions."""
    digest = hashlib.sha256()
    for path in _input_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def hash_file(path: Path) -> str:
    """A file's SHA-256 in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def get_model(root: Path = ROOT) -> Path:
    """The trained model's file. Raises ModelError if it is missing, belongs to other data, or was changed."""
    manifest = root / _MODELS / "MANIFEST"
    try:
        entry = json.loads(manifest.read_text("utf-8"))
        name, given, trained_on = entry["file"], entry["sha256"], entry["hash"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError("no trained model: run `make train`") from None
    model = manifest.parent / Path(str(name)).name
    if trained_on != hash_inputs(root):
        raise ModelError("the model was trained on other data: run `make train`")
    if not model.is_file() or hash_file(model) != given:
        raise ModelError("the model's file is not the one that was trained: run `make train`")
    return model


def train_model(root: Path = ROOT) -> Path:
    """Trains anew in the engine's environment and writes the manifest. Raises ModelError if Rasa refuses."""
    name = hash_inputs(root)
    folder = root / _MODELS
    folder.mkdir(parents=True, exist_ok=True)
    engine = [str(root / "bot/engine/.venv/bin/python"), str(root / "bot/engine/launcher.py")]
    order = [
        "train",
        "--force",
        "--skip-validation",
        "--fixed-model-name",
        name,
        "--data",
        "bot/data",
        "--out",
        _MODELS,
    ]
    try:
        done = subprocess.run(
            [*engine, *order, "--out", _MODELS],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=_SECONDS_ALLOWED,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelError(f"training did not run ({type(error).__name__}): run `make setup`") from None
    model = folder / f"{name}.tar.gz"
    if done.returncode != 0 or not model.is_file():
        raise ModelError(f"Rasa refused the training data:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    for old in folder.glob("*.tar.gz"):
        if old != model:
            old.unlink()
    entry = {"hash": name, "file": model.name, "sha256": hash_file(model)}
    partial = folder / "MANIFEST.partial"
    partial.write_text(json.dumps(entry, indent=2) + "\n", "utf-8")
    partial.replace(folder / "MANIFEST")
    return model


@contextmanager
def _training_alone(root: Path) -> Iterator[None]:
    folder = root / _MODELS
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure_model(root: Path = ROOT) -> Path:
    """The model that fits the data, trained now if there is none; says so on stdout. Two callers train once."""
    with _training_alone(root):
        try:
            return get_model(root)
        except ModelError:
            sys.stdout.write("Training the dialogue model (about 10 seconds) ...\n")
            sys.stdout.flush()
        began = time.monotonic()
        model = train_model(root)
        sys.stdout.write(f"Trained the dialogue model in {time.monotonic() - began:.0f} s.\n")
        return model


def main(arguments: Sequence[str]) -> int:
    """The command line: ``ensure`` (train if needed), ``train`` (always), ``check`` (never)."""
    commands = {"ensure": ensure_model, "train": train_model, "check": get_model}
    if len(arguments) != 1 or arguments[0] not in commands:
        sys.stderr.write("usage: training.py ensure|train|check\n")
        return 2
    try:
        commands[arguments[0]](ROOT)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
