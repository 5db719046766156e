"""The fixed words that staff are sent: never anything of a conversation (A6, H3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.errors import ContentError
from hotline.gsm import count_parts

_WORDS = {"page", "code", "linked"}


@dataclass(frozen=True, slots=True)
class StaffPage:
    """The words by language; one that we do not have falls back to English."""

    words: Mapping[str, Mapping[str, str]]

    def text(self, kind: str, language: str, code: str = "") -> str:
        """The sentence of a kind: page, code or linked."""
        return self.words.get(language, self.words["en"])[kind].replace("{code}", code)


def build_staff_page(documents: Mapping[str, Any]) -> StaffPage:
    """The words of ``staff_page``. Raises ContentError for one that is missing, has a gap or is too long."""
    document = documents.get("staff_page")
    if not isinstance(document, dict) or "en" not in document:
        raise ContentError("staff_page: this content file or its English is missing")
    words = {language: said for language, said in document.items() if language != "review"}
    for language, said in words.items():
        if set(said) != _WORDS or "{" in said["page"] + said["linked"] or said["code"].count("{code}") != 1:
            raise ContentError(f"staff_page: {language} needs page, code with its gap, and linked")
        if any(count_parts(text).count > 1 for text in said.values()):
            raise ContentError(f"staff_page: {language} has a text of more than one part")
    return StaffPage(words)
