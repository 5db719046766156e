"""Documents of the content as texts (G1)."""

from pathlib import Path

import pytest

from storage.content_texts import load_texts, parse_text, write_document

TEXT = "review:\n  state: drafted\n  on: 2026-11-21\nways:\n  no: enough\n  'on': true\n"


def test_the_keys_on_and_no_are_shown_as_people_wrote_them_and_read_as_before() -> None:
    """A form that said "true: 2026-11-21" would be mended by whoever reads it."""
    assert write_document(parse_text("a", TEXT)) == TEXT


@pytest.mark.parametrize("folder", [".", "inner", "inner/", "../here/inner", "inner/../inner"])
def test_a_document_is_named_below_its_folder_however_the_folder_is_named(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "here" / "inner" / "replies"
    place.mkdir(parents=True)
    (place / "hello.en.yml").write_text("a: b\n", "utf-8")
    monkeypatch.chdir(tmp_path / "here")
    name = "replies/hello.en"
    assert list(load_texts(Path(folder))) == [f"inner/{name}" if folder == "." else name]
