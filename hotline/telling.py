"""Words that tell what this service is, to whoever reads a few words over a shoulder (R10, K7, X2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.content import LANGUAGES
from hotline.errors import ContentError
from hotline.records import get_document
from hotline.text import fold

DOCUMENT = "telling"


@dataclass(frozen=True, slots=True)
class TellingWords:
    """Stems by language; a word that begins with one of them tells."""

    patterns: Mapping[str, re.Pattern[str]] = field(repr=False)

    def find(self, text: str, language: str | None = None) -> str | None:
        """The first telling word of a text, folded, or None; in every language if none is named."""
        plain = fold(text)
        for one in (language,) if language else tuple(self.patterns):
            found = self.patterns[one].search(plain)
            if found:
                return found[0]
        return None


def build_telling(documents: Mapping[str, Any]) -> TellingWords:
    """The words of ``telling.yml``. Raises ContentError if a language has none."""
    record = get_document(documents, DOCUMENT).record("stems")
    patterns = {}
    for language in LANGUAGES:
        stems = record.texts(language)
        if not stems or any(fold(stem) != stem for stem in stems):
            raise ContentError(f"{DOCUMENT}: {language}: needs stems in plain small letters")
        patterns[language] = re.compile(rf"\b(?:{'|'.join(map(re.escape, stems))})\w*")
    return TellingWords(patterns)
