"""Names and times that the stores' modules share. What is in every key is said in ``storage/data_map.py``."""

PARTITIONS = 16
"""How many inbox and outbox streams there are; fixed once, since a conversation's place hangs on it."""

DEDUPE_SECONDS = 48 * 3600
DEAD_SECONDS = 48 * 3600
SESSION_SECONDS = 30 * 60
BACKSTOP_SECONDS = 24 * 3600
"""Redis' own expiry on conversation keys, should every worker be gone when a deadline falls due."""
BLOCK_SECONDS = 24 * 3600
CODE_WORD_SECONDS = 90 * 24 * 3600
PACE_SECONDS = 3600
EVENT_SECONDS = 3600
"""How long an open console that lost its connection can catch up."""
INBOX_EPOCH_SECONDS = 1800
"""How long texts are sealed to one key pair of the inbox; it opens for an hour more."""
SWEEP_SECONDS = 60
"""How often what an interrupted erasure left behind is looked for."""
REWRITE_SECONDS = 600
"""How often the store's file is rewritten: deleted bytes stay in it no longer than this and a minute."""
ALERT_SECONDS = 24 * 3600
REFERRAL_SECONDS = 400 * 24 * 3600
"""Long enough for a yearly report."""
TALLY_SECONDS = 400 * 24 * 3600
"""Since the last count of a month or year: a year's is there long past its report's day."""

STAFF_WORD_SECONDS = 62 * 24 * 3600
"""The month of a staff word, and the week after it."""

TELEGRAM_COPY_SECONDS = 47 * 3600
"""How long we can still have a Telegram message deleted: Telegram itself says 48 hours (P4)."""
SMS_COPY_SECONDS = 14 * 24 * 3600
"""How long we go on asking Twilio to erase a message (P4)."""
CLEARED_SECONDS = 20 * 60
"""Longer than a message is tried to be sent: what is on its way while a chat is cleared goes with it."""
RECONCILE_SECONDS = 3600


def partition_of(lane: str) -> int:
    """The partition of a keyed hash (hex digits), the same in every program."""
    return int(lane[:8], 16) % PARTITIONS
