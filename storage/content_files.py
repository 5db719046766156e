"""Reads the reviewed words and rules of ``safety_content/`` from disk, once, at start."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from hotline.errors import ContentError

CONTENT_FOLDER = Path(__file__).resolve().parent.parent / "safety_content"
SCREENING_MODEL = CONTENT_FOLDER / "screening/model.json"


def load_documents(folder: Path = CONTENT_FOLDER) -> Mapping[str, Any]:
    """Every YAML file below ``folder``, by its path without the ending (``replies/en/crisis``).

    Raises ContentError naming the file that cannot be read.
    """
    documents: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            documents[name] = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ContentError(f"{path.name}: not readable as YAML ({type(error).__name__})") from None
    if not documents:
        raise ContentError(f"no content in {folder.name}")
    return documents


def load_screening_model(path: Path = SCREENING_MODEL) -> Mapping[str, Any] | None:
    """The second stage's numbers as they lie on disk, or None if there are none: rules stand without it (R5).

    Raises ContentError for a file that is not JSON.
    """
    try:
        model: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ContentError(f"{path.name}: not readable as JSON ({type(error).__name__})") from None
    return model
