"""Where it plays: a whole Porchlight, or its crisis path alone, with two workers on a clock that can jump."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import aiohttp

from app import embedded_store
from app.programs import PROGRAMS
from app.stack import Stack
from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS, Right
from tests.proof.canaries import Aviary
from tests.proof.scene import Scene

CRISIS_PATH = frozenset({"webhooks", "worker", "phone"})
EVERYTHING = frozenset(PROGRAMS)
CLOCK = "clock"
_RETRIES = "0.5,1,2,4"
"""A provider's tries again; Twilio's and Telegram's own are not shorter."""


@asynccontextmanager
async def playing(folder: Path, programs: frozenset[str]) -> AsyncIterator[Scene]:
    """A scene as the proof of privacy has it, so that its search can be used; no browser."""
    began = time.time()
    for name in ("stack", "control", "temporary"):
        (folder / name).mkdir()
    temporary = str(folder / "temporary")
    extra = {name: {"TMPDIR": temporary, "TMP": temporary} for name in PROGRAMS}
    extra["worker"]["CLOCK_FILE"] = str(folder / "control" / CLOCK)
    extra["phone"]["PORCHLIGHT_PHONE_RETRY_SECONDS"] = _RETRIES
    worker = replace(PROGRAMS["worker"], command=("{python}", "-m", "tests.chaos.worker"))
    everything, said = (Right("allchannels +@all", "*"),), list[str]()
    with (
        patch.object(embedded_store, "STORE_RIGHTS", {**STORE_RIGHTS, "proof": everything}),
        patch.object(embedded_store, "KEYS_RIGHTS", {**KEYS_RIGHTS, "proof": everything}),
    ):
        stack = Stack(
            folder / "stack",
            environ={"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_WORKERS": "2"},
            programs=programs,
            catalog={**PROGRAMS, "worker": worker},
            extra=extra,
            free_ports=True,
            say=said.append,
        )
        # Connections are kept no longer than the practice phone keeps them.
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
        async with stack, aiohttp.ClientSession(connector=connector) as http:
            yield Scene(stack, http, Aviary.hatch(), folder / "control", began, said)
