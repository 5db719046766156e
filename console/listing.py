"""Turns what the desk lists into what a page shows: words for codes, seconds waited, whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.ports import Account, Accounts, Listed
from console.wording import Words
from hotline.conversations import Owner

LANGUAGE_NAMES = {"en": "English", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation as a page shows it."""

    id: str
    level: str
    level_words: str
    reasons: tuple[str, ...]
    channel: str
    language: str
    language_code: str
    since: str
    """When it began to wait (else its last message), ISO 8601 in UTC; empty if unknown."""
    waited_seconds: int
    agreed: bool
    silent: bool
    covered: bool
    undelivered: bool
    holder: str
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The three parts of the waiting page."""

    waiting: Sequence[Row]
    mine: Sequence[Row]
    others: Sequence[Row]


def build_row(listed: Listed, words: Words, now: datetime, holder: str = "") -> Row:
    """The row of a conversation; a code without words is shown as the code."""
    level = listed.level.label
    since = listed.waiting_since or listed.last_at
    return Row(
        id=listed.id,
        level=level,
        level_words=words["level"][level],
        reasons=tuple(_name(words["reason"], code) for code in listed.reasons),
        channel=_name(words["channel"], listed.channel),
        language=LANGUAGE_NAMES.get(listed.language, listed.language),
        language_code=listed.language,
        since=since.isoformat() if since else "",
        waited_seconds=max(0, int((now - since).total_seconds())) if since else 0,
        agreed=listed.agreed,
        silent=listed.silent,
        covered=listed.covered,
        undelivered=listed.undelivered,
        holder=holder,
        offered=tuple(dict.fromkeys(_name(words["offered"], key) for key in listed.offered)),
    )


async def build_board(listed: Sequence[Listed], me: Account, accounts: Accounts, words: Words, now: datetime) -> Board:
    """Waiting, mine and others', each in the desk's order (H3). Others are named by alias alone (A5)."""
    aliases = await _find_aliases(listed, accounts)
    rows = [(one, build_row(one, words, now, aliases.get(one.advocate or "", ""))) for one in listed]
    waiting = [(one, row) for one, row in rows if one.owner is Owner.WAITING]
    held = [(one, row) for one, row in rows if one.owner is Owner.WITH_ADVOCATE]
    return Board(
        # What one would rather not take stands last, never first, before oneself alone (A5).
        waiting=[row for one, row in sorted(waiting, key=lambda pair: me.name in pair[0].declined)],
        mine=[row for one, row in rows if _is_mine(one, me)],
        others=[row for one, row in held if me.name not in {one.advocate, one.partner}],
    )


def _is_mine(listed: Listed, me: Account) -> bool:
    """True for what one has, alone or as the second, and for what one holds after its end (A4)."""
    if listed.owner is Owner.WITH_ADVOCATE:
        return me.name in {listed.advocate, listed.partner}
    return listed.owner is not Owner.WAITING and listed.held_by == me.name


async def _find_aliases(listed: Sequence[Listed], accounts: Accounts) -> Mapping[str, str]:
    names = {one.advocate for one in listed if one.advocate}
    found = [await accounts.find(name) for name in sorted(names)]
    return {account.name: account.alias for account in found if account is not None}


def _name(names: Mapping[str, str], code: str) -> str:
    return names.get(code, code.replace("_", " "))
