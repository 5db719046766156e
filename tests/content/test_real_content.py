"""The content gate over the real words (V1-V9, C5, C14, R10, R11)."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.content_check import Facts, build_facts, check_content, format_table, measure_content
from app.content_rules import build_rules
from hotline.content import build_content, find_gaps
from hotline.errors import ContentError
from hotline.ports import ReplyRef
from hotline.replies import render
from storage.content_files import load_documents

NOW = datetime(2026, 11, 21, tzinfo=UTC)
_TOPICS = """
hello food shower_clothes ride doctor pregnancy assault_exam substance_use feeling_bad panic cannot_sleep counselling
pictures_threat partner_violence labour phone_watched thinking_of_leaving getting_ready has_left went_back ran_away
misses_person not_ready bring_friends police_fear immigration own_child family_hurting foster_care lgbtq boys_men
disability tribal school_work my_fault nobody_cares survivor_peer worried_friend worried_parent professional student
small_talk thanks insult what_can_you_do are_you_bot who_sees_this will_you_tell how_to_delete deny goodbye
housing rights
"""
TOPICS = _TOPICS.split()

Documents = dict[str, Any]


@pytest.fixture(scope="module")
def documents() -> Documents:
    return dict(load_documents())


@pytest.fixture(scope="module")
def facts(documents: Documents) -> Facts:
    return build_facts(documents, region="nevada", now=NOW)


@pytest.fixture(scope="module")
def few(facts: Facts) -> Facts:
    """One place at one moment: enough for what a rule sees in the words."""
    return replace(facts, place_ids=facts.place_ids[:1], moments=facts.moments[:1])


def _first(documents: Documents, facts: Facts, key: str, language: str, channel: str = "sms") -> tuple[str, ...]:
    return render(
        ReplyRef(key),
        language=language,
        channel=channel,
        content=build_content(documents),
        lines=facts.lines,
        directory=facts.directory,
        now=NOW,
        hotline_name="Porchlight",
    )


def test_every_reply_passes_every_rule(documents: Documents, facts: Facts) -> None:
    """V1-V5, V9, C5, N1, R10, R11: zero exceptions."""
    assert [str(fault) for fault in check_content(documents, facts)] == []


def test_the_gate_asks_for_a_new_review_of_screening_that_expired_r3(documents: Documents, few: Facts) -> None:
    later = replace(few, moments=(few.moments[0] + timedelta(days=3650),))
    assert any("wants a new review" in fault.rule for fault in check_content(documents, later))


def test_every_topic_has_a_card_c5(documents: Documents) -> None:
    assert set(TOPICS) <= set(build_content(documents).keys)


def test_the_table_shows_every_message_with_grade_and_parts(documents: Documents, facts: Facts) -> None:
    measures = measure_content(documents, facts)
    table = format_table(measures, [])
    assert {(row.language, row.key) for row in measures} >= {(lang, key) for key in TOPICS for lang in ("en", "es")}
    assert table.splitlines()[-1] == f"{len(measures)} messages, 0 fault(s)"
    assert "crisis_suicide" in table


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("crisis_suicide", "988"),
        ("crisis_danger", "911"),
        ("crisis_overdose", "911"),
        ("crisis_urgent_medical", "911"),
        ("crisis_harm_other", "988"),
        ("crisis_general", "911"),
        ("crisis_control", "233733"),
        ("crisis_friend_in_danger", "911"),
        ("crisis_online_exploitation", "takeitdown.ncmec.org"),
        ("high_suicide", "988"),
        ("high_control", "233733"),
        ("high_online_exploitation", "takeitdown.ncmec.org"),
        ("handoff_nobody", "988"),
        ("handoff_wait_ran_out", "988"),
    ],
)
def test_each_reason_leads_to_its_line_r7(
    documents: Documents, facts: Facts, key: str, said: str, language: str
) -> None:
    assert said in " ".join(_first(documents, facts, key, language))


@pytest.mark.parametrize("language", ["en", "es"])
def test_someone_near_reads_nothing_of_the_subject_r10(documents: Documents, language: str) -> None:
    for key in ("crisis_someone_here", "neutral_ack", "goodbye"):
        (text,) = build_content(documents).reply(key, language).texts
        assert len(text) < 25
        assert not list(find_gaps(text))


def test_medical_words_wait_for_medical_review_c14(documents: Documents) -> None:
    content = build_content(documents)
    for key in ("crisis_overdose", "crisis_urgent_medical", "substance_use"):
        for language in ("en", "es"):
            assert "medical" in content.reply(key, language).review.pending


def test_no_line_claims_an_approval_that_nobody_gave_v10(documents: Documents) -> None:
    content = build_content(documents)
    states = {line.review.state for replies in content.lines.values() for line in replies.values()}
    assert states == {"drafted"}


def _spoiled(documents: Documents, key: str, **change: Any) -> Documents:
    spoiled = copy.deepcopy(documents)
    for name, document in spoiled.items():
        if name.startswith("replies/") and key in document["replies"]:
            language = name.split("/")[1]
            value = {field: new[language] if isinstance(new, dict) else new for field, new in change.items()}
            document["replies"][key].update(value)
    return spoiled


LONG = "You can ask for it here. " * 14
SPOILS: dict[str, tuple[str, dict[str, Any], str]] = {
    "a why question V4": ("ask_area", {"text": {"en": "Why, or not?", "es": "¿Por qué, o no?"}}, "asks for a reason"),
    "a label V4": ("ask_area", {"text": {"en": "A victim.", "es": "Una víctima."}}, "label"),
    "empty comfort V4": ("ask_area", {"text": {"en": "You are safe.", "es": "Te sientes segura."}}, "empty comfort"),
    "a promise V5": ("ask_area", {"text": {"en": "I promise you.", "es": "Te lo prometo."}}, "promise"),
    "a claim P5": ("ask_area", {"text": {"en": "It is private.", "es": "Es privado."}}, "claims too much"),
    "an order V3": ("ask_area", {"text": {"en": "You must go.", "es": "Debes ir."}}, "order"),
    "a gender V2": ("ask_area", {"text": {"en": "Let him go.", "es": "Deja que él vaya."}}, "gendered"),
    "a typed number": ("ask_area", {"text": "Call 988."}, "a number is typed"),
    "a curly quote": ("ask_area", {"text": "It’s OK."}, "typographic"),
    "an emoji V1": ("ask_area", {"text": "OK \N{SLIGHTLY SMILING FACE}"}, "leave GSM-7"),
    "a high grade V2": (
        "ask_area",
        {
            "text": {
                "en": "Confidential organizational considerations.",
                "es": "Consideraciones organizativas generales.",
            }
        },
        "reading grade",
    ),
    "two numbers N1": ("misunderstood", {"text": "{lifeline.how} police {info_211.how}"}, "more than one number"),
    "a line without what it brings R11": ("misunderstood", {"text": "{emergency.how}"}, "does not say what emergency"),
    "any hour of a line that closes V5": (
        "misunderstood",
        {"text": {"en": "Any hour {info_211.how}", "es": "A cualquier hora {info_211.how}"}},
        "any hour",
    ),
    "two messages C1": ("food", {"text": ["One.", "Two."]}, "two messages"),
    "two questions V1": (
        "ask_area",
        {"text": {"en": "A or b? Or c?", "es": "¿A o b? ¿O c?"}},
        "more than one question",
    ),
    "no opening mark V1": ("ask_area", {"text": {"en": "A or b?", "es": "A o b?"}}, "opening mark"),
    "one way only V3": ("ask_area", {"text": {"en": "Go now?", "es": "¿Vas ahora?"}}, "two ways"),
    "an exclamation V4": ("ask_area", {"text": "OK!"}, "exclamation"),
    "a subject in a dull line R10": ("neutral_ack", {"text": {"en": "A person.", "es": "Una persona."}}, "R10"),
    "a number in a dull line R10": ("goodbye", {"text": "{info_211.how}"}, "R10"),
    "no offer of a person C5": ("food", {"text": "Eat. {info_211.how}"}, "no offer"),
    "no resource C5": ("food", {"text": {"en": "Eat. A person?", "es": "Come. ¿Una persona?"}}, "no resource"),
    "a word that opts out K2": (
        "ask_area",
        {"text": {"en": "Want to go on, or to stop for now?", "es": "¿Quieres seguir, o parar por ahora?"}},
        "ends all texts",
    ),
    "a person offered unsaid V3": ("ask_area", {"text": "OK.", "offers": ["person"]}, "without saying so"),
    "a question that offers nothing V3": (
        "food_more",
        {"text": {"en": "This or that?", "es": "¿Esto o eso?"}, "offers": []},
        "offers nothing",
    ),
    "too long V1": ("misunderstood", {"text": LONG}, "on telegram are more than 2 part(s)"),
    "a crisis of two parts V1": ("crisis_danger", {"text": LONG[:200]}, "more than 1 part(s)"),
}


@pytest.mark.parametrize("name", SPOILS)
def test_the_gate_sees_a_line_that_breaks_a_rule(documents: Documents, few: Facts, name: str) -> None:
    key, change, said = SPOILS[name]
    faults = [fault for fault in check_content(_spoiled(documents, key, **change), few, keys=[key]) if fault.key == key]
    assert any(said in fault.rule for fault in faults), faults


def test_the_gate_sees_a_meaning_that_hangs_on_an_accent_v9(documents: Documents, few: Facts) -> None:
    spoiled = _spoiled(documents, "ask_area", text={"en": "It is there.", "es": "Está ahí."})
    assert any("another word" in fault.rule for fault in check_content(spoiled, few, keys=["ask_area"]))


def test_the_gate_sees_a_way_on_that_leads_nowhere_v3(documents: Documents, few: Facts) -> None:
    spoiled = _spoiled(documents, "food", offers=["person", "nowhere"])
    assert any("'nowhere'" in fault.rule for fault in check_content(spoiled, few, keys=["food"]))


def test_the_gate_lists_all_that_one_language_lacks_v9(documents: Documents, few: Facts) -> None:
    spoiled = copy.deepcopy(documents)
    del spoiled["replies/es/topics_needs"]["replies"]["food"]
    assert any("no reply for food" in fault.rule for fault in check_content(spoiled, few))


def test_the_gate_sees_what_a_note_of_a_line_says(documents: Documents) -> None:
    spoiled = copy.deepcopy(documents)
    spoiled["numbers"]["lines"]["lifeline"]["note"] = {"en": "They are safe.", "es": "Confía en mí."}
    faults = check_content(spoiled, build_facts(spoiled, region="nevada", now=NOW), keys=[])
    assert {fault.language for fault in faults if fault.key == "note of lifeline"} == {"en", "es"}


def _broken_rules() -> list[Documents]:
    good = load_documents()["banned"]
    return [
        {},
        {"banned": {"phrases": {}}},
        {"banned": {**good, "choices": {"en": "or"}}},
        {"banned": {**good, "phrases": {"en": {"V4": []}}}},
        {"banned": {**good, "phrases": ["why"]}},
    ]


@pytest.mark.parametrize("broken", _broken_rules())
def test_rules_that_cannot_be_read_are_refused(broken: Documents) -> None:
    with pytest.raises(ContentError, match="banned"):
        build_rules(broken)
