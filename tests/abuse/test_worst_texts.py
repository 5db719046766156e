"""Texts that are made to be slow: every reader of a text is linear in its length, and danger in them is still heard."""

import random
import time
from collections.abc import Callable

import pytest

from bot.actions.spoken import is_skip
from hotline.gsm import count_parts, fold_for_sms
from hotline.keywords import build_keywords, find_keyword
from hotline.language import build_languages, guess_language
from hotline.screening import Level, screen
from hotline.screening.spelling import normalise
from hotline.text import fold
from storage.content_files import load_documents, load_rules
from storage.page_links import find_link_code

DOCUMENTS = load_documents()
RULES, KEYWORDS, LANGUAGES = load_rules(DOCUMENTS), build_keywords(DOCUMENTS), build_languages(DOCUMENTS)
_CHANCE = random.Random(1)
PLAIN = "i had a long day at school and my mom is mad. "
FILLERS = {
    "combining marks": "\u0301",
    "marks on a letter": "e" + "\u0301\u0302\u0303" * 8,
    "right to left": "\u202e",
    "joiners": "\u200d",
    "a sign of eighteen letters": "\ufdfa",
    "a sign of eight letters": "\ufdfb",
    "signs of five letters": "\u3300",
    "emoji": "\U0001f600",
    "families": "👨‍👩‍👧",
    "half characters": "\ud800",
    "NULs": "\0",
    "syllables": "\ud55c",
    "ligatures": "\ufb03",
    "digits": "1",
    "letters apart": "q z ",
    "words that nobody knows": "qzxkvw ",
    "long words that nobody knows": "abcdefghijklmnopqrst ",
    "other words that nobody knows": " ".join("".join(_CHANCE.sample("bcdfghjklmnpqrstvwxz", 7)) for _ in range(9000)),
    "slips": "kll mslf sicde ",
    "stars": "a*a",
    "quotes": '"',
    "line ends": "\n",
    "dots": ". ",
    "spaces": " ",
}
READERS: dict[str, Callable[[str], object]] = {
    "screening": lambda text: screen(text, (), RULES),
    "spelling": lambda text: normalise(text, RULES.spelling),
    "folding": fold,
    "keyword": lambda text: find_keyword(text, KEYWORDS),
    "language": lambda text: guess_language(text, LANGUAGES),
    "SMS folding": fold_for_sms,
    "SMS parts": count_parts,
    "link code": find_link_code,
}


def _cost(read: Callable[[str], object], text: str) -> float:
    """Seconds of our own processor time, the best of three."""
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        read(text)
        best = min(best, time.process_time() - began)
    return best


def _repeat(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


@pytest.mark.parametrize("reader", READERS)
def test_four_times_the_text_is_no_more_than_some_four_times_the_work(reader: str) -> None:
    read = READERS[reader]
    for name, unit in FILLERS.items():
        short, long = _cost(read, _repeat(unit, 4096)), _cost(read, _repeat(unit, 16_384))
        assert long < 12 * short + 0.02, f"{name}: {short * 1000:.1f} ms, then {long * 1000:.1f} ms"


def test_no_text_takes_more_than_some_times_as_long_to_screen_as_a_plain_one_of_that_length() -> None:
    read = READERS["screening"]

    def compare(unit: str) -> float:
        return _cost(read, _repeat(unit, 65_536)) / _cost(read, _repeat(PLAIN, 65_536))

    # Each beside its own plain text, twice: a core that others share is slower in one moment than in the next.
    worst = {name: min(compare(unit) for _ in range(2)) for name, unit in FILLERS.items()}
    assert max(worst.values()) < 4, sorted(worst.items(), key=lambda one: -one[1])[:3]


def test_a_refusal_is_found_in_linear_time() -> None:
    assert is_skip("i do not want to say") and not is_skip("not " * 20)
    assert _cost(is_skip, "not " * 4000) < 12 * _cost(is_skip, "not " * 1000) + 0.02


@pytest.mark.parametrize("name", [name for name in FILLERS if name != "slips"])
def test_danger_at_either_end_of_a_long_text_is_heard_r1(name: str) -> None:
    filler = _repeat(FILLERS[name], 65_000)
    for text in (f"i want to kill myself. {filler}", f"{filler} . i want to kill myself"):
        assert screen(text, (), RULES).level >= Level.HIGH
