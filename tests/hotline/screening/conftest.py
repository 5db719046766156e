import pytest

from hotline.screening import Rules, build_rules
from storage.content_files import load_documents


@pytest.fixture(scope="session")
def rules() -> Rules:
    return build_rules(load_documents())
