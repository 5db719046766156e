"""The spool keeps every entry that was acknowledged, in order, whatever is killed, cut short or full (X4, P1)."""

import asyncio
import base64
import contextlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.messages import AddressHash
from storage.inbox import MESSAGE, STATUS, SealedEntry
from storage.spool import RememberedKey, Spool, empty_spools
from storage.spool_file import SpoolFile, SpoolFull


def entry(number: int, lane: str = "a" * 32, kind: str = MESSAGE, size: int = 40) -> SealedEntry:
    return SealedEntry(AddressHash(lane), kind, bytes([number % 256]) * size, (f"seen:{number}",))


async def handed_on(spool: Spool) -> list[SealedEntry]:
    taken: list[SealedEntry] = []

    async def put(one: SealedEntry) -> None:
        taken.append(one)

    await spool.hand_on(put)
    return taken


async def test_what_was_kept_is_there_after_a_kill_in_its_order_and_goes_once(tmp_path: Path) -> None:
    """A process that is killed closes nothing: the next one opens what the disk has."""
    first = Spool(tmp_path / "spool")
    entries = [entry(number, f"{number % 3:032x}") for number in range(50)]
    await asyncio.gather(*map(first.keep, entries))
    first.close()
    second = Spool(tmp_path / "spool")
    assert len(second) == 50 and second.holds(entries[0].lane)
    assert await handed_on(second) == entries
    assert not second.holds(entries[0].lane) and await handed_on(second) == []
    second.close()
    assert len(Spool(tmp_path / "spool")) == 0


async def test_an_entry_that_could_not_be_handed_on_waits_and_so_does_what_is_behind_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(3):
        await spool.keep(entry(number))
    taken: list[SealedEntry] = []

    async def put(one: SealedEntry) -> None:
        if one.seen == ("seen:1",) and len(taken) == 1:
            raise TimeoutError
        taken.append(one)

    with pytest.raises(TimeoutError):
        await spool.hand_on(put)
    assert [one.seen for one in taken] == [("seen:0",)] and spool.holds(entry(0).lane)
    taken.append(entry(9))
    await spool.hand_on(put)
    assert [one.seen[0] for one in taken] == ["seen:0", "seen:9", "seen:1", "seen:2"]


async def test_a_text_is_on_disk_before_anybody_hears_that_it_is_kept_x4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    spool = Spool(tmp_path)
    monkeypatch.setattr(SpoolFile, "sync", lambda self: synced.append(len(self.waiting)))
    await spool.keep(entry(0))
    assert synced == [1]
    await asyncio.gather(*(spool.keep(entry(number)) for number in range(1, 100)))
    assert synced[-1] == 100 and len(synced) < 50, "those that come together are brought to disk together"


async def test_a_disk_that_did_not_take_what_was_written_is_believed_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(SpoolFile, "sync", lambda self: (_ for _ in ()).throw(OSError(5, "")))
        with pytest.raises(OSError):
            await spool.keep(entry(0))
    with pytest.raises(OSError):
        await spool.keep(entry(1))


async def test_a_disk_that_failed_is_not_believed_by_those_who_waited_behind_it_x4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is written while the first is brought to disk: a success after that failure says nothing."""
    spool, failures = Spool(tmp_path), iter([OSError(5, "")])

    def sync(_file: SpoolFile) -> None:
        for error in failures:
            raise error

    monkeypatch.setattr(SpoolFile, "sync", sync)
    kept = await asyncio.gather(spool.keep(entry(0)), spool.keep(entry(1)), return_exceptions=True)
    assert [type(one) for one in kept] == [OSError, OSError]


async def test_a_disk_that_takes_no_writes_any_more_holds_up_nothing_that_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    for number in range(3):
        await spool.keep(entry(number))

    def refuse(_file: SpoolFile, _data: bytes, _at: int) -> None:
        raise OSError(30, "")

    monkeypatch.setattr(SpoolFile, "_write", refuse)
    assert len(await handed_on(spool)) == 3 and len(spool) == 0 and not spool.holds(entry(0).lane)
    assert not spool.sound


async def test_a_full_spool_refuses_and_keeps_what_it_has_and_keeps_room_for_texts(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 4096)
    kept = 0
    with pytest.raises(SpoolFull):
        while True:
            await spool.keep(entry(kept, kind=STATUS))
            kept += 1
    texts = 0
    with pytest.raises(SpoolFull):
        while True:
            await spool.keep(entry(texts))
            texts += 1
    assert kept > 5 and texts > 5
    assert len(await handed_on(spool)) == kept + texts
    await spool.keep(entry(0))
    assert (tmp_path / "spool-0").stat().st_size <= 4096


async def test_what_was_handed_on_is_written_over_and_nobody_else_can_read_the_folder_p1(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    spool = Spool(folder)
    await spool.keep(SealedEntry(AddressHash("b" * 32), MESSAGE, b"canary" * 5, ("seen:canary",)))
    sealed = base64.b64encode(b"canary" * 5)
    assert sealed in (folder / "spool-0").read_bytes()
    await handed_on(spool)
    assert not (folder / "spool-0").read_bytes().strip(b"\0")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "spool-0").stat().st_mode) == 0o600


async def test_processes_of_one_folder_have_a_file_each_and_one_takes_over_what_another_left(tmp_path: Path) -> None:
    first, second = Spool(tmp_path), Spool(tmp_path)
    await first.keep(entry(1))
    await second.keep(entry(2))
    assert len(Spool(tmp_path)) == 0, "both are alive"
    first.close()
    second.close()
    assert len(Spool(tmp_path)) == 2


async def test_what_another_left_and_there_is_no_room_for_waits_for_the_next_start(tmp_path: Path) -> None:
    first, second = Spool(tmp_path, 1024), Spool(tmp_path, 1024)
    kept = 0
    for spool in (first, second):
        with pytest.raises(SpoolFull):
            while True:
                await spool.keep(entry(kept))
                kept += 1
    first.close()
    second.close()
    found: list[SealedEntry] = []
    for _ in range(2):
        spool = Spool(tmp_path, 1024)
        found += await handed_on(spool)
        spool.close()
    assert [one.seen for one in found] == [(f"seen:{number}",) for number in range(kept)]


async def test_a_spool_that_cannot_be_opened_keeps_nobody_from_another(tmp_path: Path) -> None:
    (tmp_path / "spool-1").mkdir()
    spool = Spool(tmp_path)
    await spool.keep(entry(1))
    assert len(spool) == 1


async def test_a_wipe_writes_over_what_waits_also_under_a_running_process_p3(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    await spool.keep(entry(1))
    assert empty_spools(tmp_path) == 1 and empty_spools(tmp_path) == 0
    await spool.keep(entry(2, "c" * 32))
    assert base64.b64encode(entry(1).sealed) not in (tmp_path / "spool-0").read_bytes()
    spool.close()
    again = Spool(tmp_path)
    assert [one.seen for one in await handed_on(again)] == [("seen:2",)]


async def test_room_that_was_reserved_is_taken_from_the_disk_at_once(tmp_path: Path) -> None:
    """What fills the disk later keeps no text out."""
    Spool(tmp_path, 256 * 1024, reserve=True)
    assert (tmp_path / "spool-0").stat().st_blocks * 512 >= 256 * 1024


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=6), cut=st.integers(0, 500), gone=st.integers(0, 6))
def test_a_file_cut_short_at_any_byte_has_every_whole_record_and_takes_more(
    sizes: list[int], cut: int, gone: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A power cut in the middle of a write: what was not acknowledged may be missing, and nothing else."""
    path = tmp_path_factory.mktemp("cut") / "file"
    file = SpoolFile(path)
    records = [file.append(bytes([number + 1]) * size, 1.0) for number, size in enumerate(sizes)]
    for record in records[: min(gone, len(records) - 1)]:
        file.remove(record)
    file.close()
    written = path.read_bytes()
    os.truncate(path, min(cut, len(written)))
    whole = [r for r in records[min(gone, len(records) - 1) :] if r.at + r.length + 17 <= cut]
    again = SpoolFile(path)
    assert [(r.at, r.length) for r in again.waiting] == [(r.at, r.length) for r in whole]
    assert all(again.read(r) == bytes([records.index(r) + 1]) * r.length for r in again.waiting)
    more = again.append(b"more", 2.0)
    again.close()
    third = SpoolFile(path)
    assert third.read(third.waiting[-1]) == b"more" and len(third.waiting) == len(whole) + 1
    assert third.waiting[-1] == more
    third.close()


def test_a_damaged_record_is_left_out_and_told_and_those_behind_it_stand(tmp_path: Path) -> None:
    file = SpoolFile(tmp_path / "file")
    for payload in (b"first", b"second", b"third"):
        file.append(payload, 1.0)
    file.close()
    data = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(data.replace(b"second", b"sEcond"))
    again = SpoolFile(tmp_path / "file")
    assert [again.read(record) for record in again.waiting] == [b"first", b"third"] and again.broken == 1


def test_the_last_public_half_is_remembered_and_what_cannot_be_read_is_nothing(tmp_path: Path) -> None:
    remembered = RememberedKey(tmp_path / "inbox-public")
    assert remembered.read() is None
    remembered.write(b"one")
    remembered.write(b"two")
    assert RememberedKey(tmp_path / "inbox-public").read() == b"two"
    with contextlib.suppress(PermissionError):
        assert stat.S_IMODE((tmp_path / "inbox-public").stat().st_mode) == 0o600
