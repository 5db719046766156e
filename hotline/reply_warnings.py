"""What an advocate is warned of while composing: words that no reply holds, and street addresses (V3-V5, D4, A8).

``console/static/composing.js`` does the same in the browser, so that unsent words stay there; a test compares the two.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline.errors import ContentError
from hotline.gsm import fold_for_sms

DOCUMENT = "banned"
ADDRESS = "address"

# An advocate may say the words by which a texter speaks of somebody; the bot cannot know them.
_LEFT_OUT = frozenset({"V2 gendered"})

_PASSED = "on|the|in|at|of|a|to|and|or|my|your|is|are|we|you|i|for|from|off|down|up|by|near|people|days|hours|minutes"
_PASSED_ES = "desde|hace|hay|por|a|las|los|tengo|con|y|o|en|que|llevo|como|mas|son|es|unos|unas|casi"
_KINDS = "street|st|avenue|ave|av|road|rd|boulevard|blvd|parkway|pkwy|highway|hwy"
_PROPER_KINDS = "Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Way|Circle|Cir|Square|Sq|Trail|Trl|Terrace|Plaza"

SMALL_LETTER_PATTERNS = (
    f"(?<![a-z0-9])[0-9]{{1,6}}[a-z]?(?: +(?!(?:{_PASSED})(?![a-z]))[a-z0-9.'#-]+){{1,4}}? +(?:{_KINDS})(?![a-z0-9])",
    "(?<![a-z])(?:calle|avenida|carretera|camino|paseo|bulevar|apartado)"
    f"(?: +(?!(?:{_PASSED_ES})(?![a-z]))[a-zñü0-9.'#-]+){{0,4}}? +#?[0-9]{{1,6}}(?![a-z0-9])",
    "(?<![a-z])p[.]? ?o[.]? box +[0-9]",
    "(?<![a-z])(?:corner of|esquina de) +[a-zñü0-9.' -]{1,30} (?:and|y|con) [a-zñü0-9]",
)
"""Looked for in the folded text in small letters. Written in what Python and JavaScript read alike."""

CASED_PATTERNS = (
    f"(?<![A-Za-z0-9])[0-9]{{1,6}}(?: +[A-Z0-9][A-Za-z0-9.'-]*){{1,4}}? +(?:{_PROPER_KINDS})(?![A-Za-z0-9])",
)
"""Words that are also everyday words: only after a number and a name with a capital."""

_SMALL = tuple(re.compile(pattern) for pattern in SMALL_LETTER_PATTERNS)
_CASED = tuple(re.compile(pattern) for pattern in CASED_PATTERNS)


@dataclass(frozen=True, slots=True)
class WarningRules:
    """Banned words by language and reason, a star standing for any ending; streets of open places that may be said."""

    banned: Mapping[str, Mapping[str, Sequence[str]]]
    streets: tuple[str, ...] = field(default=(), repr=False)


def build_warning_rules(documents: Mapping[str, Any], streets: Iterable[str] = ()) -> WarningRules:
    """The rules from ``banned.yml`` and the streets of published places. Raises ContentError for a malformed document.

    Reasons become codes: "V4 blame" is ``v4_blame``.
    """
    document = documents.get(DOCUMENT)
    phrases = document.get("phrases") if isinstance(document, dict) else None
    if not isinstance(phrases, dict) or not all(isinstance(groups, dict) for groups in phrases.values()):
        raise ContentError(f"{DOCUMENT}: needs phrases by language")
    banned = {
        language: {
            name_reason(reason): tuple(fold_for_sms(str(word).lower()) for word in words)
            for reason, words in groups.items()
            if reason not in _LEFT_OUT
        }
        for language, groups in phrases.items()
    }
    return WarningRules(banned, tuple(street for street in streets if street))


def name_reason(reason: str) -> str:
    """The code of a reason."""
    return re.sub("[^a-z0-9]+", "_", reason.lower()).strip("_")


def find_banned(text: str, language: str, rules: WarningRules) -> tuple[tuple[str, str], ...]:
    """Each reason that the text breaks with the first words that do, in the document's order."""
    folded = fold_for_sms(text.lower())
    found = ((reason, _compile(words).search(folded)) for reason, words in rules.banned.get(language, {}).items())
    return tuple((reason, match[0]) for reason, match in found if match)


def find_address(text: str, rules: WarningRules) -> bool:
    """True if the text seems to hold a street address that is not a published open place's (D4)."""
    cased = fold_for_sms(text).replace("\n", " ")
    small = fold_for_sms(text.lower()).replace("\n", " ")
    for street in rules.streets:
        cased = cased.replace(fold_for_sms(street), " ")
        small = small.replace(fold_for_sms(street.lower()), " ")
    return any(pattern.search(small) for pattern in _SMALL) or any(pattern.search(cased) for pattern in _CASED)


def find_warnings(text: str, language: str, rules: WarningRules) -> tuple[str, ...]:
    """Codes of all that an advocate is warned of: reasons of banned words, then ``address``."""
    codes = tuple(reason for reason, _ in find_banned(text, language, rules))
    return (*codes, ADDRESS) if find_address(text, rules) else codes


def _compile(words: Sequence[str]) -> re.Pattern[str]:
    # re keeps what it compiled lately, so this costs a look-up.
    plain = (re.escape(word).replace(re.escape("*"), r"\w*") for word in words)
    return re.compile("|".join(rf"(?<!\w){word}(?!\w)" for word in plain))
