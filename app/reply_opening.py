"""Opens an advocate's sealed reply and checks it before it may go out; the console could do neither (P2, A8)."""

import base64
import binascii
from dataclasses import replace
from datetime import datetime

from app.desk_commands import Circumstances, obey
from app.world import World
from hotline.conversations import Conversation
from hotline.reply_checks import find_problem
from hotline.turns import Outcome
from storage.inbox import DeskCommand
from vault.errors import SealBroken

NUMBER = "number"
"""The code of the second click for a number that the advocate has checked."""


async def answer_command(world: World, command: DeskCommand, before: Conversation, now: Circumstances) -> Outcome:
    """What one click comes to; words that may not go out turn it into a code and change nothing.

    A reply is opened under ``reply|conversation|advocate``; one that cannot be is ``unreadable``.
    """
    words = await _open(world, command) if command.text else ""
    outcome = obey(replace(command, text=words or ""), before, now)
    if not outcome.words:
        return outcome
    problem = _find_problem(world, words, now.at, number_checked=NUMBER in command.confirmed)
    return Outcome(before, result=problem) if problem else outcome


async def _open(world: World, command: DeskCommand) -> str | None:
    try:
        sealed = base64.b64decode(command.text, validate=True)
        plain = await world.content_keys.open_inbox(sealed, reply_context(command.conversation, command.advocate))
        return plain.decode().replace("\r\n", "\n").strip()
    except (binascii.Error, SealBroken, UnicodeDecodeError):
        return None


def reply_context(conversation: str, advocate: str) -> str:
    """What a reply's seal is bound to, so that it goes out in this advocate's name and to this texter alone."""
    return f"reply|{conversation}|{advocate}"


def _find_problem(world: World, words: str | None, at: datetime, *, number_checked: bool) -> str | None:
    if words is None:
        return "unreadable"
    return find_problem(words, lambda digits: world.words.knows_number(digits, at), number_checked=number_checked)
