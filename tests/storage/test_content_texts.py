"""Documents of the content as texts (G1)."""

from storage.content_texts import parse_text, write_document

TEXT = "review:\n  state: drafted\n  on: 2026-11-21\nways:\n  no: enough\n  'on': true\n"


def test_the_keys_on_and_no_are_shown_as_people_wrote_them_and_read_as_before() -> None:
    """A form that said "true: 2026-11-21" would be mended by whoever reads it."""
    assert write_document(parse_text("a", TEXT)) == TEXT
