"""The roster of readers over a real store (P2)."""

import pytest

from storage.connection import Store
from storage.roster import Roster


async def test_a_reader_stands_on_the_roster_until_removed(store: Store) -> None:
    roster = Roster(store)
    await roster.put("robin", b"1" * 32)
    await roster.put("luz", b"2" * 32)
    await roster.put("robin", b"3" * 32)
    assert await roster.read() == {"robin": b"3" * 32, "luz": b"2" * 32}
    await roster.remove("robin")
    assert await roster.read() == {"luz": b"2" * 32}


async def test_a_key_of_the_wrong_length_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        await Roster(store).put("robin", b"short")
    assert await Roster(store).read() == {}
