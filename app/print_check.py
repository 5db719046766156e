"""The words that are printed and handed out, held against what whoever finds them may learn: nothing (O1, O2)."""

from collections.abc import Iterator, Mapping
from typing import Any

from hotline.keywords import build_keywords, find_keyword
from hotline.outreach_words import find_site_text
from hotline.telling import build_telling
from outreach.cards import build_print_words


def find_print_faults(documents: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the words of ``outreach``, each named. Raises ContentError for a malformed document.

    A printed word tells nothing of the subject. A site word with a number is read as a code, and is no keyword.
    """
    words, telling, keywords = build_print_words(documents), build_telling(documents), build_keywords(documents)
    around = (part for parts in words.around.values() for part in parts)
    for said in (*words.words.values(), *around, *words.site_words):
        if told := telling.find(said):
            yield f"prints {told!r}, which tells what this is (O1)"
    for said in words.site_words:
        if find_site_text(f"{said}4") is None:
            yield f"{said!r} is no site word: it wants 3 to 8 plain letters (O2)"
        if find_keyword(said, keywords) or find_keyword(f"{said}4", keywords):
            yield f"{said!r} is a keyword already (O2)"
