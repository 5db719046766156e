import pytest

from hotline.reply_warnings import build_warning_rules, find_address, find_banned, find_warnings
from storage.content_files import load_documents

RULES = build_warning_rules(load_documents(), ["4981 Shirley St"])


@pytest.mark.parametrize(
    "text",
    [
        "come to 1200 N Main Street",
        "its 456 Oak Hill Lane",
        "77 W 5th Ave apt 3",
        "calle Juárez 123",
        "avenida 5 de Mayo 20",
        "P.O. Box 55",
        "the corner of Fifth and Main",
        "4982 Shirley St",
        "12 la casa blvd",
        "500 Elm\nStreet",
    ],
)
def test_what_looks_like_an_address_is_found(text):
    """D4, A8: a shelter's address is never sent."""
    assert find_address(text, RULES)
    assert "address" in find_warnings(text, "en", RULES)


@pytest.mark.parametrize(
    "text",
    [
        "10 people on the street",
        "2 days, no way to drive",
        "I have 20 minutes",
        "call 988 or text HOME to 741741",
        "the open door is at 4981 Shirley St",
        "en la calle desde hace 3 días",
        "3 choices, one way",
        "room 5 at court",
        "",
    ],
)
def test_everyday_words_and_open_places_are_let_through(text):
    assert not find_address(text, RULES)


def test_banned_words_are_named_with_their_reason_in_both_languages():
    """V3-V5."""
    assert find_banned("You should tell your parents.", "en", RULES) == (
        ("v4_sends_to_parents", "tell your parents"),
        ("v3_order", "you should"),
    )
    assert ("v4_asks_for_a_reason", "por qué") in find_banned("¿Por qué?", "es", RULES)
    assert find_banned("he said no", "en", RULES) == ()
    assert find_banned("you should", "xx", RULES) == ()


def test_no_reviewed_line_is_warned_of():
    """Lines that an advocate has at hand pass their own check."""
    documents = load_documents()
    for language in ("en", "es"):
        for key, entry in documents[f"replies/{language}/advocate"]["replies"].items():
            assert find_warnings(entry["text"], language, RULES) == (), key
