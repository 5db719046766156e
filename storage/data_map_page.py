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
