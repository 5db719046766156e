"""What the first worker does before it knows its settings: only what follows from the release alone."""

import json
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotline.screening import Rules

NEEDED = (
    "app.logging", "app.metrics", "app.practice_routes", "app.serving", "app.settings", "app.watch", "app.wiring",
    "app.work_loop", "app.worker_content", "app.world_wiring", "bot.recycling", "connectors.registry",
    "starlette.applications", "storage.connection", "uvloop",
)  # fmt: skip
"""What a start of the worker imports."""


class Prepared:
    """The files of the content, read, and the rules made of them; used only for texts that are the same."""

    def __init__(self, parsed: Mapping[str, tuple[str, Any]], documents: Mapping[str, Any], rules: "Rules") -> None:
        """``parsed``: text and document by the name of what the text says."""
        self.parsed = parsed
        self._documents = _pick_screening(documents)
        self._rules: Rules | None = rules

    def find_rules(self, documents: Mapping[str, Any]) -> "Rules | None":
        """The rules, if they would be made of the very documents that they were made of."""
        ours = _pick_screening(documents)
        same = ours.keys() == self._documents.keys() and all(one is self._documents[name] for name, one in ours.items())
        return self._rules if same else None

    def let_go(self) -> None:
        """Holds nothing any more: what the start did not take is not kept for the life of the worker."""
        self.parsed, self._documents, self._rules = {}, {}, None


def prepare() -> Prepared | None:
    """Imports and reads with memory closed, then waits for the plan and takes it on; ends where none comes.

    None where the release is broken: the start meets that again, and tells it. Raises MemoryOpen.
    """
    from bot.priority import load_undisturbed
    from vault.memory import close_memory

    load_undisturbed()
    close_memory()
    try:
        for name in NEEDED:
            import_module(name)
        prepared = _read_release()
    except Exception:
        prepared = None
    _take_on(sys.stdin.buffer.readline())
    return prepared


def _read_release() -> Prepared:
    from app.world_wiring import build_rules
    from storage.content_files import CONTENT_FOLDER
    from storage.content_texts import load_texts, name_text, parse_text

    parsed: dict[str, tuple[str, Any]] = {}
    documents: dict[str, Any] = {}
    for path, text in load_texts(CONTENT_FOLDER).items():
        _, documents[path] = parsed.setdefault(name_text(text), (text, parse_text(path, text)))
    return Prepared(parsed, documents, build_rules(documents, hurried=True))


def _take_on(line: bytes) -> None:
    if not line.endswith(b"\n"):
        sys.exit()
    plan = json.loads(line)
    log = os.open(plan["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(log)
    os.close(nothing)
    os.environ.clear()
    os.environ.update(plan["environment"])


def _pick_screening(documents: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document for name, document in documents.items() if name.startswith("screening/")}
