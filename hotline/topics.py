"""What a text can be about: ``safety_content/topics.yml``, topics with their groups, ranks and labels (C5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hotline.errors import ContentError

DOCUMENT = "topics"
LAST_RANK = 5
_FIELDS = frozenset({"group", "rank", "label", "called", "meaning"})


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; the intents of the dialogue engine have the same names.

    ``group`` is its top-level topic. ``rank`` 1 to 5 says which of two wishes is answered first, needs before the
    rest (V6). ``label`` names it to a texter, by language; empty if it is never offered as a choice. ``called`` are
    plain words of any language by which a texter picks it where a question offers it.
    """

    name: str
    group: str
    rank: int
    label: Mapping[str, str]
    called: tuple[str, ...] = ()

    def gaps(self, language: str) -> Mapping[str, str]:
        """What a reply can say of a topic: ``label``."""
        return {"label": self.label.get(language, "")}


def build_topics(documents: Mapping[str, Any], languages: tuple[str, ...]) -> Mapping[str, Topic]:
    """Topics by name. Raises ContentError naming the topic at fault, or if there is no such document."""
    document = documents.get(DOCUMENT)
    if not isinstance(document, dict) or not isinstance(document.get("topics"), dict):
        raise ContentError(f"{DOCUMENT}: needs topics")
    return MappingProxyType({name: _parse_topic(name, entry, languages) for name, entry in document["topics"].items()})


def _parse_topic(name: Any, entry: Any, languages: tuple[str, ...]) -> Topic:
    where = f"{DOCUMENT}: {name}"
    if not isinstance(entry, dict) or not {"group", "meaning"} <= set(entry) <= _FIELDS:
        raise ContentError(f"{where}: needs group and meaning, may have rank, label and called, and nothing else")
    rank, label = entry.get("rank", LAST_RANK), entry.get("label", {})
    if type(rank) is not int or not 1 <= rank <= LAST_RANK:
        raise ContentError(f"{where}: rank must be 1 to {LAST_RANK}")
    if not isinstance(label, dict) or (label and not set(languages) <= set(label)):
        raise ContentError(f"{where}: the label needs every language (V9)")
    if not all(isinstance(word, str) and word.strip() for word in (entry["group"], entry["meaning"], *label.values())):
        raise ContentError(f"{where}: group, meaning and labels must be words")
    called = entry.get("called", [])
    if not isinstance(called, list) or not all(isinstance(word, str) and word.strip() for word in called):
        raise ContentError(f"{where}: called must be a list of words")
    return Topic(str(name), entry["group"], rank, MappingProxyType(dict(label)), tuple(called))
