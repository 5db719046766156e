"""Batches, hellos and the staff word in the store, and a texter who brings a code (O2, O3)."""

from datetime import date

import pytest

from hotline.content import PIPELINE_KEYS
from storage import outreach_codes, tallies
from storage.commit import Writes
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import REFERRAL_SECONDS, STAFF_WORD_SECONDS
from storage.outreach_codes import NoCodeLeft, OutreachCodes, count_hello
from tests.storage.conftest import list_keys
from tests.storage.night_shift import NightShift

TODAY = date(2026, 11, 21)


@pytest.fixture
def codes(store: Store) -> OutreachCodes:
    return OutreachCodes(store)


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return NightShift(store, keys, content_keys, inbox)


@pytest.fixture(autouse=True)
def _nothing_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that each hello can be told."""
    monkeypatch.setattr(outreach_codes, "is_left_out", lambda: False)


async def count(night: NightShift, codes: OutreachCodes) -> dict[str, int]:
    return dict(await codes.read_hellos(f"{night.clock.now():%Y-%m}"))


async def test_a_batch_is_registered_found_and_ended(codes: OutreachCodes) -> None:
    batch = await codes.add_batch(["sun"], "insert", "es", 200, TODAY)
    assert await codes.find_batch(batch.code) == batch
    assert list(await codes.list_batches()) == [batch]
    await codes.end_batch(batch.code)
    assert await codes.find_batch(batch.code) is None


async def test_every_code_is_drawn_once_and_then_there_is_none(codes: OutreachCodes, store: Store) -> None:
    for number in range(3, 100):
        await store.call("HSET", "print-batches", f"sun{number}", '["insert","en",1,"2026-11-21"]')
    assert (await codes.add_batch(["sun"], "insert", "en", 1, TODAY)).code == "sun2"
    with pytest.raises(NoCodeLeft):
        await codes.add_batch(["sun"], "insert", "en", 1, TODAY)


async def test_the_code_of_an_ended_batch_is_not_drawn_while_its_counts_are_kept_o2(
    codes: OutreachCodes, store: Store
) -> None:
    """Its hellos would be shown as those of the new batch."""
    for number in range(4, 100):
        await store.call("HSET", "print-batches", f"sun{number}", '["insert","en",1,"2026-11-21"]')
    await codes.end_batch((await codes.add_batch(["sun"], "insert", "en", 1, TODAY)).code)
    await codes.end_batch((await codes.add_batch(["sun"], "insert", "en", 1, TODAY)).code)
    await store.call("HSET", "hellos:2025-11", "sun2", "1")
    await store.call("HSET", "hellos:2026-11", "sun3", "1")
    with pytest.raises(NoCodeLeft):
        await codes.add_batch(["sun"], "insert", "en", 1, TODAY)
    await store.call("DEL", "hellos:2025-11")
    assert (await codes.add_batch(["sun"], "insert", "en", 1, TODAY)).code == "sun2"


async def test_the_staff_word_is_drawn_once_a_month_and_ends_o3(codes: OutreachCodes, store: Store) -> None:
    word = await codes.staff_word(["sun", "moon"], TODAY)
    assert await codes.staff_word(["sun", "moon"], TODAY) == word
    assert list(await codes.working_staff_words(TODAY)) == [word]
    assert list(await codes.working_staff_words(date(2026, 12, 3))) == [word]
    assert list(await codes.working_staff_words(date(2026, 12, 20))) == []
    assert 0 < await store.call("TTL", "staff-word:2026-11") <= STAFF_WORD_SECONDS


async def test_a_code_is_read_as_a_hello_and_leaves_a_count_and_nothing_else_o2(
    night: NightShift, codes: OutreachCodes, store: Store
) -> None:
    code = (await codes.add_batch(["mango"], "insert", "es", 200, TODAY)).code
    await night.texts(code.upper())
    assert night.talk.dialogue.asked == ["hola"]
    assert await count(night, codes) == {code: 1}
    month = f"{night.clock.now():%Y-%m}"
    assert 0 < await store.call("TTL", f"hellos:{month}") <= REFERRAL_SECONDS
    held = [key for key in await list_keys(store) if code.encode() in await _dump(store, key)]
    assert sorted(held) == sorted([b"print-batches", f"hellos:{month}".encode()])


async def _dump(store: Store, key: bytes) -> bytes:
    kind = (await store.call("TYPE", key)).decode()
    read = {"hash": ("HGETALL", key), "list": ("LRANGE", key, 0, -1), "string": ("GET", key)}.get(kind)
    return repr(await store.call(*read)).encode() if read else b""


async def test_a_code_counts_once_a_conversation_and_later_is_plain_text(
    night: NightShift, codes: OutreachCodes
) -> None:
    code = (await codes.add_batch(["mango"], "insert", "en", 200, TODAY)).code
    await night.texts(code)
    await night.texts(code)
    assert night.talk.dialogue.asked == ["hi", code]
    assert await count(night, codes) == {code: 1}


async def test_a_word_that_only_looks_like_a_code_goes_on_as_it_came(night: NightShift, codes: OutreachCodes) -> None:
    await night.texts("apt 12")
    assert night.talk.dialogue.asked == ["apt 12"]
    assert await count(night, codes) == {}


async def test_danger_is_heard_beside_a_code(night: NightShift, codes: OutreachCodes) -> None:
    code = (await codes.add_batch(["mango"], "insert", "en", 200, TODAY)).code
    assert "crisis_suicide" in await night.texts(f"{code} !imminent")


async def test_a_batch_that_was_ended_counts_nothing(night: NightShift, codes: OutreachCodes) -> None:
    code = (await codes.add_batch(["mango"], "insert", "en", 200, TODAY)).code
    await codes.end_batch(code)
    await night.texts(code)
    assert night.talk.dialogue.asked == [code]
    assert await count(night, codes) == {}


async def test_staff_get_a_line_and_the_steps_by_their_word_o3(night: NightShift, codes: OutreachCodes) -> None:
    word = await codes.staff_word(["lamp"], night.clock.now().date())
    assert await night.texts(word) == ["staff_pass_on", "staff_steps"]
    assert await night.texts(f"{word} bed") == ["staff_how"]
    assert "staff_how" not in await night.texts("lamp99999 bed")
    assert {"staff_pass_on", "staff_steps", "staff_how"} <= set(PIPELINE_KEYS)


async def test_the_staff_word_never_stands_before_danger_or_a_person(night: NightShift, codes: OutreachCodes) -> None:
    word = await codes.staff_word(["lamp"], night.clock.now().date())
    assert "crisis_suicide" in await night.texts(f"{word} !imminent")
    assert "staff_pass_on" not in await night.texts(word)


async def test_the_staff_word_never_stands_before_a_raised_level(night: NightShift, codes: OutreachCodes) -> None:
    word = await codes.staff_word(["lamp"], night.clock.now().date())
    assert "staff_how" not in await night.texts(f"{word} !high")


async def test_under_cover_the_staff_word_is_a_word_like_any_k7(night: NightShift, codes: OutreachCodes) -> None:
    word = await codes.staff_word(["lamp"], night.clock.now().date())
    await night.texts("laundry")
    assert "staff_pass_on" not in await night.texts(word)


async def test_a_hello_is_counted_by_the_turns_commit_alone_and_one_in_eight_is_left_out_o4(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the coin of the reports: an exact count tells whoever texted ten themselves that there was one more."""
    writes, left_out = Writes(), Writes()
    count_hello(writes, "sun4", TODAY)
    assert [operation[0] for operation in writes.operations] == ["HINCRBY", "EXPIRE"]
    monkeypatch.setattr(outreach_codes, "is_left_out", tallies.is_left_out)
    monkeypatch.setattr(tallies.secrets, "randbelow", lambda _: 0)
    count_hello(left_out, "sun4", TODAY)
    assert not left_out.operations
