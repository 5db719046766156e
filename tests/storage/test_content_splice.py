"""A changed document keeps the lines and comments of what did not change, and always says what it should (G3)."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.content_entries import put_entry
from hotline.content_merge import MISSING, list_entries
from storage.content_files import CONTENT_FOLDER
from storage.content_texts import load_texts, merge_texts, parse_text, write_document

TEXT = """# The head.
state: NV

# What the holidays are.
holidays: ["PH", "Oct"]

ladder:
  lease: 90
  # Who is paged.
  pages:
    high: [a, b]

services:
  # The first.
  - {key: house, open: true}
  - key: inn
    open: true   # at night
"""


def change(text: str, entry: tuple[object, ...], value: object) -> str:
    return write_document(put_entry(parse_text("x", text), entry, value), text)


@pytest.mark.parametrize(
    ("entry", "value", "old", "new"),
    [
        (("holidays",), ["PH"], 'holidays: ["PH", "Oct"]\n', "holidays:\n- PH\n"),
        (("ladder", "lease"), 60, "lease: 90", "lease: 60"),
        (("ladder", "pages"), {"high": ["a"]}, "    high: [a, b]\n", "    high:\n    - a\n"),
        (("ladder", "more"), 1, "    high: [a, b]\n", "    high: [a, b]\n  more: 1\n"),
        (("services", "house"), {"key": "house"}, "  - {key: house, open: true}\n", "  - key: house\n"),
        (("services", "inn"), MISSING, "  - key: inn\n    open: true   # at night\n", ""),
        (("state",), MISSING, "state: NV\n", ""),
        (("new",), {"a": 1}, "# at night\n", "# at night\nnew:\n  a: 1\n"),
    ],
)
def test_only_what_changes_is_written_anew(entry: tuple[str, ...], value: object, old: str, new: str) -> None:
    assert change(TEXT, entry, value) == TEXT.replace(old, new)


def test_two_people_s_changes_are_joined_in_the_text_and_comments_of_one() -> None:
    ours, theirs = change(TEXT, ("ladder", "lease"), 60), TEXT.replace("NV", "CA # moved")
    merged, conflicts = merge_texts({"a": TEXT}, {"a": ours}, {"a": theirs})
    assert (merged, conflicts) == ({"a": TEXT.replace("lease: 90", "lease: 60").replace("NV", "CA")}, ())


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 2}, "c": {"b": 1}}),
        ("{a: 1, b: 2}\n", {"a": 1, "b": 3}),
        ("a: 1\nb: 2\na: 3\n", {"a": 3, "b": 4}),
        ("a: 1\nb: 2\n", {"b": 2, "a": 1}),
        ("- a\n", {"a": 1}),
        ("a: [\n", {"a": 1}),
        ("# Nothing.\n", {"a": 1}),
    ],
)
def test_a_text_that_is_laid_out_otherwise_is_written_as_a_whole(text: str, document: dict[str, object]) -> None:
    assert repr(parse_text("x", write_document(document, text))) == repr(document)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_document_of_ours_says_what_it_should_after_any_change(data: st.DataObject) -> None:
    texts = load_texts(CONTENT_FOLDER)
    path = data.draw(st.sampled_from(sorted(path for path, text in texts.items() if len(text) < 20_000)))
    document = parse_text(path, texts[path])
    if not isinstance(document, dict):
        return
    changed = deepcopy(document)
    for _ in range(data.draw(st.integers(1, 3))):
        entry = data.draw(st.sampled_from(sorted(list_entries(changed), key=str)))
        value = data.draw(st.sampled_from([MISSING, "words: 'with' # signs", {"key": "a\nb", "on": [None]}, [], 7]))
        changed = put_entry(changed, entry, value)
        if not changed:
            return
    assert repr(parse_text(path, write_document(changed, texts[path]))) == repr(changed)
