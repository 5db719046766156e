"""The invented texters of the practice line: A7."""

import copy
import re

import pytest

from hotline.errors import ContentError
from hotline.practice_line import build_scenarios
from hotline.text import fold
from storage.content_files import load_documents

DOCUMENTS = {name: one for name, one in load_documents().items() if name.startswith("training/")}
SCENARIOS = build_scenarios(DOCUMENTS)
SIX = {"runaway_tonight", "controlled", "someone_near", "hurting_self", "friend_asks", "abusive_caller"}
METHODS = re.compile(
    r"\b(pills?|hang(ing)?|knife|gun|razor|blade|jump|bridge|rope|cut(ting)?|pastillas?|pistola|cuchillo|puente|soga)\b"
)


def all_texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, dict) else value
    return [text for one in values for text in all_texts(one)]  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["en", "es"])
def test_there_are_six_and_none_names_a_method(language: str) -> None:
    assert {one.id for one in SCENARIOS[language]} == SIX
    for one in SCENARIOS[language]:
        assert one.about
        assert len(one.think) >= 2
        assert not [text for text in all_texts(dict(one.script)) if METHODS.search(fold(text))], one.id


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_an_invented_texter_says_is_short(language: str) -> None:
    for one in SCENARIOS[language]:
        steps = one.script["steps"].values()
        said = [text for step in steps for answer in (*step["hears"], step["otherwise"]) for text in answer["says"]]
        assert max(map(len, [*said, *one.script["opening"]])) <= 60, one.id


def change(name: str, **parts: object) -> dict[str, object]:
    documents = copy.deepcopy(DOCUMENTS)
    documents[name] = {**documents[name], **parts}
    return documents


LOOP = {
    "start": {"otherwise": {"says": ["hm"], "to": "start"}, "hears": [{"words": ["a"], "says": ["b"], "to": "end"}]}
}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"steps": {"start": {"otherwise": {"says": ["hi"], "to": "nowhere"}}}}, "nowhere"),
        ({"steps": {"first": {"otherwise": {"says": ["hi"], "to": "end"}}}}, "start"),
        ({"steps": LOOP}, "for ever"),
        (
            {"steps": {name: {"otherwise": {"says": ["hi"], "to": "end"}} for name in ("start", "lost")}},
            "nothing leads to lost",
        ),
        ({"opening": []}, "wrong kind"),
        ({"steps": {"start": {}}}, "missing"),
    ],
)
def test_a_script_that_does_not_lead_to_the_end_is_refused(parts: dict[str, object], said: str) -> None:
    with pytest.raises(ContentError, match=said):
        build_scenarios(change("training/en/controlled", **parts))


def test_every_language_has_the_same_texters_and_checks() -> None:
    missing = {name: one for name, one in DOCUMENTS.items() if name != "training/es/controlled"}
    with pytest.raises(ContentError, match="controlled"):
        build_scenarios(missing)
    with pytest.raises(ContentError, match="asked_ok"):
        build_scenarios(change("training/es/checks", asked_ok=[]))
