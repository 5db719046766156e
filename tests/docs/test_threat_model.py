"""The threat model speaks of every part, and whatever it says was tried is a test that is there (P7)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "threat_model.md").read_text()
PARTS = (
    "webhook host", "worker", "store", "disk", "server key", "Rasa", "console session", "advocate's laptop",
    "advocate who means ill", "administrator", "provider", "backup", "subpoena",
)  # fmt: skip


def _rows(heading: str) -> Iterator[list[str]]:
    table = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    for line in table.splitlines():
        if line.startswith("| ") and not line.startswith("|--"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_a_row_p7(part: str) -> None:
    assert [row for row in _rows("What each part gives away") if part in row[0]]


@pytest.mark.parametrize("heading", ["What each part gives away", "Attacks that were tried"])
def test_every_row_names_a_test_or_says_openly_that_there_is_none_p7(heading: str) -> None:
    rows = [row for row in _rows(heading) if row[0] not in {"part", "attack"}]
    assert len(rows) > 12
    for row in rows:
        assert "`tests/" in row[-1] or "said openly" in row[-1], row[0]


def test_every_test_that_the_page_names_is_there_p7() -> None:
    named = re.findall(r"`(tests/[\w/]+(?:\.py)?)/?(?:::(\w+))?`", PAGE)
    assert len(named) > 40
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text(), test
