"""One vocabulary: file, class, name, domain, training data, rules, reply keys, and every language."""

import inspect
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Action

from bot.actions.knowledge import load_knowledge
from bot.actions.registry import build_actions
from bot.training import ROOT
from hotline.messages import CHANNELS
from hotline.topics import build_topics
from storage.content_files import load_documents

LANGUAGES = ("en", "es")
COMMONEST = {
    "place_tonight", "food", "shower_clothes", "ride", "doctor", "pregnancy", "assault_exam", "substance_use",
    "feeling_bad", "panic", "cannot_sleep", "self_harm", "counselling", "pictures_threat", "partner_violence",
    "phone_watched", "made_to_do_things", "family_hurting", "foster_care", "own_child", "thinking_of_leaving",
    "getting_ready", "has_left", "went_back", "misses_person", "not_ready", "ran_away", "thinking_of_running",
    "police_fear", "immigration", "my_fault", "is_this_normal", "nobody_cares", "worried_friend", "worried_parent",
    "lgbtq", "ask_person", "will_you_tell", "who_sees_this",
}  # fmt: skip
FLOW_KEYS = {
    "ask_area", "ask_age", "place_found", "place_call_first", "place_none_open", "place_area_unknown", "place_more",
    "place_no_more", "place_next_opening", "practice_number", "practice_right", "practice_near", "practice_done",
    "practice_none", "choose", "number_given", "number_again", "number_none", "language_changed",
}  # fmt: skip


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


DOMAIN = read(ROOT / "domain.yml")
NLU_FILES = sorted((ROOT / "bot/data/nlu").glob("*.yml"))
RULES = [rule for path in sorted((ROOT / "bot/data/rules").glob("*.yml")) for rule in read(path)["rules"]]


def read_examples(path: Path) -> dict[str, list[str]]:
    """Language to examples of one topic's file."""
    blocks = read(path)["nlu"]
    assert {block["intent"] for block in blocks} == {path.stem}
    return {block["metadata"]["language"]: [line[2:] for line in block["examples"].splitlines()] for block in blocks}


@pytest.fixture(scope="module")
def actions() -> dict[str, Action]:
    return dict(build_actions(load_knowledge("nevada", "practice")))


def test_every_action_has_one_file_one_class_and_one_name(actions: dict[str, Action]) -> None:
    folder = ROOT / "bot/actions"
    files = {path.stem for path in folder.glob("*.py") if re.match(r"(action|validate)_", path.stem)}
    assert files == set(actions) == set(DOMAIN["actions"])
    for name, action in actions.items():
        assert Path(inspect.getfile(type(action))).stem == name
        assert type(action).__name__ == "".join(part.title() for part in name.split("_"))


def test_every_intent_has_a_file_and_a_rule() -> None:
    topics = build_topics(load_documents(), LANGUAGES)
    assert set(DOMAIN["intents"]) == {*topics, "typed_number"}
    asked = {step["intent"] for rule in RULES for step in rule["steps"] if "intent" in step}
    assert {path.stem for path in NLU_FILES} == set(DOMAIN["intents"])
    assert asked - {"nlu_fallback"} == set(DOMAIN["intents"])


def test_every_rule_names_an_action_that_exists(actions: dict[str, Action]) -> None:
    known = set(actions) | set(DOMAIN["responses"]) | set(DOMAIN["forms"])
    assert {step["action"] for rule in RULES for step in rule["steps"] if "action" in step} <= known


@pytest.mark.parametrize("path", NLU_FILES, ids=lambda path: path.stem)
def test_every_intent_has_enough_examples_in_both_languages(path: Path) -> None:
    """Equal quality from the first day (V9)."""
    examples = read_examples(path)
    assert tuple(examples) == LANGUAGES
    wanted = 60 if path.stem in COMMONEST else 25
    for language in LANGUAGES:
        assert len(set(examples[language])) == len(examples[language]) >= wanted


def test_no_example_belongs_to_two_intents() -> None:
    groups = ((path.stem, group) for path in NLU_FILES for group in read_examples(path).values())
    found = {(example.lower(), intent) for intent, group in groups for example in group}
    by_text = Counter(text for text, _ in found)
    assert [text for text, count in by_text.items() if count > 1] == []


def test_a_response_holds_a_key_and_no_words() -> None:
    """V10: the words lie in the safety content."""
    for name, variants in DOMAIN["responses"].items():
        (payload,) = (variant["custom"] for variant in variants)
        assert payload.get("key") == name.removeprefix("utter_") or payload == {"not_understood": True}


def find_keys_in_actions() -> set[str]:
    source = "".join(path.read_text() for path in (ROOT / "bot/actions").glob("*.py"))
    return {key for key in FLOW_KEYS if f'"{key}"' in source}


def test_every_key_of_the_dialogue_has_words_in_both_languages() -> None:
    keys = {payload["custom"]["key"] for (payload,) in DOMAIN["responses"].values() if "key" in payload["custom"]}
    keys |= find_keys_in_actions()
    assert keys >= FLOW_KEYS
    documents = load_documents()
    for language in LANGUAGES:
        files = [document for name, document in documents.items() if name.startswith(f"replies/{language}/")]
        known = {key for document in files for key in document["replies"]}
        assert keys - known == set(), language


def test_no_slot_can_hold_free_text() -> None:
    """C3, P1."""
    for name, slot in DOMAIN["slots"].items():
        assert slot["type"] in {"categorical", "any", "bool", "list"}, name
        assert slot["mappings"] == [{"type": "custom"}], name


def test_the_channels_of_the_engine_are_ours() -> None:
    assert tuple(DOMAIN["slots"]["channel"]["values"]) == CHANNELS
    assert tuple(DOMAIN["slots"]["language"]["values"]) == LANGUAGES


def test_rasas_own_files_hold_no_secret_and_no_quoted_variable() -> None:
    """A quoted variable is the literal secret."""
    for name in ("endpoints.yml", "credentials.yml"):
        text = (ROOT / name).read_text()
        assert not re.search(r"[\"']\$\{", text)
        assert set(re.findall(r"(?:token|url): (.+)", text)) <= {
            "${PORCHLIGHT_ACTIONS_URL}", "${PORCHLIGHT_ACTIONS_TOKEN}", "${PORCHLIGHT_RASA_TOKEN}",
        }  # fmt: skip


def test_the_lock_names_no_host_and_only_hashed_packages() -> None:
    lock = (ROOT / "bot/engine/requirements.lock").read_text()
    assert "://" not in lock
    assert "--index-url" not in lock
    names = re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE)
    assert len(names) > 60
    assert len(re.findall(r"^[a-z0-9.-]+==\S+ \\\n    --hash=", lock, re.MULTILINE)) == len(names)
    assert not {"tensorflow", "twilio", "pymongo", "boto3"} & set(names)
