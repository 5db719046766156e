"""What the pages for content need: the desk, what is live as documents, and a try that keeps nothing (G1, G2)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline.content_entries import find_entry
from hotline.content_merge import Entry
from hotline.content_review import Draft
from storage.content_desk import ContentDesk, Shown
from storage.content_sets import LiveSet
from storage.content_texts import parse_text, parse_texts


@dataclass(frozen=True, slots=True)
class Screen:
    """How a reply looks to whom it is sent, in one language.

    ``lock`` is what a lock screen shows, ``sms`` its parts, ``chat`` its Telegram messages; ``ways`` are what the
    texter may answer, each with the text that comes next.
    """

    language: str
    lock: str
    sms: tuple[str, ...]
    chat: tuple[str, ...]
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What screening makes of a sentence: its level, why, and the terms that counted, each with its meaning."""

    level: str
    reasons: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up sentence to hold against screening. ``live``: served documents that the form would change, or None."""

    text: str = field(repr=False)
    live: Mapping[str, str | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trial:
    """What the one checker says of an entry, and how it looks; ``judged`` is a sample as it is served now, and then."""

    faults: tuple[str, ...] = ()
    screens: tuple[Screen, ...] = ()
    judged: tuple[Judged, ...] = ()


type TryOut = Callable[[Mapping[str, str], str, str, Sample | None], Awaitable[Trial | None]]
"""Texts of a whole set, kind and name of the entry, a sample; None if too many ask at once. Keeps nothing."""


@dataclass(frozen=True, slots=True)
class View:
    """A whole set as texts and as documents. ``version`` is 0 while the files are served."""

    version: int
    texts: Mapping[str, str] = field(repr=False)
    documents: Mapping[str, Any] = field(repr=False)


class Editing:
    """The parts. ``region``: whose places this hotline serves."""

    def __init__(self, desk: ContentDesk, try_out: TryOut, region: str) -> None:
        self.desk, self.try_out, self.region = desk, try_out, region
        self._seen: View | None = None

    async def read(self) -> View:
        """What is served now; a version that was read before is not parsed again. Raises StoreError, ContentError."""
        version, seen = await self.desk.sets.find_live(), self._seen
        if seen is None or seen.version != version:
            self._seen = seen = await self._parse(await self.desk.look())
        return seen

    async def _parse(self, live: LiveSet) -> View:
        """The documents of a set; those that were parsed before are taken as they are."""
        old = self._seen
        same = [path for path, text in old.texts.items() if live.texts.get(path) == text] if old else []
        known = {path: old.documents[path] for path in same} if old else {}
        fresh = {path: text for path, text in live.texts.items() if path not in known}
        # Up to a second of work: advocates' pages must not wait for it.
        parsed = await asyncio.to_thread(parse_texts, fresh)
        return View(live.version, live.texts, {path: known.get(path, parsed.get(path)) for path in live.texts})

    async def read_at(self, version: int) -> View:
        """An older version, for a form that was opened on it; the files of before, 0, became version 1."""
        seen = await self.read()
        version = version or min(seen.version, 1)
        if version == seen.version:
            return seen
        return await self._parse(await self.desk.sets.load(version))

    async def read_under(self, draft_id: str) -> tuple[Shown, View]:
        """A draft as it is judged, and the live set with the draft laid over it."""
        shown = await self.desk.show(draft_id)
        return shown, await self.lay_over(shown.draft, await self.read_at(shown.draft.base_version))

    async def find_drafts(self, entries: Collection[tuple[str, Entry]]) -> Sequence[Draft]:
        """Drafts that change one of these entries of documents, so that nobody begins again what has begun."""
        drafts = await self.desk.sets.list_drafts()
        return await asyncio.to_thread(lambda: [one for one in drafts if any(_changes(one, *at) for at in entries)])

    async def lay_over(self, draft: Draft, view: View) -> View:
        """The set as it would be with this draft."""
        texts = {path: text for path, text in {**view.texts, **draft.texts}.items() if text is not None}
        documents = {path: one for path, one in view.documents.items() if path in texts}
        for path, text in draft.texts.items():
            if text is not None:
                documents[path] = await asyncio.to_thread(parse_text, path, text)
        return View(view.version, texts, documents)


def _changes(draft: Draft, path: str, entry: Entry) -> bool:
    before, after = draft.bases.get(path), draft.texts.get(path)
    if path not in draft.texts or before == after:
        return False
    one, other = (None if text is None else parse_text(path, text) for text in (before, after))
    return bool(find_entry(one, entry) != find_entry(other, entry))
