"""Where a texter is, as city, ZIP, county or state and never closer (C3), read from a few words."""

import functools
import re

from hotline.edits import count_edits
from hotline.gazetteer import STATES, Area, Gazetteer, find_far_zip, fold_words, load_gazetteer
from hotline.place_names import LONG_NAMES

__all__ = ["HOME_STATE", "Area", "find_area", "find_zip"]

HOME_STATE = "NV"

# Abbreviations that are also words never say a state.
_ALSO_WORDS = frozenset({"IN", "OK", "ME", "HI", "OR", "MA", "PA", "LA", "DE", "AL", "CO", "ID", "OH"})
_SAYABLE = sorted(code.lower() for code in STATES if code not in _ALSO_WORDS)
_STATE_CODES = {name: code for code, name in STATES.items()} | {code: code.upper() for code in _SAYABLE}
_ZIP = re.compile(r"(?<![\d-])(\d{5})(?:-\d{4})?(?![\d-])")
_BEFORE = re.compile(r"(?:^|\s)(?:in|near|around|outside|en|cerca de|por) $")
_A_PERSON = re.compile(
    r"(?:^|\s)(?:mr|mrs|ms|miss|dr|coach|officer|detective|sr|sra|senor|senora|named|called|name is|se llama|don) $"
)
_FILLERS = frozenset(
    re.findall(
        r"[a-z]+",
        """
        a actually ahora ahorita am and ando aqui area around at by cerca city ciudad close de e el en er estoy favor
        for from gracias guess here hi i idk im in is its just kinda like live living maybe me mi my near nevada now nv
        of ok okay outside please pls por probably really right rn s so sort soy staying still thanks the think this to
        town uh um vivo we well were yeah yes zip
        """,
    )
)
"""Words beside a name that leave it the whole answer: "im in sparks rn"."""

_HERE = re.compile(
    r"(?:^|\s)(?:im|i am|were|we are|me and \w+ are|live|living|staying|stuck|sleeping|estoy|estamos|vivo|ando) "
    r"(?:out |down |up |over )?(?:in|at|near|around|by|en|por|cerca de) $"
)
_AWAY = re.compile(r"(?:^|\s)(?:from|not|not in|left|leaving|lives in|is in|went to|going to|desde|deje|vive en) $")
_MOST_WORDS = 3
_LONGEST = 60
"""Words of a text that are looked at for misspelt names."""


def find_area(text: str, *, home: str = HOME_STATE) -> Area | None:
    """The area that a text names: a ZIP first, then a city or county of the home state, then another state.

    ``home`` is the state of the hotline's region. Of other states only the state itself is read, since no place
    there is served. Nothing is guessed: None if no area is named.
    """
    for match in _ZIP.finditer(text):
        found = find_zip(match[1], home=home)
        if found is not None:
            return found
    words = fold_words(text)
    state = _build_state_pattern().search(words)
    code = _STATE_CODES[state[0]] if state else None
    named = _find_named(words, home, sure=code == home, elsewhere=state.start() - 1 if state and code != home else None)
    return named or (Area(state=code) if code else None)


@functools.cache
def _build_state_pattern() -> re.Pattern[str]:
    """Built for the first text that is asked for its area: no start waits for it."""
    names, codes = "|".join(STATES.values()), "|".join(_SAYABLE)
    return re.compile(rf"(?<!\S)(?:{names})(?!\S)(?! (?:city|county)\b)|(?<!\S)(?:{codes})$")


def find_zip(zip_code: str, *, home: str = HOME_STATE) -> Area | None:
    """The area of a ZIP of five digits, or None if the post has no such ZIP."""
    if not re.fullmatch(r"[0-9]{5}", zip_code):
        return None
    return load_gazetteer(home).zips.get(zip_code) or find_far_zip(zip_code)


def _find_named(words: str, home: str, *, sure: bool, elsewhere: int | None) -> Area | None:
    gazetteer = load_gazetteer(home)
    meant = [
        match
        for match in gazetteer.pattern.finditer(words)
        if match.end() != elsewhere and (sure or _is_meant(match, words, gazetteer))
    ]
    if meant:
        # Of several places it is the one where they say they are; else one that they do not only come from.
        best = min(meant, key=lambda match: _rank(words[: match.start()]))
        return gazetteer.names[best[0]]
    misspelt = _find_misspelt(words, home) if elsewhere is None else None
    return gazetteer.names[misspelt] if misspelt else None


def _rank(before: str) -> int:
    if _HERE.search(before):
        return 0
    return 2 if _AWAY.search(before) else 1


def _is_meant(match: re.Match[str], words: str, gazetteer: Gazetteer) -> bool:
    """False for an everyday word or a person's name that nothing beside it makes a place."""
    before = words[: match.start()]
    if _A_PERSON.search(before):
        return False
    if match[0] not in gazetteer.ordinary:
        return True
    around = f"{before} {words[match.end() :]}".split()
    if all(word in _FILLERS for word in around):
        return True
    return match[0] not in gazetteer.whole and _BEFORE.search(before) is not None


def _find_misspelt(words: str, home: str) -> str | None:
    """A long name with one slip in it."""
    tokens = words.split()[:_LONGEST]
    for length in range(_MOST_WORDS, 0, -1):
        for at in range(len(tokens) - length + 1):
            piece = " ".join(tokens[at : at + length])
            for name in LONG_NAMES.get(home, ()):
                if abs(len(name) - len(piece)) <= 1 and name[-1] == piece[-1] and count_edits(piece, name) == 1:
                    return name
    return None
