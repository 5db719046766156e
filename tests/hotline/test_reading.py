"""The reading grade (V2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.reading import compute_grade, count_syllables

ENGLISH = (
    "a:1 the:1 place:1 places:2 help:1 helped:1 wanted:2 needed:2 number:2 people:2 person:2 someone:2 something:2 "
    "area:3 idea:3 being:2 going:2 quiet:2 little:2 table:2 picture:2 pictures:2 safe:1 changes:2 watches:2 goes:1 "
    "doctor:2 clinic:2 hospital:3 animal:3 alcohol:3 talk:1 breathe:1 breathing:2 tired:1 used:1 asked:1 hurt:1 "
    "isn't:2 don't:1 can't:1 didn't:2 you're:1 it's:1 every:2 family:3 other:2 another:3 choice:1 choices:2 life:1 "
    "automated:4 emergency:4 deleted:3 anyone:3 everyone:3 hours:1 trouble:2 school:1 mistake:2 one:1 done:1 eyes:1"
)
SPANISH = (
    "a:1 casa:2 puedes:2 ayuda:3 ahora:3 persona:3 ciudad:2 guía:2 día:2 oír:2 que:1 quien:1 aquí:2 hoy:1 muy:1 y:1 "
    "mensaje:3 policía:4 teléfono:4 número:3 lugar:2 línea:3 peor:2 leer:2 real:2 vergüenza:3 agua:2 siguiente:3 "
    "llegué:2 cuidado:3 ropa:2 comida:3 escribe:3 después:2 bien:1 país:2 tío:2 estudio:3 prohibir:3 automático:5"
)


@pytest.mark.parametrize("entry", ENGLISH.split())
def test_english_syllables_are_counted_v2(entry: str) -> None:
    word, count = entry.split(":")
    assert count_syllables(word, "en") == int(count)


@pytest.mark.parametrize("entry", SPANISH.split())
def test_spanish_syllables_are_counted_v2(entry: str) -> None:
    word, count = entry.split(":")
    assert count_syllables(word, "es") == int(count)


def test_short_plain_words_have_a_low_grade_v2() -> None:
    assert compute_grade("You can stop any time. I am glad you told me.", "en") < 3
    assert compute_grade("Puedes parar cuando quieras. Gracias por contarme esto.", "es") < 6


def test_office_language_has_a_high_grade_v2() -> None:
    english = "Confidentiality of communications may be limited by applicable mandatory reporting obligations."
    spanish = "La confidencialidad de las comunicaciones puede limitarse por obligaciones legales de notificación."
    assert compute_grade(english, "en") > 12
    assert compute_grade(spanish, "es") > 12


def test_english_is_flesch_kincaid() -> None:
    """Ten words, two sentences, eighteen syllables."""
    text = "A person can open another window. You can answer tomorrow."
    assert compute_grade(text, "en") == pytest.approx(0.39 * 5 + 11.8 * 18 / 10 - 15.59)


def test_spanish_meets_the_scale_of_fernandez_huerta() -> None:
    """Ease 70 is the lower end of grade 6 on his scale; two syllables a word and 16.5 words a sentence give 70.01."""
    sentence = "casa " * 16
    ease = 206.84 - 60 * 2 - 1.02 * 16
    assert compute_grade(sentence, "es") == pytest.approx(13 - ease / 10)
    assert compute_grade("casa " * 17, "es") == pytest.approx(6 + (70 - (206.84 - 120 - 17.34)) / 5)


@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_keywords_and_gaps_are_left_out(language: str) -> None:
    with_gaps = compute_grade("STOP {lifeline.how} 988 takeitdown.ncmec.org casa casa casa", language)
    assert with_gaps == compute_grade("casa casa casa", language)
    assert compute_grade("STOP 911 {hotline}", language) == 0


@given(st.text(max_size=200), st.sampled_from(["en", "es"]))
def test_any_text_has_a_grade(text: str, language: str) -> None:
    assert compute_grade(text, language) >= 0
