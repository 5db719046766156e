"""The cover's file: kept outside, checked when loaded, and never the sample in live mode (K7)."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from app.cover_file import SAMPLE, load_cover
from app.settings import NOT_GIVEN
from app.world_wiring import build_words
from hotline.errors import ContentError
from storage.content_files import load_documents

DOCUMENTS = load_documents()


def given(mode: str, path: Path = NOT_GIVEN) -> Any:
    return SimpleNamespace(mode=mode, cover_file=path)


def write(folder: Path, **changes: Any) -> Path:
    document = {
        "review": {"state": "drafted", "on": "2026-11-21"},
        "cover_words": ["tokens"],
        "return_word": "lantern",
        "lines": {
            "en": ["This line sends notices.", "No notice is set.", "Texts here are not read. Text STOP to end."],
            "es": ["Esta línea envía avisos.", "No hay avisos.", "Nadie lee los textos."],
        },
        **changes,
    }
    path = folder / "cover.yml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True).replace("'2026-11-21'", "2026-11-21"))
    return path


def test_practice_has_a_sample_and_live_mode_has_none_of_its_own_k7() -> None:
    assert load_cover(given("practice"), DOCUMENTS).cover
    assert load_cover(given("live"), DOCUMENTS).cover is None


def test_live_mode_refuses_the_sample_wherever_it_lies_k7(tmp_path: Path) -> None:
    copy = tmp_path / "cover.yml"
    copy.write_text(SAMPLE.read_text())
    with pytest.raises(ContentError, match="everybody can read"):
        load_cover(given("live", copy), DOCUMENTS)


def test_a_cover_in_the_repository_is_refused_k7() -> None:
    with pytest.raises(ContentError, match="lies in the repository"):
        load_cover(given("live", SAMPLE), DOCUMENTS)


def test_a_hotlines_own_cover_is_loaded_with_its_lines_in_both_languages_k7(tmp_path: Path) -> None:
    loaded = load_cover(given("live", write(tmp_path)), DOCUMENTS)
    assert loaded.cover and loaded.cover.lines == 3 and loaded.cover.back == "lantern"
    assert set(loaded.documents) == {"replies/en/cover", "replies/es/cover"}


@pytest.mark.parametrize("changes", [
    {"return_word": "tokens"}, {"return_word": "stop"}, {"return_word": "menu"}, {"return_word": "Ab"},
    {"return_word": "hello"}, {"return_word": "12345"}, {"return_word": "two words"}, {"cover_words": []},
    {"cover_words": ["help"]}, {"cover_words": ["clear"]}, {"cover_words": ["tokens", "tokens"]}, {"colour": "red"},
])  # fmt: skip
def test_words_that_act_already_or_are_guessed_at_once_are_refused_k7(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ContentError):
        load_cover(given("live", write(tmp_path, **changes)), DOCUMENTS)


def test_content_that_takes_a_covers_word_is_refused_where_the_file_is_read_k7(tmp_path: Path) -> None:
    """The console cannot see the file; the worker refuses the version and serves the last good one."""
    path = write(tmp_path)
    for word in ("tokens", "lantern"):
        words = {**DOCUMENTS["keywords"]["words"], "MENU": {"any": ["menu", word]}}
        with pytest.raises(ContentError):
            load_cover(given("live", path), {**DOCUMENTS, "keywords": {**DOCUMENTS["keywords"], "words": words}})


@pytest.mark.parametrize("line", [
    "Call 702 555 0100 for more.", "See www.example.org for more.", "See example.org for more.", "Write to a@b.",
    "Text 988 for more.", "This is a notice from Acme Laundry.", "This is a crisis line.", "You are safe here.",
    "Want to go on?", "For {hotline} only.", "x" * 161, "A notice \U0001f44d.", "Ask the youth desk.",
    "No notice is set.",
])  # fmt: skip
def test_a_line_that_is_not_dull_or_names_anybody_is_refused_k7(tmp_path: Path, line: str) -> None:
    lines = {"en": ["This line sends notices.", "No notice is set.", line], "es": ["Uno.", "Dos.", "Tres."]}
    with pytest.raises(ContentError):
        load_cover(given("live", write(tmp_path, lines=lines)), DOCUMENTS)


def test_languages_must_have_as_many_lines_each_k7(tmp_path: Path) -> None:
    lines = {"en": ["A notice.", "No notice.", "Not read."], "es": ["Un aviso.", "No hay avisos."]}
    with pytest.raises(ContentError):
        load_cover(given("live", write(tmp_path, lines=lines)), DOCUMENTS)


def test_a_file_that_is_missing_or_broken_stops_the_start_k7(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text("lines: [")
    for path in (tmp_path / "none.yml", broken):
        with pytest.raises(ContentError):
            load_cover(given("live", path), DOCUMENTS)


def test_a_name_that_tells_what_this_is_stops_the_start_x2() -> None:
    settings: Any = SimpleNamespace(mode="practice", region="nevada", hotline_name="Youth Crisis Line")
    with pytest.raises(ContentError, match="PORCHLIGHT_HOTLINE_NAME"):
        build_words(settings, DOCUMENTS)
