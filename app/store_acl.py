"""What each program may do in the embedded store and the keys instance: least privilege, as data (architecture §2).

A test walks every key of ``storage/data_map.py`` against it. Selectors need a server of version 7 or later.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.data_map import DATA_MAP
from storage.key_use import WRAPPED
from storage.stored import Stored
from storage.wiping import WIPED_KEYS, WIPED_STORE


@dataclass(frozen=True, slots=True)
class Right:
    """These commands on these keys, and on no others."""

    commands: str
    keys: str = ""

    def rule(self) -> str:
        """In the ACL's own words."""
        return " ".join([*self.commands.split(), *(f"~{key}" for key in self.keys.split())])


_EVERYBODY = Right("+ping +wait +client|setinfo +client|setname +script|load")
_NOT_DANGEROUS = "-@admin -@dangerous"
_SCRIPTS = "+eval +evalsha"

_SEEN = "conversation:* window:* status:* open events workers dead hellos:*"
_PAGING = "shifts contacts:* pageable contact-trouble:* contact-proof:* contact-tries:* contact-link:* page-alert"
_STAFF = "account:* accounts readers locks:* passkey:* passkeys:* invitation:* login:* logins:*"
_PRINT = "print-batches staff-word:*"
_OWN = f"present resting clocks referrals:* flags {_PRINT} {_STAFF} used-code:* failures:* result:* {_PAGING}"


def _patterns(rows: Iterable[Stored]) -> str:
    return " ".join(row.pattern for row in rows)


def _in_backup() -> str:
    # The audit is only ever added to, by the operator too.
    return _patterns(row for row in DATA_MAP if row.backup and row.pattern != "audit")


# No list of older versions: without it nobody can name a text that holds an address from when it was open (D4).
_READS_CONTENT = (
    Right("+get", "content:live content:shown"),
    Right("+hmget", "content:texts"),
)
READ_CONTENT_ALONE = ("actions", "read_api")
"""Programs whose user may read what is live of the content, and nothing else in any store."""

STORE_RIGHTS: Mapping[str, tuple[Right, ...]] = {
    # Faces the internet: it puts sealed entries in, and reads back nothing but whether an id was seen.
    "webhooks": (
        Right("+set +exists", "seen:*"),
        Right("+xadd +xlen", "inbox:*"),
        Right(_SCRIPTS, "seen:* inbox:*"),
    ),
    "worker": (Right(f"allchannels +@all {_NOT_DANGEROUS} +bgrewriteaof +info", "*"),),
    # Reads what it shows, writes accounts and logins, and asks the worker for everything else.
    "console": (
        Right(f"+@read {_NOT_DANGEROUS}", _SEEN),
        Right(f"+@read +@write {_NOT_DANGEROUS}", _OWN),
        Right("+xadd", "inbox:* pages:*"),
        Right("+zadd", "deadlines:*"),
        # Content is added to and made live; no version, text or line of its history is ever removed.
        Right("+get +set", "content:live content:files content:shown"),
        Right("+hget +hmget +hvals +hset", "content:sets content:texts content:history content:drafts"),
        Right("+hdel", "content:drafts"),
        # What is shown of the counts is decided in the console; it adds to none.
        Right("+hgetall", "tallies:*"),
        # The audit is added to and read; nothing that the console may do changes or removes an entry.
        Right("+lindex +lrange +llen +rpush", "audit"),
        Right(_SCRIPTS, f"{_SEEN} {_OWN} inbox:* seen:* audit content:*"),
        Right("+multi +exec +discard"),
    ),
    # Reads what is live and nothing else: it stands nearest to the dialogue engine, which texters' words go through.
    "actions": _READS_CONTENT,
    # Faces other agencies: what it may read is what it may give out, and what it holds back by itself.
    "read_api": _READS_CONTENT,
    "staff": (
        Right(f"+@read +@write {_NOT_DANGEROUS}", _STAFF),
        # With a reset go ways to be paged and shifts; whom they reach is not for this program to read.
        Right(
            "+hkeys +hdel +exists +del +srem", "contacts:* pageable contact-trouble:* contact-proof:* contact-tries:*"
        ),
        Right("+hgetall +hdel", "shifts"),
        Right(f"+lindex +lrange +llen +rpush {_SCRIPTS}", "audit"),
        Right("+multi +exec +discard"),
    ),
    # Rotates, backs up, restores and wipes: reads and writes what a backup holds, and of texters' keys removes alone.
    "operator": (
        Right("+scan +info +bgrewriteaof"),
        Right(f"+@read +@write {_SCRIPTS} {_NOT_DANGEROUS}", _in_backup()),
        Right(f"+lindex +lrange +llen +rpush {_SCRIPTS}", "audit"),
        Right("+pttl +unlink", _patterns(WIPED_STORE)),
        Right("+xrange", "inbox:*"),
        Right("+mget", "contact-proof:* code-word:*"),
        Right("+set +del", "lease:* wiped"),
    ),
    "supervisor": (),
}
"""Program to its rights in the store."""

KEYS_RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "webhooks": (Right("+get", "inbox-public"),),
    "worker": (
        Right(
            f"+@read +@write {_SCRIPTS} {_NOT_DANGEROUS}",
            "content-key:* erase-key:* epoch:* wraps:* inbox-key:* inbox-public",
        ),
        Right("+multi +exec +discard"),
    ),
    # Hands sealed wraps on to browsers and takes healed ones; nothing that it may read here opens anything.
    "console": (
        Right("+get", "inbox-public"),
        Right(f"+hgetall +hset +exists {_SCRIPTS}", "wraps:*"),
        Right("+get +set +del +getdel +expire", "half:* challenge:*"),
    ),
    # Counts what lies under which server key, and removes; it gives the inbox a new pair while everything else goes.
    "operator": (
        Right("+scan +info"),
        Right("+mget", _patterns(WRAPPED)),
        Right("+unlink", _patterns(WIPED_KEYS)),
        Right("+set +expire +get +unlink", "inbox-key:* inbox-public"),
    ),
    "supervisor": (),
}
"""Program to its rights in the memory-only instance."""


def acl_page(rights: Mapping[str, tuple[Right, ...]], passwords: Mapping[str, str]) -> str:
    """The ACL file of one instance; passwords go in as SHA-256, and nobody comes in without one."""
    lines = ["user default reset off"]
    for user, selectors in rights.items():
        digest = hashlib.sha256(passwords[user].encode()).hexdigest()
        parts = [f"user {user} reset on #{digest}", _EVERYBODY.rule(), *(f"({right.rule()})" for right in selectors)]
        lines.append(" ".join(parts))
    return "\n".join(lines) + "\n"
