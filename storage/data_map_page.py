"""The data map as a page, for whoever wants to know what lies in the stores: ``docs/data_map.md``."""

from storage.data_map import DATA_MAP
from storage.stored import Stored

_HEAD = """# Data map

Every key that is ever stored. Made from `storage/data_map.py`; a test walks a live store, compares, and fails on what
is not here, is of another kind, or is older than its bound.

The bound is the longest that a key, or an entry of it, can stay after its last change, even if every worker is gone;
what erases it as a rule comes much sooner. A backup made with `porchlight` holds what is marked so, and nothing else.

| class | is |
|---|---|
| words | what a texter or an advocate wrote, or a key that opens it; always sealed |
| address | a texter's number or chat id; always inside something sealed, so no key is of this class alone |
| pseudonym | a keyed hash: who has the hash key can test a guess, who has not learns nothing |
| staff | our own people |
| operation | codes, times, random ids |
| count | numbers of things |
"""

_KEPT_HASHED = "the keyed hash of the address, keyed hashes of the provider's id, message or status, when it came"
_ON_DISK = (
    (
        "`spool-*`",
        "words",
        f"texts and statuses that came while the store was away: {_KEPT_HASHED}; sealed: text, address, provider's id",
        "inbox key pair (worker)",
        "written over with zeros once the store has it: within a second after it is back",
        "as long as the store is away; its key pair goes within 24 hours; 32 MiB, then providers are told to repeat",
    ),
    (
        "`inbox-public`",
        "operation",
        "the inbox's public half, for the time that the keys instance is away",
        "nothing to seal: public",
        "never; the next pair's takes its place",
        "none",
    ),
)
_SPOOL = """## On a disk besides the stores

| file below `PORCHLIGHT_SPOOL` | class | holds | who can open it | erased | bound |
|---|---|---|---|---|---|
"""
_AFTER_SPOOL = """
Both are in no backup, and a wipe writes the first over. On a disk that never writes to the same place (SSD, copy on
write) the sealed bytes may stay in free blocks, as those of the store's file below.

"""

_RESIDUE = """## What stays after it is erased

- **The store's file** has every command since it was last rewritten: about 2.7 kB a turn (measured), all of it sealed
  or hashed. It is rewritten every ten minutes, and by itself when it has doubled beyond 16 MB; erased bytes have
  left it after 10 min 20 s. That takes 0.04 to 0.11 s (measured). What was said in an erased conversation cannot be
  opened in it by anyone, since its keys were deleted with it and were never on a disk. A text as it came in can be,
  for 1.5 hours at most, by who has this file, the server key and the memory of the running keys instance, all three.
- **Free blocks of the disk** keep the same bytes until they are written over: no bound; open for nobody after that.
- **A copy of the disk** keeps what was there, and what was erased in the ten minutes before: as the file.
- **A copy that is put back** brings what waited and had changed within four hours up once, as unreadable, for a person
  to close. What is older is erased and pages nobody; after a day the store drops it on its own start. Opt-outs and
  marks of deliveries are as in the copy: a STOP that was said later is learned anew from the provider's own refusal.
- **Keys of an erasure that a kill cut short** are gone after 3 min 20 s; a content key after five minutes more, as
  after every erasure whose last message must still go out.
"""


def data_map_page() -> str:
    """The data map as Markdown."""
    lines = [
        _HEAD,
        "| instance | key | kind | class | holds | who can open it | erased | bound | backup |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(stored) for stored in DATA_MAP),
        "",
        "## Fields",
        "",
        "What each field of a hash or a stream holds; `*` is any name, and then the line says what names there are.",
        "",
        "| key | field | class | holds |",
        "|---|---|---|---|",
        *(line for stored in DATA_MAP for line in _field_rows(stored)),
        "",
        *_SPOOL.splitlines(),
        *(f"| {' | '.join(cells)} |" for cells in _ON_DISK),
        *_AFTER_SPOOL.splitlines(),
        *_RESIDUE.splitlines(),
        "",
        "## Without a bound",
        "",
        *(f"- `{stored.pattern}`: {stored.unbounded}." for stored in DATA_MAP if stored.longest_seconds is None),
    ]
    return "\n".join(lines) + "\n"


def _row(s: Stored) -> str:
    backup = "yes" if s.backup else "no"
    cells = (
        s.instance, f"`{s.pattern}`", s.kind, s.data_class, s.holds, s.sealed_to, s.erased, _bound(s), backup,
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _field_rows(stored: Stored) -> list[str]:
    return [f"| `{stored.pattern}` | `{f}` | {stored.class_of(f)} | {text} |" for f, text in stored.fields.items()]


def _bound(stored: Stored) -> str:
    seconds = stored.longest_seconds
    if seconds is None:
        return "none"
    for size, name in ((24 * 3600, "days"), (3600, "hours"), (60, "minutes")):
        if seconds % size == 0 and seconds > size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
