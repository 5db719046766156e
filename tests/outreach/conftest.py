"""The reviewed words to print, read once."""

import pytest

from outreach.cards import PrintWords, build_print_words
from storage.content_files import load_documents


@pytest.fixture(scope="session")
def words() -> PrintWords:
    return build_print_words(load_documents())
