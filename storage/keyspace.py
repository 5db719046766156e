"""Every key that the stores ever hold: its name, what is in it, who can read it, and what erases it (P3).

``docs/data_map.md`` is made from this table and a test walks a live store against it.
"""

from dataclasses import dataclass

PARTITIONS = 16
"""How many inbox and outbox streams there are; fixed once, since a conversation's place hangs on it."""

DEDUPE_SECONDS = 48 * 3600
DEAD_SECONDS = 48 * 3600
SESSION_SECONDS = 30 * 60
BACKSTOP_SECONDS = 24 * 3600
BLOCK_SECONDS = 24 * 3600
PACE_SECONDS = 3600
"""Redis' own expiry on conversation keys, should every worker be gone when a deadline falls due."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One kind of key. ``pattern`` is a glob; ``fields`` names the parts of hashes and streams."""

    pattern: str
    holds: str
    sealed_to: str
    erased: str
    fields: tuple[str, ...] = ()
    instance: str = "store"


CONVERSATION_FIELDS = (
    "id", "channel", "language", "owner", "level", "reasons", "agreed", "waiting_since", "told_waiting",
    "advocate", "silent", "address_hash", "last_at", "offered", "session", "partner", "transfer_to", "transfer_at",
    "declined", "last_advocate", "told_joined", "rung", "paged_at", "acknowledged_at", "held_by", "held_since",
    "held_until", "block_by",
)  # fmt: skip

PACE_FIELDS = (
    "minute_from", "minute_texts", "hour_from", "hour_texts", "line_at", "places_from", "look_ups",
)  # fmt: skip

DATA_MAP = (
    Stored("inbox:*", "a message, command or status waiting for the worker", "inbox key pair (worker)",
           "when its turn is committed: seconds", ("a", "k", "m")),
    Stored("outbox:*", "a message waiting to be sent", "the conversation's content key",
           "when the provider has taken it: seconds", ("a", "c", "n", "m")),
    Stored("pages:*", "that someone of a rung is to be paged: random id, rungs, or an account name",
           "nothing to seal: codes and names", "when the page is out: seconds", ("a", "k", "c", "r", "n", "w")),
    Stored("paged:*", "whom a page has reached already, while it goes out", "nothing to seal: names and random ids",
           "when the page is out, or ten minutes"),
    Stored("sending:*", "outbox ids that are being handed to the provider", "nothing to seal: ids and times",
           "when the provider has taken it"),
    Stored("attempts:*", "how often a message was begun after a crash", "nothing to seal: ids and counts",
           "when its turn is committed"),
    Stored("seen:*", "keyed hash of a provider's message id, to answer it once", "keyed hash", "48 hours"),
    Stored("address:*", "keyed hash of an address, to its conversation's random id", "keyed hash",
           "with the session: 30 minutes idle"),
    Stored("conversation:*", "state, level, reason codes, times; the session itself sealed",
           "the conversation's content key",
           "with the session: 30 minutes idle, on close, or when a hold is over: 4 hours at most", CONVERSATION_FIELDS),
    Stored("window:*", "the last messages, for an advocate", "the readers of their epoch, in their browsers",
           "with the session, on close, or when a hold is over: 4 hours at most"),
    Stored("status:*", "number of a sent message, to queued, sent, delivered or failed", "nothing to seal: codes",
           "with its conversation"),
    Stored("sent:*", "keyed hash of the provider's id of a message that we sent, to its conversation", "keyed hash",
           "48 hours"),
    Stored("open", "ids of conversations that wait, are with an advocate or are held", "nothing to seal: random ids",
           "on release or close, or when a hold is over"),
    Stored("deadlines:*", "what falls due when: kind, keyed hash, random id", "keyed hash", "when done"),
    Stored("opted-out:*", "that this address has said STOP", "keyed hash", "when the texter says START"),
    Stored("blocked:*", "until when two advocates blocked this address as a probe", "keyed hash", "24 hours"),
    Stored("pace:*", "how many texts and look-ups of places an address sent of late: counts and times", "keyed hash",
           "one hour after its last text", PACE_FIELDS),
    Stored("offset:*", "practice only: how far a conversation's clock is ahead", "keyed hash", "24 hours"),
    Stored("events", "that a list or a window changed, for open consoles", "nothing to seal: kinds and random ids",
           "the last 1,000", ("kind", "c")),
    Stored("result:*", "what became of an advocate's click", "nothing to seal: a word", "60 seconds"),
    Stored("dead", "messages that could not be worked off; they page", "inbox key pair (worker)", "48 hours",
           ("a", "k", "m", "why")),
    Stored("lease:*", "which worker owns a partition", "nothing to seal: a random name", "3 seconds"),
    Stored("workers", "workers that are alive", "nothing to seal: random names", "3 seconds"),
    Stored("present", "advocates whose console is open", "nothing to seal: account names", "30 seconds"),
    Stored("resting", "advocates who take a break", "nothing to seal: account names", "when the break ends: 12 hours"),
    Stored("clocks", "duties that run: random id, kind, when due", "nothing to seal: nothing of a conversation",
           "when ended, or 7 days after its time"),
    Stored("referrals:*", "how often a place was agreed to or not, by day", "nothing to seal: counts", "400 days"),
    Stored("flags", "how often a place was flagged, by reason code", "nothing to seal: counts",
           "when an administrator has looked into it"),
    Stored("shifts", "the on-call calendar: account names, duties, times", "nothing to seal: names and times",
           "eight days after a shift, or with the account"),
    Stored("contacts:*", "how a member of staff may be paged: kind and time in the open, the address sealed",
           "the staff key", "when its owner or the push service ends it, or with the account"),
    Stored("pageable", "names of those who have a way to be paged", "nothing to seal: account names",
           "with their last way"),
    Stored("contact-trouble:*", "why the last page by a way failed", "nothing to seal: codes", "with the next success"),
    Stored("contact-proof:*", "the code that proves a staff phone", "the staff key", "ten minutes"),
    Stored("contact-tries:*", "codes asked for and guessed of late", "nothing to seal: counts", "one hour"),
    Stored("contact-link:*", "hash of a code that ties a Telegram chat to an account", "SHA-256 of a random code",
           "ten minutes"),
    Stored("page-alert", "that those on call could not be reached: when, and who was instead",
           "nothing to seal: a time and a code", "when a supervisor has seen it, or a day"),
    Stored("account:*", "alias, roles, language, state, training dates, password hash, public key, TOTP secret",
           "Argon2id over scrypt for the password; the staff key for the TOTP secret", "when the account is removed",
           ("alias", "password", "roles", "language", "state", "salt", "cost", "training", "open_cap", "totp", "public",
            "former", "recovery", "invitation", "revision")),
    Stored("accounts", "names of all accounts", "nothing to seal: aliases", "when the account is removed"),
    Stored("locks:*", "an advocate's private key, wrapped in their browser",
           "their password, passkey or printed code", "when the key is reset"),
    Stored("passkey:*", "a passkey's public key and counter, and whose it is", "nothing to seal: public",
           "when it is removed", ("name", "public", "count", "label", "created")),
    Stored("passkeys:*", "ids of an account's passkeys", "nothing to seal: ids", "when they are removed"),
    Stored("invitation:*", "hash of an invitation's token, to the account", "SHA-256 of a random token",
           "when it is used, or after 48 hours"),
    Stored("used-code:*", "that a code of an app was used", "nothing to seal: a time step", "three minutes"),
    Stored("readers", "account names of those who may read, to their public keys", "nothing to seal: public",
           "when the account is removed or may not read any more"),
    Stored("login:*", "hash of a session id, to an account; when and with what browser", "SHA-256 of a random id",
           "30 minutes idle, 12 hours at most", ("name", "created", "label", "agent", "revision")),
    Stored("logins:*", "hashes of an account's session ids", "SHA-256 of random ids", "12 hours"),
    Stored("failures:*", "failed logins of late", "nothing to seal: counts by keyed hash", "one hour"),
    Stored("audit", "who on our side did what when: account names, codes, random ids; each bound to the one before",
           "nothing to seal: no content; HMAC under the staff key", "by no program: entries are only added"),
    Stored("content-key:*", "a conversation's content key", "the server key", "with its conversation",
           instance="keys"),
    Stored("epoch:*", "the public key that a conversation's lines are sealed to now, and a digest of its readers",
           "nothing to seal: public", "with its conversation", ("id", "public", "roster"), instance="keys"),
    Stored("wraps:*", "the private halves of a conversation's epochs, one for each reader",
           "the reader's own key, in the reader's browser", "with its conversation", instance="keys"),
    Stored("half:*", "half of the seal on an unlocked key; the other half is in the browser's tab",
           "nothing by itself", "with the login, on lock or log out", instance="keys"),
    Stored("challenge:*", "what a browser was asked, once", "nothing to seal: random", "five minutes", instance="keys"),
    Stored("inbox-key:*", "the inbox's private half", "the server key", "one hour after its epoch", instance="keys"),
    Stored("inbox-public", "the inbox's public half", "nothing to seal: public", "replaced each epoch",
           instance="keys"),
)  # fmt: skip


def partition_of(lane: str) -> int:
    """The partition of a keyed hash (hex digits), the same in every program."""
    return int(lane[:8], 16) % PARTITIONS


def data_map_page() -> str:
    """The data map as Markdown, for ``docs/data_map.md``."""
    lines = [
        "# Data map",
        "",
        "Every key that is ever stored. Made from `storage/keyspace.py`; a test walks a live store and compares.",
        "",
        "| instance | key | holds | who can open it | erased |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {s.instance} | `{s.pattern}` | {s.holds} | {s.sealed_to} | {s.erased} |" for s in DATA_MAP]
    return "\n".join(lines) + "\n"
