"""What a card says: one number, one word a language, checked before anything is laid out (O1)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.digits import flatten, is_code, is_full_number
from hotline.errors import ContentError
from outreach.products import LEAST_CONTRAST, STYLES, Product, Style, measure_contrast

LANGUAGES: Mapping[str, tuple[str, ...]] = {"en": ("en",), "es": ("es",), "both": ("en", "es")}
_WORD = re.compile(r"[A-ZÑ]{2,10}[0-9]{0,2}")
_BOT = re.compile(r"[A-Za-z0-9_]{5,32}")


@dataclass(frozen=True, slots=True)
class PrintWords:
    """The words of ``safety_content/outreach.yml``: the word to text by language, and those around word and number."""

    words: Mapping[str, str]
    around: Mapping[str, tuple[str, str]]
    site_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what stands before the word, the word, what stands after it; one entry a language that it is for."""

    before: tuple[str, ...]
    word: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A checked card. ``number`` is grouped for the eye; ``qr`` is what its QR code says, or empty for none."""

    product: Product
    number: str
    rows: tuple[Row, ...]
    style: Style
    qr: str = ""
    logo: str = ""


def build_print_words(documents: Mapping[str, Any]) -> PrintWords:
    """The words to print. Raises ContentError if a language lacks one or the document is not well formed."""
    try:
        document = documents["outreach"]
        around = {language: (said["before"], said["after"]) for language, said in document["around"].items()}
        found = PrintWords(dict(document["words"]), around, tuple(document["site_words"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"outreach: the document is not well formed ({type(error).__name__})") from None
    if set(found.words) != set(around) or not set(LANGUAGES["both"]) <= set(around) or not found.site_words:
        raise ContentError("outreach: a language lacks its word or what stands around it")
    return found


def build_card(
    words: PrintWords,
    product: Product,
    number: str,
    *,
    language: str = "en",
    style: str = "plain",
    word: str = "",
    qr: str = "",
    logo: str = "",
    refused: Collection[str] = (),
) -> Card:
    """A card for this number; ``word`` replaces the usual ones, as a site code does (O2). ``logo`` is an SVG's text.

    ``qr`` is ``sms``, a Telegram bot's name, or empty. ``refused`` are known misprints. Raises ContentError for a
    number that cannot be texted, a word that is hard to type, a style without contrast, a product without room.
    """
    if language not in LANGUAGES or style not in STYLES:
        raise ContentError(f"languages are {', '.join(LANGUAGES)}; styles are {', '.join(STYLES)}")
    if measure_contrast(STYLES[style]) < LEAST_CONTRAST:
        raise ContentError(f"the style {style} has less contrast than {LEAST_CONTRAST}:1")
    if (qr and not product.takes_qr) or (logo and not product.takes_logo):
        raise ContentError(f"{product.id} has no room for that: no QR code, no logo")
    shown = _group(number, refused)
    rows = _build_rows(words, LANGUAGES[language], word)
    return Card(product, shown, rows, STYLES[style], _say_qr(qr, number, rows[0].word), logo)


def _build_rows(words: PrintWords, languages: tuple[str, ...], word: str) -> tuple[Row, ...]:
    """A row a language; languages that share the word share a row."""
    rows: dict[str, Row] = {}
    for language in languages:
        said = (word or words.words[language]).upper()
        if not _WORD.fullmatch(said):
            raise ContentError("the word must be 2 to 10 letters and two digits at most: it is typed in a hurry")
        before, after = words.around[language]
        row = rows.get(said, Row((), said, ()))
        rows[said] = Row((*row.before, before), said, (*row.after, after))
    return tuple(rows.values())


def _group(number: str, refused: Collection[str]) -> str:
    flat = flatten(number)
    if flat in refused:
        raise ContentError("this number is a known misprint or out of use")
    if is_full_number(flat):
        return f"{flat[:3]}-{flat[3:6]}-{flat[6:]}"
    if not is_code(flat):
        raise ContentError("the number must be a short code or a ten-digit number that can be texted")
    return flat


def _say_qr(kind: str, number: str, word: str) -> str:
    if not kind:
        return ""
    if kind == "sms":
        flat = flatten(number)
        return f"sms:{'+1' if is_full_number(flat) else ''}{flat}?&body={word}"
    if not _BOT.fullmatch(kind):
        raise ContentError("a QR code is for sms, or for a Telegram bot's name")
    return f"https://t.me/{kind}?start={word}"
