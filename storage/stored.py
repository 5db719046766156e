"""What is said of every stored key: its class, who opens it, how long it stays, whether a backup holds it (P3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Literal


class DataClass(StrEnum):
    """Whom it could hurt, the strictest first."""

    WORDS = "words"
    """What a texter or an advocate wrote, or a key that opens it."""
    ADDRESS = "address"
    """A texter's number or chat id."""
    PSEUDONYM = "pseudonym"
    """Keyed hashes of an address or of a provider's id: who has the hash key can test a guess."""
    STAFF = "staff"
    """Our own people: account names, keys, ways to be paged."""
    OPERATION = "operation"
    """Codes, times and random ids, of use while something goes on."""
    COUNT = "count"
    """Numbers of things, of nobody."""


OF_TEXTERS = frozenset({DataClass.WORDS, DataClass.ADDRESS, DataClass.PSEUDONYM})
"""What is about a texter; no backup holds it, but for opt-outs."""

type Kind = Literal["string", "hash", "list", "set", "zset", "stream"]


@dataclass(frozen=True, slots=True)
class Stored:
    """One kind of key. ``pattern`` is a glob; ``data_class`` is the strictest of what it holds.

    ``longest_seconds``: no key, or no entry of one that has entries, is older, counted from its last change; None if
    nothing bounds it, and then ``unbounded`` says why. ``fields``: what each field of a hash or stream holds, by a glob
    of its name; ``field_classes`` has those of another class than the key's.
    """

    pattern: str
    kind: Kind
    holds: str
    sealed_to: str
    erased: str
    data_class: DataClass
    longest_seconds: int | None
    backup: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    field_classes: Mapping[str, DataClass] = field(default_factory=dict)
    unbounded: str = ""
    instance: Literal["store", "keys"] = "store"

    def matches(self, key: str) -> bool:
        """True if this row speaks of that key."""
        return fnmatchcase(key, self.pattern)

    def find_field(self, name: str) -> str | None:
        """The glob that covers a field's name, or None if nothing is said of it."""
        return next((glob for glob in self.fields if fnmatchcase(name, glob)), None)

    def class_of(self, glob: str) -> DataClass:
        """The class of a field, named as in ``fields``."""
        return self.field_classes.get(glob, self.data_class)
