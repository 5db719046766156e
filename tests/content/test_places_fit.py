"""What is said of a place, in the real words, with everything that a search can add to it (V1, D5)."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from hotline.content import build_content
from hotline.facets import FACETS
from hotline.gsm import Encoding, count_parts, fold_for_sms
from hotline.messages import SMS
from hotline.numbers import build_lines
from hotline.ports import ReplyRef
from hotline.regions import build_region
from hotline.replies import render
from hotline.resources import build_directory
from storage.content_files import load_documents

DOCUMENTS = load_documents()
CONTENT = build_content(DOCUMENTS)
LINES = build_lines(DOCUMENTS)
DIRECTORY = build_directory(DOCUMENTS, build_region(DOCUMENTS, "nevada"), "practice")
WEEK = [datetime(2026, 11, 21, tzinfo=UTC) + timedelta(hours=hours) for hours in range(0, 7 * 24, 6)]
ASKED = ["", *FACETS, *("+".join(pair) for pair in combinations(FACETS, 2)), "+".join(FACETS)]


@pytest.mark.parametrize("place", DIRECTORY.places)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("key", ["place_found", "place_call_first"])
def test_a_place_fits_into_two_parts_whatever_was_asked_about_it(place, language, key):
    """V1: for every hour of a week and every facet."""
    for asked in ASKED:
        reference = f"{place}:{asked}" if asked else place
        for now in WEEK if not asked else WEEK[:4]:
            for text in render(
                ReplyRef(key, {"place": reference}),
                language=language,
                channel=SMS,
                content=CONTENT,
                lines=LINES,
                directory=DIRECTORY,
                now=now,
                hotline_name="Porchlight",
            ):
                parts = count_parts(fold_for_sms(text))
                assert parts.count <= 2, (asked, now)
                assert parts.encoding is Encoding.GSM7
