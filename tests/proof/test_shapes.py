"""A search that cannot find proves nothing: every shape is planted, and found."""

import pytest

from tests.proof.canaries import Aviary
from tests.proof.shapes import PLANTED, PLANTED_NUMBERS, Finder

AVIARY = Aviary.hatch()
BIRD = AVIARY.name("planted")
AVIARY.name("other")
SENTENCE = f'mamá said "no" & he <took> my {BIRD.word} lantern, 100% ñ'
NOISE = bytes(range(256)) * 40


@pytest.mark.parametrize("shape", PLANTED)
def test_words_are_found_in_every_shape(shape: str) -> None:
    content = PLANTED[shape](SENTENCE)
    for held in (content, content if shape == "bare deflate" else NOISE + content + NOISE):
        assert {path for path, _ in Finder(AVIARY).search(held)} == {"planted"}


@pytest.mark.parametrize("form", PLANTED_NUMBERS)
@pytest.mark.parametrize("shape", [shape for shape in PLANTED if shape != "upper case"])
def test_numbers_are_found_in_every_form_and_shape(form: str, shape: str) -> None:
    content = PLANTED[shape](f"call {PLANTED_NUMBERS[form](BIRD.number)} now")
    assert {path for path, _ in Finder(AVIARY).search(content)} == {"planted"}


@pytest.mark.parametrize("shape", PLANTED)
def test_chat_ids_are_found_in_every_shape(shape: str) -> None:
    content = PLANTED[shape](f'{{"chat": {BIRD.chat}}}')
    assert {path for path, _ in Finder(AVIARY).search(content)} == {"planted"}


def test_what_is_no_canary_is_not_found() -> None:
    other = Aviary.hatch()
    other.name("planted")
    content = b"".join(plant(SENTENCE) for plant in PLANTED.values())
    assert Finder(other).search(content) == set()
    assert Finder(AVIARY).search(NOISE) == set()
