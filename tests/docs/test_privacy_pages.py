"""The page for youth says what is so, in words that they read, the same in both languages (P5, V2)."""

import re
from pathlib import Path

import pytest

from app.copies import FAREWELL_SECONDS, STATUS_SECONDS
from app.reconciler import QUIET
from hotline.reading import compute_grade
from hotline.timings import Timings
from storage.keyspace import (
    BACKSTOP_SECONDS,
    RECONCILE_SECONDS,
    SESSION_SECONDS,
    SMS_COPY_SECONDS,
    TELEGRAM_COPY_SECONDS,
)

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = {"en": DOCS / "privacy.md", "es": DOCS / "privacy.es.md"}
SECTION = re.compile(r"<!-- section: (\w+) -->\n## (.+)")
HARDEST_GRADE = 6.0


def _sections(language: str) -> dict[str, str]:
    """Each section's text by its name, without marks."""
    text = PAGES[language].read_text("utf-8")
    names, parts = [name for name, _ in SECTION.findall(text)], SECTION.split(text)[3::3]
    plain = [re.sub(r"\*\*|\[|\]\([^)]*\)|^- ", "", part, flags=re.MULTILINE) for part in parts]
    # A line that was wrapped goes on; a list's line is a sentence.
    return dict(zip(names, (re.sub(r"\n(?=\S)(?!\n)", " ", part) for part in plain), strict=True))


@pytest.mark.parametrize("language", PAGES)
def test_every_section_is_read_in_sixth_grade(language: str) -> None:
    grades = {name: compute_grade(text, language) for name, text in _sections(language).items()}
    assert {name: grade for name, grade in grades.items() if grade > HARDEST_GRADE} == {}


def test_both_pages_have_the_same_sections_lines_and_numbers() -> None:
    english, spanish = _sections("en"), _sections("es")
    assert list(english) == list(spanish) and len(english) == 10
    texts = {language: PAGES[language].read_text("utf-8") for language in PAGES}
    assert len(SECTION.findall(texts["en"])) == len(re.findall(r"^## ", texts["en"], re.MULTILINE))
    assert len(SECTION.findall(texts["es"])) == len(re.findall(r"^## ", texts["es"], re.MULTILINE))
    for name in english:
        numbers = [sorted(re.findall(r"\d+", page[name])) for page in (english, spanish)]
        assert numbers[0] == numbers[1], name
    bullets = [len(re.findall(r"^- ", text, re.MULTILINE)) for text in texts.values()]
    assert bullets[0] == bullets[1]


@pytest.mark.parametrize("language", PAGES)
def test_the_bounds_are_those_of_the_code(language: str) -> None:
    page = _sections(language)
    assert f"{SESSION_SECONDS // 60} minut" in page["ours"]
    assert BACKSTOP_SECONDS == 24 * 3600 and Timings().hold_ceiling_seconds == 4 * 3600 and "4 ho" in page["ours"]
    assert f"{SMS_COPY_SECONDS // 86400} d" in page["twilio"] and f"{SMS_COPY_SECONDS // 86400} d" in page["ours"]
    assert f"{STATUS_SECONDS / 60:.0f} minut" in page["twilio"]
    for section in ("ours", "telegram", "clear"):
        assert f"{TELEGRAM_COPY_SECONDS // 3600} ho" in page[section]
    assert RECONCILE_SECONDS == 3600 and QUIET.total_seconds() < RECONCILE_SECONDS and FAREWELL_SECONDS == 60.0
