"""Where a texter is, as city, ZIP, county or state and never closer (C3), read from a few words."""

import re

from hotline.gazetteer import AMBIGUOUS, STATES, Area, find_far_zip, fold_words, load_gazetteer

__all__ = ["HOME_STATE", "Area", "find_area", "find_zip"]

HOME_STATE = "NV"

# Abbreviations that are also words never say a state.
_ALSO_WORDS = frozenset({"IN", "OK", "ME", "HI", "OR", "MA", "PA", "LA", "DE", "AL", "CO", "ID", "OH"})
_SAYABLE = sorted(code.lower() for code in STATES if code not in _ALSO_WORDS)
_STATE_CODES = {name: code for code, name in STATES.items()} | {code: code.upper() for code in _SAYABLE}
_STATE = re.compile(
    rf"(?<!\S)(?:{'|'.join(STATES.values())})(?!\S)(?! (?:city|county)\b)|(?<!\S)(?:{'|'.join(_SAYABLE)})$"
)
_ZIP = re.compile(r"(?<![\d-])(\d{5})(?:-\d{4})?(?![\d-])")
_BEFORE = re.compile(r"(?:^|\s)(?:in|near|en|cerca de) $")


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
    state = _STATE.search(words)
    code = _STATE_CODES[state[0]] if state else None
    named = _find_named(words, home, sure=code == home, elsewhere=state.start() - 1 if state and code != home else None)
    return named or (Area(state=code) if code else None)


def find_zip(zip_code: str, *, home: str = HOME_STATE) -> Area | None:
    """The area of a ZIP of five digits, or None if the post has no such ZIP."""
    if not re.fullmatch(r"[0-9]{5}", zip_code):
        return None
    return load_gazetteer(home).zips.get(zip_code) or find_far_zip(zip_code)


def _find_named(words: str, home: str, *, sure: bool, elsewhere: int | None) -> Area | None:
    gazetteer = load_gazetteer(home)
    for match in gazetteer.pattern.finditer(words):
        if match.end() == elsewhere:
            continue
        if match[0] not in AMBIGUOUS or sure or match[0] == words or _BEFORE.search(words[: match.start()]):
            return gazetteer.names[match[0]]
    return None
