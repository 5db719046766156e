"""Valid payloads of both providers, and what an attacker or a bug makes of them: structure-aware mutations."""

import copy
import json
from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

from tests.connectors.payloads import (
    IGNORED_UPDATES,
    MEDIA_UPDATES,
    SMS_PICTURE,
    SMS_SERVICE,
    SMS_STATUS,
    SMS_TEXT,
    membership,
    text_update,
    update,
)

CANARY = "zebra-umbrella-quartz"
"""Stands in every text; found in the open in nothing that is kept."""

NASTY_TEXTS = st.sampled_from(
    [
        "", " ", "\0", "\ud800", "\udfff\ud800", "a\0b", "\u202e\u0301", "\ufdfa" * 50, "\U0001f600" * 50, "/start",
        "/start page-" + "a" * 22, "STOP", "-1", "1e999", "NaN", "null", "true", "[]", "{}", "<!--", "%00", "+1",
        "+17025550123", "SM" + "a" * 32, "a" * 5000, "\r\n", "&=&=", "%", "%zz", "\x7f\x80", "０", "٣", "ⅷ",
    ]
)  # fmt: skip
TEXTS = st.one_of(NASTY_TEXTS, st.text(max_size=60))
NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([0, -1, 2**53, 2**63, -(2**63), 10**400, 1.5, float("inf")])
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)

SMS_FORMS = [SMS_TEXT, SMS_SERVICE, SMS_PICTURE, SMS_STATUS, {**SMS_TEXT, "OptOutType": "STOP"}]
UPDATES = [
    text_update("i need help"), *MEDIA_UPDATES.values(), *IGNORED_UPDATES.values(),
    membership("member", "kicked"), membership("kicked", "member"), update(),
]  # fmt: skip


@st.composite
def sms_pairs(draw: st.DrawFn) -> list[tuple[str, str]]:
    """A form of Twilio's with fields removed, doubled, renamed and filled with anything; words carry the canary."""
    form = draw(st.sampled_from(SMS_FORMS))
    pairs = [(name, f"{value} {CANARY}" if name == "Body" else str(value)) for name, value in form.items()]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(pairs) - 1)))
        change = draw(st.sampled_from(["remove", "double", "fill", "rename", "add", "shuffle"]))
        if change == "remove" and pairs:
            pairs.pop(at)
        elif change == "double" and pairs:
            pairs.insert(at, (pairs[at][0], draw(TEXTS)))
        elif change == "fill" and pairs:
            pairs[at] = (pairs[at][0], draw(TEXTS))
        elif change == "rename" and pairs:
            pairs[at] = (draw(TEXTS), pairs[at][1])
        elif change == "add":
            pairs.append((draw(TEXTS), draw(TEXTS)))
        else:
            pairs = draw(st.permutations(pairs))
    return list(pairs)


def encode_pairs(pairs: list[tuple[str, str]]) -> bytes:
    """The pairs as a form body; half characters go out as the bytes that a careless sender would send."""
    return "&".join(f"{_quote(name)}={_quote(value)}" for name, value in pairs).encode()


def _quote(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


@st.composite
def update_bodies(draw: st.DrawFn) -> bytes:
    """An update of Telegram's with parts removed, doubled, nested and typed wrong; words carry the canary."""
    changed = copy.deepcopy(draw(st.sampled_from(UPDATES)))
    _mark(changed)
    for _ in range(draw(st.integers(0, 4))):
        holder = draw(st.sampled_from(list(_holders(changed))))
        names = list(holder)
        change = draw(st.sampled_from(["remove", "fill", "nest", "add", "move"]))
        if not names or change == "add":
            holder[draw(st.one_of(TEXTS, st.sampled_from(["message", "text", "caption", "chat"])))] = draw(VALUES)
            continue
        name = draw(st.sampled_from(names))
        if change == "remove":
            del holder[name]
        elif change == "fill":
            holder[name] = draw(VALUES)
        elif change == "nest":
            holder[name] = {name: holder[name]} if draw(st.booleans()) else [holder[name]]
        else:
            holder[draw(st.sampled_from(names))] = holder[name]
    body = json.dumps(changed, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    return draw(st.sampled_from([_whole, _doubled, _cut, _wrapped]))(body)


def _mark(value: Any) -> None:
    for holder in list(_holders(value)):
        for name in ("text", "caption"):
            if isinstance(holder.get(name), str):
                holder[name] = f"{holder[name]} {CANARY}"


def _holders(value: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    todo, budget = [value], 200
    while todo and budget:
        one, budget = todo.pop(), budget - 1
        if isinstance(one, dict):
            found.append(one)
            todo += one.values()
        elif isinstance(one, list):
            todo += one
    return found


def _whole(body: bytes) -> bytes:
    return body


def _doubled(body: bytes) -> bytes:
    """Every member of the outer object twice: which one counts must not matter to safety."""
    return body[:-1] + b"," + body[1:] if body[1:-1] else body


def _cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _wrapped(body: bytes) -> bytes:
    return b"[" + body + b"]"
