"""Which need a texter names when asking for a number; the rule that picks the line is hotline.numbers.pick_line."""

import re

from bot.actions.spoken import plain

_NEEDS = (
    ("suicide", r"suicid\w*|988|want to die|morir\w*|kill myself"),
    ("danger", r"911|emergenc\w*|ambulance|ambulancia"),
    ("poison", r"poison\w*|envenen\w*|veneno"),
    ("pictures_threat", r"pics?|pictures?|photos?|fotos?|nudes?"),
    ("assault_exam", r"assault\w*|rape\w*|violacion|abus\w* sexual"),
    ("partner_violence", r"domestic\w*|violencia|boyfriend|girlfriend|novi[oa]|partner|pareja|dating"),
    ("control", r"traffick\w*|trata|befree"),
    ("ran_away", r"run\s?aways?|ran away|fug\w*|van de casa"),
    ("place_tonight", r"shelters?|refugios?|albergues?|sleep|dormir|homeless"),
    ("lgbtq", r"lgbt\w*|gay|lesbian\w*|queer|trevor"),
    ("trans", r"trans|transgender"),
    ("substance_use", r"drugs?|drogas?|rehab\w*|alcohol|detox"),
    ("tribal", r"native|nativ[oa]s?|tribal|indigena\w*"),
    ("disability", r"deaf|sord[oa]s?|tty|relay"),
    ("food", r"food|comida|hungry|hambre|211"),
    ("family_hurting", r"child abuse|abuso infantil|childhelp"),
    ("counselling", r"talk|hablar|crisis|mental|therap\w*|terap\w*"),
)
_PATTERNS = tuple((need, re.compile(rf"\b(?:{pattern})\b")) for need, pattern in _NEEDS)
ANYTHING = "anything"
_PLACE_FLOW = frozenset({"another_place", "inform_area"})


def find_need(text: str, topic: str | None) -> str:
    """The need that a text names, else the topic of the text before, else ``anything``."""
    words = plain(text)
    for need, pattern in _PATTERNS:
        if pattern.search(words):
            return need
    if topic in _PLACE_FLOW:
        return "place_tonight"
    return topic or ANYTHING
