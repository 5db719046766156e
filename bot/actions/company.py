"""Who would come to a place, as far as a text says so by itself: codes of ``hotline.facets``. Never asked for (D1)."""

import re

from bot.actions.spoken import plain

_CHILD = (
    "baby|kid|kids|child|children|son|daughter|toddler|bebe|hijo|hija|hijos|hijas|nene|nena|nino|nina|ninos|chiquito"
)
_MALE = "boy|guy|man|male|dude|hombre|varon|chavo|muchacho|morro"
_BETWEEN = r"\d+|years?|yrs?|old|yo|de|anos|y|gay|trans|young|teen|teenage|homeless|just|only|joven"
_PATTERNS = {
    "with_child": rf"(?:my|mi|mis|our|un|a|two|2|3|dos|tres)(?: \w+)? (?:{_CHILD})",
    "boy": rf"(?:im|i am|soy|as)(?: an?| un)?(?: (?:{_BETWEEN}))* (?:{_MALE})",
    "trans": "trans|transgender|non ?binary|no binari[oae]|enby",
    "lgbtq": "gay|lesbian|lesbiana|queer|bisexual|lgbtq?",
    "tribal": "native|tribal|nativ[oa]|indigena|paiute|shoshone|washoe",
    "disability": "wheelchair|silla de ruedas|deaf|sord[oa]|blind|cieg[oa]|disabled|disability|discapacidad",
}
_COMPILED = {facet: re.compile(rf"\b(?:{pattern})\b") for facet, pattern in _PATTERNS.items()}


def find_who(text: str) -> list[str]:
    """The facets that a text names, sorted; none for most texts."""
    words = plain(text)
    return sorted(facet for facet, pattern in _COMPILED.items() if pattern.search(words))
