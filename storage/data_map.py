"""Every key that the stores ever hold: its name, what is in it, who can read it, what erases it and when (P3).

``docs/data_map.md`` is made from this table (``storage/data_map_page.py``); a test walks a live store against it.
"""

from storage.keyspace import (
    ALERT_SECONDS,
    BACKSTOP_SECONDS,
    BLOCK_SECONDS,
    CLEARED_SECONDS,
    CODE_WORD_SECONDS,
    DEAD_SECONDS,
    DEDUPE_SECONDS,
    EVENT_SECONDS,
    INBOX_EPOCH_SECONDS,
    PACE_SECONDS,
    RECONCILE_SECONDS,
    REFERRAL_SECONDS,
    SMS_COPY_SECONDS,
    STAFF_WORD_SECONDS,
    TALLY_SECONDS,
    TELEGRAM_COPY_SECONDS,
)
from storage.stored import DataClass, Stored

_WORDS, _ADDRESS, _PSEUDONYM, _STAFF = DataClass.WORDS, DataClass.ADDRESS, DataClass.PSEUDONYM, DataClass.STAFF
_OPERATION, _COUNT = DataClass.OPERATION, DataClass.COUNT
_HOUR, _DAY = 3600, 24 * 3600

_LANE = "keyed hash of the address, or of a provider's id: whose order is kept"
_SESSION = "with the session: 30 minutes idle, on close, or when a hold is over: 4 hours at most"
_OWN_WORDS = "it is what the hotline says to everybody; nothing in it is of a texter"
_WHILE_ACCOUNT = "it is needed as long as the account is there"

_CONVERSATION = {
    "id": "random id", "channel": "sms or telegram", "language": "en or es", "owner": "who answers: a code",
    "level": "the level reached: a number", "reasons": "reason codes", "agreed": "1 if a hand-off is locked",
    "waiting_since": "a time", "told_waiting": "1 once told that the wait ran out", "advocate": "account name",
    "silent": "1 while someone is near", "covered": "1 while the line plays another service",
    "address_hash": "keyed hash of the address", "last_at": "a time",
    "offered": "keys of replies given, while it is listed", "session": "sealed: address, last texts, engine's state",
    "partner": "account name", "transfer_to": "account name", "transfer_at": "a time", "declined": "account names",
    "last_advocate": "account name", "told_joined": "1 while told that a person is here", "rung": "a number",
    "paged_at": "a time", "acknowledged_at": "a time", "held_by": "account name", "held_since": "a time",
    "held_until": "a time", "block_by": "account name",
}  # fmt: skip
_NAMING = ("advocate", "partner", "transfer_to", "declined", "last_advocate", "held_by", "block_by")

_PACE = {
    "minute_from": "when its minute began", "minute_texts": "how many texts since", "hour_from": "when its hour began",
    "hour_texts": "how many texts since", "line_at": "when a plain line last went out in a flood, or 0",
    "places_from": "when its hour of look-ups began, or 0", "look_ups": "how many since",
}  # fmt: skip

_IN_FLIGHT = (
    Stored("inbox:*", "stream", "a message, command or status waiting for the worker", "inbox key pair (worker)",
           "when its turn is committed: seconds; its key pair goes within 24 hours without a worker", _WORDS, _DAY,
           fields={"a": _LANE, "k": "message, command or status", "m": "sealed: text, address, provider's id"},
           field_classes={"a": _PSEUDONYM, "k": _OPERATION}),
    Stored("outbox:*", "stream", "a message waiting to be sent", "the conversation's content key",
           "when the provider has taken it: seconds; 15 minutes of trying at most; its key goes within 24 hours",
           _WORDS, _DAY,
           fields={"a": _LANE, "c": "conversation's random id", "n": "random number of the message",
                   "m": "sealed: text and address"},
           field_classes={"a": _PSEUDONYM, "c": _OPERATION, "n": _OPERATION}),
    Stored("pages:*", "stream", "that someone of a rung is to be paged", "nothing to seal: codes, names, keyed hash",
           "when the page is out: seconds", _PSEUDONYM, _DAY,
           fields={"a": _LANE, "k": "kind of page", "c": "conversation's random id", "r": "rungs",
                   "n": "account name", "w": "random id of a way to page"},
           field_classes={"k": _OPERATION, "c": _OPERATION, "r": _OPERATION, "n": _STAFF, "w": _STAFF}),
    Stored("paged:*", "set", "whom a page has reached already, while it goes out",
           "nothing to seal: names and random ids", "when the page is out, or ten minutes", _STAFF, 600),
    Stored("sending:*", "hash", "outbox ids that are being handed to the provider", "nothing to seal: ids and times",
           "when the provider has taken it", _OPERATION, _DAY, fields={"*": "an outbox id, to when sending began"}),
    Stored("attempts:*", "hash", "how often a message was begun after a crash", "nothing to seal: ids and counts",
           "when its turn is committed", _OPERATION, _DAY, fields={"*": "an inbox id, to a count"}),
    Stored("dead", "stream", "messages that could not be worked off; they page", "inbox key pair (worker)",
           "48 hours; its key pair is gone after an hour and a half", _WORDS, DEAD_SECONDS,
           fields={"a": _LANE, "k": "message, command or status", "m": "sealed, as it came", "why": "kind of error"},
           field_classes={"a": _PSEUDONYM, "k": _OPERATION, "why": _OPERATION}),
)  # fmt: skip

_CONVERSATIONS = (
    Stored("seen:*", "string", "keyed hash of a provider's message id, to answer it once", "keyed hash", "48 hours",
           _PSEUDONYM, DEDUPE_SECONDS),
    Stored("sent:*", "string", "keyed hash of the provider's id of a message that we sent, to its conversation",
           "keyed hash", "48 hours", _PSEUDONYM, DEDUPE_SECONDS),
    Stored("address:*", "string", "keyed hash of an address, to its conversation's random id", "keyed hash",
           "with the session: 30 minutes idle", _PSEUDONYM, BACKSTOP_SECONDS),
    Stored("conversation:*", "hash", "state, level, reason codes, times; the session itself sealed",
           "the conversation's content key", _SESSION, _WORDS, BACKSTOP_SECONDS, fields=_CONVERSATION,
           field_classes={name: _OPERATION for name in _CONVERSATION if name != "session"}
           | dict.fromkeys(_NAMING, _STAFF) | {"address_hash": _PSEUDONYM}),
    Stored("window:*", "list", "the last messages, for an advocate", "the readers of their epoch, in their browsers",
           _SESSION, _WORDS, BACKSTOP_SECONDS),
    Stored("status:*", "hash", "what became of each message that we sent", "nothing to seal: codes",
           "with its conversation", _OPERATION, BACKSTOP_SECONDS,
           fields={"*": "random number of a message, to queued, sent, delivered or failed"}),
    Stored("open", "set", "ids of conversations that wait, are with an advocate or are held",
           "nothing to seal: random ids", "on release or close, or when a hold is over", _OPERATION, BACKSTOP_SECONDS),
    Stored("deadlines:*", "zset", "what falls due when: kind, keyed hash, random id", "keyed hash", "when done",
           _PSEUDONYM, BACKSTOP_SECONDS),
    Stored("opted-out:*", "string", "that this address has said STOP; the id of the address key", "keyed hash",
           "when the texter says START", _PSEUDONYM, None, backup=True,
           unbounded="a STOP is never forgotten; it is a keyed hash and nothing else"),
    Stored("blocked:*", "string", "until when two advocates blocked this address as a probe", "keyed hash", "24 hours",
           _PSEUDONYM, BLOCK_SECONDS),
    Stored("code-word:*", "string", "that somebody chose a word: slow hash of address and word, id of the address key",
           "nobody: a scrypt hash, salted under the address key", "90 days after it was chosen", _PSEUDONYM,
           CODE_WORD_SECONDS),
    Stored("pace:*", "hash", "how many texts and look-ups of places an address sent of late: counts and times",
           "keyed hash", "one hour after its last text", _PSEUDONYM, PACE_SECONDS, fields=_PACE),
    Stored("offset:*", "string", "practice only: how far a conversation's clock is ahead", "keyed hash", "24 hours",
           _PSEUDONYM, BACKSTOP_SECONDS),
)  # fmt: skip

_COPY_FIELDS = {"*": "keyed hash of a provider's id, to what is sealed: channel, provider's id, when"}

_COPIES = (
    Stored("erasures:sms:*", "hash", "copies at Twilio that are to go; openable for that alone",
           "the erase key of its channel and day", "when Twilio has erased it: seconds to minutes; 14 days of trying",
           _PSEUDONYM, SMS_COPY_SECONDS, fields=_COPY_FIELDS),
    Stored("erasures:telegram:*", "hash", "messages in a Telegram chat, to delete both sides if the texter asks",
           "the erase key of its channel and day", "when Telegram has deleted it; 47 hours at most", _ADDRESS,
           TELEGRAM_COPY_SECONDS,
           fields={"*": "keyed hash of a provider's id, to what is sealed: channel, chat id, provider's id, when"}),
    Stored("erase-due:sms:*", "zset", "when a copy at Twilio is to go", "keyed hash", "with its copy", _PSEUDONYM,
           SMS_COPY_SECONDS),
    Stored("erase-due:telegram:*", "zset", "when a Telegram message is to go, or to be let go of", "keyed hash",
           "with its copy", _PSEUDONYM, TELEGRAM_COPY_SECONDS),
    Stored("erase-of:*", "zset", "which of the copies belong to one address", "keyed hash",
           "when the chat is cleared; 47 hours after the last message", _PSEUDONYM, TELEGRAM_COPY_SECONDS),
    Stored("cleared:*", "string", "when an address had its chat cleared, for what was on its way", "keyed hash",
           "20 minutes", _PSEUDONYM, CLEARED_SECONDS),
    Stored("taken-since", "string", "since when texts are taken in here: an older one at Twilio is none of ours",
           "nothing to seal: a time", "with a wipe", _OPERATION, None,
           unbounded="one time, which is of nobody: without it a new store would answer what another one answered"),
    Stored("reconciled", "string", "that Twilio was asked within the hour what it holds of 14 days",
           "nothing to seal: a mark", "one hour", _OPERATION, RECONCILE_SECONDS),
)  # fmt: skip

_OPERATIONS = (
    Stored("events", "stream", "that a list or a window changed, for open consoles",
           "nothing to seal: kinds and random ids", "an hour, or the last 1,000", _OPERATION, EVENT_SECONDS,
           fields={"kind": "what changed", "c": "conversation's random id, or nothing"}),
    Stored("result:*", "string", "what became of an advocate's click", "nothing to seal: a word", "60 seconds",
           _OPERATION, 60),
    Stored("duty:*", "string", "that a sweep, a rewriting of the file or a new inbox key was of late",
           "nothing to seal: a mark", "half an hour at most", _OPERATION, INBOX_EPOCH_SECONDS),
    Stored("lease:*", "string", "which worker owns a partition", "nothing to seal: a random name", "3 seconds",
           _OPERATION, 3),
    Stored("wiped", "string", "that everything about texters was wiped: workers end, and begin with empty memory",
           "nothing to seal: a random word", "an hour", _OPERATION, _HOUR),
    Stored("workers", "zset", "workers that are alive", "nothing to seal: random names", "3 seconds", _OPERATION, 60),
    Stored("present", "zset", "advocates whose console is open", "nothing to seal: account names", "30 seconds",
           _STAFF, _HOUR),
    Stored("resting", "zset", "advocates who take a break", "nothing to seal: account names",
           "when the break ends: 12 hours", _STAFF, 13 * _HOUR),
    Stored("clocks", "zset", "duties that run: random id, kind, when due", "nothing to seal: nothing of a conversation",
           "when ended, or 7 days after its time", _OPERATION, 11 * _DAY, backup=True),
    Stored("referrals:*", "hash", "how often a place was agreed to or not, by day", "nothing to seal: counts",
           "400 days", _COUNT, REFERRAL_SECONDS, backup=True, fields={"*": "a place and agreed or not, to a count"}),
    Stored("tallies:*", "hash", "how many conversations of each kind a month and a year had, one in eight left out",
           "nothing to seal: counts", "400 days after the last one", _COUNT, TALLY_SECONDS, backup=True,
           fields={"*": "a table and coarse codes, to a count"}),
    Stored("flags", "hash", "how often a place was flagged, by reason code", "nothing to seal: counts",
           "when an administrator has looked into it", _COUNT, None, backup=True,
           fields={"*": "a place and a reason code, to a count"}, unbounded="counts of places; of nobody"),
    Stored("print-batches", "hash", "what was printed with which site code", "nothing to seal: no place, no person",
           "when outreach staff end the batch", _OPERATION, None, backup=True,
           fields={"*": "a site code, to product, language, copies, day"}, unbounded="things on paper; of nobody"),
    Stored("hellos:*", "hash", "how many began with a site code, by month, one in eight left out",
           "nothing to seal: counts", "400 days", _COUNT, REFERRAL_SECONDS, backup=True,
           fields={"*": "a site code, to a count"}),
    Stored("staff-word:*", "string", "the word of a month that outreach staff text",
           "nothing to seal: it gives what any text gives", "62 days", _OPERATION, STAFF_WORD_SECONDS),
    Stored("page-alert", "string", "that those on call could not be reached: when, and who was instead",
           "nothing to seal: a time and a code", "when a supervisor has seen it, or a day", _OPERATION, ALERT_SECONDS),
)  # fmt: skip

_CONTENT = (
    Stored("content:live", "string", "which version of the content is live", "nothing to seal: a number",
           "replaced by the next version", _OPERATION, None, backup=True, unbounded=_OWN_WORDS),
    Stored("content:sets", "hash", "every version: its documents, by what they say", "nothing to seal: reviewed words",
           "by no program: a roll back needs it", _OPERATION, None, backup=True, unbounded=_OWN_WORDS,
           fields={"*": "number of a version, to paths and digests"}),
    Stored("content:texts", "hash", "reviewed words and rules, as in safety_content", "nothing to seal: reviewed words",
           "by no program: a roll back needs it", _OPERATION, None, backup=True, unbounded=_OWN_WORDS,
           fields={"*": "digest of a document, to its text"}),
    Stored("content:history", "hash", "who changed the content when, and why, in words",
           "nothing to seal: account names, a line of words", "by no program: it tells who approved what", _STAFF,
           None, backup=True, unbounded=_OWN_WORDS, fields={"*": "number of a version, to who, when, what"}),
    Stored("content:drafts", "hash", "changes of the content on their way",
           "nothing to seal: words of ours, account names, random ids of survivor reviewers",
           "when it is published or given up", _STAFF, None, backup=True, unbounded=_OWN_WORDS,
           fields={"*": "random id of a draft, to texts, authors, approvals"}),
    Stored("content:files", "string", "which files of a release the live set was compared with",
           "nothing to seal: paths and digests", "replaced with the next release", _OPERATION, None, backup=True,
           unbounded=_OWN_WORDS),
)  # fmt: skip

_PAGING = (
    Stored("shifts", "hash", "the on-call calendar: account names, duties, times", "nothing to seal: names and times",
           "eight days after a shift, or when the account is reset", _STAFF, 9 * _DAY, backup=True,
           fields={"*": "random id of a shift, to account name, duty, from, until"}),
    Stored("contacts:*", "hash", "how a member of staff may be paged", "the staff key",
           "when its owner or the push service ends it, or when the account is reset", _STAFF, None, backup=True,
           fields={"*": "random id of a way, to kind, proved, time; the address sealed"}, unbounded=_WHILE_ACCOUNT),
    Stored("pageable", "set", "names of those who have a way to be paged", "nothing to seal: account names",
           "with their last way", _STAFF, None, backup=True, unbounded=_WHILE_ACCOUNT),
    Stored("contact-trouble:*", "hash", "why the last page by a way failed", "nothing to seal: codes",
           "with the next success, or with the way", _STAFF, None, fields={"*": "random id of a way, to a code"},
           unbounded="its owner must see it, whenever they look"),
    Stored("contact-proof:*", "string", "the code that proves a staff phone", "the staff key", "ten minutes", _STAFF,
           600),
    Stored("contact-tries:*", "string", "codes asked for and guessed of late", "nothing to seal: counts", "one hour",
           _STAFF, _HOUR),
    Stored("contact-link:*", "string", "hash of a code that ties a Telegram chat to an account",
           "SHA-256 of a random code", "ten minutes", _STAFF, 600),
)  # fmt: skip

_ACCOUNTS = (
    Stored("account:*", "hash", "a member of staff, under an alias",
           "Argon2id over scrypt for the password; the staff key for the TOTP secret",
           "its secrets with a reset; the alias stays, since the audit names it", _STAFF, None, backup=True,
           unbounded=_WHILE_ACCOUNT,
           fields={"alias": "what others see", "password": "Argon2id of the login proof", "roles": "codes",
                   "language": "en or es", "state": "invited, active or suspended", "salt": "scrypt's salt",
                   "cost": "scrypt's cost", "training": "courses and their last days", "open_cap": "a number",
                   "totp": "sealed: an app's secret", "public": "reader's public key",
                   "former": "public key from before a reset", "recovery": "1 if there is a printed code",
                   "invitation": "SHA-256 of the invitation's token", "revision": "how often all logins were ended"}),
    Stored("accounts", "set", "names of all accounts", "nothing to seal: aliases",
           "not: an alias stays, since the audit names it", _STAFF, None, backup=True, unbounded=_WHILE_ACCOUNT),
    Stored("locks:*", "hash", "an advocate's private key, wrapped in their browser",
           "their password, passkey or printed code", "when the key is reset", _STAFF, None, backup=True,
           fields={"*": "id of a lock, to its kind, salt and the wrapped key"}, unbounded=_WHILE_ACCOUNT),
    Stored("readers", "hash", "who may read, and the public key that is sealed to", "nothing to seal: public",
           "when the account is suspended or reset, or may not read any more", _STAFF, None, backup=True,
           fields={"*": "account name, to a public key"}, unbounded=_WHILE_ACCOUNT),
    Stored("passkey:*", "hash", "a passkey's public key and counter, and whose it is", "nothing to seal: public",
           "when it is removed", _STAFF, None, backup=True, unbounded=_WHILE_ACCOUNT,
           fields={"name": "account name", "public": "public key", "count": "the counter last seen",
                   "label": "what its owner calls it", "created": "a time"}),
    Stored("passkeys:*", "set", "ids of an account's passkeys", "nothing to seal: ids", "when they are removed",
           _STAFF, None, backup=True, unbounded=_WHILE_ACCOUNT),
    Stored("invitation:*", "string", "hash of an invitation's token, to the account", "SHA-256 of a random token",
           "when it is used, or after 48 hours", _STAFF, 48 * _HOUR),
    Stored("used-code:*", "string", "that a code of an app was used", "nothing to seal: a time step", "three minutes",
           _STAFF, 180),
    Stored("login:*", "hash", "hash of a session id, to an account", "SHA-256 of a random id",
           "30 minutes idle, 12 hours at most", _STAFF, _HOUR // 2,
           fields={"name": "account name", "created": "a time", "label": "what browser, in words",
                   "agent": "hash of the browser's name", "revision": "the account's revision"}),
    Stored("logins:*", "set", "hashes of an account's session ids", "SHA-256 of random ids", "12 hours", _STAFF,
           12 * _HOUR),
    Stored("failures:*", "string", "failed logins of late", "nothing to seal: counts by hash", "one hour", _STAFF,
           _HOUR),
    Stored("audit", "list", "who on our side did what when: account names, codes, random ids; each bound to the last",
           "nothing to seal: no content; HMAC under the staff key", "by no program: entries are only added", _STAFF,
           None, backup=True, unbounded="an audit that ends cannot show what was done; it holds no content"),
)  # fmt: skip

_IN_MEMORY = (
    Stored("content-key:*", "string", "a conversation's content key", "the server key", "with its conversation",
           _WORDS, BACKSTOP_SECONDS, instance="keys"),
    Stored("erase-key:sms:*", "string", "the key of one day's erase list of Twilio's copies", "the server key",
           "14 days after its day", _PSEUDONYM, SMS_COPY_SECONDS + _DAY, instance="keys"),
    Stored("erase-key:telegram:*", "string", "the key of one day's erase list of Telegram's messages",
           "the server key", "47 hours after its day", _ADDRESS, TELEGRAM_COPY_SECONDS + _DAY, instance="keys"),
    Stored("epoch:*", "hash", "the public key that a conversation's lines are sealed to now",
           "nothing to seal: public", "with its conversation", _OPERATION, BACKSTOP_SECONDS, instance="keys",
           fields={"id": "random id", "public": "public key", "roster": "digest of its readers"}),
    Stored("wraps:*", "hash", "the private halves of a conversation's epochs, one for each reader",
           "the reader's own key, in the reader's browser", "with its conversation", _WORDS, BACKSTOP_SECONDS,
           fields={"*": "epoch and account name, to the sealed half"}, instance="keys"),
    Stored("half:*", "string", "half of the seal on an unlocked key; the other half is in the browser's tab",
           "nothing by itself", "with the login, on lock or log out", _STAFF, _HOUR // 2, instance="keys"),
    Stored("challenge:*", "string", "what a browser was asked, once", "nothing to seal: random", "five minutes",
           _STAFF, 300, instance="keys"),
    Stored("inbox-key:*", "string", "the inbox's private half", "the server key",
           "an hour after the next one, which comes after half an hour; 24 hours without a worker", _WORDS, _DAY,
           instance="keys"),
    Stored("inbox-public", "string", "the inbox's public half", "nothing to seal: public",
           "replaced each half hour; a day without a worker", _OPERATION, _DAY, instance="keys"),
)  # fmt: skip

DATA_MAP = (*_IN_FLIGHT, *_CONVERSATIONS, *_COPIES, *_OPERATIONS, *_CONTENT, *_PAGING, *_ACCOUNTS, *_IN_MEMORY)


def find_stored(instance: str, key: str) -> Stored | None:
    """The row that speaks of a key of ``store`` or ``keys``; None for one that is not in the map."""
    return next((row for row in DATA_MAP if row.instance == instance and row.matches(key)), None)
