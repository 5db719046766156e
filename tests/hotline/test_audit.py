"""The audit's chain: whatever is changed, removed or moved is found (A6)."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hotline.audit import AuditEntry, Break, Linked, check_entry, encode_entry, find_break, format_line, parse_line
from hotline.errors import ContentError
from vault.keyring import Keyring, ServerKey
from vault.purposes import Purpose

KEYRING = Keyring([ServerKey(b"test", b"k" * 32)])
START = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)

names = st.sampled_from(["robin", "luz", "admin", "-", "0a1b2c3d", ""])
actions = st.sampled_from(["claimed", "closed:placed", "login", "roles_changed"])
acts = st.lists(st.tuples(names, actions, names), min_size=1, max_size=12)


def authenticate(data: bytes) -> str:
    return KEYRING.authenticate(Purpose.AUDIT, data)


def is_authentic(mac: str, data: bytes) -> bool:
    return KEYRING.is_authentic(Purpose.AUDIT, mac, data)


def build_chain(done: list[tuple[str, str, str]]) -> list[str]:
    lines, previous = [], ""
    for seq, (actor, action, name) in enumerate(done, 1):
        entry = AuditEntry(seq, START + timedelta(seconds=seq), actor, action, name)
        previous = authenticate(encode_entry(entry, previous))
        lines.append(format_line(Linked(entry, previous)))
    return lines


def find(lines: list[str], known: tuple[int, str] | None = None) -> Break | None:
    return find_break(lines, is_authentic, known)


@settings(deadline=None)  # on a busy machine
@given(acts)
def test_a_chain_as_it_was_written_holds(done: list[tuple[str, str, str]]) -> None:
    lines = build_chain(done)
    assert find(lines) is None
    assert find([line.encode() for line in lines]) is None
    assert find(lines, (len(lines), parse_line(lines[-1]).mac[:40])) is None


@settings(deadline=None)  # on a busy machine
@given(acts, st.data())
def test_any_single_change_is_found(done: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """Any field of any entry, its MAC included, put to anything else."""
    lines = build_chain(done)
    place = data.draw(st.integers(0, len(lines) - 1))
    fields = json.loads(lines[place])
    which = data.draw(st.integers(0, len(fields) - 1))
    texts = st.text(st.characters(), max_size=20).map(lambda text: fields[5][:8] + text)
    other = data.draw(st.one_of(st.integers(), st.text(max_size=20), texts, st.none(), st.booleans(), names, actions))
    assume(json.dumps(other) != json.dumps(fields[which]))
    fields[which] = other
    lines[place] = json.dumps(fields, separators=(",", ":"))
    assert find(lines) is not None


@settings(deadline=None)  # on a busy machine
@given(acts, st.data())
def test_any_single_byte_that_differs_is_found(done: list[tuple[str, str, str]], data: st.DataObject) -> None:
    lines = [line.encode() for line in build_chain(done)]
    place = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[place]) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(byte != lines[place][at])
    lines[place] = lines[place][:at] + bytes([byte]) + lines[place][at + 1 :]
    assert find_break(lines, is_authentic) is not None


@pytest.mark.parametrize(("plain", "other"), [(",", ", "), ("[", " ["), ("robin", "\\u0072obin"), ("+00:00", "Z")])
def test_another_spelling_of_the_same_entry_is_found(plain: str, other: str) -> None:
    """A copy that reads the same is still not what was written."""
    line = build_chain([("robin", "claimed", "c1")])[0]
    assert parse_line(line.replace(plain, other, 1)) == parse_line(line)
    assert find([line.replace(plain, other, 1)]) == Break(1, "changed")


@settings(deadline=None)  # on a busy machine
@given(acts, st.data())
def test_a_removed_entry_is_found(done: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """In the middle and at the front always; at the end with an entry that was written down elsewhere."""
    lines = build_chain(done)
    known = (len(lines), parse_line(lines[-1]).mac)
    first = data.draw(st.integers(0, len(lines) - 1))
    last = data.draw(st.integers(first, len(lines) - 1))
    del lines[first : last + 1]
    assert find(lines, known) is not None
    if first < len(lines):
        assert find(lines) is not None


@settings(deadline=None)  # on a busy machine
@given(acts, st.data())
def test_two_entries_that_changed_places_are_found(done: list[tuple[str, str, str]], data: st.DataObject) -> None:
    lines = build_chain(done)
    assume(len(lines) > 1)
    one = data.draw(st.integers(0, len(lines) - 2))
    other = data.draw(st.integers(one + 1, len(lines) - 1))
    lines[one], lines[other] = lines[other], lines[one]
    assert find(lines) is not None


@settings(deadline=None)  # on a busy machine
@given(acts, acts)
def test_an_entry_of_another_chain_or_said_twice_is_found(
    done: list[tuple[str, str, str]], others: list[tuple[str, str, str]]
) -> None:
    lines = build_chain(done)
    assert find([*lines, lines[-1]]) is not None
    assume(done[0] != others[0] and len(others) > 1)
    assert find([lines[0], *build_chain(others)[1:]]) is not None


@settings(deadline=None)  # on a busy machine
@given(acts)
def test_an_end_that_was_written_anew_differs_from_what_was_written_down(done: list[tuple[str, str, str]]) -> None:
    """Even by somebody who holds the key: what lies elsewhere is out of reach."""
    lines = build_chain(done)
    known = (len(lines), parse_line(lines[-1]).mac[:40])
    changed = [*done[:-1], ("mallory", "login", "")]
    assert find(build_chain(changed), known) == Break(len(lines), "changed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "he said no"),
        ("action", "closed: his words"),
        ("action", ""),
        ("actor", "two words"),
        ("object", "+1 702 555 0100"),
        ("object", "é"),
        ("object", "x" * 65),
    ],
)
def test_an_entry_takes_codes_and_names_and_no_words(field: str, value: str) -> None:
    entry = AuditEntry(1, START, "robin", "claimed", "c1")
    assert check_entry(entry) == entry
    with pytest.raises(ContentError) as refused:
        check_entry(dataclasses.replace(entry, **{field: value}))
    assert value == "" or value not in str(refused.value)
