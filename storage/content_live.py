"""The live set as one person may move it alone, and as the files of a release meet it (G3, D3, D7)."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hotline.content_acts import confirm, keep_closed, list_places, pull
from hotline.content_return import keep_numbers
from hotline.content_review import Draft, Lack
from hotline.content_unconfirm import unconfirm
from hotline.errors import ContentError
from hotline.ports import Clock
from storage.content_sets import ContentSets, Happened, Kind, LiveSet
from storage.content_texts import forget_kept, merge_texts, parse_texts, write_document

type Texts = Mapping[str, str | None]
"""Path to YAML; None for a document that is not there (any more)."""

type Check = Callable[[Mapping[str, str], bool], Awaitable[Sequence[str]]]
"""Faults of a whole set, in words. True: the whole checker. False: only whether every program can serve it."""

type ListApprovers = Callable[[], Awaitable[Collection[str]]]
"""Names of the accounts that may approve today."""

TRIES = 20
_LONGEST_NOTE = 500


class Moved(Exception):
    """Somebody else changed the same thing meanwhile, again and again; nothing was changed, and nothing is lost."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of it: the version that is live now, or 0 and why not."""

    version: int
    lacks: tuple[Lack, ...] = ()
    faults: tuple[str, ...] = ()


class LiveActs:
    """Moves what is live, one whole version at a time. Methods raise StoreError, ContentError and Moved."""

    def __init__(
        self,
        sets: ContentSets,
        clock: Clock,
        *,
        files: Callable[[], Mapping[str, str]],
        check: Check,
        list_approvers: ListApprovers,
        software: str,
    ) -> None:
        """``files`` reads the folder of this release; ``software`` names the checker that passes a set."""
        self.sets = sets
        self._clock = clock
        self._files = files
        self._check = check
        self.list_approvers = list_approvers
        """Names of the accounts that may approve today."""
        self._software = software

    async def pull(self, by: str, entry: str, note: str) -> int:
        """Closes a place or line at once, by one person (D7). The live version; raises ContentError."""
        return await self._act("pull", by, f"{entry}: {note}", lambda documents: pull(documents, entry))

    async def confirm(self, by: str, entry: str, note: str = "") -> int:
        """``by`` has phoned a place or line today, and answers for it (D3). The live version; raises ContentError."""
        day = self._clock.now().date()
        told = f"{entry}: {note}" if note else entry
        return await self._act("confirm", by, told, lambda documents: confirm(documents, entry, by, day))

    async def unconfirm(self, by: str, version: int) -> str:
        """Takes back the confirmation of a version, so that it runs out as before; the id. Raises ContentError."""
        if not 1 < version <= await self.sets.find_live():
            raise ContentError("that version confirmed nothing")
        before = parse_texts((await self.sets.load(version - 1)).texts)
        said = parse_texts((await self.sets.load(version)).texts)
        entry, _, _ = await asyncio.to_thread(unconfirm, before, said, said)
        await self._act("unconfirm", by, entry, lambda live: unconfirm(before, said, live)[1:])
        return entry

    async def roll_back(self, by: str, version: int, note: str) -> int:
        """A new version with an old one's words; what was closed since stays closed, and numbers stay (D3, D7).

        The history says which entries stay for their numbers. The live version.
        """
        for _ in range(TRIES):
            live, old = await self.load_live(), await self.sets.load(version)
            texts, kept = await asyncio.to_thread(_go_back, old.texts, live.texts)
            await self._refuse_unservable(live, texts)
            happened = replace(self.tell(live, "rollback", (by,), note, texts), came_from=version, kept=kept)
            if await self.sets.publish(texts, happened, expected=live.version):
                return happened.version
        raise Moved("rollback")

    async def take_files(self) -> Draft | None:
        """The draft of what the files of a new release change, once; None if nothing does (G3).

        Entry by entry against the files of before: what the hotline changed itself stays unless the files changed it
        too; that is a conflict, in which the draft shows the files' side.
        """
        before, files = await self.sets.load_files(), self._files()
        if before is None or dict(before) == dict(files):
            return None
        live = await self.load_live()
        merged, conflicts = await asyncio.to_thread(merge_texts, before, files, live.texts)
        changed = {path: text for path, text in forget_kept(merged).items() if text != live.texts.get(path)}
        draft = Draft(
            id=secrets.token_hex(6),
            revision=1,
            origin="upgrade",
            note="What the files of a new release change.",
            authors=(),
            base_version=live.version,
            texts=changed,
            bases={path: live.texts.get(path) for path in changed},
            changed_at=self._clock.now(),
            conflicts=conflicts,
        )
        done = await self.sets.take_files(files, before, draft if changed else None)
        return draft if done and changed else None

    async def force_files(self, names: tuple[str, str], note: str) -> Published:
        """Makes what the files change live at once, on two people's word (G3): where both changed, the files win.

        It is a command, so the history tells it as one. The files open no place that was closed or taken out here,
        and no address that is confidential by now (D4, D7).
        """
        if len(set(names)) < 2 or not set(names) <= set(await self.list_approvers()):
            raise ContentError("a safety fix is forced by two different people who may approve")
        for _ in range(TRIES):
            files, live = self._files(), await self.load_live()
            before = await self.sets.load_files() or {}
            texts = await asyncio.to_thread(_join_files, before, files, live.texts)
            if texts == dict(live.texts):
                return Published(0, ("nothing_changed",))
            if faults := await self.find_new_faults(live.texts, texts):
                return Published(0, faults=faults)
            first, second = map(name_command_line, names)
            happened = replace(self.tell(live, "forced", (first,), note, texts), approved=(second,))
            if await self.sets.publish(texts, happened, expected=live.version, files=files):
                return Published(happened.version)
        raise Moved("forced")

    async def look(self) -> LiveSet:
        """What is served, as version 0 while that is still the files; looking makes nothing live."""
        version = await self.sets.find_live()
        return await self.sets.load(version) if version else LiveSet(0, self._files())

    async def load_live(self) -> LiveSet:
        """What is live; if that is still the files, they become version 1 of the live set now (G3)."""
        version = await self.sets.find_live()
        if not version:
            files = self._files()
            happened = self.tell(LiveSet(0, {}), "files", (), "The files of this release.", files)
            await self.sets.publish(files, happened, expected=0, files=files)
            version = await self.sets.find_live()
        return await self.sets.load(version)

    async def _act(self, kind: Kind, by: str, note: str, change: Callable[[Mapping[str, Any]], tuple[str, Any]]) -> int:
        for _ in range(TRIES):
            live = await self.load_live()
            path, document = change(await asyncio.to_thread(parse_texts, live.texts))
            texts = {**live.texts, path: write_document(document, live.texts[path])}
            await self._refuse_unservable(live, texts)
            happened = self.tell(live, kind, (by,), note, texts)
            if await self.sets.publish(texts, happened, expected=live.version):
                return happened.version
        raise Moved(kind)

    async def _refuse_unservable(self, live: LiveSet, texts: Mapping[str, str]) -> None:
        for fault in await self.find_new_faults(live.texts, texts, whole=False):
            raise ContentError(fault)

    async def find_new_faults(
        self, live: Mapping[str, str], texts: Mapping[str, str], *, whole: bool = True
    ) -> tuple[str, ...]:
        """Faults that what is live has not: one that came with time, or with a release, keeps no mending away."""
        faults = await self._check(texts, whole)
        old = set(await self._check(live, whole)) if faults else set()
        return tuple(fault for fault in faults if fault not in old)

    def tell(self, live: LiveSet, kind: Kind, by: tuple[str, ...], note: str, texts: Mapping[str, str]) -> Happened:
        """The line of the history for ``texts`` over what is live."""
        paths = tuple(path for path in sorted({*live.texts, *texts}) if live.texts.get(path) != texts.get(path))
        return Happened(
            version=live.version + 1,
            at=self._clock.now(),
            kind=kind,
            by=by,
            note=check_note(note),
            came_from=live.version,
            paths=paths if kind != "files" else (),
            checked=self._software,
        )


def _go_back(old: Mapping[str, str], live: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    documents = parse_texts(old)
    kept, names = keep_numbers(documents, parse_texts(live))
    changed = {
        path: write_document(one, live.get(path, old[path])) for path, one in kept.items() if one != documents[path]
    }
    return _keep_closed({**old, **changed}, live), names


def _keep_closed(
    texts: Mapping[str, str], live: Mapping[str, str], before: Mapping[str, str] | None = None
) -> dict[str, str]:
    """``keep_closed`` for texts; a place that is neither live nor in the files of ``before`` is new, and may open."""
    documents, served = parse_texts(texts), parse_texts(live)
    new = _list_keys(documents) - _list_keys(served) - _list_keys(parse_texts(before)) if before is not None else ()
    kept = keep_closed(documents, served, new=new)
    changed = {path: write_document(one, texts[path]) for path, one in kept.items() if one != documents[path]}
    return {**texts, **changed}


def _list_keys(documents: Mapping[str, Any]) -> set[str]:
    return {str(place.get("key")) for _, place in list_places(documents)}


def _join_files(before: Mapping[str, str], files: Mapping[str, str], live: Mapping[str, str]) -> dict[str, str]:
    merged, _ = merge_texts(before, files, live)
    return _keep_closed({path: text for path, text in forget_kept(merged).items() if text is not None}, live, before)


def name_command_line(account: str) -> str:
    """Whose act a command's is in the history: nobody proves there that they are the account that they name."""
    return f"command line ({account})"


def check_note(note: str) -> str:
    """The note of a history: one line in words. Raises ContentError."""
    if not note.strip() or len(note) > _LONGEST_NOTE or not note.isprintable():
        raise ContentError(f"say in one line, of {_LONGEST_NOTE} characters at most, what this changes and why")
    return note.strip()
