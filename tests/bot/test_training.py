"""A model is served only if it is the one that was trained on these very data."""

import json
import shutil
from pathlib import Path

import pytest

from bot.training import ROOT, ModelError, get_model, hash_file, hash_inputs


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a model that fits."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "bot/data", tmp_path / "bot/data")
    (tmp_path / "bot/engine").mkdir()
    for name in ("intents.py", "concepts.txt", "classifier.py", "wishes.py", "requirements.lock"):
        shutil.copy(ROOT / "bot/engine" / name, tmp_path / "bot/engine" / name)
    (tmp_path / "safety_content").mkdir()
    shutil.copy(ROOT / "safety_content/topics.yml", tmp_path / "safety_content/topics.yml")
    models = tmp_path / "bot/models"
    models.mkdir()
    model = models / "model.tar.gz"
    model.write_bytes(b"a model")
    entry = {"hash": hash_inputs(tmp_path), "file": model.name, "sha256": hash_file(model)}
    (models / "MANIFEST").write_text(json.dumps(entry))
    return tmp_path


def test_the_model_of_these_data_is_found(project: Path) -> None:
    assert get_model(project).name == "model.tar.gz"


def test_a_changed_byte_of_the_model_is_refused(project: Path) -> None:
    (project / "bot/models/model.tar.gz").write_bytes(b"another")
    with pytest.raises(ModelError, match="not the one"):
        get_model(project)


@pytest.mark.parametrize(
    "name", ["config.yml", "domain.yml", "bot/data/nlu/food.yml", "bot/engine/intents.py", "bot/engine/concepts.txt"]
)
def test_a_model_of_other_data_is_refused(project: Path, name: str) -> None:
    with (project / name).open("a") as stream:
        stream.write("\n# changed\n")
    with pytest.raises(ModelError, match="other data"):
        get_model(project)


@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", '{"hash": "x"}'])
def test_a_broken_manifest_is_no_model(project: Path, manifest: str) -> None:
    (project / "bot/models/MANIFEST").write_text(manifest)
    with pytest.raises(ModelError, match="make train"):
        get_model(project)


def test_a_missing_model_is_said_plainly(project: Path) -> None:
    (project / "bot/models/model.tar.gz").unlink()
    with pytest.raises(ModelError, match="make train"):
        get_model(project)


def test_a_manifest_cannot_name_a_file_elsewhere(project: Path, tmp_path: Path) -> None:
    manifest = project / "bot/models/MANIFEST"
    entry = json.loads(manifest.read_text()) | {"file": "../../config.yml", "sha256": hash_file(project / "config.yml")}
    manifest.write_text(json.dumps(entry))
    with pytest.raises(ModelError):
        get_model(project)
