"""What stands beside the chat, built from the real content (C8, D4, A8)."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.beside import build_composing, build_region_facts, find_options
from app.world_wiring import build_words
from console.beside import Search
from hotline.messages import SMS, TELEGRAM
from hotline.regions import build_region
from hotline.reply_warnings import build_warning_rules, find_address
from storage.content_files import load_documents

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
DOCUMENTS = load_documents()
SETTINGS: Any = SimpleNamespace(mode="practice", region="nevada", hotline_name="Porchlight")
WORDS = build_words(SETTINGS, DOCUMENTS)


@pytest.mark.parametrize("need", list(WORDS.directory.categories.by_id))
@pytest.mark.parametrize(("area", "age"), [("", None), ("Reno", 16), ("las vegas", 22), ("nowhere at all", 12)])
def test_every_need_finds_at_most_three_places_and_a_line_and_no_hidden_address(
    need: str, area: str, age: int | None
) -> None:
    """C8, D4, D5: as the bot searches; unknown stays unknown."""
    open_streets = [place.street for place in WORDS.directory.places.values() if place.street]
    rules = build_warning_rules(DOCUMENTS, open_streets)
    for language, channel in (("en", SMS), ("es", TELEGRAM)):
        options = find_options(Search(need, area, age, language, channel), WORDS, NOW)
        assert len(options.places) <= 3
        assert options.line_words
        for option in options.places:
            assert option.words
            assert not option.confirmed, "nobody has confirmed anything yet"
            assert not find_address(option.words, rules)
            if option.facts["hidden_address"]:
                assert not find_address(option.words, build_warning_rules(DOCUMENTS))


def test_a_place_without_a_yes_is_not_told_as_a_yes() -> None:
    options = find_options(Search("place_tonight", "Reno", 16, "en", SMS), WORDS, NOW)
    known = {place.id: place for place in WORDS.directory.places.values()}
    for option in options.places:
        assert option.facts["parent_contact"] is known[option.id].parent_contact
        assert option.facts["under_18_alone"] is known[option.id].who["under_18_alone"]


def test_our_own_numbers_are_known_to_the_browser_and_others_are_not() -> None:
    """A8: exactly what the worker lets through."""
    served = set(build_composing(DOCUMENTS, WORDS, NOW)["known"])
    assert {"988", "741741", "911"} <= served
    for digits in served:
        places = {place.gaps("en", SMS, NOW)["phone"] for place in WORDS.directory.places.values()}
        ours = WORDS.lines.find_by_digits(digits) or digits in {"".join(filter(str.isdecimal, p))[-10:] for p in places}
        assert ours, digits
    assert "7025550199" not in served


def test_the_numbers_of_the_duty_to_report_are_shown_as_unconfirmed() -> None:
    """A3: nobody has phoned them."""
    facts = build_region_facts(build_region(DOCUMENTS, "nevada"))
    assert len(facts.report_contacts) == 4
    assert not any(verified for _, _, _, verified in facts.report_contacts)
    assert not facts.emergency_policy_approved
    assert facts.wellbeing
