"""A sweep looks at every key, by the page, and asks no more often than there are pages (P3, R9)."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.messages import ConversationId
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.epochs import Epochs
from storage.keyspace import BACKSTOP_SECONDS
from storage.records import time_text
from storage.sweep import Sweep, Swept
from tests.storage.night_shift import MovedClock

MANY = 2000
NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)


@pytest.fixture
async def sweep(store: Store, keys: Store, content_keys: ContentKeys) -> Sweep:
    for pattern in ("content-key:*", "epoch:*", "wraps:*"):
        await keys.call_all([("DEL", name) for name in [*await keys.scan(pattern), "epoch:none"]])
    return Sweep(store, content_keys, Epochs(keys), MovedClock())


async def put_many(store: Store, count: int, *, last_at: datetime, rows: bool = True) -> None:
    commands: list[tuple[str | bytes | int | float, ...]] = []
    for n in range(count):
        if rows:
            commands.append(("HSET", f"conversation:{n}", "owner", "with_bot", "last_at", time_text(last_at)))
        commands += [("RPUSH", f"window:{n}", "w"), ("HSET", f"status:{n}", "1", "sent"), ("SET", f"address:{n}", n)]
    await store.call_all(commands)


def count_round_trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    for name in ("call", "call_all", "run_script"):
        real = getattr(Store, name)

        def note(self: Store, *parts: object, real: object = real, name: str = name) -> object:
            asked.append(name)
            return real(self, *parts)  # type: ignore[operator]

        monkeypatch.setattr(Store, name, note)
    return asked


async def test_strays_on_every_page_go_p3(sweep: Sweep, store: Store) -> None:
    await put_many(store, MANY, last_at=NOW, rows=False)
    assert await sweep.run() == Swept(rows=3 * MANY)
    assert await store.scan("*:*") == []


async def test_what_goes_on_stays_on_every_page_p3(sweep: Sweep, store: Store, keys: Store) -> None:
    await put_many(store, MANY, last_at=NOW)
    made = [(f"content-key:{n}", f"epoch:{n}") for n in range(MANY)]
    await keys.call_all([("SET", name, "x", "EX", BACKSTOP_SECONDS - 600) for pair in made for name in pair])
    before = len(await store.scan("*:*"))
    assert await sweep.run() == Swept()
    assert len(await store.scan("*:*")) == before == 4 * MANY


async def test_keys_without_a_conversation_go_on_every_page_p3(sweep: Sweep, keys: Store) -> None:
    old, young = BACKSTOP_SECONDS - 600, BACKSTOP_SECONDS
    await keys.call_all([("SET", f"epoch:{n}", "x", "EX", old if n % 2 else young) for n in range(1200)])
    assert await sweep.run() == Swept(keys=600)
    assert len(await keys.scan("epoch:*")) == 600


async def test_a_sweep_asks_by_the_page_and_not_for_each_conversation_r9(
    sweep: Sweep, store: Store, keys: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_many(store, MANY, last_at=NOW - timedelta(minutes=29))
    await keys.call_all([("SET", f"content-key:{n}", "x", "EX", BACKSTOP_SECONDS - 600) for n in range(MANY)])
    asked = count_round_trips(monkeypatch)
    assert await sweep.run() == Swept()
    assert len(asked) < 150, "a look at each of them would have been 8,000"


async def test_one_idle_for_longer_is_looked_at_again_and_goes_if_nobody_can_open_it_p3(
    sweep: Sweep, store: Store, content_keys: ContentKeys
) -> None:
    await put_many(store, 2, last_at=NOW - timedelta(minutes=31))
    await content_keys.create(ConversationId("1"))
    assert await sweep.run() == Swept(conversations=1)
    assert await store.scan("conversation:*") == ["conversation:1"]
