"""What a worker leaves out of its start comes behind it, whatever is wrong with a part of it (R9, G3)."""

import pytest

import app.worker
import bot.priority
import connectors.registry
from hotline.errors import ContentError


class Rules:
    """Rules of which one pattern cannot be compiled."""

    def __init__(self, done: list[str]) -> None:
        self._done = done

    def compile(self) -> None:
        self._done.append("compiled")
        raise ContentError("screening: x-one cannot be compiled")


class Watch:
    def __init__(self, done: list[str]) -> None:
        self._done = done

    def failed(self, event: str, code: str) -> None:
        self._done.append(f"{event} {code}")


async def test_a_pattern_that_cannot_be_compiled_is_told_and_the_libraries_are_loaded_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(app.worker, "_FIRST_TEXTS_SECONDS", 0.0)
    monkeypatch.setattr(connectors.registry, "warm_senders", lambda: done.append("senders"))
    monkeypatch.setattr(bot.priority, "spare_what_is_loaded", lambda: done.append("spared"))
    await app.worker._warm(Rules(done), Watch(done))  # type: ignore[arg-type]
    assert done == ["compiled", "content_refused ContentError", "senders", "spared"]
