"""What is refused at start, and the phrase language (R3)."""

import copy
from datetime import date

import pytest

from hotline.errors import ContentError
from hotline.screening import Level, build_rules, screen
from storage.content_files import load_documents

ENTRY = {
    "id": "x-one", "detector": "distress", "level": "concern", "class": "STG", "weight": "plain",
    "phrases": ["blue (moon|sun) [very] rising"],
    "meaning": "m", "source": "s", "reviewer": None, "expires": date(2027, 1, 1),
}  # fmt: skip
NEGATION = {"deniers": ["not"], "carriers": ["so"], "subjects": ["i"], "turns": ["but"]}


def documents(*entries: dict, **more: object) -> dict:
    return {"screening/test": {"entries": list(entries), "negation": NEGATION, **more}}


def said(text: str, *phrases: str, **more: object) -> Level:
    return screen(text, (), build_rules(documents({**ENTRY, "phrases": list(phrases)}, **more))).level


@pytest.mark.parametrize(("phrase", "yes", "no"), [
    ("blue moon", "a blue moon", "a blue moonlight"),
    ("blue (moon|sun)", "blue sun", "blue star"),
    ("blue [old] moon", "blue old moon", "blue new moon"),
    ("blue ~ moon", "blue very old moon", "blue very very old moon"),
    ("blue ~~ moon", "blue a b c d moon", "blue a b c d e moon"),
    ("blue # moons", "blue 12 moons", "blue twelve moons"),
    ("^ blue $", "blue", "blue moon"),
    ("<colour> moon", "pale green moon", "pale moon"),
    ("señal azul", "SEÑAL ázul", "senal"),
])  # fmt: skip
def test_the_phrase_language_means_what_it_says(phrase: str, yes: str, no: str):
    groups = {"colour": ["pale (green|red)", "blue"]}
    assert said(yes, phrase, groups=groups) == Level.CONCERN
    assert said(no, phrase, groups=groups) == Level.NONE


@pytest.mark.parametrize(
    "phrase", ["blue (moon", "blue moon)", "blue ()", "<nobody> moon", "[blue]", "~ ~", "blue m*n", "(blue|[moon])", ""]
)
def test_a_phrase_that_breaks_the_language_is_refused(phrase: str):
    with pytest.raises(ContentError):
        build_rules(documents({**ENTRY, "phrases": [phrase]}))


@pytest.mark.parametrize("change", [
    {"detector": "mood"}, {"class": "ABC"}, {"weight": "heavy"}, {"level": "none"}, {"level": None},
    {"weight": "medium"},
    {"phrases": []},
    {"phrases": [True]}, {"score": 3}, {"id": None},
])  # fmt: skip
def test_an_entry_that_is_not_well_formed_is_refused(change: dict):
    entry = {**ENTRY, **change}
    if change == {"id": None}:
        del entry["id"]
    with pytest.raises(ContentError):
        build_rules(documents(entry))


def test_two_entries_of_one_name_and_no_rules_at_all_are_refused():
    with pytest.raises(ContentError):
        build_rules(documents(ENTRY, ENTRY))
    with pytest.raises(ContentError):
        build_rules({"replies/en/crisis": {}})


def test_spelling_that_contradicts_itself_is_refused():
    for spelling in ({"want to": "wanna", "need to": "wanna"}, {"want": "need", "need": "require"}, {"a": "b c d"}):
        with pytest.raises(ContentError):
            build_rules(documents(ENTRY, spelling=spelling))


def test_a_word_that_yaml_took_for_yes_or_no_is_refused():
    with pytest.raises(ContentError):
        build_rules(documents(ENTRY, known=[True]))
    with pytest.raises(ContentError):
        build_rules({"screening/test": {"entries": [ENTRY], "negation": {**NEGATION, "carriers": [True]}}})


@pytest.mark.parametrize(
    "scope",
    [
        {"reach": "near", "lowers_to": "none"},
        {"reach": "over"},
        {"reach": "over", "lowers_to": "none", "only": ["mood"]},
    ],
)
def test_a_scope_that_is_not_well_formed_is_refused(scope: dict):
    with pytest.raises(ContentError):
        build_rules(documents(ENTRY, scopes={"odd": scope}))


def test_rules_of_two_documents_add_up():
    one = documents(ENTRY)
    both = one | {"screening/zwei": {"entries": [{**ENTRY, "id": "x-two", "phrases": ["green moon"]}]}}
    assert screen("green moon", (), build_rules(both)).level == Level.CONCERN


def test_building_leaves_the_documents_as_they_are():
    read = load_documents()
    before = copy.deepcopy(dict(read))
    build_rules(read)
    assert dict(read) == before


def test_every_entry_on_disk_says_who_reviewed_it_and_when_it_expires():
    """R3: slang is data, with source, reviewer and expiry."""
    rules = build_rules(load_documents())
    assert {entry.detector for entry in rules.entries if entry.id.startswith("en-")} >= {
        entry.detector for entry in rules.entries if entry.id.startswith("es-")
    }
    assert all(entry.meaning for entry in rules.entries)
    assert len({entry.detector for entry in rules.entries}) == 16


def test_a_denied_match_does_not_hide_one_that_begins_inside_it():
    """R4, R6: matches may overlap."""
    assert said("blue not moon", "blue ~~ moon") == Level.NONE
    assert said("blue not far blue moon", "blue ~~ moon") == Level.CONCERN


@pytest.mark.parametrize(
    ("phrases", "raised"),
    [(["green moon"], Level.HIGH), (["? green moon"], Level.NONE), (["? green moon", "blue sun"], Level.NONE)],
)
def test_a_phrase_that_is_only_likely_does_not_raise_by_itself_r3(phrases: list[str], raised: Level):
    rules = build_rules(documents({**ENTRY, "level": "high", "phrases": phrases}))
    assert screen("the green moon", (), rules).level is raised


def test_likely_phrases_of_two_classes_raise_together_r3():
    one = {**ENTRY, "level": "high", "phrases": ["? green moon"]}
    rules = build_rules(documents(one, {**one, "id": "other", "class": "MOV", "phrases": ["? blue sun"]}))
    assert screen("blue sun", (), rules).level is Level.NONE
    assert screen("blue sun green moon", (), rules).level is Level.HIGH


def test_an_entry_without_a_day_of_expiry_is_refused_r3():
    with pytest.raises(ContentError, match="expires is a day"):
        build_rules(documents({**ENTRY, "expires": "soon"}))
