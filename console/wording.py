"""The console's own words, one folder a language (A1). A texter never sees them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hotline.errors import ContentError

WORDS_FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C where it was built so: the other one takes a second for the words alone."""

type Words = Mapping[str, Any]


@cache
def load_words(folder: Path = WORDS_FOLDER) -> Mapping[str, Words]:
    """Words by language. Raises ContentError if a language lacks a word that English has, or has one more."""
    words = {language.name: _join_files(language) for language in sorted(folder.iterdir()) if language.is_dir()}
    for language, document in words.items():
        odd = set(list_keys(document)) ^ set(list_keys(words[FALLBACK]))
        if odd:
            raise ContentError(f"console words {language}: {', '.join(sorted(odd))}")
    return words


def _join_files(folder: Path) -> Words:
    joined: dict[str, Any] = {}
    for file in sorted(folder.glob("*.yml")):
        document = yaml.load(file.read_text("utf-8"), Loader=_LOADER)  # noqa: S506
        if twice := joined.keys() & document.keys():
            raise ContentError(f"console words {folder.name}/{file.name}: {', '.join(sorted(twice))} is there twice")
        joined |= document
    return joined


def list_keys(document: Mapping[str, Any], above: str = "") -> list[str]:
    """Every key of a nested document, dotted."""
    keys: list[str] = []
    for key, value in document.items():
        if isinstance(value, Mapping):
            keys += list_keys(value, f"{above}{key}.")
        elif isinstance(value, str) and value.strip():
            keys.append(f"{above}{key}")
        else:
            raise ContentError(f"console words: {above}{key} is no text")
    return keys


def pick_language(wanted: str, known: Mapping[str, Words]) -> str:
    """The first known language of an account's setting or an Accept-Language header, else English."""
    for part in wanted.split(","):
        language = part.split(";")[0].strip().lower().split("-")[0]
        if language in known:
            return language
    return FALLBACK
