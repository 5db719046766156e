"""What a texter can mean by a few words: skipping a question, an age, a language. Answers are codes, never words."""

import re

from hotline.text import fold

_SKIPS = frozenset(
    {
        "skip", "idk", "i dont know", "i dunno", "dunno", "dont know", "not sure", "pass", "rather not say", "no",
        "id rather not say", "prefer not to say", "doesnt matter", "anywhere", "none", "no thanks",
        "i dont want to say", "dont wanna say", "nose", "no se", "saltar", "omitir", "paso",
        "prefiero no decir", "no quiero decir", "nada",
        "no importa", "donde sea", "da igual", "sepa", "no gracias", "ns", "nvm", "n", "nope",
    }
)  # fmt: skip
_UNDER = re.compile(r"\b(?:under|below|minor|menor|menos de|younger|teen|underage|not 18)\b")
_OVER = re.compile(r"\b(?:over|adult|adulta|adulto|mayor|mas de 18|older|18 and|18 or|18 plus)\b")
_SAID_AGE = re.compile(
    r"\b(?:im|i am|tengo|age|edad|cumpli|turned)\s+(\d{1,2})\b|\b(\d{1,2})\s*(?:yo|yrs?|years?|anos|y o)\b"
    r"|(?<!\d )\b(1\d|2[0-5])(?: [mf])?$"
)
_REFUSES = re.compile(r"\b(?:no|not|dont|wont|rather)\b")
_TO_SAY = re.compile(r"\b(?:edad|anos|age|old|decir|digo|dire|say|tell|telling|share)\b")
_BARE_AGE = re.compile(r"\b(\d{1,2})\b")
_ENGLISH = re.compile(r"\b(?:english|ingles|inglish)\b")
_SPANISH = re.compile(r"\b(?:spanish|espanol|castellano)\b")
_NOT = re.compile(r"\b(?:no|not|dont|cant|never)\b")
_TEEN_AT, _ADULT_AT = 12, 18


def plain(text: str) -> str:
    """A text in small letters without accents, apostrophes and other signs."""
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"['\u2019]", "", fold(text))))


def is_skip(text: str) -> bool:
    """True if a text declines to answer; refusing is always fine (V3)."""
    words = plain(text)
    refuses = _REFUSES.search(words)
    return words in _SKIPS or (refuses is not None and _TO_SAY.search(words, refuses.end()) is not None)


def _band(years: int) -> str:
    if years < _TEEN_AT:
        return "under_12"
    return "under_18" if years < _ADULT_AT else "adult"


def find_said_age(text: str) -> str | None:
    """The age band of an age that a text states by itself ("im 16"), or None."""
    found = _SAID_AGE.search(plain(text))
    return _band(int(found[1] or found[2] or found[3])) if found else None


def find_age(text: str) -> str | None:
    """The age band in an answer to the question for it: ``under_12``, ``under_18``, ``adult``, or None."""
    words = plain(text)
    said = find_said_age(text)
    if said:
        return said
    if _UNDER.search(words):
        return "under_18"
    if _OVER.search(words):
        return "adult"
    bare = _BARE_AGE.search(words)
    return _band(int(bare[1])) if bare else None


def choose_language(text: str, current: str) -> str:
    """The language that a text asks for (``en``, ``es``): the named one, not one it cannot read, else the other."""
    words = plain(text)
    english, spanish = bool(_ENGLISH.search(words)), bool(_SPANISH.search(words))
    if english == spanish:
        return "es" if current == "en" else "en"
    wanted = "en" if english else "es"
    refused = _NOT.search(words) is not None
    return {"en": "es", "es": "en"}[wanted] if refused else wanted
