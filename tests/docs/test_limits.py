"""The page of limits says what the constants say."""

from pathlib import Path

from app.limits import limits_page
from hotline import pace

ROOT = Path(__file__).parents[2]


def test_the_page_of_limits_is_made_from_the_constants() -> None:
    page = (ROOT / "docs" / "limits.md").read_text()
    assert page == limits_page()
    assert f"{pace.TEXTS_A_MINUTE} a minute, {pace.TEXTS_AN_HOUR} an hour" in page
