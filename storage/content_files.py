"""Reads the reviewed words and rules of ``safety_content/`` from disk, once, at start."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from hotline.errors import ContentError
from hotline.screening import Rules, build_rules
from hotline.screening.learned import LearnedStage, build_learned
from hotline.screening.vocabulary import Vocabulary

CONTENT_FOLDER = Path(__file__).resolve().parent.parent / "safety_content"
SCREENING_MODEL = CONTENT_FOLDER / "screening/model.json"
MEANINGS = CONTENT_FOLDER / "screening/meanings.txt"
VOCABULARY = CONTENT_FOLDER / "screening/vocabulary.txt"


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


def find_version(documents: Mapping[str, Any]) -> str:
    """12 hex digits that change with any word of the content, so that one sees whether all programs serve the same."""
    return hashlib.sha256(repr(sorted(documents.items())).encode()).hexdigest()[:12]


def load_learned(path: Path = SCREENING_MODEL) -> LearnedStage | None:
    """The second stage as it lies on disk, or None if there is none: rules stand without it (R5).

    Raises ContentError for a file that is not JSON or not what was trained.
    """
    try:
        model: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ContentError(f"{path.name}: not readable as JSON ({type(error).__name__})") from None
    return build_learned(model, load_meanings())


def load_rules(documents: Mapping[str, Any]) -> Rules:
    """All that screening knows: the rules of ``documents``, the vocabulary, and the second stage if there is one."""
    return build_rules(documents, load_vocabulary(), load_learned())


def load_vocabulary(path: Path = VOCABULARY) -> Vocabulary:
    """The words of texters: a line is a word with how often it was seen, or an ordinary word.

    An empty one where there is no file. Raises ContentError for a line that is neither.
    """
    try:
        lines = [line.split() for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        counts = {parts[0]: int(parts[1]) for parts in lines if len(parts) > 1}
        return Vocabulary(counts, frozenset(parts[0] for parts in lines if len(parts) == 1))
    except FileNotFoundError:
        return Vocabulary()
    except (ValueError, IndexError) as error:
        raise ContentError(f"{path.name}: not a list of words ({type(error).__name__})") from None


def load_meanings(path: Path = MEANINGS) -> str:
    """The text of the lexicon that ties words of both languages together for the second stage (R5)."""
    return path.read_text("utf-8")
