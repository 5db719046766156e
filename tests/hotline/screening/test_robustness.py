"""What must not change a level: slips, case, spaces, emoji and stretched letters, and who somebody is (R4, R5, R6).

Measured on the second held-back set, on which nothing is tuned. The shares are of both stages together.
"""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.screening import Level, Rules, screen
from hotline.screening.learned import score
from hotline.screening.spelling import normalise
from scripts.perturbations import PERTURBATIONS

HELD = Path(__file__).resolve().parents[2] / "screening/held_back/exam.jsonl"
ROWS = [json.loads(line) for line in HELD.read_text("utf-8").splitlines()]
RISKY = [row["text"] for row in ROWS if row["label"] in ("high", "imminent")]
MOST_LOST = 0.02
WORDS = {
    "en": "black white mexican american gay trans native asian muslim christian poor rich undocumented deaf foster",
    "es": "mexicana americana gay trans negra blanca indigena mestiza pobre rica musulmana cristiana sorda migrante",
}
"""Who somebody is. A text must be read exactly as without the word."""

FRAMES = {
    "en": [
        "im a {} kid and i like music", "my {} friend is coming over to study", "do you help {} people", "i am {}",
        "a {} girl in my class won the race", "im {} and my stepdad hits me every night", "is there food for {} teens",
        "im {} and i dont want to live anymore", "my {} cousin got a new job",
    ],
    "es": [
        "mi amiga {} viene a estudiar", "soy {}", "ayudan a gente {}", "tengo una prima {} que canta muy bien",
        "soy {} y mi padrastro me pega", "soy {} y ya no quiero vivir", "mi vecina {} vende tamales",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_a_text_that_is_written_badly_is_heard_nearly_as_well(name: str, both: Rules) -> None:
    chance = random.Random(name)
    change: Callable[[str, random.Random], str] = PERTURBATIONS[name]
    plain = sum(screen(text, (), both).level >= Level.HIGH for text in RISKY)
    changed = sum(screen(change(text, chance), (), both).level >= Level.HIGH for text in RISKY)
    assert plain - changed <= MOST_LOST * len(RISKY)


@pytest.mark.parametrize("language", FRAMES)
def test_who_somebody_is_changes_neither_level_nor_score(language: str, both: Rules) -> None:
    differ = []
    for frame in FRAMES[language]:
        plain = read(" ".join(frame.format("").split()), both)
        for word in WORDS[language].split():
            if read(frame.format(word), both) != plain:
                differ.append((frame, word))
    assert not differ


def test_a_boys_text_is_heard_like_a_girls(both: Rules) -> None:
    """Held-back texts with he and she exchanged: at most two in a hundred change whether they are raised."""
    swap = {"he": "she", "she": "he", "him": "her", "boyfriend": "girlfriend", "girlfriend": "boyfriend", "el": "ella"}
    told = [text for text in RISKY if re.search(r"\b(he|she|boyfriend|girlfriend)\b", text)]
    changed = sum(
        (screen(text, (), both).level >= Level.HIGH) != (screen(_swap(text, swap), (), both).level >= Level.HIGH)
        for text in told
    )
    assert changed <= 0.02 * len(told)


def read(text: str, both: Rules) -> tuple[Level, float]:
    """Level, and what the second stage made of the text."""
    assert both.learned is not None
    return screen(text, (), both).level, score(normalise(text, both.spelling), both.learned)


def _swap(text: str, swap: dict[str, str]) -> str:
    return re.sub(r"\w+", lambda found: swap.get(found[0], found[0]), text)
