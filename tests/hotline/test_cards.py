import copy
import json

import pytest
from jsonschema import Draft202012Validator

from hotline.cards import CARDS, build_cards
from hotline.content import build_content
from hotline.errors import ContentError
from hotline.quick_replies import GROUPS, build_quick_groups
from storage.content_files import CONTENT_FOLDER, load_documents

DOCUMENTS = load_documents()
NAMES = [name for name in DOCUMENTS if name.startswith("cards/")]


@pytest.mark.parametrize("name", NAMES)
def test_every_card_fits_its_schema(name):
    """A3."""
    schema = json.loads((CONTENT_FOLDER / "schema" / "cards.schema.json").read_text("utf-8"))
    document = json.loads(json.dumps({str(k): v for k, v in DOCUMENTS[name].items()}, default=str))
    Draft202012Validator(schema).validate(document)


def test_every_card_is_there_in_both_languages_with_sources_and_nobodys_approval():
    """A3, V9, V10: nobody has approved a card yet, and the page says so."""
    cards = build_cards(DOCUMENTS)
    for translated in cards.values():
        assert [card.id for card in translated] == list(CARDS)
        for card in translated:
            assert card.state == "drafted"
            assert all(source.startswith("S") for source in card.sources)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: d.pop("cards/es/rights"), "missing"),
        (lambda d: d.update({"cards/en/other": d["cards/en/rights"]}), "no card of this name"),
        (lambda d: d["cards/es/rights"]["sections"][0]["notes"].pop(), "differ"),
        (lambda d: d["cards/en/rights"].update(extra=1), "not known"),
        (lambda d: d["cards/en/rights"].update(shows=["address"]), "shows"),
        (lambda d: d["cards/en/rights"].update(sources=[]), "sources"),
        (lambda d: d["cards/en/rights"]["review"].update(state="fine"), "review"),
        (lambda d: d["cards/en/rights"]["sections"][0].update(ticks=[], notes=[]), "ticks or notes"),
    ],
)
def test_a_card_that_is_not_as_it_should_be_is_refused(change, fault):
    documents = copy.deepcopy(dict(DOCUMENTS))
    change(documents)
    with pytest.raises(ContentError, match=fault):
        build_cards(documents)


def test_the_card_of_911_says_that_police_may_come():
    """R11."""
    cards = {card.id: card for card in build_cards(DOCUMENTS)["en"]}
    assert any("Police may come" in note for section in cards["who_comes"].sections for note in section.notes)


def test_quick_replies_are_reviewed_lines_in_known_groups():
    """A2."""
    keys = build_content(DOCUMENTS).keys
    groups = build_quick_groups(DOCUMENTS, keys)
    assert list(groups) == list(GROUPS)
    assert sum(map(len, groups.values())) > 20
    assert "quick_limits" in groups["safety"]
    with pytest.raises(ContentError):
        build_quick_groups(DOCUMENTS, set(keys) - {"quick_limits"})
    with pytest.raises(ContentError):
        build_quick_groups({"quick_replies": {"review": {}, "groups": {"listening": []}}}, keys)
