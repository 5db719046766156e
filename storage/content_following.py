"""The content that a program serves now: the live set of the store, else the files; new versions without a restart.

What is new is read and built beside the event loop, and handed over whole: the caller puts it in place in one
assignment. Whatever is wrong with a version, the last good one is served on, and an alarm says so (G3, D7).
"""

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.content_acts import keep_closed
from hotline.content_merge import merge
from hotline.errors import ContentError
from storage.connection import StoreError
from storage.content_files import CONTENT_FOLDER, find_version
from storage.content_sets import ContentSets
from storage.content_texts import load_texts, name_text, parse_text

type Tell = Callable[[str, str], None]
"""Is told an event of the log and a code: ``content_refused``, a version that could not be read or built, and
``content_stale``, another one than what is live is served from the start."""

_NEVER_ADDED = ("directory/", "numbers")
_OLDER_TRIED = 5
_AGAIN_SECONDS = 30.0
_SWITCH_SECONDS = 0.0005


@dataclass(frozen=True, slots=True)
class Served:
    """One version as a program builds its parts from it. ``number`` is 0 for the files."""

    number: int
    documents: Mapping[str, Any] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)
    """Path to what the document says, to see what two versions have in common."""

    @property
    def version(self) -> str:
        """12 hex digits, the same wherever the same is served."""
        return find_version(self.documents)


class LiveContent[Built]:
    """Follows the live set for one program. ``build`` makes the program's parts, and raises for a set that is not fit.

    ``build`` runs on a thread of its own. ``tell`` hears of what is refused.
    """

    def __init__(self, sets: ContentSets | None, build: Callable[[Served], Built], tell: Tell) -> None:
        """Without ``sets`` the files are all there is."""
        self._sets = sets
        self._build = build
        self._tell = tell
        self._parsed: dict[str, Any] = {}
        self._seen = 0
        self._refused_at = float("-inf")
        self.number = 0
        """The version that is served."""

    async def start(self) -> Built:
        """The parts to begin with: live, else live with what the files add, an older version, the files, in this order.

        No state of content stops the service (D3); a place that was pulled stays closed in whatever is served instead
        (D7). Raises ContentError if not even the files can be built: then the release is broken.
        """
        fault: Exception | None = None
        candidates = await self._list_candidates()
        for place, make in enumerate(candidates):
            try:
                served = make()
                built = await asyncio.to_thread(self._build_gently, served)
            except Exception as error:
                self._tell("content_refused", type(error).__name__)
                fault = error
                continue
            if place:
                self._tell("content_stale", "start")
            self.number = served.number
            return built
        raise fault or ContentError("there is no content")

    async def look(self) -> Built | None:
        """The parts of a new version, or None: one small read, and no more while nothing is new.

        Whatever is wrong is told and not raised; a version that could not be built is tried again after a while.
        """
        if self._sets is None:
            return None
        try:
            live = await self._sets.find_live()
            if live in (self.number, 0) or (live == self._seen and not self._is_due()):
                return None
            self._seen, self._refused_at = live, time.monotonic()
            served = await self._load(live)
            built = await asyncio.to_thread(self._build_gently, served)
        except (StoreError, OSError, TimeoutError):
            self._seen = 0
            return None
        except asyncio.CancelledError:
            self._seen = 0
            raise
        except Exception as error:
            # Anything at all: a set of content must not end a worker.
            self._tell("content_refused", type(error).__name__)
            return None
        self.number = live
        return built

    def _is_due(self) -> bool:
        return time.monotonic() - self._refused_at > _AGAIN_SECONDS

    def _build_gently(self, served: Served) -> Built:
        with _sharing():
            return self._build(served)

    async def _load(self, number: int) -> Served:
        assert self._sets is not None  # noqa: S101
        known = {name: text for name, (text, _) in self._parsed.items()}
        live = await self._sets.load(number, known)
        return await asyncio.to_thread(self._parse, number, live.texts)

    def _parse(self, number: int, texts: Mapping[str, str]) -> Served:
        """Documents that stayed the same are not parsed again; what no version shows any more is let go of."""
        names = {path: name_text(text) for path, text in texts.items()}
        with _sharing():
            parsed = {
                name: self._parsed[name] if name in self._parsed else (texts[path], parse_text(path, texts[path]))
                for path, name in names.items()
            }
        self._parsed = parsed
        return Served(number, {path: parsed[name][1] for path, name in names.items()}, names)

    async def _list_candidates(self) -> list[Callable[[], Served]]:
        files = load_texts(CONTENT_FOLDER)
        try:
            live = await self._sets.find_live() if self._sets else 0
        except (StoreError, OSError, TimeoutError):
            self._tell("content_stale", "store")
            live = 0
        if not live:
            return [lambda: self._parse(0, files)]
        self._seen, self._refused_at = live, time.monotonic()
        first = await self._try_load(live)
        found: list[Callable[[], Served]] = []
        if first:
            found += [lambda: first, lambda: _complete(first, self._parse(0, files))]
        for number in range(live - 1, max(0, live - 1 - _OLDER_TRIED), -1):
            older = await self._try_load(number)
            if older:
                found.append(lambda older=older: _keep_closed(older, first))  # type: ignore[misc]
        return [*found, lambda: _keep_closed(self._parse(0, files), first)]

    async def _try_load(self, number: int) -> Served | None:
        try:
            return await self._load(number)
        except (ContentError, StoreError, OSError, TimeoutError) as error:
            self._tell("content_refused", type(error).__name__)
            return None


def _complete(live: Served, files: Served) -> Served:
    """The live set with entries that only the files have: a new release asks for lines that are not approved yet.

    No place and no number is added so: one that the live set does not have may have been taken out of it (D7).
    """
    documents = {
        path: _add_entries(live.documents.get(path), document)
        for path, document in files.documents.items()
        if not path.startswith(_NEVER_ADDED)
    }
    return Served(live.number, {**live.documents, **documents}, {**live.names, "": "completed"})


def _add_entries(ours: Any, theirs: Any) -> Any:
    return theirs if ours is None else merge({}, ours, theirs).document


def _keep_closed(other: Served, live: Served | None) -> Served:
    if live is None:
        return other
    documents = keep_closed(other.documents, live.documents)
    return Served(other.number, documents, other.names)


@contextlib.contextmanager
def _sharing() -> Iterator[None]:
    """A thread that builds gives the processor back ten times as often, so that no turn waits for it noticeably."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
