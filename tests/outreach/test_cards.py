"""What a card says, before it is laid out (O1)."""

from dataclasses import replace

import pytest

from hotline.errors import ContentError
from outreach import products
from outreach.cards import PrintWords, build_card
from outreach.products import PRODUCTS, STYLES, Style, measure_contrast

NUMBER = "+1 (775) 555-0123"


def test_a_card_says_one_number_and_one_word_and_nothing_else(words: PrintWords) -> None:
    """O1: no agency, no subject, no code, no logo unless asked for."""
    card = build_card(words, PRODUCTS["insert"], NUMBER)
    assert card.number == "775-555-0123"
    assert [row.word for row in card.rows] == ["HI"]
    assert (card.qr, card.logo) == ("", "")


def test_both_languages_share_a_row_where_they_share_the_word(words: PrintWords) -> None:
    apart = build_card(words, PRODUCTS["wallet"], NUMBER, language="both")
    shared = build_card(words, PRODUCTS["wallet"], NUMBER, language="both", word="sun4")
    assert [row.word for row in apart.rows] == ["HI", "HOLA"]
    assert [(row.before, row.word) for row in shared.rows] == [(("text", "manda"), "SUN4")]


@pytest.mark.parametrize("number", ["74174", "77054", "555", "7755550", "0123456789", "call me", ""])
def test_a_number_that_nobody_can_text_or_a_known_misprint_is_not_printed(words: PrintWords, number: str) -> None:
    with pytest.raises(ContentError):
        build_card(words, PRODUCTS["insert"], number, refused={"74174", "77054"})


@pytest.mark.parametrize("word", ["a", "two words", "rescue-me", "sun444", "x" * 11, "<b>"])
def test_a_word_that_is_hard_to_type_is_not_printed(words: PrintWords, word: str) -> None:
    with pytest.raises(ContentError):
        build_card(words, PRODUCTS["insert"], NUMBER, word=word)


def test_a_qr_code_opens_a_text_with_the_word_and_small_things_take_none(words: PrintWords) -> None:
    assert build_card(words, PRODUCTS["wallet"], NUMBER, qr="sms").qr == "sms:+17755550123?&body=HI"
    assert (
        build_card(words, PRODUCTS["wallet"], NUMBER, qr="our_bot", word="sun4").qr == "https://t.me/our_bot?start=SUN4"
    )
    with pytest.raises(ContentError):
        build_card(words, PRODUCTS["wallet"], NUMBER, qr="https://elsewhere.example")
    with pytest.raises(ContentError):
        build_card(words, PRODUCTS["wrap"], NUMBER, qr="sms")


def test_contrast_is_that_of_the_standard_and_every_style_has_enough() -> None:
    assert measure_contrast(Style("#000000", "#ffffff")) == pytest.approx(21)
    assert measure_contrast(Style("#777777", "#ffffff")) == pytest.approx(4.48, abs=0.01)
    assert min(map(measure_contrast, STYLES.values())) >= products.LEAST_CONTRAST


def test_a_style_without_contrast_is_refused(words: PrintWords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STYLES, "pale", replace(STYLES["plain"], ink="#777777"))  # type: ignore[arg-type]
    with pytest.raises(ContentError, match="contrast"):
        build_card(words, PRODUCTS["insert"], NUMBER, style="pale")
