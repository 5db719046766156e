"""No edit of the content makes screening deaf to the plainest words of danger (R1, G2)."""

import pytest

from app.content_anchor import ALWAYS_HEARD, check_heard
from app.content_gate import Identity, find_faults
from hotline.errors import ContentError
from hotline.screening import build_rules
from storage.content_files import CONTENT_FOLDER, load_documents
from storage.content_texts import load_texts, parse_text, write_document


def test_a_set_whose_rules_were_emptied_is_not_made_live() -> None:
    """Each document by itself is well formed; two people may have agreed without seeing it."""
    texts = dict(load_texts(CONTENT_FOLDER))
    for path in [path for path in texts if path.startswith("screening/")]:
        document = parse_text(path, texts[path])
        texts[path] = write_document({**document, "entries": []})
    (fault,) = find_faults(texts, Identity("practice", "nevada", "Porchlight"), whole=False)
    assert "no longer heard" in fault


def test_our_own_rules_hear_all_of_it() -> None:
    check_heard(build_rules(load_documents()))


@pytest.mark.parametrize("reason", ALWAYS_HEARD)
def test_a_reason_that_is_heard_no_more_is_named_and_its_words_are_not(reason: str) -> None:
    documents = dict(load_documents())
    for path, document in documents.items():
        if path.startswith("screening/"):
            usual = document.get("defaults", {}).get("detector")
            kept = [entry for entry in document.get("entries", ()) if entry.get("detector", usual) != reason]
            documents[path] = {**document, "entries": kept}
    with pytest.raises(ContentError, match=reason) as refused:
        check_heard(build_rules(documents))
    assert not any(text in str(refused.value) for text in ALWAYS_HEARD[reason])
