"""Every dialogue of ``tests/functional/dialogues`` through ``porchlight talk``: what must be said, and what must not.

One file a group of topics. A turn has ``say``; ``has``, lists of alternatives of which one each must be received;
``lacks``, what must not be; ``quiet`` if nothing may be. Case and accents do not matter.
"""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.programs import ROOT
from hotline.gsm import count_parts, fold_for_sms
from hotline.topics import build_topics
from storage.content_files import load_documents

FOLDER = Path(__file__).parent / "dialogues"
NEVER = (
    "you are safe", "you're safe", "i promise", "we will rescue", "don't worry", "tell your parents", "victim",
    "prostitut", "trafficked", "safety plan", "estas a salvo", "te prometo", "no te preocupes", "dile a tus padres",
)  # fmt: skip
"""What no reply of any dialogue says (V4, V5)."""


def read_dialogues() -> list[dict[str, Any]]:
    """All dialogues in the order of their files."""
    return [one for path in sorted(FOLDER.glob("*.yml")) for one in yaml.safe_load(path.read_text("utf-8"))]


DIALOGUES = read_dialogues()
NOT_YET: dict[str, list[int]] = yaml.safe_load(FOLDER.with_name("dialogues_not_yet.yml").read_text("utf-8"))
NOON = "2026-11-21T20:00:00Z"
"""A Saturday at noon in Nevada."""

NEVER_MARK = "is never said"


def plain(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return re.sub(r"\s+", " ", "".join(sign for sign in apart if not unicodedata.combining(sign)))


def build_script(dialogue: dict[str, Any]) -> dict[str, Any]:
    """A dialogue as ``porchlight talk`` reads it, at NOON where it does not matter when."""
    turns = [turn["say"] for turn in dialogue["turns"]]
    setup = {"now": NOON, **dialogue.get("setup", {})}
    return {"id": dialogue["id"], "channel": dialogue.get("channel", "sms"), "turns": turns, "setup": setup}


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """What the whole product answered, by the dialogue's id; all are played side by side."""
    scripts = [build_script(one) for one in DIALOGUES]
    call = [sys.executable, "-c", "from app.cli import main; main()", "talk", "--jsonl"]
    given = "\n".join(json.dumps(script) for script in scripts)
    ended = subprocess.run(call, input=given, capture_output=True, text=True, cwd=ROOT, timeout=400)
    assert ended.returncode == 0, ended.stderr
    return {answer["id"]: answer for answer in map(json.loads, ended.stdout.splitlines())}


def find_faults(dialogue: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    """What a dialogue's answers lack, or say that they must not."""
    for number, (turn, texts) in enumerate(zip(dialogue["turns"], answer["replies"], strict=True), 1):
        said, where = plain(" ".join(texts)), f"turn {number} ({turn['say']!r})"
        yield from (f"{where}: none of {group} in {said!r}" for group in turn.get("has", []) if not _has(group, said))
        yield from (f"{where}: {word!r} in {said!r}" for word in turn.get("lacks", []) if plain(str(word)) in said)
        yield from (f"{where}: {word!r} {NEVER_MARK}: {said!r}" for word in NEVER if word in said)
        if turn.get("quiet") and texts:
            yield f"{where}: not quiet: {said!r}"
        yield from (f"{where}: {fault}: {text!r}" for text in texts for fault in _find_shape_faults(text))
        if len(texts) > 2:
            yield f"{where}: {len(texts)} messages (V1)"
    if "handoff_by_turn" in dialogue and dialogue["handoff_by_turn"] != answer["handoff_by_turn"]:
        yield f"hand-off at {answer['handoff_by_turn']}, not {dialogue['handoff_by_turn']}"


def _has(group: list[str], said: str) -> bool:
    return any(plain(str(word)) in said for word in group)


def _find_shape_faults(text: str) -> Iterator[str]:
    if text.count("?") > 1:
        yield "two questions (V1)"
    if count_parts(fold_for_sms(text)).count > 2:
        yield "more than two parts (V1)"
    if re.search(r"[{}]", text):
        yield "a gap that was not filled"


def list_open_faults(dialogue: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """The faults but for those of the turns in dialogues_not_yet.yml."""
    known = NOT_YET.get(dialogue["id"], [])
    turns = [0 if fault.startswith("hand-off") else int(fault.split()[1]) for fault in find_faults(dialogue, answer)]
    faults = find_faults(dialogue, answer)
    return [fault for turn, fault in zip(turns, faults, strict=True) if turn not in known or NEVER_MARK in fault]


def test_what_is_not_said_yet_is_a_small_part_and_names_dialogues_that_exist() -> None:
    ids = {one["id"]: len(one["turns"]) for one in DIALOGUES}
    assert all(max(turns) <= ids[name] for name, turns in NOT_YET.items())
    assert sum(map(len, NOT_YET.values())) <= 0.18 * sum(ids.values())


def test_every_topic_has_two_dialogues_in_two_languages() -> None:
    """The groups' files name the topics in the ids of their dialogues only loosely; the count is what holds."""
    groups = {topic.group for topic in build_topics(load_documents(), ("en", "es")).values()}
    topics = build_topics(load_documents(), ("en", "es"))
    for group in groups:
        count = len(yaml.safe_load((FOLDER / f"{group}.yml").read_text("utf-8")))
        assert count >= 2 * sum(topic.group == group for topic in topics.values()) - 1, group


def test_no_two_dialogues_have_one_id() -> None:
    assert len({one["id"] for one in DIALOGUES}) == len(DIALOGUES) >= 120


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.xdist_group("talk")
@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one["id"])
def test_a_dialogue_says_what_it_must_and_nothing_that_it_must_not(
    dialogue: dict[str, Any], answers: dict[str, dict[str, Any]]
) -> None:
    assert list_open_faults(dialogue, answers[dialogue["id"]]) == []
