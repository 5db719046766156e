"""The reviewers' page says what a texter can receive, and nothing else (V10)."""

from pathlib import Path

from app.content_check import build_facts
from app.content_page import MOMENT, PAGE, build_page
from hotline.content import LANGUAGES, build_content
from storage.content_files import load_documents

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_made_from_the_content_and_up_to_date() -> None:
    documents = load_documents()
    page = build_page(documents, build_facts(documents, region="nevada", now=MOMENT))
    assert (ROOT / PAGE).read_text("utf-8") == page, "run: porchlight content page > docs/what-it-says.md"


def test_every_reply_stands_on_the_page_in_both_languages() -> None:
    page, content = (ROOT / PAGE).read_text("utf-8"), build_content(load_documents())
    for key in content.keys:
        assert f"### {key}\n" in page
        for language in LANGUAGES:
            assert all(text.replace("\n", " / ") in page for text in content.reply(key, language).texts)
