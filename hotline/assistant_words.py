"""Words of an assistant that is not ours: what must not reach a texter, and the line that carries the rest (X6).

Nobody reviewed these words. What a reply of ours may never say, such a reply may not say either; what is refused
becomes a safety reply and the offer of a person.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hotline.content import LANGUAGES
from hotline.gsm import count_parts, fold_for_sms
from hotline.personal_numbers import find_personal_number
from hotline.reply_warnings import WarningRules, find_address, find_banned

KEY = "assistant_says"
"""The reply key under which such words are sent; its only gap is ``{said.words}``."""

MOST_MESSAGES = 2
MOST_PARTS = 2
_REFUSED_GROUPS = ("v4_", "v5_", "p5_", "c3_", "method_")
"""Blame, labels, empty comfort; promises; claims of secrecy; what is never asked; methods."""

_SHORT_CODE = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
_LINK = re.compile(
    r"https?:|www\.|@[a-z0-9]|\b[a-z0-9-]+\.(?:[a-z]{2,}/|(?:com|org|net|gov|edu|info|io|me|us|ly|app|co|gg|biz|xyz|"
    r"site|online|link|click|live|chat|club|shop|dev|ai|tv)\b)"
)
"""A web address, or a handle or mail address: ways to somebody who is none of the hotline's lines and places."""


def find_refusal(texts: Sequence[str], rules: WarningRules, is_known: Callable[[str], bool]) -> str | None:
    """Why these messages must not go out, as a code; None if they may.

    ``is_known`` gets the digits of a phone number: only our own lines and places may be said. Every language's banned
    words are looked for, since such an assistant need not speak the texter's.
    """
    if len(texts) > MOST_MESSAGES:
        return "too_many"
    return next((code for text in texts if (code := _find_fault(text, rules, is_known))), None)


def build_assistant_documents(today: date) -> Mapping[str, Any]:
    """The documents of the line that carries such words; added to the content only where such an assistant is set."""
    document = {"review": {"state": "drafted", "on": today}, "replies": {KEY: {"text": "{said.words}"}}}
    return {f"replies/{language}/{KEY}": document for language in LANGUAGES}


def _find_fault(text: str, rules: WarningRules, is_known: Callable[[str], bool]) -> str | None:
    if not text.strip():
        return "empty"
    if count_parts(fold_for_sms(text)).count > MOST_PARTS:
        return "too_long"
    if find_personal_number(text, is_known) or not all(map(is_known, _SHORT_CODE.findall(text))):
        return "number"
    if _LINK.search(unicodedata.normalize("NFKC", text).lower()):
        return "link"
    if find_address(text, rules):
        return "address"
    codes = (code for language in rules.banned for code, _ in find_banned(text, language, rules))
    return next((code for code in codes if code.startswith(_REFUSED_GROUPS)), None)
