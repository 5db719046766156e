"""The commands by which anybody can judge us: JSON Lines in, JSON Lines out."""

import json
import subprocess
import sys

import pytest

from app.programs import ROOT


def _run(command: str, lines: list[dict[str, object]], seconds: float = 170) -> list[dict[str, object]]:
    text = "\n".join(json.dumps(line) for line in lines)
    call = [sys.executable, "-c", "from app.cli import main; main()", command, "--jsonl"]
    ended = subprocess.run(call, input=text, capture_output=True, text=True, cwd=ROOT, timeout=seconds)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_screen_answers_each_line_in_order_with_level_and_reasons() -> None:
    asked: list[dict[str, object]] = [
        {"id": "a", "text": "i want to die"},
        {"id": 2, "text": "track practice was fun"},
        {"id": "c", "text": "leave", "context": ["he", {"text": "wont let me", "seconds_ago": 5}]},
    ]
    answers = _run("screen", asked)
    assert [answer["id"] for answer in answers] == ["a", 2, "c"]
    assert [answer["level"] for answer in answers][:2] == ["imminent", "none"]
    assert answers[0]["reasons"] == ["suicide"] and isinstance(answers[0]["micros"], int)
    assert answers[2]["level"] in {"high", "imminent"}


def test_screen_says_which_line_is_wrong_and_does_not_guess() -> None:
    call = [sys.executable, "-c", "from app.cli import main; main()", "screen", "--jsonl"]
    ended = subprocess.run(call, input='{"id": 1}\n', capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert ended.returncode == 2 and "line 1" in ended.stderr


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.xdist_group("talk")
def test_talk_plays_scripts_side_by_side_on_a_stack_of_its_own() -> None:
    scripts: list[dict[str, object]] = [
        {"id": "calm", "turns": ["hi", "where can i get food", "thanks"]},
        {"id": "person", "channel": "telegram", "turns": ["hi", "PERSON", "[SILENCE 10m]"]},
        {"id": "crisis", "turns": ["ya no quiero vivir"], "setup": {"advocates": "none"}},
        {"id": "photo", "turns": ["hi", "[PHOTO]"]},
        {"id": "gone", "turns": ["hi", "[SILENCE 45m]", "hi"]},
        {"id": "night", "turns": ["somewhere to sleep in las vegas"], "setup": {"now": "2026-11-22T10:00:00Z"}},
    ]
    answers = {str(answer["id"]): answer for answer in _run("talk", scripts)}
    assert set(answers) == {str(script["id"]) for script in scripts}
    assert all(len(replies) >= 1 for replies in answers["calm"]["replies"])  # type: ignore[union-attr, attr-defined]
    assert answers["calm"]["handoff_by_turn"] is None
    assert answers["person"]["handoff_by_turn"] == 2
    assert len(answers["person"]["replies"][2]) == 1  # type: ignore[index]
    assert answers["crisis"]["level"] == "imminent" and answers["crisis"]["handoff_by_turn"] == 1
    assert "988" in answers["crisis"]["replies"][0][0]  # type: ignore[index]
    assert answers["gone"]["replies"][1] == []  # type: ignore[index]
    assert answers["gone"]["replies"][0] == answers["gone"]["replies"][2]  # type: ignore[index]
