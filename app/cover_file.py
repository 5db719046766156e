"""Reads the cover that a hotline keeps outside the repository, or practice's own sample (K7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from app.content_rules import build_rules
from app.settings import NOT_GIVEN, Settings
from hotline.cover import Cover, build_cover
from hotline.errors import ContentError
from hotline.keywords import build_keywords, find_keyword
from hotline.private_words import ActForms, PrivateAct, build_act_forms, find_act
from hotline.telling import build_telling
from storage.content_files import CONTENT_FOLDER

SAMPLE = CONTENT_FOLDER / "practice" / "cover.yml"


@dataclass(frozen=True, slots=True)
class LoadedCover:
    """The cover, and its dull lines as documents beside the other replies; neither where a hotline has none."""

    cover: Cover | None
    documents: Mapping[str, Any]


def load_cover(settings: Settings, documents: Mapping[str, Any]) -> LoadedCover:
    """The file of PORCHLIGHT_COVER_FILE; without one, the sample in practice and nothing in live mode.

    Raises ContentError for a file that cannot be read, that lies in the repository, or that is not as ``build_cover``
    wants it: a cover with a mistake in it stops the start, not a conversation.
    """
    path = settings.cover_file
    if path == NOT_GIVEN:
        if settings.mode != "practice":
            return LoadedCover(None, {})
        path = SAMPLE
    elif path.resolve().is_relative_to(CONTENT_FOLDER.parent.resolve()):
        raise ContentError("cover: PORCHLIGHT_COVER_FILE lies in the repository; a cover that is published is none")
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"cover: the file cannot be read ({type(error).__name__})") from None
    taken = Taken(documents)
    cover, lines = build_cover(document, mode=settings.mode, telling=build_telling(documents), is_taken=taken)
    _refuse_banned(lines, documents)
    return LoadedCover(cover, lines)


class Taken:
    """Knows the texts that act already: keywords, and what begins an act or a short way out."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self._keywords = build_keywords(documents)
        self._forms: ActForms = build_act_forms(documents)

    def __call__(self, text: str) -> bool:
        """True for a word that cannot be anybody's own."""
        forms = self._forms
        beginnings = {*forms.cover, *forms.code, *forms.exits, *forms.ordinary}
        return text in beginnings or find_keyword(text, self._keywords) is not None

    def is_exit(self, text: str) -> bool:
        """True for a short way out (K5)."""
        return text.strip().strip(".!").lower() in self._forms.exits

    def find_act(self, text: str) -> PrivateAct | None:
        """The act with a word of the texter's own that a text is, or None."""
        return find_act(text, self._forms, lambda word: find_keyword(word, self._keywords) is not None)


def _refuse_banned(lines: Mapping[str, Any], documents: Mapping[str, Any]) -> None:
    rules = build_rules(documents)
    for name, document in lines.items():
        language = name.split("/")[1]
        for reply in document["replies"].values():
            for fault in rules.find_banned(reply["text"], language):
                raise ContentError(f"cover: {language}: a line {fault}")
