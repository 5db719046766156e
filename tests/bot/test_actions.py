"""The custom actions as plain classes, over the real content in practice mode."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.area_codes import SKIP, UNKNOWN, encode_area, find_encoded_area
from bot.actions.knowledge import Knowledge, Wanted, load_knowledge
from bot.actions.line_needs import find_need
from bot.actions.registry import build_actions
from bot.actions.spoken import choose_language, find_age, find_said_age, is_skip
from hotline.areas import Area, find_area
from hotline.errors import ContentError

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
Said = tuple[dict[str, Any], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge("nevada", "practice")


async def run(action: Action, text: str, intent: str = "nlu_fallback", **slots: Any) -> Said:
    """The slots that the action sets, and the payloads that it says."""
    dispatcher = CollectingDispatcher()
    slots = {"language": "en", "channel": "sms", "now": NOW.isoformat(), **slots}
    tracker = Tracker("x", slots, {"text": text, "intent": {"name": intent}}, [], False, None, {}, "action_listen")
    events = await action.run(dispatcher, tracker, {})
    return {event["name"]: event["value"] for event in events}, [message["custom"] for message in dispatcher.messages]


@pytest.fixture
def actions(knowledge: Knowledge) -> dict[str, Action]:
    return dict(build_actions(knowledge))


def test_a_region_without_content_is_refused() -> None:
    with pytest.raises(ContentError):
        load_knowledge("atlantis", "practice")


async def test_a_place_is_named_by_its_id_alone(actions: dict[str, Action], knowledge: Knowledge) -> None:
    """D5: the worker fills in the words."""
    slots, said = await run(actions["action_find_place"], "reno", area="NV:Washoe_County:Reno:")
    assert said[0]["key"] in {"place_found", "place_call_first"}
    assert knowledge.directory.get(said[0]["params"]["place"])
    assert slots["places"] == [said[0]["params"]["place"]]
    assert len(said) == 1, "the first text leaves room for the welcome (C1)"


async def test_no_open_place_names_a_line_that_answers(actions: dict[str, Action], knowledge: Knowledge) -> None:
    """C8."""
    slots, said = await run(actions["action_find_place"], "elko", area="NV:Elko_County:Elko:")
    assert said[0]["key"] == "place_none_open"
    assert knowledge.lines.get(said[0]["params"]["line"])
    assert slots["line"] == said[0]["params"]["line"]


@pytest.mark.parametrize("code", [SKIP, UNKNOWN])
async def test_a_skipped_or_unknown_area_is_forgotten(actions: dict[str, Action], code: str) -> None:
    slots, said = await run(actions["action_find_place"], "skip", area=code)
    assert slots["area"] is None
    assert said[0]["key"] == ("place_area_unknown" if code == UNKNOWN else "place_none_open")


async def test_the_same_place_is_never_named_twice(actions: dict[str, Action], knowledge: Knowledge) -> None:
    area = "NV:Clark_County:Las_Vegas:"
    given_ids: list[str] = []
    for _ in range(4):
        slots, said = await run(actions["action_another_place"], "another", area=area, places=given_ids)
        if said[0]["key"] == "place_no_more":
            break
        assert said[0]["params"]["place"] not in given_ids
        given_ids = slots["places"]
    assert said[0]["key"] == "place_no_more"
    assert len(given_ids) <= 3


async def test_the_question_for_another_place_is_asked_only_if_there_is_one(
    actions: dict[str, Action], knowledge: Knowledge
) -> None:
    area = find_area("las vegas")
    assert area is not None
    places = knowledge.find(Wanted(area=area, band="under_18"), NOW).places
    slots, said = await run(actions["action_find_place"], "x", area=encode_area(area), age="under_18", begun=True)
    more = len(places) > 1
    assert [message["key"] for message in said[1:]] == (["place_more"] if more else [])
    assert slots["places"] == [places[0].place.id]


async def test_a_number_follows_what_the_text_names_and_then_the_topic(actions: dict[str, Action]) -> None:
    """N2."""
    _, named = await run(actions["action_give_number"], "number for trafficking", topic="food")
    _, by_topic = await run(actions["action_give_number"], "a number please", topic="pictures_threat")
    _, anything = await run(actions["action_give_number"], "a number please")
    assert named[0] == {"key": "number_given", "params": {"line": "trafficking"}}
    assert by_topic[0]["params"]["line"] in {"take_it_down", "stop_ncii"}
    assert anything[0]["params"]["line"] == "lifeline"


async def test_again_repeats_the_last_line(actions: dict[str, Action]) -> None:
    """K4."""
    assert (await run(actions["action_again"], "again", line="runaway"))[1] == [
        {"key": "number_again", "params": {"line": "runaway"}}
    ]
    assert (await run(actions["action_again"], "again"))[1] == [{"key": "number_none"}]


async def test_a_person_is_a_request_without_words(actions: dict[str, Action]) -> None:
    assert await run(actions["action_ask_person"], "person") == ({}, [{"handoff": "asked"}])


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("en español", "en", "es"), ("english please", "es", "en"), ("i dont understand spanish", "es", "en"),
        ("no hablo inglés", "en", "es"), ("change language", "en", "es"), ("cambiar idioma", "es", "en"),
        ("spanish", "es", "es"),
    ],
)  # fmt: skip
def test_the_named_language_is_chosen(text: str, current: str, wanted: str) -> None:
    """V9."""
    assert choose_language(text, current) == wanted


@pytest.mark.parametrize(
    ("text", "requested", "intent", "expected"),
    [
        ("i need a bed in reno", None, "place_tonight", "NV:Washoe_County:Reno:"),
        ("need a bed", None, "place_tonight", None),
        ("reno", "area", "inform_area", "NV:Washoe_County:Reno:"),
        ("Skip.", "area", "nlu_fallback", SKIP),
        ("no sé", "area", "feeling_bad", SKIP),
        ("nah", "area", "deny", SKIP),
        ("qwzx", "area", "nlu_fallback", UNKNOWN),
        ("im hungry", "area", "food", None),
    ],
)
async def test_the_form_takes_an_id_and_never_the_words(
    actions: dict[str, Action], text: str, requested: str | None, intent: str, expected: str | None
) -> None:
    """C3, P1."""
    slots, _ = await run(actions["validate_place_form"], text, intent, requested_slot=requested)
    assert slots.get("area") == expected


async def test_an_age_is_kept_as_a_band_and_only_where_a_place_needs_it(
    actions: dict[str, Action], knowledge: Knowledge
) -> None:
    """C3."""
    for city in ("las vegas", "reno"):
        slots, _ = await run(actions["validate_place_form"], f"im 16 and in {city}", "place_tonight")
        assert slots.get("age") == ("under_18" if knowledge.needs_age(Wanted(area=find_area(city)), NOW) else None)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("17", "under_18"), ("im 15", "under_18"), ("tengo 16 años", "under_18"), ("under", "under_18"),
        ("menor", "under_18"), ("18", "adult"), ("over 18", "adult"), ("mayor de edad", "adult"), ("19 yo", "adult"),
        ("rather not", None), ("", None),
    ],
)  # fmt: skip
def test_an_age_is_read_as_a_band(text: str, band: str | None) -> None:
    assert find_age(text) == band


def test_a_number_in_passing_is_not_an_age() -> None:
    assert find_said_age("i have 2 kids and 20 dollars, 89101") is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    is_skip(text), find_age(text), choose_language(text, "en"), find_need(text, None)


PART = st.one_of(st.none(), st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?", fullmatch=True))


@given(PART, PART, PART, st.one_of(st.none(), st.from_regex(r"[0-9]{5}", fullmatch=True)))
def test_an_area_survives_its_code_and_the_code_has_no_blank(
    city: str | None, county: str | None, state: str | None, zip_code: str | None
) -> None:
    area = Area(city=city, county=county, state=state, zip=zip_code)
    code = encode_area(area)
    assert re.fullmatch(r"[A-Za-z0-9_.:+-]*", code)
    assert find_encoded_area(code) == area
