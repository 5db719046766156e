"""One entry is taken out and put back, and nothing beside it changes (G1)."""

import pytest

from hotline.content_entries import find_entry, put_entry
from hotline.content_merge import MISSING, list_entries
from hotline.errors import ContentError
from storage.content_files import load_documents

DOCUMENT = {"review": 1, "lines": {"a": 1, "b": 2}, "entries": [{"id": "x", "n": 1}, {"id": "y", "n": 2}]}


def test_every_entry_of_every_document_goes_back_where_it_was() -> None:
    for path, document in load_documents().items():
        for entry, value in list_entries(document).items():
            assert put_entry(document, entry, value) == document, path


@pytest.mark.parametrize(
    ("entry", "value", "part", "expected"),
    [
        (("lines", "a"), 9, "lines", {"a": 9, "b": 2}),
        (("lines", "c"), 9, "lines", {"a": 1, "b": 2, "c": 9}),
        (("lines", "a"), MISSING, "lines", {"b": 2}),
        (("entries", "x"), {"id": "x", "n": 7}, "entries", [{"id": "x", "n": 7}, {"id": "y", "n": 2}]),
        (("entries", "z"), {"id": "z"}, "entries", [{"id": "x", "n": 1}, {"id": "y", "n": 2}, {"id": "z"}]),
        (("entries", "y"), MISSING, "entries", [{"id": "x", "n": 1}]),
        (("review",), 2, "review", 2),
        (("new", "a"), 1, "new", {"a": 1}),
    ],
)
def test_an_entry_is_changed_added_or_taken_out(
    entry: tuple[str, ...], value: object, part: str, expected: object
) -> None:
    before = find_entry(DOCUMENT, ())
    changed = put_entry(DOCUMENT, entry, value)
    assert changed[part] == expected
    assert {key: one for key, one in changed.items() if key != part} == {
        key: one for key, one in before.items() if key != part
    }
    assert DOCUMENT["lines"] == {"a": 1, "b": 2}


def test_a_document_without_entries_is_changed_as_a_whole_alone() -> None:
    assert put_entry(["a"], (), ["b"]) == ["b"]
    with pytest.raises(ContentError):
        put_entry(["a"], ("lines", "a"), 1)
    with pytest.raises(ContentError):
        put_entry({"lines": "text"}, ("lines", "a"), 1)
