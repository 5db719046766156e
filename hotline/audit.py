"""The audit's chain: who did what when, each entry bound to the one before it; codes alone, never content (A6)."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hotline.errors import ContentError

_ACTION = re.compile(r"[a-z][a-z_]{1,31}(?::[a-z][a-z0-9_]{0,31})?")
_NAME = re.compile(r"[A-Za-z0-9._:-]{0,64}")

NOBODY = "-"
"""The actor where nobody is known: a failed login, a command of the system."""

type Flaw = Literal["changed", "out_of_order", "cut_off"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line: entry ``seq`` counts from 1; ``at`` is aware UTC; ``object`` is a random id or an account name.

    ``action`` is a code, with a detail after a colon where there is one (``closed:referred``).
    """

    seq: int
    at: datetime
    actor: str
    action: str
    object: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry with its MAC, which covers the MAC before it."""

    entry: AuditEntry
    mac: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the number that is wrong or missing, and how."""

    seq: int
    flaw: Flaw


def check_entry(entry: AuditEntry) -> AuditEntry:
    """The entry, if it holds codes and names alone. Raises ContentError, which does not quote it."""
    if not (_ACTION.fullmatch(entry.action) and _NAME.fullmatch(entry.actor) and _NAME.fullmatch(entry.object)):
        raise ContentError("audit: an entry holds a code and two names, never words")
    return entry


def encode_entry(entry: AuditEntry, previous: str) -> bytes:
    """What is authenticated: the MAC before (empty for the first) and every field, in one order and one spelling."""
    fields = [entry.seq, entry.at.isoformat(), entry.actor, entry.action, entry.object]
    return json.dumps([previous, *fields], ensure_ascii=True, separators=(",", ":")).encode()


def format_line(linked: Linked) -> str:
    """One entry as it is stored and exported: a JSON array."""
    entry = linked.entry
    fields = [entry.seq, entry.at.isoformat(), entry.actor, entry.action, entry.object, linked.mac]
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":"))


def parse_line(line: str | bytes) -> Linked:
    """The entry of ``format_line``. Raises ValueError for anything else."""
    seq, at, actor, action, name, mac = json.loads(line)
    if not isinstance(seq, int) or not all(isinstance(part, str) for part in (at, actor, action, name, mac)):
        raise ValueError("not an entry of the audit")
    return Linked(AuditEntry(seq, datetime.fromisoformat(at), actor, action, name), mac)


def find_break(
    lines: Iterable[str | bytes],
    is_authentic: Callable[[str, bytes], bool],
    known: tuple[int, str] | None = None,
) -> Break | None:
    """The first place where the stored lines are not the chain that was written, or None.

    ``is_authentic(mac, data)`` checks one MAC. ``known`` is the number and MAC (or how it begins) of an entry that was
    written down elsewhere: without it a chain whose end was cut off cannot be told from one that ended there.
    """
    previous, last, met = "", 0, known is None
    for last, line in enumerate(lines, 1):
        try:
            text = line if isinstance(line, str) else line.decode()
            linked = parse_line(text)
        except (ValueError, TypeError):
            return Break(last, "changed")
        if linked.entry.seq != last:
            return Break(last, "out_of_order")
        # The line itself is compared too, so that no other spelling of the same entry passes.
        if format_line(linked) != text or not is_authentic(linked.mac, encode_entry(linked.entry, previous)):
            return Break(last, "changed")
        if known is not None and known[0] == last:
            if not linked.mac.startswith(known[1]):
                return Break(last, "changed")
            met = True
        previous = linked.mac
    return None if met else Break(last + 1, "cut_off")
