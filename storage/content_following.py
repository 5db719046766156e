"""The content that a program serves now: the live set of the store, else the files; new versions without a restart.

What is new is read and built beside the event loop, and handed over whole: the caller puts it in place in one
assignment. Whatever is wrong with a version, the last good one is served on, and an alarm says so (G3, D7).
"""

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hotline.content_acts import close_hidden, complete, keep_closed
from hotline.errors import ContentError
from storage.connection import StoreError
from storage.content_files import CONTENT_FOLDER, find_version
from storage.content_sets import ContentSets
from storage.content_texts import load_texts, name_text, parse_text

type Tell = Callable[[str, str], None]
"""Is told an event of the log and a code: ``content_refused``, a version that could not be read or built, and
``content_stale``, another one than what is live is served in its place."""

_OLDER_TRIED = 5
_AGAIN_SECONDS = 30.0
_SWITCH_SECONDS = 0.0005
_BEFORE_SECONDS = sys.getswitchinterval()

type _Make = Callable[[], "Served"]
"""Documents as they may be served; parses, so it is called beside the event loop."""

type _Close = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
"""How documents are kept from opening what is closed in others."""


@dataclass(frozen=True, slots=True)
class Served:
    """One version as a program builds its parts from it. ``number`` is 0 for the files."""

    number: int
    documents: Mapping[str, Any] = field(repr=False)

    @property
    def version(self) -> str:
        """12 hex digits, the same wherever the same is served."""
        return find_version(self.documents)


class LiveContent[Built]:
    """Follows the live set for one program. ``build`` makes the program's parts, and raises for a set that is not fit.

    ``build`` runs on a thread of its own. ``tell`` hears of what is refused.
    """

    def __init__(
        self,
        sets: ContentSets | None,
        build: Callable[[Served], Built],
        tell: Tell,
        parsed: Mapping[str, tuple[str, Any]] | None = None,
    ) -> None:
        """Without ``sets`` the files are all there is. ``parsed``: texts and documents by name that need no parsing."""
        self._sets = sets
        self._build = build
        self._tell = tell
        self._parsed: dict[str, Any] = dict(parsed or {})
        self._seen = 0
        self._refused_at = float("-inf")
        self._heard_at = float("-inf")
        self._blind = False
        self._served: Served | None = None
        self.number = 0
        """The version that is served."""
        self.is_stale = False
        """True if that is not known to be what was live when the store was last heard."""

    async def start(self) -> Built:
        """The parts to begin with: live, else live with what the files add, an older version, the files, in this order.

        No state of content stops the service (D3); a place that was pulled stays closed in whatever is served instead
        (D7). Raises ContentError if not even the files can be built: then the release is broken.
        """
        try:
            live = await self._sets.find_live() if self._sets else 0
            self._heard_at = time.monotonic()
            candidates = await self._list_candidates(live, stand_ins=True)
        except Exception:
            # Anything at all that the store says or does not say.
            self._tell("content_stale", "store")
            self._blind, self._seen, live = True, 0, 0
            candidates = await self._list_candidates(live, stand_ins=True)
        built, fault = await self._build_one_of(candidates, live, "start")
        self.is_stale = self.is_stale or self._blind
        if built is None:
            raise fault or ContentError("there is no content")
        return built

    async def look(self) -> Built | None:
        """The parts of a new version, or None: one small read, and no more while nothing is new.

        Whatever is wrong is told and not raised; a version that could not be built is tried again after a while, and
        what it closes is closed in what is served all the same (D7). Older versions are for whoever began while the
        store was away.
        """
        if self._sets is None:
            return None
        try:
            live = await self._sets.find_live()
            self._heard_at = time.monotonic()
            self.is_stale = self.is_stale and live != self.number
            if live in (self.number, 0) or (live == self._seen and not self._is_due()):
                return None
            candidates = await self._list_candidates(live, stand_ins=self._blind)
            built, _ = await self._build_one_of(candidates, live, "look")
            self._blind = self._blind and built is None
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
        return built

    async def _build_one_of(
        self, candidates: Sequence[_Make], live: int, when: str
    ) -> tuple[Built | None, Exception | None]:
        """The first that can be built, or why the first could not."""
        first_fault: Exception | None = None
        for place, make in enumerate(candidates):
            try:
                served, built = await asyncio.to_thread(self._build_gently, make)
            except Exception as error:
                if first_fault is None:
                    self._tell("content_refused", type(error).__name__)
                first_fault = first_fault or error
                continue
            if place or served.number != live:
                self._tell("content_stale", when)
            self._served, self.number, self.is_stale = served, served.number, served.number != live
            return built, None
        return None, first_fault

    def find_silence(self) -> float:
        """Seconds since the store last said what is live; 0 where the files are all there is."""
        return time.monotonic() - self._heard_at if self._sets else 0.0

    def _is_due(self) -> bool:
        return time.monotonic() - self._refused_at > _AGAIN_SECONDS

    def _build_gently(self, make: _Make) -> tuple[Served, Built]:
        with _sharing():
            served = make()
            return served, self._build(served)

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
        return Served(number, {path: parsed[name][1] for path, name in names.items()})

    async def _list_candidates(self, live: int, *, stand_ins: bool) -> Sequence[_Make]:
        """What may be served while ``live`` is live, best first; with ``stand_ins`` also what is not that version."""
        if not live:
            return [self._read_files]
        self._seen, self._refused_at = live, time.monotonic()
        first = await (self._try_load(live) if stand_ins else self._load(live))
        found: list[_Make] = []
        if first:
            found.append(lambda: first)
            found += [partial(self._complete, first, numbers=numbers) for numbers in (False, True)]
        if not stand_ins:
            return [*found, partial(self._close_served, first)] if first else []
        known = first
        oldest = max(0, live - 1 - _OLDER_TRIED) if self._sets and self._sets.keeps_older else live - 1
        for number in range(live - 1, oldest, -1):
            older = await self._try_load(number)
            if older:
                known = known or older
                found.append(partial(_close, older, known, keep_closed))
        return [*found, *(partial(self._close_files, known, close) for close in (keep_closed, close_hidden))]

    async def _try_load(self, number: int) -> Served | None:
        try:
            return await self._load(number)
        except (StoreError, OSError, TimeoutError):
            raise
        except Exception as error:
            # Whatever else lies there in place of a version.
            self._tell("content_refused", type(error).__name__)
            return None

    def _close_served(self, live: Served) -> Served:
        assert self._served is not None  # noqa: S101
        closed = _close(self._served, live, keep_closed)
        if closed.documents == self._served.documents:
            raise ContentError("nothing that is served is closed there")
        return closed

    def _read_files(self) -> Served:
        return self._parse(0, load_texts(CONTENT_FOLDER))

    def _complete(self, live: Served, *, numbers: bool) -> Served:
        return Served(live.number, complete(live.documents, self._read_files().documents, numbers=numbers))

    def _close_files(self, live: Served | None, close: _Close) -> Served:
        return _close(self._read_files(), live, close)


def _close(other: Served, live: Served | None, close: _Close) -> Served:
    if live is None:
        return other
    return Served(other.number, close(other.documents, live.documents))


@contextlib.contextmanager
def _sharing() -> Iterator[None]:
    """A thread that builds gives the processor back ten times as often, so that no turn waits for it noticeably."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        # As it was at the start, not as it was just now: two of these may overlap.
        sys.setswitchinterval(_BEFORE_SECONDS)
