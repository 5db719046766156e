import pytest

from hotline.screening import Rules, build_rules
from storage.content_files import load_documents, load_rules, load_vocabulary


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The first stage alone."""
    return build_rules(load_documents(), load_vocabulary())


@pytest.fixture(scope="session")
def both() -> Rules:
    """Both stages, as the product runs them."""
    return load_rules(load_documents())
