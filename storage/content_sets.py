"""The live set of content in the store: whole versions, their history, and drafts on their way (G2, G3).

A version names every document by what it says, so that an old one costs nothing to keep and to go back to. A version
never changes; what is live is one number, and moves in one step together with everything that belongs to it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from hotline.content_review import Draft
from hotline.errors import ContentError
from storage.connection import Store, StoreError
from storage.content_drafts import format_draft, parse_draft
from storage.content_texts import name_text

LIVE, SETS, TEXTS, HISTORY = "content:live", "content:sets", "content:texts", "content:history"
DRAFTS, FILES = "content:drafts", "content:files"
SHOWN = "content:shown"
"""The live version once more, number and manifest in one: programs that may read it cannot name an older text."""

type Kind = Literal["files", "edit", "upgrade", "import", "pull", "confirm", "unconfirm", "rollback", "forced"]
"""What a version came from; ``files`` is the first of all, taken from the folder."""

# What is live moves only from where its maker saw it, and only with the very draft that was approved.
_PUBLISH = """
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 'moved' end
if ARGV[5] ~= '' and redis.call('HGET', KEYS[5], ARGV[5]) ~= ARGV[6] then return 'draft' end
for i = 8, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('HSET', KEYS[4], ARGV[2], ARGV[4])
if ARGV[5] ~= '' then redis.call('HDEL', KEYS[5], ARGV[5]) end
if ARGV[7] ~= '' then redis.call('SET', KEYS[6], ARGV[7]) end
redis.call('SET', KEYS[7], ARGV[2] .. ' ' .. ARGV[3])
redis.call('SET', KEYS[1], ARGV[2])
return 'live'
"""

# What is shown is what is live: after a restore, and where older software made it live, too.
_SHOW = """
local live = redis.call('GET', KEYS[1])
if live then redis.call('SET', KEYS[3], live .. ' ' .. redis.call('HGET', KEYS[2], live)) end
"""

# A draft is saved over the state that its author saw, and over no other.
_SAVE = """
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
"""

# The files of an upgrade arrive as a draft once, whichever program sees them first.
_TAKE_FILES = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
for i = 5, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], ARGV[3], ARGV[4]) end
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history. ``checked`` is the software whose checker passed the set, or empty.

    ``by`` are account names; ``approved`` those who approved besides. ``came_from``: the version that it equals or
    was made over. ``paths``: documents that differ from the version before.
    """

    version: int
    at: datetime
    kind: Kind
    by: tuple[str, ...]
    approved: tuple[str, ...] = ()
    note: str = ""
    came_from: int = 0
    paths: tuple[str, ...] = ()
    checked: str = ""
    lifts: tuple[str, ...] = ()
    """Vetoes of survivor reviewers that were taken back before: the reviewer, and who wrote it down (G2)."""
    kept: tuple[str, ...] = ()
    """Entries that stayed as they were when somebody went back, since their numbers are others by now (D3)."""


@dataclass(frozen=True, slots=True)
class LiveSet:
    """One whole version: path to text."""

    version: int
    texts: Mapping[str, str] = field(repr=False)


class ContentSets:
    """Reads and moves the live set. Every method raises StoreError."""

    keeps_older = True
    """False where older versions cannot be read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._publish = store.script(_PUBLISH)
        self._save = store.script(_SAVE)
        self._take = store.script(_TAKE_FILES)
        self._show = store.script(_SHOW)

    async def find_live(self) -> int:
        """The number of the live version; 0 while the files serve. One small read."""
        return int(await self._store.call("GET", LIVE) or 0)

    async def load(self, version: int, known: Mapping[str, str] | None = None) -> LiveSet:
        """A whole version; ``known`` texts by name are not asked for again. Raises ContentError if it is not whole."""
        manifest = await self.load_manifest(version)
        known = known or {}
        missing = sorted(set(manifest.values()) - set(known))
        found = await self._store.call("HMGET", TEXTS, *missing) if missing else []
        texts = {**known, **{name: one.decode() for name, one in zip(missing, found, strict=True) if one is not None}}
        for path, name in manifest.items():
            if name not in texts or name_text(texts[name]) != name:
                raise ContentError(f"{path}: version {version} is not whole in the store")
        return LiveSet(version, {path: texts[name] for path, name in manifest.items()})

    async def load_manifest(self, version: int) -> Mapping[str, str]:
        """Path to the name of its text. Raises ContentError for a version that is not there."""
        line = await self._store.call("HGET", SETS, str(version))
        if line is None:
            raise ContentError(f"there is no version {version} of the content")
        manifest: Mapping[str, str] = json.loads(line)
        return manifest

    async def load_files(self) -> Mapping[str, str] | None:
        """The texts of the files that the live set was last compared with (G3), or None. Raises ContentError."""
        line = await self._store.call("GET", FILES)
        if line is None:
            return None
        manifest = json.loads(line)
        texts = await self.load_texts(manifest.values())
        return {path: texts[name] for path, name in manifest.items()}

    async def load_texts(self, names: Iterable[str]) -> Mapping[str, str]:
        """Texts by name. Raises ContentError if one is missing or is not what its name says."""
        wanted = sorted(set(names))
        found = await self._store.call("HMGET", TEXTS, *wanted) if wanted else []
        texts = {name: one.decode() for name, one in zip(wanted, found, strict=True) if one is not None}
        if any(name not in texts or name_text(texts[name]) != name for name in wanted):
            raise ContentError("a text of the content is missing in the store, or was changed there")
        return texts

    async def read_history(self) -> Sequence[Happened]:
        """Every version, the newest first."""
        rows = await self._store.call("HVALS", HISTORY)
        return sorted(map(_parse_happened, rows), key=lambda one: one.version, reverse=True)

    async def find_happened(self, version: int) -> Happened | None:
        """What is known of a version."""
        line = await self._store.call("HGET", HISTORY, str(version))
        return _parse_happened(line) if line else None

    async def publish(
        self,
        texts: Mapping[str, str],
        happened: Happened,
        *,
        expected: int,
        draft: Draft | None = None,
        files: Mapping[str, str] | None = None,
    ) -> bool:
        """Makes this set live as ``happened.version``, all of it or nothing; False if what is live is not ``expected``.

        ``draft`` goes with it, and False comes back too if it was changed or published meanwhile. ``files`` are
        recorded as what the set was compared with.
        """
        kept = {name_text(text): text for text in (*texts.values(), *(files or {}).values())}
        told = _format_manifest(files) if files is not None else ""
        args: list[Any] = [str(expected), str(happened.version), _format_manifest(texts), _format_happened(happened)]
        args += [draft.id, format_draft(draft)] if draft else ["", ""]
        args += [told, *(part for pair in kept.items() for part in pair)]
        done = await self._publish.run([LIVE, SETS, TEXTS, HISTORY, DRAFTS, FILES, SHOWN], args)
        return bool(done == b"live")

    async def show_live(self) -> None:
        """Writes what is live for programs that may read nothing else, as every publishing does."""
        await self._show.run([LIVE, SETS, SHOWN], [])

    async def take_files(self, files: Mapping[str, str], before: Mapping[str, str], draft: Draft | None) -> bool:
        """Records new files as compared, with the draft of what they change; False if somebody else did so first."""
        kept = [part for text in files.values() for part in (name_text(text), text)]
        args = [
            _format_manifest(before),
            _format_manifest(files),
            *((draft.id, format_draft(draft)) if draft else ("", "")),
        ]
        return bool(await self._take.run([FILES, DRAFTS, TEXTS], [*args, *kept]))

    async def save_draft(self, draft: Draft, over: Draft | None) -> bool:
        """Saves a draft over the one that was seen (None: there is none yet); False if it is another one by now."""
        seen = format_draft(over) if over else ""
        return bool(await self._save.run([DRAFTS], [draft.id, seen, format_draft(draft)]))

    async def remove_draft(self, draft: Draft) -> bool:
        """Removes a draft as it was seen; False if it is another one by now."""
        return bool(await self._save.run([DRAFTS], [draft.id, format_draft(draft), ""]))

    async def find_draft(self, draft_id: str) -> Draft | None:
        """A draft, or None."""
        line = await self._store.call("HGET", DRAFTS, draft_id)
        return parse_draft(line) if line else None

    async def list_drafts(self) -> Sequence[Draft]:
        """Every draft, what was changed last first."""
        rows = await self._store.call("HVALS", DRAFTS)
        return sorted(map(parse_draft, rows), key=lambda one: one.changed_at, reverse=True)


class ShownSets(ContentSets):
    """The live set for a program that may read no older version: one may hold an address from when it was open (D4)."""

    keeps_older = False

    async def load_manifest(self, version: int) -> Mapping[str, str]:
        """Of what is live alone. Raises StoreError if that is another version by now, or is not shown yet."""
        number, _, line = (await self._store.call("GET", SHOWN) or b"").partition(b" ")
        if number != str(version).encode():
            raise StoreError("another version is shown than is live")
        manifest: Mapping[str, str] = json.loads(line)
        return manifest


def _format_manifest(texts: Mapping[str, str]) -> str:
    return json.dumps({path: name_text(text) for path, text in texts.items()}, sort_keys=True, separators=(",", ":"))


def _format_happened(one: Happened) -> str:
    fields = [one.version, one.at.isoformat(), one.kind, one.by, one.approved, one.note, one.came_from]
    return json.dumps([*fields, one.paths, one.checked, one.lifts, one.kept], separators=(",", ":"))


def _parse_happened(line: bytes) -> Happened:
    version, at, kind, by, approved, note, came_from, paths, checked, *later = json.loads(line)
    happened = Happened(
        version, datetime.fromisoformat(at), kind, tuple(by), tuple(approved), note, came_from, tuple(paths), checked
    )
    # Lines of older software have neither.
    lifts, kept = (*later, (), ())[:2]
    return replace(happened, lifts=tuple(lifts), kept=tuple(kept))
