"""The data map says of every key its class, its bound and whether a backup holds it (P3)."""

from storage.data_map import DATA_MAP, find_stored
from storage.stored import OF_TEXTERS, DataClass


def test_a_key_without_a_bound_says_why_p3() -> None:
    for stored in DATA_MAP:
        assert (stored.longest_seconds is None) == bool(stored.unbounded), stored.pattern
        assert stored.longest_seconds is None or stored.longest_seconds > 0, stored.pattern


def test_a_backup_holds_nothing_of_texters_but_opt_outs_p3() -> None:
    held = {stored.pattern for stored in DATA_MAP if stored.backup and stored.data_class in OF_TEXTERS}
    assert held == {"opted-out:*"}
    assert not any(stored.backup for stored in DATA_MAP if stored.instance == "keys")


def test_nothing_of_texters_but_an_opt_out_stays_longer_than_two_days_p3() -> None:
    longest = {s.pattern: s.longest_seconds for s in DATA_MAP if s.data_class in OF_TEXTERS}
    assert longest.pop("opted-out:*") is None
    assert max(seconds or 0 for seconds in longest.values()) <= 48 * 3600


def test_a_key_is_of_the_strictest_class_of_its_fields_p3() -> None:
    order = list(DataClass)
    for stored in DATA_MAP:
        assert set(stored.field_classes) <= set(stored.fields), stored.pattern
        classes = [stored.class_of(glob) for glob in stored.fields]
        if classes:
            assert min(classes, key=order.index) == stored.data_class, stored.pattern
        assert (stored.kind in {"hash", "stream"}) == bool(stored.fields), stored.pattern


def test_every_key_belongs_to_one_row_alone_p3() -> None:
    for stored in DATA_MAP:
        name = stored.pattern.replace("*", "00aa")
        assert find_stored(stored.instance, name) is stored
        assert [row for row in DATA_MAP if row.instance == stored.instance and row.matches(name)] == [stored]
    assert find_stored("store", "nothing-known") is None
