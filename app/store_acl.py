"""What each program may do in the embedded store and the keys instance: least privilege, as data (architecture §2).

A test walks every key of ``storage/keyspace.py`` against it. Selectors need a server of version 7 or later.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Right:
    """These commands on these keys, and on no others."""

    commands: str
    keys: str = ""

    def rule(self) -> str:
        """In the ACL's own words."""
        return " ".join([*self.commands.split(), *(f"~{key}" for key in self.keys.split())])


_EVERYBODY = Right("+ping +client|setinfo +client|setname +script|load")
_NOT_DANGEROUS = "-@admin -@dangerous"
_SCRIPTS = "+eval +evalsha"

_SEEN = "conversation:* window:* status:* open events workers dead"
_STAFF = "account:* accounts readers locks:* passkey:* passkeys:* invitation:* login:* logins:*"
_OWN = f"present {_STAFF} used-code:* failures:* result:*"

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
        Right("+xadd", "inbox:*"),
        Right("+zadd", "deadlines:*"),
        Right(_SCRIPTS, f"{_SEEN} {_OWN} inbox:* seen:*"),
        Right("+multi +exec +discard"),
    ),
    "staff": (Right(f"+@read +@write {_NOT_DANGEROUS}", _STAFF), Right("+multi +exec +discard")),
    "supervisor": (),
}
"""Program to its rights in the store."""

KEYS_RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "webhooks": (Right("+get", "inbox-public"),),
    "worker": (
        Right(f"+@read +@write {_SCRIPTS} {_NOT_DANGEROUS}", "content-key:* inbox-key:* inbox-public"),
        Right("+multi +exec +discard"),
    ),
    "console": (
        Right("+get", "content-key:* inbox-public"),
        Right("+get +set +del +getdel +expire", "half:* challenge:*"),
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
