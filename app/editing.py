"""Builds what the console's pages for content need, and asks the checker's process about what somebody types (G1)."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict

from app.content_wiring import build_content_desk
from app.programs import ROOT
from app.settings import Settings
from console.editing import Editing, Judged, Sample, Screen, Trial
from storage.connection import Store

_LONGEST_SECONDS = 60.0
MOST_WAITING = 3
"""Who types is answered late or not at all rather than that advocates' pages wait for the processor."""


class Tryout:
    """Tries entries one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._one = asyncio.Lock()
        self._waiting = 0

    async def __call__(
        self, texts: Mapping[str, str], kind: str, entry: str, sample: Sample | None = None
    ) -> Trial | None:
        """What the checker says and how it looks; None if others are waiting already, or it took too long."""
        if self._waiting >= MOST_WAITING:
            return None
        settings = self._settings
        asked = {"texts": dict(texts), "mode": settings.mode, "region": settings.region, "kind": kind, "entry": entry}
        told = json.dumps(
            {**asked, "hotline_name": settings.hotline_name, "sample": asdict(sample) if sample else None}
        ).encode()
        self._waiting += 1
        try:
            async with self._one:
                return await _ask(told)
        finally:
            self._waiting -= 1


async def _ask(told: bytes) -> Trial | None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.content_trial",
        cwd=ROOT,
        env={name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            answer, _ = await process.communicate(told)
        heard = json.loads(answer)
    except (TimeoutError, ValueError):
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    screens = tuple(
        Screen(one["language"], one["lock"], tuple(one["sms"]), tuple(one["chat"]), tuple(map(tuple, one["ways"])))
        for one in heard["screens"]
    )
    judged = tuple(
        Judged(one["level"], tuple(one["reasons"]), tuple(map(tuple, one["terms"]))) for one in heard["judged"]
    )
    return Trial(tuple(heard["faults"]), screens, judged)


def build_editing(settings: Settings, store: Store) -> Editing:
    """The pages' parts over this installation's store, files and checker."""
    return Editing(build_content_desk(settings, store), Tryout(settings), settings.region)
