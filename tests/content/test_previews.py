"""What a lock screen shows of a message: its first forty characters (R10, C2)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.content_check import Facts, build_facts, render_all
from hotline.content import LANGUAGES, PIPELINE_KEYS, build_content
from hotline.errors import ContentError
from hotline.messages import CHANNELS
from hotline.telling import build_telling
from storage.content_files import load_documents

PREVIEW = 40
DOCUMENTS = load_documents()
CONTENT = build_content(DOCUMENTS)
TELLING = build_telling(DOCUMENTS)

TELLS = {
    "crisis_danger": "must say at once whom to call, and that police may come",
    "crisis_friend_in_danger": "must say at once what to do in danger",
    "number_given": "the number asked for, and the word that helps to remember it, come first (N1)",
    "place_found": "the place asked for is called so by itself",
    "staff_pass_on": "the number to pass on, which outreach staff asked for by their word, comes first (O3)",
    "also_asked": "names what the texter's own text asked about",
}
"""Replies that tell in their first words, and why they have to. All answer a text of this very minute."""

UNASKED = (
    "welcome", "phone_ok", "media_unreadable", "unreadable_message", "handoff_asked", "handoff_nobody",
    "handoff_wait_ran_out", "handoff_already_waiting", "handoff_still_looking", "advocate_joined",
    "advocate_joined_next", "advocate_changed", "advocate_paired", "advocate_unpaired", "advocate_away",
    "back_with_bot", "closed_kindly", "closed_with_line", "neutral_ack", "goodbye", "stopped", "started", "cleared",
    "ended_on_request", "near_go_on", "cover_over", "cover_words", "cover_none", "first_help", "menu", "number_none",
)  # fmt: skip
"""Replies that can come first, late or without being asked for: no word that tells, and no number either."""

_MOST_TELLING_TOPICS = {"en": 17, "es": 12}
"""Answers to a texter's own question that name its subject at once; there may be fewer of them, never more."""


@pytest.fixture(scope="module")
def facts() -> Facts:
    whole = build_facts(DOCUMENTS, region="nevada", now=datetime(2026, 11, 21, 20, tzinfo=UTC))
    return replace(whole, moments=whole.moments[:1])


def previews(key: str, language: str, facts: Facts) -> Iterator[str]:
    """What a locked phone shows of a reply, for every value of its gaps on both channels."""
    for channel in CHANNELS:
        for texts in render_all(key, language, channel, CONTENT, facts, "Porchlight"):
            yield from (text[:PREVIEW] for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_first_line_of_the_program_tells_but_those_that_must_r10(language: str, facts: Facts) -> None:
    telling = {key for key in PIPELINE_KEYS if any(TELLING.find(text) for text in previews(key, language, facts))}
    assert telling <= set(TELLS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", UNASKED)
def test_what_comes_first_or_unasked_shows_neither_word_nor_number_r10(key: str, language: str, facts: Facts) -> None:
    for text in previews(key, language, facts):
        assert not TELLING.find(text) and not any(map(str.isdigit, text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_that_tell_in_their_first_words_do_not_grow_in_number_r10(language: str, facts: Facts) -> None:
    topics = [key for key in CONTENT.keys if key not in PIPELINE_KEYS]
    telling = [key for key in topics if any(TELLING.find(text) for text in previews(key, language, facts))]
    assert len(telling) <= _MOST_TELLING_TOPICS[language], telling


def test_a_word_that_tells_would_be_found_in_a_preview_r10(facts: Facts) -> None:
    assert TELLING.find("Porchlight Youth Crisis Hotline") and TELLING.find("Línea de ayuda", "es")
    assert TELLING.find("Hi, I am here") is None
    assert any("911" in text for text in previews("crisis_danger", "en", facts))


def test_telling_words_are_plain_stems_in_every_language() -> None:
    for stems in ({"en": [], "es": ["x"]}, {"en": ["Crisis"], "es": ["x"]}, {"en": ["crisis"]}):
        with pytest.raises(ContentError):
            build_telling({"telling": {"stems": stems}})
